"""What messages carry besides words, in a real browser: pictures, voices, papers, places, cards."""

import math
import re
import struct
import zlib
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Locator, expect

from bot.sandbox import Chat, Person
from tests.sandbox import test_page
from tests.sandbox.test_page import ALL, NARROW, Place

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]

browser, place = test_page.browser, test_page.place
Upload = tuple[str, str, bytes]  # name, type, content


def png(width: int, height: int, color: tuple[int, int, int] = (11, 99, 83)) -> bytes:
    """A picture of one colour, written by hand."""
    rows = (b"\0" + bytes(color) * width) * height
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in ((b"IHDR", head), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    )


def tone(seconds: int) -> bytes:
    """A quiet A, as a WAV file."""
    waves = (round(128 + 20 * math.sin(at / 8000 * 440 * math.tau)) for at in range(8000 * seconds))
    head = struct.pack("<4sIIHHIIHH", b"fmt ", 16, 0, 1, 1, 8000, 8000, 1, 8)
    head = head[:8] + head[12:]
    body = b"WAVE" + head + struct.pack("<4sI", b"data", 8000 * seconds) + bytes(waves)
    return struct.pack("<4sI", b"RIFF", len(body)) + body


PICTURE: Upload = ("gate.png", "image/png", png(320, 240))
PAPER: Upload = ("програма.txt", "text/plain", "Вторник".encode())
VOICE: Upload = ("voice.wav", "audio/wav", tone(2))


async def upload(place: Place, to: Person | Chat, kind: str, file: Upload, **more: Any) -> Any:
    name, mime, content = file
    method = f"send{kind.capitalize()}"
    parts: dict[str, Any] = {"chat_id": str(to.id), **more}
    parts[kind] = {"name": name, "mimeType": mime, "buffer": content}
    url = f"{place.address}/bot{place.sandbox.token}/{method}"
    answer = await (await place.page.request.post(url, multipart=parts)).json()
    return answer["result"]


async def album(place: Place, to: Person | Chat, *captions: str) -> list[int]:
    """Sends as many pictures together as there are captions."""
    sent = await upload(place, to, "photo", PICTURE)
    photo = {"type": "photo", "media": sent["photo"][-1]["file_id"]}
    media = [{**photo, "caption": words} if words else photo for words in captions]
    messages = await place.call("sendMediaGroup", chat_id=to.id, media=media)
    await place.call("deleteMessage", chat_id=to.id, message_id=sent["message_id"])
    return [message["message_id"] for message in messages]


async def choose(place: Place, name: str, what: str, *files: Upload) -> None:
    """Picks files with the paper clip of a phone."""
    phone = place.phone(name)
    await phone.get_by_role("button", name="Прикріпити").click()
    async with place.page.expect_file_chooser() as choosing:
        await phone.get_by_role("group", name="Прикріпити").get_by_text(what, exact=True).click()
    picked: list[Any] = [
        {"name": file, "mimeType": mime, "buffer": content} for file, mime, content in files
    ]
    await (await choosing.value).set_files(picked)


def sizes(pictures: Locator) -> Any:
    """The natural widths of what was really loaded."""
    return pictures.evaluate_all("all => all.map((one) => one.naturalWidth)")


async def test_a_picture_is_opened_large_and_closed_and_the_focus_is_where_it_was(
    place: Place,
) -> None:
    await upload(
        place, place.people["Amina"], "photo", PICTURE, caption="<b>باب</b>", parse_mode="HTML"
    )
    await place.open(ALL)
    message = place.phone("Amina").get_by_role("article").last
    await expect(message.locator(".text b")).to_have_text("باب")
    button = message.get_by_role("button", name="فتح الصورة: صورة: باب")
    await button.press("Enter")
    large = place.page.get_by_role("dialog", name="صورة")
    await expect(large.get_by_role("img", name="صورة: باب")).to_be_visible()
    assert await sizes(large.locator("img")) == [320]
    await place.page.keyboard.press("Escape")
    await expect(large).to_have_count(0)
    await expect(button).to_be_focused()


async def test_a_covered_picture_is_not_there_until_it_is_asked_for(place: Place) -> None:
    await upload(place, place.people["Olena"], "photo", PICTURE, has_spoiler="true")
    await place.open(ALL)
    message = place.phone("Olena").get_by_role("article").last
    await expect(message.locator(".picture-cover")).to_be_visible()
    await expect(message.locator("img")).to_have_count(0)
    await message.get_by_role("button", name="Прихований текст").press("Enter")
    await expect(message.locator("img")).to_be_visible()
    await expect(message.locator(".picture-button")).to_be_focused()


async def test_pictures_that_came_together_share_a_frame(place: Place) -> None:
    parwin = place.people["Parwin"]
    numbers = await album(place, parwin, "برنامه", "", "")
    await place.open(ALL)
    frame = place.phone("Parwin").get_by_role("group", name="آلبوم: 3")
    await expect(frame.get_by_role("article")).to_have_count(3)
    await expect(frame.locator(".text")).to_have_text(["برنامه"])
    await place.call("editMessageCaption", chat_id=parwin.id, message_id=numbers[1], caption="دوم")
    await expect(frame.locator(".text")).to_have_text(["برنامه", "دوم"])
    await place.call("deleteMessage", chat_id=parwin.id, message_id=numbers[0])
    await expect(place.phone("Parwin").get_by_role("group", name="آلبوم: 2")).to_be_visible()
    await expect(place.phone("Parwin").locator(".album .text")).to_have_text(["دوم"])


async def test_one_goes_through_an_album_with_the_arrows_of_ones_own_direction(
    place: Place,
) -> None:
    await album(place, place.people["Parwin"], "یک", "دو", "سه")
    await place.open(ALL)
    await place.phone("Parwin").locator(".picture-button").first.click()
    caption = place.page.locator(".large-caption")
    await expect(caption).to_have_text("1 / 3 · یک")
    await place.page.keyboard.press("ArrowLeft")
    await expect(caption).to_have_text("2 / 3 · دو")
    await place.page.keyboard.press("ArrowRight")
    await place.page.keyboard.press("ArrowRight")
    await expect(caption).to_have_text("3 / 3 · سه")


async def test_a_voice_is_played_stopped_and_moved_along_with_the_keyboard(place: Place) -> None:
    await place.open(ALL)
    await choose(place, "Olena", "Голосове повідомлення", VOICE)
    await place.page.keyboard.press("Enter")
    message = place.phone("Olena").get_by_role("article").last
    await message.get_by_role("button", name="Відтворити: Голосове повідомлення").press("Enter")
    line = message.get_by_role("slider", name="Позиція")
    await expect(line).to_have_attribute("aria-valuetext", "0:01 / 0:02")
    await message.get_by_role("button", name="Пауза: Голосове повідомлення").press("Enter")
    await expect(message.get_by_role("button", name="Відтворити")).to_be_visible()
    await line.press("Home")
    await expect(line).to_have_attribute("aria-valuetext", "0:00 / 0:02")


async def test_a_document_is_downloaded_under_its_own_name(place: Place) -> None:
    await upload(place, place.people["Olena"], "document", PAPER)
    await place.open(ALL)
    link = place.phone("Olena").get_by_role("link", name="програма.txt")
    await expect(link).to_contain_text("14 B")
    async with place.page.expect_download() as saving:
        await link.press("Enter")
    saved = await saving.value
    assert saved.suggested_filename == "програма.txt"
    assert Path(await saved.path()).read_bytes() == PAPER[2]


async def test_places_and_cards_are_drawn(place: Place) -> None:
    olena = place.people["Olena"]
    where = {"latitude": 42.6977, "longitude": 23.3219}
    await place.call(
        "sendVenue", chat_id=olena.id, title="Міграція", address="бул. Мария Луиза 48", **where
    )
    await place.call(
        "sendContact", chat_id=olena.id, first_name="Мария", phone_number="359888123456"
    )
    await place.open(ALL)
    messages = place.phone("Olena").get_by_role("article")
    await expect(messages.nth(-2).get_by_role("link")).to_have_attribute(
        "href", re.compile(r"^https://www\.openstreetmap\.org/\?mlat=42\.6977&mlon=23\.3219")
    )
    await expect(messages.nth(-2)).to_contain_text("бул. Мария Луиза 48")
    await expect(messages.last.locator(".card strong")).to_have_text("Мария")
    await expect(messages.last.locator(".card-words span")).to_have_text("+359888123456")


async def test_a_picture_is_picked_seen_and_sent_with_words(place: Place) -> None:
    await place.open(ALL)
    await place.phone("Olena").get_by_role("textbox").fill("Мій документ")
    await choose(place, "Olena", "Фото", PICTURE)
    asked = place.phone("Olena").get_by_role("alertdialog", name="gate.png")
    await expect(asked.get_by_role("img", name="gate.png")).to_be_visible()
    await expect(asked.get_by_role("textbox", name="Підпис")).to_be_focused()
    await place.page.keyboard.press("End")
    await place.page.keyboard.type(" (копія)")
    await place.page.keyboard.press("Enter")
    await expect(place.phone("Olena").locator("article img")).to_be_visible()
    sent = place.last(place.people["Olena"]).wire
    assert (sent["caption"], sent["photo"][-1]["width"]) == ("Мій документ (копія)", 320)


async def test_what_was_picked_is_put_away_with_escape_and_the_words_stay(place: Place) -> None:
    await place.open(ALL)
    before = len(place.sandbox.town.messages(place.people["Olena"].id))
    await place.phone("Olena").get_by_role("textbox").fill("Ось")
    await choose(place, "Olena", "Документ", PAPER)
    await place.page.keyboard.press("Escape")
    await expect(place.phone("Olena").get_by_role("alertdialog")).to_have_count(0)
    await expect(place.phone("Olena").get_by_role("textbox")).to_have_value("Ось")
    assert len(place.sandbox.town.messages(place.people["Olena"].id)) == before


async def test_several_pictures_are_sent_as_an_album(place: Place) -> None:
    await place.open(ALL)
    await choose(place, "Olena", "Фото", PICTURE, ("b.png", "image/png", png(200, 200)))
    await place.page.keyboard.press("Enter")
    frame = place.phone("Olena").get_by_role("group", name="Альбом: 2")
    await expect(frame.locator("img")).to_have_count(2)
    sent = place.sandbox.town.messages(place.people["Olena"].id)[-2:]
    assert len({message.wire["media_group_id"] for message in sent}) == 1


async def test_a_voice_is_recorded_and_sent(place: Place) -> None:
    await place.open(ALL)
    phone = place.phone("Olena")
    await phone.get_by_role("button", name="Прикріпити").click()
    await phone.get_by_role("button", name="Записати голосове повідомлення").click()
    await expect(phone.get_by_role("timer")).to_have_text("0:01")
    await phone.get_by_role("button", name="Зупинити й надіслати").click()
    await expect(phone.get_by_role("slider")).to_be_visible()
    assert place.last(place.people["Olena"]).wire["voice"]["file_size"] > 1000
    await expect(phone.get_by_role("textbox")).to_be_focused()


async def test_a_place_and_ones_own_number_are_sent_with_the_paper_clip(place: Place) -> None:
    olena = place.people["Olena"]
    await place.open(NARROW)
    phone = place.phone("Olena")
    await place.page.locator(".chip", has_text="Olena").click()
    await phone.get_by_role("button", name="Прикріпити").press("Enter")
    await phone.get_by_role("button", name="Місце").press("Enter")
    await place.page.get_by_label("Latitude").fill("42.5")
    await place.page.keyboard.press("Enter")
    await expect(phone.locator(".place")).to_be_visible()
    assert place.last(olena).wire["location"] == {"latitude": 42.5, "longitude": 23.32415}
    await phone.get_by_role("button", name="Прикріпити").press("Enter")
    await phone.get_by_role("button", name="Контакт").press("Enter")
    await phone.get_by_role("alertdialog").get_by_role("button").last.click()
    await expect(phone.locator(".card", has_text="Olena")).to_be_visible()
    assert place.last(olena).wire["contact"]["user_id"] == olena.id


async def test_the_words_under_ones_own_picture_are_changed(place: Place) -> None:
    await place.open(ALL)
    await choose(place, "Olena", "Фото", PICTURE)
    await place.page.keyboard.type("Було")
    await place.page.keyboard.press("Enter")
    message = place.phone("Olena").get_by_role("article").last
    await expect(message.locator(".text")).to_have_text("Було")
    await message.focus()
    await message.get_by_role("button", name="Змінити").press("Enter")
    await place.phone("Olena").get_by_role("textbox").fill("Стало")
    await place.page.keyboard.press("Enter")
    await expect(message.locator(".text")).to_have_text("Стало")
    await message.focus()
    await message.get_by_role("button", name="Видалити").press("Enter")
    await expect(place.phone("Olena").locator("article img")).to_have_count(0)
