"""Albums: sent as a whole or not at all, by two libraries, and changed afterwards."""

from typing import Any

import pytest
from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.types import BufferedInputFile, InputMediaDocument, InputMediaPhoto
from telegram import Bot as PtbBot
from telegram import InputMediaPhoto as PtbPhoto

from bot.sandbox import Person, Sandbox
from tests.sandbox import samples
from tests.sandbox.samples import kept

ALBUM = {"type": "photo", "media": "a photo"}


@pytest.mark.parametrize(
    ("media", "said"),
    [
        ([], "there are too few messages to send as an album"),
        ([ALBUM], "there are too few messages to send as an album"),
        ([ALBUM] * 11, "too many messages to send as an album"),
        ([ALBUM, {"type": "document", "media": "x"}], "document can't be mixed with other"),
        ([ALBUM, {"type": "audio", "media": "x"}], "audio can't be mixed with other media types"),
        ([ALBUM, {"type": "animation", "media": "x"}], 'InputMedia: type "animation" is unsupport'),
        ([ALBUM, {"type": "video", "media": "x"}], 'the sandbox sends no media of type "video"'),
        ([ALBUM, {"type": "poll", "media": "x"}], 'can\'t parse InputMedia: type "poll" is unsup'),
        ([ALBUM, {"type": "photo"}], "can't parse InputMediaPhoto: Can't find field \"media\""),
        ([ALBUM, {**ALBUM, "media": "attach://b"}], "can't parse InputMedia: media not found"),
        ([ALBUM, {**ALBUM, "show_caption_above_media": True}], "must be the same for all messages"),
        ([ALBUM, {**ALBUM, "media": "x"}], "wrong remote file identifier specified"),
        ([ALBUM, {**ALBUM, "caption": "a" * 1025}], "message caption is too long"),
        ([ALBUM, {**ALBUM, "thumbnail": "x"}], 'Unknown field "thumbnail"'),
        ("[", "can't parse media JSON object"),
    ],
)
async def test_an_impossible_album_is_refused_as_a_whole(
    call: Any, sandbox: Sandbox, olena: Person, media: Any, said: str
) -> None:
    photo, before = kept(sandbox, "photo"), len(sandbox.town.messages(olena.id))
    given = media
    if isinstance(media, list):
        given = [{**one, "media": photo} if one.get("media") == "a photo" else one for one in media]
    assert said in await call.refusal("sendMediaGroup", chat_id=olena.id, media=given)
    assert len(sandbox.town.messages(olena.id)) == before


async def test_an_album_tells_which_of_its_files_was_refused(
    address: str, sandbox: Sandbox, olena: Person
) -> None:
    session = AiohttpSession(api=TelegramAPIServer.from_base(address))
    good, odd = samples.png(), b"no picture"
    async with Bot(sandbox.token, session=session) as bot:
        album = [InputMediaPhoto(media=BufferedInputFile(one, "a.png")) for one in (good, odd)]
        with pytest.raises(Exception, match=r'message #2 with the error message "IMAGE_PROCESS_F'):
            await bot.send_media_group(olena.id, list(album))


async def test_aiogram_sends_albums_and_reads_them_back(
    address: str, sandbox: Sandbox, olena: Person
) -> None:
    session = AiohttpSession(api=TelegramAPIServer.from_base(address))
    async with Bot(sandbox.token, session=session) as bot:
        pdfs = [
            InputMediaDocument(media=BufferedInputFile(b"%PDF" + one, "ж.pdf"), caption="<b>a</b>",
                               parse_mode="HTML")
            for one in (b"1", b"2")
        ]  # fmt: skip
        sent = await bot.send_media_group(olena.id, list(pdfs))
        assert sent[1].document is not None
        content = await bot.download(sent[1].document.file_id)
    assert content is not None
    assert content.read() == b"%PDF2"
    assert len({one.media_group_id for one in sent}) == 1
    assert [(one.caption, one.message_id - sent[0].message_id) for one in sent] == [
        ("a", 0),
        ("a", 1),
    ]


async def test_ptb_sends_and_changes_albums(address: str, sandbox: Sandbox, olena: Person) -> None:
    base, given = f"{address}/bot", samples.png(10, 10)
    async with PtbBot(sandbox.token, base_url=base, base_file_url=f"{address}/file/bot") as bot:
        album = await bot.send_media_group(olena.id, [PtbPhoto(given), PtbPhoto(given)])
        new = await bot.edit_message_media(
            PtbPhoto(samples.png(20, 20), caption="new"), olena.id, album[0].message_id
        )
        assert not isinstance(new, bool)
        file = await new.photo[-1].get_file()
        assert bytes(await file.download_as_bytearray()) == samples.png(20, 20)
    assert (new.caption, new.media_group_id) == ("new", album[0].media_group_id)
