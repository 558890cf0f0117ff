"""The control interface and the page as routes of the web server."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

from aiohttp import web

from bot.sandbox import control
from bot.sandbox.control import ACTS, Asked, answer
from bot.sandbox.events import Hub
from bot.sandbox.town import Town

PAGE = Path(__file__).with_name("page")
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
Writer = Callable[[list[int]], str]


@web.middleware
async def sentences(request: web.Request, handler: Handler) -> web.StreamResponse:
    """What cannot be done is answered with a sentence for a person."""
    if not request.path.startswith("/control/"):
        return await handler(request)
    if from_elsewhere(request):
        return answer({"error": "Other web pages may not control the sandbox"}, status=403)
    try:
        return await handler(request)
    except (ValueError, TypeError) as problem:
        return answer({"error": str(problem)}, status=400)


def from_elsewhere(request: web.Request) -> bool:
    """A browser says which page asks; only ours may."""
    origin = request.headers.get("Origin")
    return origin is not None and urlsplit(origin).netloc != request.host


class Doors:
    def __init__(
        self, town: Town, hub: Hub, transcript_writer: Callable[[], Writer | None]
    ) -> None:
        self.town = town
        self.hub = hub
        self.transcript_writer = transcript_writer

    def routes(self) -> list[web.AbstractRouteDef]:
        return [
            web.get("/control/state", self.state),
            web.get("/control/events", self.hub.stream),
            web.get("/control/clock", self.read_clock),
            web.post("/control/clock", self.turn_clock),
            web.get("/control/ledger", self.ledger),
            web.get("/control/transcript", self.transcript),
            web.get("/control/file/{file_id}", self.file),
            web.delete("/control/fault", self.no_faults),
            web.post("/control/{act}", self.act),
            web.get("/", self.page),
            *([web.static("/page", PAGE)] if PAGE.is_dir() else []),
        ]

    async def state(self, _request: web.Request) -> web.Response:
        return answer(control.state(self.town))

    async def act(self, request: web.Request) -> web.Response:
        act = ACTS.get(request.match_info["act"])
        if act is None:
            return answer({"error": "There is no such control"}, status=404)
        return answer(act(self.town, await asked(request)))

    async def file(self, request: web.Request) -> web.Response:
        """What was sent, for the page to show, play or save; it never runs as a page itself."""
        file = self.town.files.by_id(request.match_info["file_id"])
        if file is None:
            return answer({"error": "There is no such file"}, status=404)
        headers = {"X-Content-Type-Options": "nosniff", "Content-Security-Policy": "sandbox"}
        if file.mime_type.partition("/")[0] not in {"image", "audio", "video"}:
            headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(file.name)}"
        return web.Response(body=file.content, content_type=file.mime_type, headers=headers)

    async def no_faults(self, _request: web.Request) -> web.Response:
        self.town.faults.clear()
        return answer({"waiting": 0})

    async def read_clock(self, _request: web.Request) -> web.Response:
        return self._time()

    async def turn_clock(self, request: web.Request) -> web.Response:
        wanted, clock = await asked(request), self.town.clock
        if isinstance(wanted.get("frozen"), bool):
            (clock.freeze if wanted["frozen"] else clock.unfreeze)()
        elif isinstance(wanted.get("by"), int | float):
            await clock.move(clock.now() + timedelta(seconds=wanted["by"]))
        else:
            await clock.move(datetime.fromisoformat(wanted.word("to")))
        return self._time()

    def _time(self) -> web.Response:
        return answer({"now": self.town.clock.now().isoformat(), "frozen": self.town.clock.frozen})

    async def ledger(self, request: web.Request) -> web.Response:
        after = int(request.query.get("after", "0"))
        calls = [control.call_view(one) for one in self.town.ledger if one.number > after]
        return answer({"calls": calls})

    async def transcript(self, request: web.Request) -> web.Response:
        writer = self.transcript_writer()
        if writer is None:
            return answer({"error": "Nobody here writes transcripts"}, status=404)
        people = [int(one) for one in request.query.get("people", "").split(",") if one]
        return web.Response(text=writer(people))

    async def page(self, _request: web.Request) -> web.StreamResponse:
        index = PAGE / "index.html"
        if not index.is_file():
            return web.Response(status=404, text="The page is not installed")
        return web.FileResponse(index)


async def asked(request: web.Request) -> Asked:
    body: Any = await request.json() if request.can_read_body else {}
    if not isinstance(body, dict):
        raise TypeError("Send one JSON object")
    return Asked(body)
