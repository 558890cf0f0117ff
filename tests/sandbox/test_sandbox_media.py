"""Photos, voice messages and documents: sent, refused, edited, copied, fetched."""

from typing import Any

import pytest
from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.types import BufferedInputFile

from bot.sandbox import Person, Sandbox, files
from bot.sandbox.methods import change
from bot.sandbox.speech import Sent
from tests.sandbox import samples
from tests.sandbox.samples import kept

BAD = "400 Bad Request: "
NOT_MODIFIED = BAD + change.NOT_MODIFIED


async def test_an_id_sends_only_a_file_of_its_own_kind(
    call: Any, sandbox: Sandbox, olena: Person
) -> None:
    photo, voice = kept(sandbox, "photo"), kept(sandbox, "voice")
    assert [
        await call.refusal("sendPhoto", chat_id=olena.id, photo=voice),
        await call.refusal("sendDocument", chat_id=olena.id, document=photo),
        await call.refusal("sendVoice", chat_id=olena.id, voice=photo),
        await call.refusal("sendPhoto", chat_id=olena.id, photo="AgAC"),
        await call.refusal("sendPhoto", chat_id=olena.id, photo="https://x.bg/a.png"),
        await call.refusal("sendPhoto", chat_id=olena.id, photo="attach://a"),
        await call.refusal("sendPhoto", chat_id=olena.id),
        await call.refusal("sendVoice", chat_id=olena.id),
        await call.refusal("sendPhoto", chat_id=olena.id, photo=photo, caption="a" * 1025),
        await call.refusal("sendDocument", chat_id=olena.id, document=photo, thumbnail=photo),
    ] == [
        BAD + "can't use file of type VoiceNote as Photo",
        BAD + "can't use file of type Photo as Document",
        BAD + "can't use file of type Photo as VoiceNote",
        BAD + "wrong remote file identifier specified: can't unserialize it",
        BAD + "failed to get HTTP URL content",
        BAD + "there is no attached file of this name in the request",
        BAD + "there is no photo in the request",
        BAD + "there is no voice in the request",
        BAD + "message caption is too long",
        BAD + "can't use file of type Photo as Document",
    ]


async def test_a_photo_has_a_small_size_whose_id_sends_the_whole(
    call: Any, sandbox: Sandbox, olena: Person
) -> None:
    sizes = (await call.result("sendPhoto", chat_id=olena.id, photo=kept(sandbox, "photo")))[
        "photo"
    ]
    again = await call.result("sendPhoto", chat_id=olena.id, photo=sizes[0]["file_id"])
    assert [(one["width"], one["height"]) for one in sizes] == [(90, 45), (200, 100)]
    assert again["photo"] == sizes


async def test_a_refused_message_leaves_no_file_behind(sandbox: Sandbox, address: str) -> None:
    silent = sandbox.town.add_person("Ана", "bg")
    session = AiohttpSession(api=TelegramAPIServer.from_base(address))
    async with Bot(sandbox.token, session=session) as bot:
        with pytest.raises(Exception, match="chat not found"):
            await bot.send_photo(silent.id, BufferedInputFile(samples.png(), "a.png"))
    assert sandbox.town.files.by_path("photos/file_0.png") is None


async def test_what_is_no_voice_arrives_as_a_document(
    address: str, sandbox: Sandbox, olena: Person
) -> None:
    session = AiohttpSession(api=TelegramAPIServer.from_base(address))
    async with Bot(sandbox.token, session=session) as bot:
        ogg = BufferedInputFile(samples.ogg(7), "a.ogg")
        voice = await bot.send_voice(olena.id, ogg)
        told = await bot.send_voice(olena.id, ogg, duration=2)
        wave = await bot.send_voice(olena.id, BufferedInputFile(b"RIFF....WAVE", "a.wav"))
    assert voice.voice is not None
    assert told.voice is not None
    assert wave.document is not None
    assert (voice.voice.duration, told.voice.duration, wave.voice) == (7, 2, None)


async def test_the_bot_fetches_what_people_sent(
    address: str, sandbox: Sandbox, olena: Person
) -> None:
    upload = samples.recording()
    sandbox.town.send_file(olena.id, Sent("voice", upload))
    sent = sandbox.town.messages(olena.id)[-1].wire["voice"]
    session = AiohttpSession(api=TelegramAPIServer.from_base(address))
    async with Bot(sandbox.token, session=session) as bot:
        content = await bot.download(sent["file_id"])
        again = await bot.send_voice(olena.id, sent["file_id"])
    assert content is not None
    assert (content.read(), sent["duration"]) == (upload.content, 3)
    assert again.voice is not None
    assert again.voice.file_id == sent["file_id"]


async def test_captions_are_edited_where_there_can_be_one(
    call: Any, sandbox: Sandbox, olena: Person
) -> None:
    photo = kept(sandbox, "photo")
    sent = await call.result("sendPhoto", chat_id=olena.id, photo=photo, caption="a")
    text = await call.result("sendMessage", chat_id=olena.id, text="a")
    this = {"chat_id": olena.id, "message_id": sent["message_id"]}
    that = {"chat_id": olena.id, "message_id": text["message_id"]}
    edited = await call.result(
        "editMessageCaption", **this, caption="b", show_caption_above_media=True
    )
    bare = await call.result("editMessageCaption", **this)
    assert (edited["caption"], edited["show_caption_above_media"], "caption" in bare) == (
        "b", True, False,
    )  # fmt: skip
    assert [
        await call.refusal("editMessageCaption", **that, caption="b"),
        await call.refusal("editMessageCaption", **this),
        await call.refusal("editMessageText", **this, text="b"),
        await call.refusal("editMessageMedia", **this),
        await call.refusal("editMessageMedia", **this, media={"type": "photo", "media": "x"}),
    ] == [
        BAD + "there is no caption in the message to edit",
        NOT_MODIFIED,
        BAD + "there is no text in the message to edit",
        BAD + "can't parse media JSON object",
        BAD + "wrong remote file identifier specified: can't unserialize it",
    ]


async def test_media_change_except_those_that_cannot(
    call: Any, sandbox: Sandbox, olena: Person
) -> None:
    photo, voice, pdf = (kept(sandbox, kind) for kind in ("photo", "voice", "document"))
    text = await call.result("sendMessage", chat_id=olena.id, text="a")
    spoken = await call.result("sendVoice", chat_id=olena.id, voice=voice)
    album = await call.result(
        "sendMediaGroup", chat_id=olena.id, media=[{"type": "photo", "media": photo}] * 2
    )

    async def turned(message: dict[str, Any], kind: str, file: str) -> dict[str, Any]:
        given = {"chat_id": olena.id, "message_id": message["message_id"]}
        answer = await call("editMessageMedia", **given, media={"type": kind, "media": file})
        return dict(answer)

    pictured = (await turned(text, "photo", photo))["result"]
    assert ("text" in pictured, len(pictured["photo"])) == (False, 2)
    assert [
        (await turned(one, kind, file)).get("description")
        for one, kind, file in (
            (pictured, "document", pdf),
            (spoken, "photo", photo),
            (album[0], "document", pdf),
            (album[0], "photo", kept(sandbox, "photo")),
        )
    ] == [
        None,
        "Bad Request: message media can't be edited",
        "Bad Request: can't change media type in the album",
        None,
    ]


@pytest.mark.parametrize("kind", files.KINDS)
async def test_whatever_people_send_can_be_copied(
    call: Any, sandbox: Sandbox, olena: Person, kind: str
) -> None:
    sent = sandbox.town.send_file(olena.id, Sent(kind, samples.picture(), "old"))
    copy = {"chat_id": olena.id, "from_chat_id": olena.id, "message_id": sent.message_id}
    await call.result("copyMessage", **copy, caption="new")
    await call.result("copyMessage", **copy)
    new, old = (one.wire for one in sandbox.town.messages(olena.id)[-2:])
    assert new[kind] == old[kind] == sent.wire[kind]
    captioned = kind not in {"video_note", "sticker"}
    assert new.get("caption") == ("new" if captioned else "old")
    assert old.get("caption") == "old"


async def test_what_is_protected_or_of_service_is_not_copied(
    call: Any, sandbox: Sandbox, olena: Person
) -> None:
    closed = await call.result("sendMessage", chat_id=olena.id, text="a", protect_content=True)
    await call.result("pinChatMessage", chat_id=olena.id, message_id=closed["message_id"])
    pinning = sandbox.town.messages(olena.id)[-1].message_id
    copy = {"chat_id": olena.id, "from_chat_id": olena.id}
    assert [
        await call.refusal("copyMessage", **copy, message_id=one)
        for one in (closed["message_id"], pinning, 1)
    ] == [BAD + "message can't be copied"] * 2 + [BAD + "message to copy not found"]
