"""The Bot API over HTTP: who asks, what for, does it go wrong on purpose, what is answered."""

import asyncio
import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from bot.sandbox.errors import Refusal, bad, too_many
from bot.sandbox.faults import Fault
from bot.sandbox.form import Compiler, load_schema
from bot.sandbox.limits import Limits
from bot.sandbox.methods import METHODS
from bot.sandbox.params import attachments, read_params
from bot.sandbox.town import Town
from bot.sandbox.values import WHOLE, Upload

Raw = dict[str, Any]
# Is told the method, its parameters as they came, and "asked", "accepted" or "answered".
Observer = Callable[[str, Raw, str], None]

SAFE_METHODS = {name.lower(): name for name in METHODS}  # the Bot API does not mind capitals
JSON = "application/json"
PAGES = {"502-html": (502, "Bad Gateway"), "429-html": (429, "Too Many Requests")}
encode = json.JSONEncoder(separators=(",", ":")).encode


def answered(result: Any) -> web.Response:
    return web.Response(body=f'{{"ok":true,"result":{encode(result)}}}'.encode(), content_type=JSON)


def refused(refusal: Refusal, status: int | None = None) -> web.Response:
    said = {"ok": False, "error_code": refusal.code, "description": refusal.description}
    if refusal.parameters:
        said["parameters"] = refusal.parameters
    return web.Response(
        body=encode(said).encode(), content_type=JSON, status=status or refusal.code
    )


def chat_in(raw: Raw) -> int | str | None:
    """The chat of a request not yet checked, for faults and limits."""
    chat = raw.get("chat_id")
    if isinstance(chat, str) and WHOLE.fullmatch(chat):
        return int(chat)
    return chat if isinstance(chat, int | str) else None


@dataclass
class Api:
    town: Town
    limits: Limits = field(default_factory=Limits)
    closing: asyncio.Event = field(default_factory=asyncio.Event)
    observers: list[Observer] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.forms = Compiler(load_schema()).forms()

    async def handle(self, request: web.Request) -> web.StreamResponse:
        method, raw = request.match_info["method"], {}
        try:
            method = self.method(request)
            raw = await read_params(request)
            self.tell(method, raw, "asked")
            response = await self.answer(request, method, raw)
        except Refusal as refusal:
            if request.transport is not None:  # else a poller that is gone was displaced
                self.town.refused(method, raw, refusal)
            response = refused(refusal)
        except (ConnectionError, web.RequestPayloadError):
            return web.Response(status=400)  # the client went away; nobody reads this
        if self.observers and await delivered(request, response):
            self.tell(method, raw, "answered")
        return response

    def tell(self, method: str, raw: Raw, moment: str) -> None:
        for observer in self.observers:
            observer(method, raw, moment)

    async def answer(self, request: web.Request, method: str, raw: Raw) -> web.StreamResponse:
        fault = self.town.faults.take(method, chat_in(raw))
        if fault is not None:
            return await self.go_wrong(request, method, raw, fault)
        return answered(await self.perform(method, raw))

    async def answer_to_webhook(self, name: str, raw: Raw) -> None:
        """A call that came in the answer of a webhook; its result is told to nobody."""
        method = SAFE_METHODS.get(name.lower(), name)
        try:
            if method not in METHODS:
                raise no_such_method()
            self.tell(method, raw, "asked")
            fault = self.town.faults.take(method, chat_in(raw))
            if fault is None or fault.accepted:
                await self.perform(method, raw)
            else:
                self.town.broken(method, raw, fault.kind, accepted=False)
        except Refusal as refusal:
            self.town.refused(method, raw, refusal)

    def method(self, request: web.Request) -> str:
        if request.match_info["token"] != self.town.bot.token:
            raise Refusal(401, "Unauthorized")
        method = SAFE_METHODS.get(request.match_info["method"].lower())
        if method is None:
            raise no_such_method()
        return method

    async def perform(self, method: str, raw: Raw) -> Any:
        """Checks and does it; what was done stands in the ledger. Raises Refusal."""
        self.keep_pace(method, raw)
        try:
            params = attachments(self.forms[method].fill(raw), raw)
        except (OverflowError, RecursionError):
            raise bad("can't parse the request") from None
        result = METHODS[method](self.town, params)
        if method == "getUpdates":
            result = await result
        else:
            self.town.accepted(method, params, result)
        self.tell(method, raw, "accepted")
        return result

    def keep_pace(self, method: str, raw: Raw) -> None:
        if not self.limits.on:
            return
        files = [len(one.content) for one in raw.values() if isinstance(one, Upload)]
        seconds = self.limits.wait(method, chat_in(raw)) or self.limits.wait_to_upload(sum(files))
        if seconds is not None:
            raise too_many(seconds)

    async def go_wrong(
        self, request: web.Request, method: str, raw: Raw, fault: Fault
    ) -> web.StreamResponse:
        await self.pause(fault.delay if fault.what != "timeout" else 0)
        result = await self.perform(method, raw) if fault.accepted else None
        await self.pause(fault.delay_after)
        if fault.refusal is not None:
            raise Refusal(*fault.refusal)
        if fault.what == "slow":
            return answered(result)
        if fault.what == "429":
            raise too_many(1 if fault.retry_after is None else fault.retry_after)
        if fault.what == "429-bare":
            raise too_many(None)
        self.town.broken(method, raw, fault.kind, accepted=fault.accepted)
        return await self.broken(request, result, fault)

    async def pause(self, seconds: float) -> None:
        if seconds:
            self.town.in_flight += 1
            await asyncio.sleep(seconds)
            self.town.in_flight -= 1
            self.town.ring()

    async def broken(self, request: web.Request, result: Any, fault: Fault) -> web.StreamResponse:
        match fault.what:
            case "502-html" | "429-html":
                status, words = PAGES[fault.what]
                page = f"<html><body><h1>{status} {words}</h1></body></html>"
                return web.Response(text=page, content_type="text/html", status=status)
            case "not-json":
                return web.Response(text="<html>Sign in to the network</html>", content_type=JSON)
            case "ok-false":
                return refused(Refusal(400, "Bad Request: wrong request"), status=200)
            case "half-body":
                return await half(request, result)
            case "timeout":
                await self.hang(request, fault.delay or 3600)
            case _:
                pass  # a reset: the connection just ends
        if request.transport is not None:
            request.transport.abort()
        return web.Response()

    async def hang(self, request: web.Request, seconds: float) -> None:
        """Says nothing until the client gives up, the time is over or the town closes."""
        loop = asyncio.get_running_loop()
        until = loop.time() + seconds
        while request.transport is not None and loop.time() < until and not self.closing.is_set():
            with suppress(TimeoutError):  # nobody tells us that a client went away: look again
                await asyncio.wait_for(self.closing.wait(), 0.05)


async def delivered(request: web.Request, response: web.StreamResponse) -> bool:
    """Sends a whole answer now, so that observers are told when it is out."""
    if response.prepared:  # begun and broken off on purpose
        return False
    try:
        await response.prepare(request)
        await response.write_eof()
    except ConnectionError:
        return False
    return True


async def half(request: web.Request, result: Any) -> web.StreamResponse:
    body = f'{{"ok":true,"result":{encode(result)}}}'.encode()
    response = web.StreamResponse(headers={"Content-Type": JSON})
    response.content_length = len(body)
    response.force_close()
    await response.prepare(request)
    await response.write(body[: len(body) // 2])
    if request.transport is not None:
        request.transport.close()
    return response


def no_such_method() -> Refusal:
    return Refusal(404, "Not Found: method not found")


def method_names() -> list[str]:
    return sorted(METHODS)
