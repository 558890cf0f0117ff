"""Whatever happens on the wire, the carrier says truthfully whether the message arrived."""

import asyncio
import json
import socket
import struct
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.carrier import (
    Carrier,
    Delivered,
    Gone,
    Misconfigured,
    Moved,
    Outcome,
    Patience,
    Place,
    Refused,
    TryLater,
    Unclear,
    Unreachable,
)

TOKEN = "123456:a-token-nobody-may-see"
CANARY = "zq7-words-of-olena"
OLENA, STAFF = 7, -100500
HASTY = Patience(read_timeout=0.4, connect_timeout=0.4)
NO_PREVIEW = '{"is_disabled": true}'
AS_REPLY = {"message_id": 5, "allow_sending_without_reply": True}
KEYS = {"inline_keyboard": [[{"text": "Да", "callback_data": "yes:1", "style": "success"}]]}

# What Telegram knows of the methods we call: parameters it requires, and others it takes.
MORE = {"disable_notification", "protect_content", "reply_markup", "reply_parameters"}
TEXT = {"parse_mode", "link_preview_options"}
METHODS = {
    "sendMessage": ({"chat_id", "text"}, MORE | TEXT),
    "editMessageText": ({"chat_id", "message_id", "text"}, {"reply_markup"} | TEXT),
    "copyMessage": ({"chat_id", "from_chat_id", "message_id"}, MORE),
    "sendVenue": ({"chat_id", "latitude", "longitude", "title", "address"}, MORE),
    "sendDocument": ({"chat_id", "document"}, MORE | {"caption", "parse_mode"}),
}

Reaction = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Telegram:
    """A small Bot API server that refuses what it does not know and can be told to misbehave."""

    def __init__(self) -> None:
        self.url = ""
        self.calls: list[dict[str, Any]] = []
        self.reaction: Reaction = delivers

    async def handle(self, request: web.Request) -> web.StreamResponse:
        if request.match_info["token"] != TOKEN:
            return await says(401, "Unauthorized")(request)
        required, optional = METHODS[request.match_info["method"]]
        given: dict[str, Any] = dict(await request.post())
        if isinstance(file := given.get("document"), web.FileField):
            given["document"] = (file.filename, file.file.read())
        if not required <= given.keys() <= required | optional:
            return await says(400, "Bad Request: strange parameters")(request)
        self.calls.append({"method": request.match_info["method"], **given})
        return await self.reaction(request)


async def delivers(request: web.Request) -> web.StreamResponse:
    chat = {"id": int(str((await request.post())["chat_id"])), "type": "private", "first_name": "O"}
    message = {"message_id": 77, "date": 1790000000, "chat": chat, "text": CANARY}
    return web.json_response({"ok": True, "result": message})


def shows(status: int, body: str, content_type: str = "text/html") -> Reaction:
    async def reaction(_: web.Request) -> web.StreamResponse:
        return web.Response(status=status, text=body, content_type=content_type)

    return reaction


def says(status: int, description: str, **parameters: int) -> Reaction:
    body: dict[str, Any] = {"ok": False, "error_code": status, "description": description}
    more = {"parameters": parameters} if parameters else {}
    return shows(status, json.dumps(body | more), "application/json")


async def closes(request: web.Request) -> web.StreamResponse:
    assert request.transport is not None
    request.transport.close()
    return web.Response()


async def resets(request: web.Request) -> web.StreamResponse:
    raw = request.get_extra_info("socket")
    raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    return await closes(request)


async def stops_halfway(request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Length": "1000"})
    await response.prepare(request)
    await response.write(b'{"ok":true,"result":{"text":"' + CANARY.encode())
    return await closes(request)


async def says_nothing(_: web.Request) -> web.StreamResponse:
    await asyncio.sleep(0.8)
    return web.Response()


def address(door: socket.socket) -> str:
    return "http://127.0.0.1:{1}".format(*door.getsockname())


@pytest.fixture(autouse=True)
def _nothing_secret_is_logged(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> Iterator[None]:
    monkeypatch.setenv("PTB_TIMEDELTA", "1")
    caplog.set_level("WARNING")
    yield
    told = " ".join(record.getMessage() for record in caplog.get_records("call"))
    assert [word for word in (TOKEN, CANARY) if word in told] == []


@pytest.fixture
async def telegram() -> AsyncIterator[Telegram]:
    telegram, app = Telegram(), web.Application()
    app.router.add_post("/bot{token}/{method}", telegram.handle)
    async with TestServer(app) as server:
        telegram.url = str(server.make_url("")).rstrip("/")
        yield telegram


@pytest.fixture
async def carrier(telegram: Telegram) -> AsyncIterator[Carrier]:
    async with Carrier(TOKEN, telegram.url, patience=HASTY) as carrier:
        yield carrier


async def test_a_message_arrives_as_html_without_a_preview(
    telegram: Telegram, carrier: Carrier
) -> None:
    outcome = await carrier.send(OLENA, "<b>Да</b>", KEYS, protect=True, silent=True)

    assert outcome == Delivered(77)
    assert telegram.calls == [
        {
            "method": "sendMessage",
            "chat_id": "7",
            "text": "<b>Да</b>",
            "parse_mode": "HTML",
            "link_preview_options": NO_PREVIEW,
            "protect_content": "true",
            "disable_notification": "true",
            "reply_markup": json.dumps(KEYS),
        }
    ]


async def test_an_edit_changes_words_and_buttons(telegram: Telegram, carrier: Carrier) -> None:
    outcome = await carrier.edit(OLENA, 77, "Да", KEYS)

    assert outcome == Delivered(77)
    [edited] = telegram.calls
    assert (edited["message_id"], edited["reply_markup"]) == ("77", json.dumps(KEYS))
    assert (edited["parse_mode"], edited["link_preview_options"]) == ("HTML", NO_PREVIEW)


async def test_an_edit_that_changes_nothing_is_done(telegram: Telegram, carrier: Carrier) -> None:
    telegram.reaction = says(400, BAD + "message is not modified: specified new message content")

    assert await carrier.edit(OLENA, 5, "Да") == Delivered(5)


async def test_a_copy_a_place_and_a_file_arrive(telegram: Telegram, carrier: Carrier) -> None:
    outcomes = [
        await carrier.copy(STAFF, OLENA, 4, reply_to=5),
        await carrier.venue(OLENA, Place(42.7, 23.3, "Bureau", "Sofia"), KEYS),
        await carrier.document(8, "visit.ics", b"BEGIN", "<b>Calendar</b>"),
    ]

    assert outcomes == [Delivered(77)] * 3
    copied, shown, handed = telegram.calls
    assert json.loads(copied["reply_parameters"]) == AS_REPLY
    assert (shown["latitude"], shown["reply_markup"]) == ("42.7", json.dumps(KEYS))
    assert handed["document"] == ("visit.ics", b"BEGIN")
    assert (handed["caption"], handed["parse_mode"]) == ("<b>Calendar</b>", "HTML")


FORBIDDEN, BAD, MANY = "Forbidden: ", "Bad Request: ", "Too Many Requests: "
ENTITIES = BAD + 'can\'t parse entities: Unsupported start tag "kicked" at byte offset 4'
FLOODS = ((-1, 1), (0, 1), (35, 35), (86_400, 86_400))
WIRE: list[tuple[Reaction, Outcome]] = [
    (says(429, MANY + "retry after 36"), TryLater(36, everything=True)),
    (says(429, MANY + "retry later"), TryLater(5, everything=True)),
    *((says(429, "Flood", retry_after=n), TryLater(m, everything=True)) for n, m in FLOODS),
    (shows(429, "<html>429 Too Many Requests</html>"), TryLater(5, everything=True)),
    (says_nothing, Unclear("timeout")),
    (closes, Unclear("closed")),
    (resets, Unclear("closed")),
    (stops_halfway, Unclear("closed")),
    (says(500, "Internal Server Error"), Unclear("server")),
    (shows(502, f"<html>{CANARY}</html>"), Unclear("server")),
    (shows(403, f"<html>{CANARY}</html>"), Unclear("server")),
    (shows(200, f"<html>{CANARY}</html>"), Unclear("answer")),
    (shows(200, f'{{"ok":true,"result":{{"text":"{CANARY}"'), Unclear("answer")),
    (shows(200, '{"ok":true,"result":{"message_id":77}}'), Unclear("answer")),
    (shows(200, '{"ok":true,"result":true}'), Unclear("answer")),
    (says(200, "Bad Request: chat not found"), Unclear("answer")),
    (says(401, "Unauthorized"), Misconfigured("token")),
    (says(404, "Not Found"), Misconfigured("token")),
    (says(409, "Conflict: terminated by other getUpdates request"), Misconfigured("conflict")),
    (says(403, FORBIDDEN + "bot was blocked by the user"), Unreachable("blocked")),
    (says(403, FORBIDDEN + "user is deactivated"), Unreachable("deactivated")),
    (says(403, FORBIDDEN + "bot was kicked from the supergroup chat"), Unreachable("kicked")),
    (says(403, FORBIDDEN + f"some news {CANARY}"), Unreachable("forbidden")),
    (says(400, BAD + "chat not found"), Unreachable("not_found")),
    (says(400, BAD + "not enough rights to send text messages"), Unreachable("no_rights")),
    (says(400, BAD + "message to edit not found"), Gone()),
    (says(400, ENTITIES), Refused("markup")),
    (says(400, BAD + "message is too long"), Refused("too_long")),
    (says(400, BAD + "BUTTON_DATA_INVALID"), Refused("buttons")),
    (says(400, BAD + f"some news {CANARY}"), Refused("other")),
    (says(413, "Request Entity Too Large"), Refused("too_big")),
    (says(400, BAD + "group chat was upgraded", migrate_to_chat_id=-1007), Moved(-1007)),
]


@pytest.mark.parametrize(("reaction", "outcome"), WIRE)
async def test_what_happens_on_the_wire_has_one_name(
    telegram: Telegram, carrier: Carrier, reaction: Reaction, outcome: Outcome
) -> None:
    telegram.reaction = reaction

    assert await carrier.send(OLENA, CANARY) == outcome
    assert len(telegram.calls) == 1


async def test_a_flooded_group_rests_alone(telegram: Telegram, carrier: Carrier) -> None:
    telegram.reaction = says(429, MANY + "retry after 35", retry_after=35)

    assert await carrier.send(STAFF, "card") == TryLater(35, everything=False)


async def test_after_a_flood_in_private_nothing_leaves(
    telegram: Telegram, carrier: Carrier
) -> None:
    telegram.reaction = says(429, MANY + "retry later")
    await carrier.send(OLENA, "Да")

    with pytest.raises(TimeoutError):
        await asyncio.wait_for(carrier.send(STAFF, "card"), 0.1)
    assert len(telegram.calls) == 1


async def test_more_calls_than_connections_are_not_sent(telegram: Telegram) -> None:
    telegram.reaction = says_nothing
    narrow = Patience(read_timeout=0.3, pool_timeout=0.05, connection_pool_size=1)

    async with Carrier(TOKEN, telegram.url, patience=narrow) as carrier:
        first, second = await asyncio.gather(carrier.send(1, "a"), carrier.send(2, "b"))

    assert [first, second] == [Unclear("timeout"), TryLater(1, everything=False, reason="crowded")]
    assert [call["chat_id"] for call in telegram.calls] == ["1"]


async def test_a_closed_door_is_not_a_lost_message() -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))  # bound, but nobody listens
        async with Carrier(TOKEN, address(nobody), patience=HASTY) as carrier:
            outcome = await carrier.send(OLENA, "Да")

    assert outcome == TryLater(3, everything=True, reason="unreachable")


async def test_a_door_nobody_opens_is_not_a_lost_message() -> None:
    with socket.socket() as deaf, socket.socket() as first, socket.socket() as second:
        deaf.bind(("127.0.0.1", 0))
        deaf.listen(0)
        for waiting in (first, second):  # they fill the hall; the next one stands outside
            waiting.settimeout(0)
            waiting.connect_ex(deaf.getsockname())
        async with Carrier(TOKEN, address(deaf), patience=HASTY) as carrier:
            outcome = await carrier.send(OLENA, "Да")

    assert outcome == TryLater(3, everything=True, reason="unreachable")


async def test_a_door_shut_in_our_face_may_have_taken_the_message() -> None:
    with socket.create_server(("127.0.0.1", 0)) as door:
        async with Carrier(TOKEN, address(door), patience=HASTY) as carrier:
            sending = asyncio.create_task(carrier.send(OLENA, "Да"))
            (await asyncio.to_thread(door.accept))[0].close()

            assert await sending == Unclear("closed")
