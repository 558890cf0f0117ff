"""The sandbox's web page in a real browser: seen, pressed, typed into, left alone."""

import json
import os
import re
import shutil
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Locator, Page, async_playwright, expect

from bot.sandbox import Chat, Message, Person, Sandbox

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]

PAGE = Path(__file__).parents[2] / "bot/sandbox/page"
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-sync", "--no-first-run"]
QUIET += ["--disable-background-networking", "--disable-component-update"]
MICROPHONE = ["--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream"]
WIDE, NARROW, ALL = (1440, 900), (360, 720), (2000, 900)  # the last: a phone for everybody
MENU = [("Answers", "answers"), ("Programme", "programme")]
UNSAFE = re.compile(r"\b(innerHTML|outerHTML|insertAdjacentHTML|eval|Function|document\.write)\b")


@dataclass
class Place:
    """A town with three visitors and a colleague, its bot, and the page looking at it."""

    sandbox: Sandbox
    address: str
    page: Page
    people: dict[str, Person]
    group: Chat

    async def call(self, method: str, **params: Any) -> Any:
        url = f"{self.address}/bot{self.sandbox.token}/{method}"
        response = await self.page.request.post(url, data=params)
        return (await response.json()).get("result")

    async def say(self, to: Person | Chat, text: str, **more: Any) -> int:
        sent = await self.call("sendMessage", chat_id=to.id, text=text, **more)
        return int(sent["message_id"])

    def phone(self, name: str) -> Locator:
        return self.page.get_by_role("region", name=f"Phone of {name}")

    def team(self) -> Locator:
        return self.page.get_by_role("region", name="Group Team")

    def last(self, of: Person | Chat) -> Message:
        return self.sandbox.town.messages(of.id)[-1]

    async def answer(self, **shown: Any) -> dict[str, Any]:
        """The last pressed button's query, which is answered now."""
        updates = await self.call("getUpdates", offset=-1, timeout=5)
        query: dict[str, Any] = updates[0]["callback_query"]
        await self.call("answerCallbackQuery", callback_query_id=query["id"], **shown)
        return query

    async def open(self, size: tuple[int, int] = WIDE) -> None:
        await self.page.set_viewport_size({"width": size[0], "height": size[1]})
        await self.page.goto(self.address)
        await self.page.locator(".phone").first.wait_for(state="attached")


def keyboard(*buttons: tuple[str, str]) -> dict[str, Any]:
    return {"inline_keyboard": [[{"text": text, "callback_data": data} for text, data in buttons]]}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None and "CI" not in os.environ:
        pytest.skip("needs the distribution's Chromium")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=QUIET + MICROPHONE)
        yield browser
        await browser.close()


@pytest_asyncio.fixture(loop_scope="module")
async def place(browser: Browser) -> AsyncIterator[Place]:
    sandbox, named = Sandbox(), {"Amina": "ar", "Parwin": "fa", "Olena": "uk", "Maria": "bg"}
    people = {name: sandbox.town.add_person(name, language) for name, language in named.items()}
    group = sandbox.town.add_group("Team", [people["Maria"].id])
    for name in ("Amina", "Parwin", "Olena"):
        sandbox.town.type(people[name].id, "/start")
    page = await browser.new_page(reduced_motion="reduce")
    faults: list[str] = []
    page.on("pageerror", lambda fault: faults.append(str(fault)))
    async with sandbox.serve() as address:
        yield Place(sandbox, address, page, people, group)
        await page.close()
    assert faults == []


FIELDS = [("Amina", "rtl", "رسالة"), ("Parwin", "rtl", "پیام"), ("Olena", "ltr", "Повідомлення")]


@pytest.mark.parametrize(("size", "shown"), [(WIDE, 5), (NARROW, 1)])
@pytest.mark.parametrize(("name", "direction", "field"), FIELDS)
async def test_a_phone_speaks_its_persons_language_and_fits_the_window(
    place: Place, size: tuple[int, int], shown: int, name: str, direction: str, field: str
) -> None:
    await place.say(place.people[name], "٣ July – «Київ» " * 12, reply_markup=keyboard(*MENU * 4))
    await place.open(size)
    for one in (place.page.locator(".chip", has_text=who) for who in ("Olena", name)):
        if await one.get_attribute("aria-pressed") == "false":
            await one.click()
    await expect(place.page.locator(".phone:visible")).to_have_count(shown)
    screen = place.phone(name).locator(".screen")
    await expect(screen).to_have_attribute("dir", direction)
    await expect(screen.locator("textarea")).to_have_attribute("placeholder", field)
    await expect(screen.locator(".text").last).to_have_attribute("dir", "auto")
    for one in (place.page.locator("html"), screen.locator(".log")):
        assert await one.evaluate("one => one.scrollWidth - one.clientWidth") == 0


async def test_a_message_is_changed_in_place(place: Place) -> None:
    amina = place.people["Amina"]
    await place.open()
    number = await place.say(amina, "before", reply_markup=keyboard(*MENU))
    articles = place.phone("Amina").get_by_role("article")
    await expect(articles).to_have_count(2)
    await place.call("editMessageText", chat_id=amina.id, message_id=number, text="after")
    await expect(articles.last.locator(".text")).to_have_text("after")
    await expect(articles.last.locator(".edited")).to_be_visible()
    await expect(articles).to_have_count(2)
    await place.call("deleteMessage", chat_id=amina.id, message_id=number)
    await expect(articles).to_have_count(1)


async def test_a_pressed_button_waits_for_its_answer(place: Place) -> None:
    await place.say(place.people["Amina"], "Menu", reply_markup=keyboard(*MENU))
    await place.open()
    button = place.phone("Amina").get_by_role("button", name="Answers")
    await button.click()
    await expect(button).to_have_attribute("aria-busy", "true")
    assert (await place.answer(text="Saved"))["data"] == "answers"
    await expect(button).not_to_have_attribute("aria-busy", "true")
    await expect(place.phone("Amina").get_by_role("status")).to_have_text("Saved")


async def test_an_alert_is_a_dialog_of_one_phone_and_gives_the_focus_back(place: Place) -> None:
    await place.say(place.people["Amina"], "Menu", reply_markup=keyboard(*MENU))
    await place.open()
    await place.phone("Amina").get_by_role("button", name="Answers").click()
    await place.answer(text="Out of date", show_alert=True)
    alert = place.phone("Amina").get_by_role("alertdialog", name="Out of date")
    await expect(alert.get_by_role("button")).to_be_focused()
    await expect(place.phone("Parwin").get_by_role("alertdialog")).to_have_count(0)
    await place.page.keyboard.press("Escape")
    await expect(alert).to_have_count(0)
    await expect(place.phone("Amina").get_by_role("button", name="Answers")).to_be_focused()


async def test_markup_in_a_text_stays_text_and_entities_are_drawn(place: Place) -> None:
    text = '👋 <b>bold <i>both</i></b> &lt;img src=x onerror=alert(1)&gt; <a href="a.org">there</a>'
    text += "\n<blockquote>said</blockquote><tg-spoiler>secret</tg-spoiler>"
    await place.say(place.people["Amina"], text, parse_mode="HTML")
    await place.open()
    drawn = place.phone("Amina").locator(".text").last
    await expect(drawn).to_contain_text("<img src=x onerror=alert(1)>")
    await expect(drawn.locator("img")).to_have_count(0)
    await expect(drawn.locator("b")).to_have_text("bold both")
    await expect(drawn.locator("b i")).to_have_text("both")
    await expect(drawn.locator("blockquote")).to_have_text("said")
    await expect(drawn.get_by_role("link")).to_have_attribute("rel", "noopener noreferrer")
    await drawn.locator(".spoiler").press("Enter")
    await expect(drawn.locator(".spoiler")).to_have_class("spoiler shown")


async def test_a_conversation_is_possible_with_the_keyboard_alone(place: Place) -> None:
    amina, keys = place.people["Amina"], place.page.keyboard
    await place.call("setMyCommands", commands=[{"command": "menu", "description": "Menu"}])
    number = await place.say(amina, "Menu", reply_markup=keyboard(*MENU))
    await place.open()
    await place.phone("Amina").get_by_role("button", name="Skip to the message field").focus()
    await keys.press("Enter")
    await keys.type("/")
    await keys.press("ArrowUp")
    await keys.press("Enter")
    await expect(place.phone("Amina").get_by_role("article")).to_have_count(3)
    assert place.last(amina).text == "/menu"
    for key in ("ArrowUp", "ArrowUp", "Tab", "Enter"):
        await keys.press(key)
    assert (await place.answer())["data"] == "answers"
    changed = {"text": "Answers", "reply_markup": keyboard(("Back", "back"))}
    await place.call("editMessageText", chat_id=amina.id, message_id=number, **changed)
    await expect(place.phone("Amina").get_by_role("button", name="Back")).to_be_focused()


async def test_a_phone_number_is_shared_only_after_a_question(place: Place) -> None:
    amina = place.people["Amina"]
    asked = {"keyboard": [[{"text": "My number", "request_contact": True}]]}
    await place.say(amina, "Your number?", reply_markup=asked)
    await place.open()
    await place.phone("Amina").get_by_role("button", name="My number").click()
    assert "contact" not in place.last(amina).wire
    await place.phone("Amina").get_by_role("alertdialog").get_by_role("button").last.click()
    await expect(place.phone("Amina").get_by_text(str(amina.phone))).to_be_visible()
    assert place.last(amina).wire["contact"]["user_id"] == amina.id


async def test_staff_answer_and_press_in_the_group_as_the_chosen_member(place: Place) -> None:
    maria = place.people["Maria"]
    number = await place.say(place.group, "A card", reply_markup=keyboard(("Take", "take")))
    await place.open()
    card = place.team().get_by_role("article").last
    await card.hover()
    await card.get_by_role("button", name="Отговор").click()
    await place.page.keyboard.type("Mine")
    await place.page.keyboard.press("Enter")
    await expect(place.team().locator(".quote")).to_contain_text("A card")
    said = place.last(place.group).wire
    assert (said["from"]["id"], said["reply_to_message"]["message_id"]) == (maria.id, number)
    await place.team().get_by_role("button", name="Take").click()
    assert (await place.answer())["from"]["id"] == maria.id


async def test_a_message_nobody_looked_at_is_marked_until_somebody_does(place: Place) -> None:
    await place.open()
    await place.say(place.people["Amina"], "News")
    badge = place.page.locator(".chip .badge:visible")
    await expect(badge).to_contain_text("1")
    await expect(place.phone("Amina").locator(".unread-mark")).to_be_visible()
    await place.phone("Amina").locator("textarea").focus()
    await expect(badge).to_have_count(0)


async def test_typing_and_refused_calls_are_shown(place: Place) -> None:
    await place.open()
    await place.call("sendChatAction", chat_id=place.people["Olena"].id, action="typing")
    await place.call("sendMessage", chat_id=place.people["Olena"].id, text="<x>", parse_mode="HTML")
    await expect(place.page.locator(".subtitle.typing")).to_have_count(1)
    await place.page.get_by_text("Bot API calls").click()
    wrong = place.page.locator(".call-list .wrong")
    await expect(wrong).to_contain_text("error 400: Bad Request: can't parse entities")
    await expect(wrong).to_contain_text("Olena")


async def test_the_clock_is_moved_and_the_page_says_so(place: Place) -> None:
    await place.open()
    arrived = []

    async def look(to: datetime) -> None:
        await expect(place.page.get_by_text("the clock is moving …").first).to_be_visible()
        arrived.append(to)

    place.sandbox.clock.on_move(look)
    place.sandbox.clock.set(datetime(2026, 10, 24, 9, 0, tzinfo=UTC))
    await expect(place.page.locator(".face")).to_contain_text("24 Oct 2026, 12:00")
    await place.page.get_by_role("button", name="Tomorrow 10:00").click()
    # Clocks went back in the night: ten in the morning is eight in the world's time.
    await expect(place.page.locator(".face")).to_contain_text("25 Oct 2026, 10:00")
    assert arrived == [datetime(2026, 10, 25, 8, 0, tzinfo=UTC)]


async def test_a_person_is_added_and_a_panel_is_hidden(place: Place) -> None:
    await place.open()
    await place.page.get_by_role("button", name="Add a person").click()
    await place.page.get_by_label("First name").fill("Zarmina")
    await place.page.get_by_label("App language").select_option("ps")
    await place.page.get_by_role("button", name="Add", exact=True).click()
    await expect(place.phone("Zarmina").locator("textarea")).to_be_focused()
    await place.phone("Zarmina").get_by_role("button", name="Options of Zarmina").click()
    await place.page.get_by_role("button", name="Hide this panel").click()
    await expect(place.phone("Zarmina")).to_have_count(0)
    await expect(place.page.get_by_role("button", name="Zarmina")).to_be_focused()


async def test_the_conversation_is_saved_as_a_transcript(place: Place) -> None:
    place.sandbox.transcript_writer = json.dumps
    await place.open()
    async with place.page.expect_download() as saving:
        await place.page.get_by_role("button", name="Save as transcript").click()
    saved = Path(await (await saving.value).path()).read_text(encoding="utf-8")
    assert place.people["Amina"].id in json.loads(saved)


async def test_the_page_finds_the_town_again_after_a_break(place: Place) -> None:
    other = Sandbox()
    olena = other.town.add_person("Olena", "uk")
    async with other.serve() as address:
        await place.page.goto(address)
        await expect(place.phone("Olena")).to_be_visible()
    await expect(place.page.get_by_role("alert")).to_contain_text("Connection lost")
    other.town.type(olena.id, "Are you there?")
    async with other.serve(port=int(address.rpartition(":")[2])):
        await expect(place.phone("Olena").get_by_text("Are you there?")).to_be_visible()
        await expect(place.page.get_by_role("alert")).to_have_count(0)


async def test_the_page_never_turns_data_into_markup_or_code() -> None:
    assert [one.name for one in PAGE.glob("*.js") if UNSAFE.search(one.read_text("utf-8"))] == []
