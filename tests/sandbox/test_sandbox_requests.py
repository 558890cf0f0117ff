"""The same request in every dress the Bot API knows; files up and down."""

import io
import json
from typing import Any

import aiohttp
import pytest
from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.types import BufferedInputFile
from telegram import Bot as PtbBot

from bot.sandbox import Person, Sandbox
from bot.sandbox.params import LARGEST_REQUEST

MARKUP = {"inline_keyboard": [[{"text": "a", "callback_data": "a"}]]}


def form_of(chat_id: int, *, multipart: bool) -> aiohttp.FormData:
    form = aiohttp.FormData(default_to_multipart=multipart)
    form.add_field("chat_id", str(chat_id))
    form.add_field("text", "Добър ден + &")
    form.add_field("protect_content", "True")
    form.add_field("reply_markup", json.dumps(MARKUP))
    return form


@pytest.mark.parametrize("dress", ["json", "form", "multipart", "query", "capitals"])
async def test_parameters_may_come_in_any_dress(call: Any, olena: Person, dress: str) -> None:
    url = f"{call.address}/bot{call.token}/sendMessage"
    words = {"chat_id": str(olena.id), "text": "Добър ден + &", "protect_content": "true"}
    asked: dict[str, dict[str, Any]] = {
        "json": {"json": {**words, "chat_id": olena.id, "reply_markup": MARKUP}},
        "form": {"data": form_of(olena.id, multipart=False)},
        "multipart": {"data": form_of(olena.id, multipart=True)},
        "query": {"params": {**words, "reply_markup": json.dumps(MARKUP)}},
        "capitals": {"data": form_of(olena.id, multipart=False)},
    }
    if dress == "capitals":
        url = url.replace("sendMessage", "SENDMESSAGE")
    async with call.session.post(url, **asked[dress]) as response:
        sent = (await response.json())["result"]
    assert (sent["text"], sent["reply_markup"]) == ("Добър ден + &", MARKUP)
    assert sent["has_protected_content"] is True


async def test_get_is_as_good_as_post(call: Any, olena: Person) -> None:
    async with call.session.get(
        f"{call.address}/bot{call.token}/getChat?chat_id={olena.id}"
    ) as response:
        assert (await response.json())["result"]["first_name"] == "Олена"


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"{", "application/json"),
        (b"[]", "application/json"),
        (b'{"name": "\xff"}', "application/json"),
        (b'{"name": "\\ud83d"}', "application/json"),
        (b"[" * 100_000, "application/json"),
        (b"name=\xff", "application/x-www-form-urlencoded"),
        (b"name=%ff", "application/x-www-form-urlencoded"),
        (b"no boundary", "multipart/form-data"),
        (b"--b\r\n\r\nnameless\r\n--b--", "multipart/form-data; boundary=b"),
    ],
)
async def test_garbage_is_refused(call: Any, body: bytes, kind: str) -> None:
    url = f"{call.address}/bot{call.token}/setMyName"
    async with call.session.post(url, data=body, headers={"Content-Type": kind}) as response:
        assert (response.status, (await response.json())["ok"]) == (400, False)


async def test_too_much_is_refused(call: Any) -> None:
    url, form = f"{call.address}/bot{call.token}/setMyName", aiohttp.FormData()
    form.add_field("name", io.BytesIO(bytes(LARGEST_REQUEST + 1)), filename="a")
    async with call.session.post(url, data=form) as response:
        assert (await response.json())["description"] == "Request Entity Too Large"


async def test_aiogram_sends_a_file_and_sends_it_again(
    address: str, sandbox: Sandbox, olena: Person
) -> None:
    session = AiohttpSession(api=TelegramAPIServer.from_base(address))
    async with Bot(sandbox.token, session=session) as bot:
        file = BufferedInputFile(b"%PDF-1", "програма.pdf")
        sent = await bot.send_document(olena.id, file, caption="<b>a</b>", parse_mode="HTML")
        assert sent.document is not None
        again = await bot.send_document(olena.id, sent.document.file_id)
        content = await bot.download(sent.document.file_id)
    assert content is not None
    assert (sent.caption, again.document, content.read()) == ("a", sent.document, b"%PDF-1")
    kept = (sent.document.file_name, sent.document.mime_type, sent.document.file_size)
    assert kept == ("програма.pdf", "application/pdf", 6)


async def test_ptb_sends_a_file_and_fetches_it(
    address: str, sandbox: Sandbox, olena: Person
) -> None:
    files = f"{address}/file/bot"
    async with PtbBot(sandbox.token, base_url=f"{address}/bot", base_file_url=files) as bot:
        sent = await bot.send_document(olena.id, b"abc", filename="a.txt")
        assert sent.document is not None
        file = await sent.document.get_file()
        assert bytes(await file.download_as_bytearray()) == b"abc"


async def test_files_that_are_not_there(call: Any, olena: Person) -> None:
    async with call.session.get(f"{call.address}/file/bot{call.token}/documents/x") as response:
        assert response.status == 404
    assert [
        await call.refusal("getFile", file_id="x"),
        await call.refusal("sendDocument", chat_id=olena.id, document="x"),
        await call.refusal("sendDocument", chat_id=olena.id, document="https://x.bg/a.pdf"),
        await call.refusal("sendDocument", chat_id=olena.id, document="attach://x"),
        await call.refusal("sendDocument", chat_id=olena.id),
    ] == [
        "400 Bad Request: wrong file_id or the file is temporarily unavailable",
        "400 Bad Request: wrong remote file identifier specified: can't unserialize it",
        "400 Bad Request: failed to get HTTP URL content",
        "400 Bad Request: there is no attached file of this name in the request",
        "400 Bad Request: there is no document in the request",
    ]


async def test_the_ledger_keeps_what_was_accepted(call: Any, sandbox: Sandbox) -> None:
    await call.result("setMyName", name="Ново име")
    await call.refusal("setMyName", name="")
    kept = [(one.method, one.params, one.result) for one in sandbox.town.ledger]
    assert kept == [("setMyName", {"name": "Ново име"}, True)]
    assert [one.description for one in sandbox.town.refusals] == [
        "Bad Request: bot name can't be empty"
    ]
