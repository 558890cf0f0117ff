"""A bot's end of a webhook: it notes what comes, and answers as a test wishes."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web

Update = dict[str, Any]
Answer = Callable[[Update], Awaitable[web.StreamResponse]]


async def fine(_update: Update) -> web.StreamResponse:
    return web.Response()


def says(status: int, **headers: str) -> Answer:
    async def answer(_update: Update) -> web.StreamResponse:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return web.Response(status=status, headers=named)

    return answer


class Receiver:
    def __init__(self) -> None:
        self.url = ""
        self.answer: Answer = fine
        self.heard: list[Update] = []
        self.done: list[Update] = []
        self.requests: list[web.Request] = []
        self.most = 0
        self.doors: set[object] = set()
        self._now = 0

    async def handle(self, request: web.Request) -> web.StreamResponse:
        update = await request.json()
        self.heard.append(update)
        self.requests.append(request)
        self.doors.add(request.transport and request.transport.get_extra_info("peername"))
        self._now += 1
        self.most = max(self.most, self._now)
        try:
            response = await self.answer(update)
        finally:
            self._now -= 1
        self.done.append(update)
        return response

    @property
    def texts(self) -> list[str]:
        """What came, in a word each: the text of a message, the data of a press, or the kind."""
        return [word(update) for update in self.heard]


def word(update: Update) -> str:
    for kind, content in update.items():
        if kind != "update_id":
            found: str = content.get("text") or content.get("data") or kind
            return found
    return ""


@asynccontextmanager
async def receiving(context: ssl.SSLContext | None = None) -> AsyncIterator[Receiver]:
    receiver = Receiver()
    app = web.Application()
    app.router.add_post("/hook", receiver.handle)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0, ssl_context=context)
    await site.start()
    start = "https://localhost" if context else "http://127.0.0.1"
    receiver.url = f"{start}:{runner.addresses[0][1]}/hook"
    try:
        yield receiver
    finally:
        await runner.cleanup()


class Gate:
    """Holds the answers to chosen updates until it is opened."""

    def __init__(self, *held: str) -> None:
        self.held = held
        self.open = asyncio.Event()

    async def answer(self, update: Update) -> web.StreamResponse:
        if word(update) in self.held:
            await self.open.wait()
        return web.Response()
