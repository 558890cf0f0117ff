"""Rough treatment: clients that die or say nonsense, storms, a new token, and who watches."""

import asyncio
import json
import logging
import socket
import time
from datetime import timedelta
from typing import Any

import aiohttp
import pytest

from bot.sandbox import Chat, Fault, Person, Sandbox

HEAD = b"POST /bot1:sandbox/sendMessage HTTP/1.1\r\nHost: x\r\n"
JSON = b"Content-Type: application/json\r\n"
PARTS = b"Content-Type: multipart/form-data; boundary=b\r\nContent-Length: 900\r\n\r\n"
PART = b"--b\r\nContent-Disposition: form-data; name=a\r\n"
CODES = ["400", "401", "403", "404", "409", "413", "429", "429-bare", "500", "502", "503", "504"]


async def opened(address: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    host, port = address.removeprefix("http://").split(":")
    return await asyncio.open_connection(host, int(port))


@pytest.mark.parametrize(
    "cut_off",
    [
        HEAD,
        HEAD + JSON + b"Content-Length: 100\r\n\r\n",
        HEAD + JSON + b'Content-Length: 100\r\n\r\n{"chat_id": 5, ',
        HEAD + JSON + b"Transfer-Encoding: chunked\r\n\r\n5\r\n{'ab",
        HEAD + PARTS + PART,
        HEAD + PARTS + PART + b"\r\nx",
    ],
)
@pytest.mark.parametrize("hard", [True, False])
async def test_a_client_that_dies_in_mid_request_is_no_event(
    call: Any, sandbox: Sandbox, caplog: pytest.LogCaptureFixture, cut_off: bytes, *, hard: bool
) -> None:
    caplog.set_level(logging.DEBUG, "aiohttp")
    _reader, writer = await opened(call.address)
    writer.write(cut_off)
    await writer.drain()
    await asyncio.sleep(0.03)
    if hard:
        writer.transport.abort()
    writer.close()
    await asyncio.sleep(0.03)
    assert await call.result("getMe")
    assert caplog.messages == []
    assert sandbox.town.ledger[1:] == []


async def test_a_client_that_leaves_before_the_answer_is_no_event(
    call: Any, sandbox: Sandbox, olena: Person, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, "aiohttp")
    sandbox.on_call(lambda _method, _raw, _moment: None)
    sandbox.town.expect_fault(Fault("sendMessage", "slow", delay_after=0.1))
    body = json.dumps({"chat_id": olena.id, "text": "a"}).encode()
    _reader, writer = await opened(call.address)
    writer.write(HEAD + JSON + f"Content-Length: {len(body)}\r\n\r\n".encode() + body)
    await asyncio.sleep(0.03)
    writer.transport.abort()
    await sandbox.idle()
    await asyncio.sleep(0.03)
    assert [one.method for one in sandbox.town.ledger] == ["sendMessage"]
    assert caplog.messages == []


DEEP = b"[" * 200_000
MESSAGE = b'{"chat_id": 5000000001, "text": %s}'


@pytest.mark.parametrize(
    "body",
    [
        DEEP,
        b'{"a":' * 200_000,
        MESSAGE % b'"a", "reply_markup": ' + DEEP,
        MESSAGE % b'"a", "reply_markup": {"inline_keyboard": ' + DEEP + b"]" * 200_000 + b"}",
        b'{"chat_id": 5, "text": "a", "reply_markup": "' + DEEP + b'"}',
        MESSAGE % b'"\\ud83d"',
        MESSAGE % b'"\\ude00 a"',
        MESSAGE % b'"\xed\xa0\xbd"',
        MESSAGE % b'"a\\u0000b"',
        MESSAGE % b'"a\\\\\\u0000b"',
        MESSAGE % b'"a\x00b"',
        b'{"chat_id": 1%s, "text": "a"}' % (b"0" * 30),
        b'{"chat_id": 1%s, "text": "a"}' % (b"0" * 5_000),
        b'{"chat_id": 5, "text": "a", "message_thread_id": -1%s}' % (b"0" * 30),
        b'{"chat_id": 1e400, "text": "a"}',
        b'{"chat_id": NaN, "text": "a"}',
        b'{"chat_id": "%s", "text": "a"}' % (b"9" * 6_000),
    ],
    ids=range(17),
)
async def test_monstrous_requests_are_refused(
    call: Any, olena: Person, caplog: pytest.LogCaptureFixture, body: bytes
) -> None:
    url = f"{call.address}/bot{call.token}/sendMessage"
    headers = {"Content-Type": "application/json"}
    async with call.session.post(url, data=body, headers=headers) as response:
        answer = await response.json()
    assert (olena.id, response.status, answer["error_code"]) == (5000000001, 400, 400)
    assert caplog.messages == []


async def test_a_doubled_backslash_is_no_nul(call: Any, olena: Person) -> None:
    sent = await call.result("sendMessage", chat_id=olena.id, text="\\u0000")
    assert sent["text"] == "\\u0000"


@pytest.mark.parametrize(
    ("method", "params"),
    [
        ("sendLocation", {"latitude": 10**400, "longitude": 1}),
        ("getUpdates", {"limit": 10**400}),
        ("getUpdates", {"limit": "9" * 5_000}),
        ("answerCallbackQuery", {"callback_query_id": "9" * 6_000}),
        ("deleteMessages", {"chat_id": 5_000_000_001, "message_ids": "[" * 200_000}),
    ],
    ids=range(5),
)
async def test_monstrous_numbers_are_refused(
    call: Any, olena: Person, method: str, params: dict[str, Any]
) -> None:
    assert olena.started
    assert (await call.refusal(method, **params)).startswith("400 Bad Request: ")


@pytest.mark.parametrize("word", ["a%00b", "a%ED%A0%80", "%FF"])
async def test_garbage_in_the_address_is_refused(call: Any, olena: Person, word: str) -> None:
    _reader, writer = await opened(call.address)
    address = f"/bot1:sandbox/sendMessage?chat_id={olena.id}&text={word}"
    writer.write(f"GET {address} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
    answer = await _reader.read()
    writer.close()
    assert answer.split(b"\r\n")[0] == b"HTTP/1.1 400 Bad Request"


@pytest.mark.parametrize("dress", ["form", "multipart"])
async def test_nul_is_refused_in_a_form(call: Any, olena: Person, dress: str) -> None:
    form = aiohttp.FormData({"chat_id": str(olena.id)}, default_to_multipart=dress == "multipart")
    form.add_field("text", "a\0b")
    url = f"{call.address}/bot{call.token}/sendMessage"
    async with call.session.post(url, data=form) as response:
        assert response.status == 400


async def test_slow_readers_hold_nobody(call: Any, sandbox: Sandbox, olena: Person) -> None:
    for number in range(100):
        sandbox.town.type(olena.id, f"{number} " + "ж" * 4_000)
    host, port = call.address.removeprefix("http://").split(":")
    asked = b"GET /bot1:sandbox/getUpdates HTTP/1.1\r\nHost: x\r\n\r\n" * 20
    slow = [socket.create_connection((host, int(port))) for _ in range(20)]
    for one in slow:
        one.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
        one.sendall(asked)
    begun = time.monotonic()
    for _ in range(20):
        await call.result("sendMessage", chat_id=olena.id, text="a")
    took = time.monotonic() - begun
    for one in slow:
        one.close()
    assert took < 15


async def test_large_uploads_of_one_size_are_paced(call: Any, sandbox: Sandbox) -> None:
    limits = sandbox.api.limits
    assert [limits.wait_to_upload(5_000_000) for _ in range(5)] == [None] * 5
    sandbox.limits = True
    assert [limits.wait_to_upload(100_000) for _ in range(20)] == [None] * 20
    small = [limits.wait_to_upload(1_000_000) for _ in range(10)]
    large = [limits.wait_to_upload(9_000_000) for _ in range(4)]
    assert (small.index(20), large.index(20)) == (7, 3)
    assert await call.result("getMe")


async def test_an_upload_too_many_is_told_to_wait(
    call: Any, sandbox: Sandbox, olena: Person
) -> None:
    sandbox.limits = True
    url = f"{call.address}/bot{call.token}/sendDocument"

    async def upload() -> dict[str, Any]:
        form = aiohttp.FormData({"chat_id": str(olena.id)})
        form.add_field("document", bytes(200_000), filename="a.bin")
        async with call.session.post(url, data=form) as response:
            answer: dict[str, Any] = await response.json()
            return answer

    assert (await upload())["ok"]
    sandbox.api.limits._uploaded[200_000] += 5
    assert (await upload())["parameters"] == {"retry_after": 20}


# Faults


async def seen(call: Any, chat_id: int) -> str:
    url = f"{call.address}/bot{call.token}/sendMessage"
    try:
        async with call.session.post(url, json={"chat_id": chat_id, "text": "a"}) as response:
            body = await response.read()
            return f"{response.status} {body[:10].decode()}"
    except aiohttp.ClientError as problem:
        return type(problem).__name__


@pytest.mark.parametrize(
    ("kind", "noticed"),
    [
        *((code, f'{code} {{"ok":fals') for code in CODES),
        ("429-html", "429 <html><bod"),
        ("502-html", "502 <html><bod"),
        ("ok-false", '200 {"ok":fals'),
        ("not-json", "200 <html>Sign"),
        ("half-body", "ClientPayloadError"),
        ("reset", "ServerDisconnectedError"),
    ],
)
@pytest.mark.parametrize("moment", ["before", "after"])
async def test_every_fault_comes_before_and_after_acceptance(
    call: Any, sandbox: Sandbox, olena: Person, kind: str, noticed: str, moment: str
) -> None:
    sandbox.town.expect_fault(Fault("sendMessage", f"{kind}-{moment}"))
    assert await seen(call, olena.id) == noticed.replace("-bare", "")
    assert len(sandbox.town.ledger) == (moment == "after")
    assert await seen(call, olena.id) == '200 {"ok":true'


@pytest.mark.parametrize("seconds", [0, -1, 7, 86_400])
async def test_any_pause_may_be_asked_for(call: Any, sandbox: Sandbox, seconds: int) -> None:
    sandbox.town.expect_fault(Fault("getMe", "429", retry_after=seconds))
    assert (await call("getMe"))["parameters"] == {"retry_after": seconds}


async def test_a_fault_may_wait_on_either_side_of_acceptance(
    call: Any, sandbox: Sandbox, olena: Person, until: Any
) -> None:
    sandbox.town.expect_fault(Fault("sendMessage", "500-after", delay=0.2, delay_after=0.2))
    begun = time.monotonic()
    sending = asyncio.create_task(seen(call, olena.id))
    await until(lambda: sandbox.town.in_flight)
    assert sandbox.town.ledger == []
    await until(lambda: sandbox.town.ledger)
    assert time.monotonic() - begun >= 0.2
    assert not sending.done()
    assert await sending == '500 {"ok":fals'
    assert time.monotonic() - begun >= 0.4


async def test_a_storm_lasts_as_long_as_it_is_told(
    call: Any, sandbox: Sandbox, olena: Person, staff: Chat
) -> None:
    over = sandbox.clock.now() + timedelta(minutes=10)
    calm = lambda: sandbox.clock.now() >= over  # noqa: E731 - a name for one line
    sandbox.town.faults.storm("502", ("sendMessage", "sendChatAction"), chat=olena.id, until=calm)
    assert [await seen(call, olena.id) for _ in range(5)] == ['502 {"ok":fals'] * 5
    assert await seen(call, staff.id) == '200 {"ok":true'
    assert await call.result("getMe")
    sandbox.clock.set(over)
    assert await seen(call, olena.id) == '200 {"ok":true'
    assert sandbox.town.faults.waiting == []


async def test_a_storm_can_be_ended(call: Any, sandbox: Sandbox) -> None:
    sandbox.town.faults.storm("429-bare")
    assert [await call.refusal("getMe") for _ in range(3)] == ["429 Too Many Requests"] * 3
    sandbox.town.faults.clear()
    assert await call.result("getMe")


# A new token


async def test_an_old_token_opens_nothing(
    call: Any, sandbox: Sandbox, olena: Person, until: Any
) -> None:
    await call.result("setWebhook", url="https://bot.example/")
    await call.result("deleteWebhook")
    poll = asyncio.create_task(call.refusal("getUpdates", timeout=50))
    await until(lambda: sandbox.town.bot.mailbox.polling)
    sandbox.renew_token("1:new")
    assert await poll == "401 Unauthorized"
    assert await call.refusal("getMe") == "401 Unauthorized"
    async with call.session.get(f"{call.address}/file/bot1:sandbox/a") as response:
        assert (response.status, (await response.json())["description"]) == (401, "Unauthorized")
    sandbox.town.type(olena.id, "kept for the new one")
    call.token = "1:new"
    assert len(await call.result("getUpdates")) == 1
    async with call.session.get(f"{call.address}/file/bot1:new/a") as response:
        assert (response.status, (await response.json())["description"]) == (404, "Not Found")


async def test_a_webhook_goes_with_its_token(call: Any, sandbox: Sandbox) -> None:
    await call.result("setWebhook", url="https://bot.example/")
    sandbox.renew_token("1:new")
    call.token = "1:new"
    assert (await call.result("getWebhookInfo"))["url"] == ""


# Who watches


async def test_an_observer_is_told_each_moment_of_a_call(
    call: Any, sandbox: Sandbox, olena: Person
) -> None:
    told: list[tuple[str, str, int]] = []

    def note(method: str, raw: dict[str, Any], moment: str) -> None:
        told.append((str(raw.get("text", method)), moment, len(sandbox.town.ledger)))

    sandbox.on_call(note)
    await call.result("sendMessage", chat_id=olena.id, text="a")
    await call.refusal("sendMessage", chat_id=olena.id, text="")
    sandbox.town.expect_fault(Fault("sendMessage", "reset-after"))
    assert await seen(call, olena.id) == "ServerDisconnectedError"
    sandbox.town.expect_fault(Fault("sendMessage", "half-body-before"))
    assert await seen(call, olena.id) == "ClientPayloadError"
    await call.result("getUpdates")
    assert told == [
        ("a", "asked", 0), ("a", "accepted", 1), ("a", "answered", 1),
        ("", "asked", 1), ("", "answered", 1),
        ("a", "asked", 1), ("a", "accepted", 2), ("a", "asked", 2),
        ("getUpdates", "asked", 2), ("getUpdates", "accepted", 2), ("getUpdates", "answered", 2),
    ]  # fmt: skip


async def test_the_answer_is_out_when_the_observer_hears_so(
    call: Any, sandbox: Sandbox, olena: Person
) -> None:
    body = json.dumps({"chat_id": olena.id, "text": "a"}).encode()
    client = socket.create_connection(call.address.removeprefix("http://").split(":"))
    client.setblocking(False)  # noqa: FBT003 - the socket's own way
    heard: list[bytes] = []

    def listen(_method: str, _raw: dict[str, Any], moment: str) -> None:
        if moment == "answered":
            heard.append(client.recv(100_000))

    sandbox.on_call(listen)
    client.send(HEAD + JSON + f"Content-Length: {len(body)}\r\n\r\n".encode() + body)
    async with asyncio.timeout(20):
        while not heard:  # noqa: ASYNC110 - nobody sets an event for a test
            await asyncio.sleep(0.01)
    client.close()
    assert heard[0].endswith(b'"text":"a"}}')
