"""As many letters with nothing but python-telegram-bot's Bot, four at a time."""

import asyncio
import os

from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup

from tests.benchmarks import clock


async def send(bot: Bot, number: int, flight: asyncio.Semaphore) -> None:
    rows = [[InlineKeyboardButton(f"📅 {n}", callback_data=str(n))] for n in range(7)]
    markup = InlineKeyboardMarkup(rows)
    async with flight:
        await bot.send_message(
            number, "How can we help you?", protect_content=False, reply_markup=markup
        )


async def run() -> None:
    bot = Bot(os.environ["BENCHMARK_TOKEN"], base_url=os.environ["BENCHMARK_URL"] + "/bot")
    flight = asyncio.Semaphore(4)
    async with bot:
        await asyncio.gather(*(send(bot, one + 1, flight) for one in range(clock.LETTERS)))
    await asyncio.Event().wait()


if __name__ == "__main__":
    clock.start()
    asyncio.run(run())
