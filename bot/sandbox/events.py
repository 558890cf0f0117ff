"""Server-sent events: whatever happens in the town, told to every open page."""

import asyncio
import json
from typing import Any

from aiohttp import web

from bot.sandbox.town import Town

HEADERS = {"Content-Type": "text/event-stream", "Cache-Control": "no-store"}
BEAT = 15.0  # a comment now and then, so that a dead page is noticed
MOST_BEHIND = 5000  # a page that reads nothing is let go

Line = bytes | None


def line(name: str, data: Any) -> bytes:
    return f"event: {name}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n".encode()


class Hub:
    def __init__(self, town: Town) -> None:
        self.town = town
        self.pages: set[asyncio.Queue[Line]] = set()

    async def stream(self, request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers=HEADERS)
        await response.prepare(request)
        page: asyncio.Queue[Line] = asyncio.Queue()
        self._open(page)
        page.put_nowait(line("hello", {"now": self.town.clock.now().isoformat()}))
        try:
            while await self._tell_next(page, response):
                pass
        except ConnectionError:
            pass  # the page was closed
        finally:
            self._close(page)
        return response

    async def _tell_next(self, page: asyncio.Queue[Line], response: web.StreamResponse) -> bool:
        try:
            said = [await asyncio.wait_for(page.get(), BEAT)]
        except TimeoutError:
            said = [b": still here\n\n"]
        while not page.empty():  # much at once is written at once
            said.append(page.get_nowait())
        lines = [one for one in said if one is not None]
        await response.write(b"".join(lines))
        return len(lines) == len(said)

    def _open(self, page: asyncio.Queue[Line]) -> None:
        # Only while somebody looks does the town describe what happens: it costs time.
        if not self.pages:
            self.town.listeners.append(self._hear)
        self.pages.add(page)

    def _close(self, page: asyncio.Queue[Line]) -> None:
        self.pages.discard(page)
        if not self.pages and self._hear in self.town.listeners:
            self.town.listeners.remove(self._hear)

    def _hear(self, name: str, data: Any) -> None:
        said = line(name, data)
        for page in list(self.pages):
            page.put_nowait(said if page.qsize() < MOST_BEHIND else None)

    def close(self) -> None:
        for page in self.pages:
            page.put_nowait(None)
