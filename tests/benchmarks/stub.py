"""The smallest Telegram that will do: it hands out or brings updates, and takes every call."""

import asyncio
import contextlib
import itertools
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from time import time
from typing import Any

import aiohttp
from aiohttp import web

Wire = dict[str, Any]

TOKEN = "1:benchmark"
SECRET, SECRET_HEADER = "s" * 40, "X-Telegram-Bot-Api-Secret-Token"
_ME: Wire = {"id": 1, "is_bot": True, "first_name": "Bot", "username": "benchmark_bot"}
_ANSWERS: dict[str, Any] = {
    "getMe": _ME,
    "getMyName": {"name": ""},
    "getMyDescription": {"description": ""},
    "getMyShortDescription": {"short_description": ""},
    "getMyCommands": [],
}
_NOTHING_WAITS: Wire = {"pending_update_count": 0}
_SHOWS = {"sendMessage", "editMessageText"}


class Stub:
    """Who has told the bot something waits in ``_waiting``; the last screen is in ``screens``.

    With a ``door`` updates are brought there as they come, as to a webhook.
    """

    def __init__(self, door: str = "") -> None:
        self._door = door
        self._client: aiohttp.ClientSession | None = None
        self._brought: set[asyncio.Task[None]] = set()
        self.screens: dict[int, Wire] = {}
        self.carried = 0
        self._queue: list[Wire] = []
        self._waiting: dict[int, asyncio.Future[None]] = {}
        self._arrived = asyncio.Event()
        self._updates, self._messages = itertools.count(1), itertools.count(1000)

    # What people do

    async def write(self, person: int, words: str) -> None:
        """Write, and wait for an answer."""
        await self._told(person, self.say, person, words)

    def say(self, person: int, words: str) -> None:
        """Write without waiting for anything."""
        message = {**_message(person, next(self._messages)), "from": _person(person)}
        entities: Wire = {}
        if words.startswith("/"):
            entities = {"entities": [{"type": "bot_command", "offset": 0, "length": len(words)}]}
        self._tell({"message": {**message, "text": words, **entities}})

    async def press(self, person: int, data: str) -> None:
        shown = self.screens.get(person, _message(person, 999))
        query = {
            "id": str(next(self._messages)),
            "from": _person(person),
            "message": shown,
            "chat_instance": "1",
            "data": data,
        }
        await self._told(person, self._tell, {"callback_query": query})

    def buttons(self, person: int) -> list[str]:
        """The data of the buttons on somebody's screen, in reading order."""
        rows = self.screens[person].get("reply_markup", {}).get("inline_keyboard", [])
        return [one["callback_data"] for row in rows for one in row if "callback_data" in one]

    async def _told(self, person: int, tell: Callable[..., None], *what: Any) -> None:
        """Tell, and wait until this person was shown something."""
        answered = asyncio.get_running_loop().create_future()
        self._waiting[person] = answered
        tell(*what)
        await asyncio.wait_for(answered, 60)

    def _tell(self, update: Wire) -> None:
        """Hand out an update, or bring it."""
        update = {"update_id": next(self._updates), **update}
        if not self._door:
            self._queue.append(update)
            self._arrived.set()
            return
        bringing = asyncio.create_task(self._bring(update))
        self._brought.add(bringing)
        bringing.add_done_callback(self._brought.discard)

    async def _bring(self, update: Wire) -> None:
        self._client = self._client or aiohttp.ClientSession(headers={SECRET_HEADER: SECRET})
        # A bot that was ended has nothing to say; who waits for it finds out in good time.
        with contextlib.suppress(aiohttp.ClientError):
            async with self._client.post(self._door, json=update):
                pass

    # What the bot does

    @asynccontextmanager
    async def serve(self) -> AsyncIterator[str]:
        app = web.Application()
        app.router.add_route("*", "/bot{token}/{method}", self._call)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await runner.setup()
        try:
            await web.TCPSite(runner, "127.0.0.1", 0).start()
            yield f"http://127.0.0.1:{runner.addresses[0][1]}"
        finally:
            await runner.cleanup()
            if self._client is not None:
                await self._client.close()

    async def _call(self, request: web.Request) -> web.Response:
        method = request.match_info["method"]
        params = await _params(request)
        if method == "getUpdates":
            result: Any = await self._next(int(params.get("offset", 0)))
        elif method in _SHOWS:
            result = self._shown(params)
        elif method == "getWebhookInfo":
            result = {"url": self._door, "has_custom_certificate": False, **_NOTHING_WAITS}
        else:
            result = _ANSWERS.get(method, True)
        return web.json_response({"ok": True, "result": result})

    async def _next(self, offset: int) -> list[Wire]:
        self._queue = [one for one in self._queue if one["update_id"] >= offset]
        if not self._queue:
            self._arrived.clear()
            try:
                await asyncio.wait_for(self._arrived.wait(), 5)
            except TimeoutError:
                return []
        return self._queue[:100]

    def _shown(self, params: Wire) -> Wire:
        person = int(params["chat_id"])
        number = int(params.get("message_id") or next(self._messages))
        shown = {**_message(person, number), "from": _ME, "text": params["text"]}
        if params.get("reply_markup"):
            shown["reply_markup"] = _read(params["reply_markup"])
        if "protect_content" in params:  # the postman's letters are nobody's screen
            self.carried += 1
            return shown
        self.screens[person] = shown
        waiting = self._waiting.pop(person, None)
        if waiting is not None and not waiting.done():
            waiting.set_result(None)
        return shown


async def _params(request: web.Request) -> Wire:
    if request.content_type == "application/json":
        return dict(await request.json())
    return {**request.query, **await request.post()}


def _read(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str) else value


def _person(person: int) -> Wire:
    return {"id": person, "is_bot": False, "first_name": "Sam", "language_code": "ar"}


def _message(person: int, number: int) -> Wire:
    chat = {"id": person, "type": "private", "first_name": "Sam"}
    return {"message_id": number, "date": int(time()), "chat": chat, "text": "…"}
