"""An echo as aiogram's handbook has it."""

import asyncio
import os

from aiogram import Bot, Dispatcher
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.types import Message

from tests.benchmarks import clock

dispatcher = Dispatcher()


@dispatcher.message()
async def echo(message: Message) -> None:
    await message.answer(message.text or "")


async def run() -> None:
    server = TelegramAPIServer.from_base(os.environ["BENCHMARK_URL"])
    bot = Bot(os.environ["BENCHMARK_TOKEN"], session=AiohttpSession(api=server))
    await dispatcher.start_polling(bot, handle_signals=False)


if __name__ == "__main__":
    clock.start()
    asyncio.run(run())
