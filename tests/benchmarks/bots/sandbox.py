"""The sandbox with sixteen people who have pressed Start, and nobody on its page."""

import asyncio
import os
from urllib.parse import urlsplit

from bot.sandbox import Sandbox
from tests.benchmarks import clock
from tests.benchmarks.load import PEOPLE


async def run() -> None:
    sandbox = Sandbox(token=os.environ["BENCHMARK_TOKEN"])
    for number in PEOPLE:
        sandbox.town.add_person(f"Sam {number}", "ar", id=number)
        sandbox.town.type(number, "/start")
    port = urlsplit(os.environ["BENCHMARK_URL"]).port
    async with sandbox.serve(port=port or 0):
        await asyncio.Event().wait()


if __name__ == "__main__":
    clock.start()
    asyncio.run(run())
