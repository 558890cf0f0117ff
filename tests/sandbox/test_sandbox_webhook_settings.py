"""How a webhook is set, looked at and taken away; calls that come in its answers."""

import asyncio
import io
import json
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiogram import Bot, Dispatcher
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.methods import TelegramMethod
from aiogram.types import Message as AiogramMessage
from aiogram.types import Update as AiogramUpdate
from aiogram.webhook.aiohttp_server import SimpleRequestHandler
from aiohttp import web
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from telegram import Update as PtbUpdate

from bot.sandbox import Person, Sandbox
from bot.sandbox.mailbox import KINDS
from tests.sandbox.receiver import Gate, Receiver, Update, receiving

ANYWHERE = "https://bot.example/hook"
IN_USE = (
    "409 Conflict: can't use getUpdates method while webhook is active; "
    "use deleteWebhook to delete the webhook first"
)


@pytest.mark.parametrize(
    ("params", "said"),
    [
        ({"url": "not a url"}, "invalid webhook URL specified"),
        ({"url": "/relative"}, "invalid webhook URL specified"),
        ({"url": "ftp://127.0.0.1/hook"}, "invalid webhook URL specified"),
        ({"url": "https://bot.example:99999/"}, "invalid webhook URL specified"),
        ({"url": "https://[::1/"}, "invalid webhook URL specified"),
        (
            {"url": "http://bot.example/hook"},
            "bad webhook: An HTTPS URL must be provided for webhook",
        ),
        (
            {"url": "https://bot.example:444/hook"},
            "bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443",
        ),
        (
            {"url": ANYWHERE, "secret_token": "with a space"},
            "secret token contains illegal characters",
        ),
        ({"url": ANYWHERE, "secret_token": "тайна"}, "secret token contains illegal characters"),
        ({"url": ANYWHERE, "ip_address": "::1"}, "bad webhook: Invalid IP address specified"),
    ],
)
async def test_a_wrong_webhook_is_refused_and_the_right_one_is_gone(
    call: Any, sandbox: Sandbox, params: dict[str, Any], said: str
) -> None:
    await call.result("setWebhook", url=ANYWHERE)
    sandbox.town.age(1)
    assert await call.refusal("setWebhook", **params) == f"400 Bad Request: {said}"
    assert (await call.result("getWebhookInfo"))["url"] == ""


@pytest.mark.parametrize(
    "url",
    [
        "https://bot.example",
        "https://bot.example:88/a?b=c",
        "https://bot.example:80/",
        "https://bot.example:8443/",
        "http://127.0.0.1:1234/hook",
        "http://localhost:8081/",
        "https://localhost:5000/",
    ],
)
async def test_a_right_webhook_is_taken(call: Any, url: str) -> None:
    token = "aZ09_-" * 42
    assert await call.result("setWebhook", url=url, secret_token=token) is True
    assert (await call.result("getWebhookInfo"))["url"] == url


async def test_a_webhook_is_set_once_a_second(call: Any, sandbox: Sandbox) -> None:
    await call.result("setWebhook", url=ANYWHERE)
    sandbox.webhook.next_change += 30  # so that a slow machine is not let off
    answer = await call("setWebhook", url=ANYWHERE)
    assert answer == {
        "ok": False,
        "error_code": 429,
        "description": "Too Many Requests: retry after 1",
        "parameters": {"retry_after": 1},
    }
    sandbox.town.age(31)
    assert await call.result("setWebhook", url=ANYWHERE) is True
    assert await call.result("setWebhook", url="") is True  # taking it away may come at once


async def test_a_webhook_and_a_poller_exclude_each_other(
    call: Any, sandbox: Sandbox, until: Any
) -> None:
    poll = asyncio.create_task(call.refusal("getUpdates", timeout=50))
    await until(lambda: sandbox.town.bot.mailbox.polling)
    await call.result("setWebhook", url=ANYWHERE)
    assert await poll == "409 Conflict: terminated by setWebhook request"
    assert await call.refusal("getUpdates") == IN_USE
    await call.result("deleteWebhook")
    assert await call.result("getUpdates") == []


async def test_what_was_not_heard_waits_for_a_poller(
    call: Any, sandbox: Sandbox, olena: Person
) -> None:
    await call.result("setWebhook", url=ANYWHERE)
    sandbox.town.type(olena.id, "a")
    await call.result("setWebhook", url="")
    assert [one["message"]["text"] for one in await call.result("getUpdates")] == ["a"]


@pytest.mark.parametrize("method", ["setWebhook", "deleteWebhook"])
async def test_what_waits_can_be_dropped(
    call: Any, sandbox: Sandbox, olena: Person, method: str
) -> None:
    sandbox.town.type(olena.id, "a")
    url = {"url": ANYWHERE} if method == "setWebhook" else {}
    await call.result(method, **url, drop_pending_updates=True)
    assert (await call.result("getWebhookInfo"))["pending_update_count"] == 0


async def test_kinds_wished_for_are_kept_until_others_are(call: Any, sandbox: Sandbox) -> None:
    async def told(**params: Any) -> object:
        sandbox.town.age(1)
        await call.result("setWebhook", url=ANYWHERE, **params)
        return (await call.result("getWebhookInfo")).get("allowed_updates")

    wished = ["message", "chat_member"]
    assert await told(allowed_updates=["Message", "chat_member", "no such kind"]) == wished
    assert await told() == wished
    assert await told(max_connections=1) == wished
    assert await told(allowed_updates=[]) is None


def test_all_kinds_are_known() -> None:
    by_aiogram = set(AiogramUpdate.model_fields) - {"update_id"}
    assert by_aiogram == KINDS
    assert set(PtbUpdate.ALL_TYPES) <= KINDS


async def test_the_same_webhook_again_disturbs_nothing(
    call: Any, sandbox: Sandbox, olena: Person, until: Any
) -> None:
    async with receiving() as receiver:
        gate = Gate("a")
        receiver.answer = gate.answer
        await call.result("setWebhook", url=receiver.url)
        sandbox.town.type(olena.id, "a")
        await until(lambda: receiver.heard)
        sandbox.town.age(1)
        await call.result("setWebhook", url=receiver.url)
        gate.open.set()
        await sandbox.idle()
    assert receiver.texts == ["a"]


async def test_another_webhook_gets_what_the_first_did_not_finish(
    call: Any, sandbox: Sandbox, olena: Person, until: Any
) -> None:
    async with receiving() as first, receiving() as second:
        gate = Gate("a")
        first.answer = gate.answer
        await call.result("setWebhook", url=first.url)
        sandbox.town.type(olena.id, "a")
        await until(lambda: first.heard)
        sandbox.town.age(1)
        await call.result("setWebhook", url=second.url)
        await sandbox.idle()
        gate.open.set()
    assert (first.texts, second.texts) == (["a"], ["a"])


# Certificates


def own_certificate(folder: Path) -> tuple[bytes, ssl.SSLContext]:
    """A certificate for localhost that nobody else vouches for, and a server's context with it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = made.public_bytes(Encoding.PEM)
    file = folder / "both.pem"
    secret = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    file.write_bytes(pem + secret)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(file)
    return pem, context


async def set_with_certificate(call: Any, url: str, certificate: bytes) -> dict[str, Any]:
    form = aiohttp.FormData({"url": url})
    form.add_field("certificate", io.BytesIO(certificate), filename="cert.pem")
    async with call.session.post(f"{call.address}/bot{call.token}/setWebhook", data=form) as sent:
        answer: dict[str, Any] = await sent.json()
        return answer


@pytest.mark.parametrize("trusted", [True, False])
async def test_a_certificate_of_ones_own_is_trusted_if_it_was_sent(
    call: Any, sandbox: Sandbox, olena: Person, until: Any, tmp_path: Path, *, trusted: bool
) -> None:
    certificate, context = own_certificate(tmp_path)
    async with receiving(context) as receiver:
        if trusted:
            assert (await set_with_certificate(call, receiver.url, certificate))["ok"]
        else:
            await call.result("setWebhook", url=receiver.url)
        sandbox.town.type(olena.id, "a")
        await until(lambda: receiver.heard or sandbox.webhook.last_error)
        info = await call.result("getWebhookInfo")
    assert (info["has_custom_certificate"], receiver.texts) == (trusted, ["a"] * trusted)
    assert ("certificate verify failed" in info.get("last_error_message", "")) is not trusted


@pytest.mark.parametrize(
    ("certificate", "said"),
    [
        (b"x" * (3 * 1024 * 1024 + 1), "certificate size is too big (3145729 bytes)"),
        (
            b"no certificate",
            "bad webhook: Can't create an SSL context: certificate is not valid",
        ),
    ],
    ids=["large", "wrong"],
)
async def test_a_wrong_certificate_is_refused(call: Any, certificate: bytes, said: str) -> None:
    answer = await set_with_certificate(call, ANYWHERE, certificate)
    assert answer["description"] == f"Bad Request: {said}"


# Calls in answers


@pytest.fixture
async def hook(call: Any, olena: Person) -> AsyncIterator[Receiver]:
    assert olena.started
    async with receiving() as receiver:
        await call.result("setWebhook", url=receiver.url)
        yield receiver


def carrying(content_type: str, body: str) -> Any:
    async def answer(_update: Update) -> web.Response:
        return web.Response(text=body, content_type=content_type)

    return answer


@pytest.mark.parametrize("dress", ["json", "form"])
async def test_an_answer_may_carry_a_call(
    hook: Receiver, sandbox: Sandbox, olena: Person, dress: str
) -> None:
    asked = {"method": "sendmessage", "chat_id": olena.id, "text": "a"}
    form = f"method=sendMessage&chat_id={olena.id}&text=a"
    hook.answer = {
        "json": carrying("application/json", json.dumps(asked)),
        "form": carrying("application/x-www-form-urlencoded", form),
    }[dress]
    sandbox.town.type(olena.id, "b")
    await sandbox.idle()
    assert [one.text for one in sandbox.town.messages(olena.id)] == ["/start", "b", "a"]
    assert [one.method for one in sandbox.town.ledger] == ["setWebhook", "sendMessage"]


@pytest.mark.parametrize(
    "body",
    [
        '{"method": "setWebhook", "url": ""}',
        '{"method": "getMe"}',
        '{"method": 5}',
        '{"result": true}',
        "[1]",
        "{",
        "[" * 200_000,
    ],
)
async def test_other_answers_are_passed_over(
    hook: Receiver, sandbox: Sandbox, olena: Person, body: str
) -> None:
    hook.answer = carrying("application/json", body)
    sandbox.town.type(olena.id, "b")
    await sandbox.idle()
    assert [one.method for one in sandbox.town.ledger] == ["setWebhook"]
    assert sandbox.town.refusals == []


async def test_a_wrong_call_in_an_answer_is_noted(
    hook: Receiver, sandbox: Sandbox, olena: Person
) -> None:
    hook.answer = carrying("application/json", '{"method": "sendMessage", "chat_id": 5}')
    sandbox.town.type(olena.id, "b")
    hook.answer = carrying("application/json", '{"method": "sendGift"}')
    await sandbox.idle()
    sandbox.town.faults.storm("500")
    hook.answer = carrying("application/json", '{"method": "sendMessage"}')
    sandbox.town.type(olena.id, "c")
    await sandbox.idle()
    assert [one.description for one in sandbox.town.refusals] == [
        "Not Found: method not found",
        "Fault 500: nothing was done",
    ]


async def echo(message: AiogramMessage) -> TelegramMethod[Any]:
    return message.answer(f"<b>{message.text}</b>", parse_mode="HTML")


@asynccontextmanager
async def aiogram_with_webhook(address: str, sandbox: Sandbox) -> AsyncIterator[str]:
    dispatcher = Dispatcher()
    dispatcher.message()(echo)
    session = AiohttpSession(api=TelegramAPIServer.from_base(address))
    app = web.Application()
    async with Bot(sandbox.token, session=session) as bot:
        handler = SimpleRequestHandler(
            dispatcher, bot, handle_in_background=False, secret_token="s"
        )
        handler.register(app, path="/hook")
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
        await bot.set_webhook(url, secret_token="s", allowed_updates=["message"])
        assert (await bot.get_webhook_info()).url == url
        yield url
        await bot.delete_webhook()
        await runner.cleanup()


async def test_a_bot_of_aiogram_answers_in_its_answers(
    address: str, sandbox: Sandbox, olena: Person
) -> None:
    async with aiogram_with_webhook(address, sandbox):
        sandbox.town.type(olena.id, "Здравей")
        await sandbox.idle()
    last = sandbox.town.messages(olena.id)[-1]
    assert (last.text, last.entities) == (
        "Здравей",
        [{"type": "bold", "offset": 0, "length": 7}],
    )
