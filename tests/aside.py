"""A local Telegram in a thread of its own, for what runs a loop itself."""

import asyncio
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from threading import Thread

from bot.sandbox import Sandbox

_TOKEN = "123456:AAzq7-sandbox"  # invented; it opens nothing


@contextmanager
def local_telegram() -> Iterator[dict[str, str]]:
    """A sandbox in a thread of its own: the settings that lead a bot there."""
    loop, sandbox = asyncio.new_event_loop(), Sandbox(token=_TOKEN)
    maria = sandbox.town.add_person("Maria", "bg").id
    group = sandbox.town.add_group("Бюро", [maria]).id
    stop = asyncio.Event()
    ready: Future[str] = Future()

    async def serve() -> None:
        async with sandbox.serve() as address:
            ready.set_result(address)
            await stop.wait()

    thread = Thread(target=loop.run_until_complete, args=(serve(),))
    thread.start()
    yield {"token": _TOKEN, "api_url": ready.result(10), "staff_chat": str(group)}
    loop.call_soon_threadsafe(stop.set)
    thread.join()
    loop.close()
