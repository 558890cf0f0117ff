"""What a webhook is, in which queue an update waits for it, and what its answers say."""

import ssl
from collections.abc import Hashable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import aiohttp

from bot.sandbox.errors import Refusal
from bot.sandbox.mailbox import Waiting
from bot.sandbox.params import as_object, read_parts
from bot.sandbox.values import read_json

Raw = dict[str, Any]

USUAL_CONNECTIONS = 40
LOCAL = {"127.0.0.1", "localhost"}
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the name of a header
NOT_IN_AN_ANSWER = ("get", "setwebhook", "deletewebhook", "close", "logout")

# Whose queue an update stands in: the kind of queue, and where the chat or the person is named.
BY_CHAT = "chat"
BY_PERSON = "from"
LINES: dict[str, tuple[str, str]] = {
    "message": ("messages", BY_CHAT),
    "edited_message": ("messages", BY_CHAT),
    "channel_post": ("messages", BY_CHAT),
    "edited_channel_post": ("messages", BY_CHAT),
    "inline_query": ("inline", BY_PERSON),
    "chosen_inline_result": ("chosen", BY_PERSON),
    "callback_query": ("presses", BY_PERSON),
    "shipping_query": ("payments", BY_PERSON),
    "pre_checkout_query": ("payments", BY_PERSON),
    "my_chat_member": ("own place", BY_CHAT),
    "chat_member": ("members", "member"),
    "chat_join_request": ("members", BY_PERSON),
    "chat_boost": ("boosts", BY_CHAT),
    "removed_chat_boost": ("boosts", BY_CHAT),
    "message_reaction": ("reactions", BY_CHAT),
    "message_reaction_count": ("reaction counts", BY_CHAT),
}


def line_of(waiting: Waiting) -> Hashable:
    """The queue of an update; one whose place is not known has a queue of its own."""
    line, named = LINES.get(waiting.kind, ("", ""))
    content = waiting.update.get(waiting.kind)
    if named == "member":
        content, named = inside(content, "old_chat_member"), "user"
    number = inside(inside(content, named), "id")
    if isinstance(number, int):
        return line, number
    return waiting.update["update_id"], waiting.again


def inside(thing: Any, name: str) -> Any:
    """A part of an update; anything may have been put in."""
    return thing.get(name) if isinstance(thing, dict) else None


@dataclass(frozen=True, slots=True)
class Hook:
    url: str
    secret: str = ""
    connections: int = USUAL_CONNECTIONS
    ip_address: str = ""
    certificate: bytes = b""

    @property
    def local(self) -> bool:
        return urlsplit(self.url).hostname in LOCAL

    @property
    def headers(self) -> dict[str, str]:
        headers = {"Content-Type": "application/json", "Accept-Encoding": "gzip, deflate"}
        return {**headers, SECRET_HEADER: self.secret} if self.secret else headers

    @property
    def trust(self) -> ssl.SSLContext | bool:
        """Our own certificate is trusted; without one the usual authorities are."""
        if not self.certificate:
            return True
        return ssl.create_default_context(cadata=self.certificate.decode("ascii"))


@dataclass(frozen=True, slots=True)
class Failure:
    said: str
    status: int = 0
    retry_after: int = 0


async def call_in(response: aiohttp.ClientResponse) -> tuple[str, Raw]:
    """The call a webhook's answer carries; an empty name if there is none that may be made so."""
    raw: Raw = {}
    with suppress(Refusal, ValueError, RecursionError):
        raw = await params_in(response)
    method = raw.pop("method", "")
    if not isinstance(method, str) or method.lower().startswith(NOT_IN_AN_ANSWER):
        return "", {}
    return method, raw


async def params_in(response: aiohttp.ClientResponse) -> Raw:
    if response.content_type == "multipart/form-data":
        return await read_parts(aiohttp.MultipartReader.from_response(response))
    body = await response.read()
    if response.content_type == "application/json":
        return as_object(read_json("request", body or b"{}"))
    if response.content_type == "application/x-www-form-urlencoded":
        return dict(parse_qsl(body.decode()))
    return {}


def in_telegrams_words(problem: Exception) -> str:
    match problem:
        case aiohttp.ClientSSLError() | aiohttp.ClientConnectorCertificateError():
            return "SSL error {error:0A000086:SSL routines::certificate verify failed}"
        case ConnectionRefusedError() | aiohttp.ClientConnectorError():
            return "Connection refused"
        case TimeoutError():
            return "Read timeout expired"
        case ConnectionResetError():
            return "Connection reset by peer"
        case _:
            return "Connection closed"
