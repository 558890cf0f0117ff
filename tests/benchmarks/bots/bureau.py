"""What `bureau-bot run` runs, but for the turnstile: sixteen people do here what a city does."""

import asyncio

from bot import app, preparing
from bot.settings import read
from bot.turnstile import Allowance, Turnstile
from tests.benchmarks import clock

MANY = Allowance(words=1_000_000, presses=1_000_000)


async def run() -> None:
    settings = read()
    turnstile = Turnstile(MANY)
    async with app.opened(settings, preparing.keys(settings), turnstile=turnstile) as running:
        await running.run()


if __name__ == "__main__":
    clock.start()
    asyncio.run(run())
