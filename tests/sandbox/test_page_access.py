"""The page for everybody: keyboard, screen reader, dark rooms, strong contrast, little motion."""

from importlib.resources import files
from typing import Any

import pytest
from playwright.async_api import Browser, expect

from bot.sandbox import Sandbox
from tests.sandbox import test_page
from tests.sandbox.test_page import ALL, MENU, NARROW, WIDE, Place, keyboard
from tests.sandbox.test_page_things import PAPER, PICTURE, album, upload

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]

browser, place = test_page.browser, test_page.place
AXE = (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")
RICH = (
    "<b>%s</b> <a href='https://example.org'>%s</a> <tg-spoiler>%s</tg-spoiler> <code>A-1</code>"
    "<blockquote expandable>%s\n2\n3\n4\n5</blockquote>"
)
WORDS = {"Amina": "مرحبا", "Parwin": "سلام پروین", "Olena": "Вітаємо Олено"}


async def furnish(place: Place) -> None:
    """Puts everything the page can draw into the town."""
    for name, words in WORDS.items():
        person = place.people[name]
        await place.say(
            person, RICH % ((words,) * 4), parse_mode="HTML", reply_markup=keyboard(*MENU)
        )
        await upload(place, person, "photo", PICTURE, caption=words)
    olena = place.people["Olena"]
    await upload(place, olena, "photo", PICTURE, has_spoiler="true")
    await upload(place, olena, "document", PAPER)
    await album(place, place.people["Parwin"], "یک", "دو", "")
    where = {"latitude": 42.7, "longitude": 23.3}
    await place.call("sendVenue", chat_id=olena.id, title="Міграція", address="София", **where)
    standing = {"keyboard": [[{"text": "رقمي", "request_contact": True}, {"text": "لغة"}]]}
    await place.say(place.people["Amina"], "رقمكم؟", reply_markup=standing)
    await fill_the_forum(place)


async def fill_the_forum(place: Place) -> None:
    town, maria = place.sandbox.town, place.people["Maria"]
    forum = town.add_group("Форум", [maria.id], forum=True)
    made = await place.call("createForumTopic", chat_id=forum.id, name="Заявки")
    thread = made["message_thread_id"]
    card = await place.say(forum, "Нова", message_thread_id=thread, reply_markup=keyboard(*MENU))
    await place.call("pinChatMessage", chat_id=forum.id, message_id=card)
    town.type(maria.id, "Поемам", chat_id=forum.id, reply_to=card)


async def faults(place: Place, where: str) -> list[str]:
    """What axe finds wrong, whatever its weight."""
    await place.page.evaluate(AXE)
    found: Any = await place.page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [
        f"{where}: {one['impact']} {one['id']} {one['nodes'][0]['html']}"
        for one in found["violations"]
    ]


@pytest.mark.parametrize(("size", "scheme"), [(ALL, "light"), (WIDE, "dark"), (NARROW, "light")])
async def test_nothing_on_the_page_shuts_anybody_out(
    place: Place, size: tuple[int, int], scheme: Any
) -> None:
    await furnish(place)
    await place.page.emulate_media(color_scheme=scheme)
    await place.open(size)
    phone, keys = place.phone("Amina"), place.page.keyboard
    await expect(phone.locator("article img")).to_be_visible()
    found = await faults(place, "closed")
    for name, opening in {
        "picture": phone.locator(".picture-button").first,
        "options": phone.get_by_role("button", name="Options of Amina"),
        "paper clip": phone.get_by_role("button", name="إرفاق"),
        "calls": place.page.get_by_text("Bot API calls"),
        "question": phone.get_by_role("button", name="رقمي"),
    }.items():
        await opening.click()
        found += await faults(place, name)
        await keys.press("Escape")
    if size == NARROW:
        await place.page.get_by_role("button", name="Clock and tools").click()
    await place.page.get_by_role("button", name="Add a group").click()
    assert found + await faults(place, "sheet") == []


async def test_every_phone_is_read_without_a_fault_at_the_width_of_a_phone(place: Place) -> None:
    await furnish(place)
    await place.page.emulate_media(color_scheme="dark")
    await place.open(NARROW)
    found = []
    for name in ("Parwin", "Olena", "Форум"):
        await place.page.locator(".chip", has_text=name).click()
        found += await faults(place, name)
    assert found == []


SEEN_FOCUS = """() => {
    const one = document.activeElement;
    const box = one.getBoundingClientRect();
    const style = getComputedStyle(one);
    const isAcross = box.right > 0 && box.left < innerWidth;
    const isInView = isAcross && box.bottom > 0 && box.top < innerHeight;
    const isSeen = isInView && style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
    one.dataset.reached = "yes";
    return one === document.body ? "" : isSeen ? "seen" : one.outerHTML;
}"""
CONTROLS = "button, a[href], input, select, textarea, summary"
UNREACHED = """(controls) => [...document.querySelectorAll(controls)]
    .filter((one) => one.checkVisibility({visibilityProperty: true}) && !one.disabled)
    .filter((one) => one.tabIndex >= 0 && !one.closest("article") && !one.dataset.reached)
    .map((one) => one.outerHTML)"""


@pytest.mark.parametrize("size", [WIDE, NARROW])
async def test_every_control_is_reached_with_the_tab_key_and_seen_when_it_is(
    place: Place, size: tuple[int, int]
) -> None:
    await furnish(place)
    await place.open(size)
    await expect(place.phone("Amina").locator("article img")).to_be_visible()
    await place.page.wait_for_function("[...document.images].every((one) => one.complete)")
    seen = []
    for _ in range(150):
        await place.page.keyboard.press("Tab")
        seen.append(await place.page.evaluate(SEEN_FOCUS))
        if not seen[-1]:
            break
    assert [one for one in seen[:-1] if one != "seen"] == []
    assert seen[-1] == ""
    assert await place.page.evaluate(UNREACHED, CONTROLS) == []


async def test_escape_closes_whatever_is_open_and_gives_the_focus_back(place: Place) -> None:
    await furnish(place)
    await place.open(WIDE)
    phone = place.phone("Amina")
    for opener in (
        place.page.get_by_role("button", name="Add a person"),
        phone.get_by_role("button", name="Options of Amina"),
        phone.get_by_role("button", name="إرفاق"),
        phone.locator(".picture-button").first,
        phone.get_by_role("button", name="رقمي"),
    ):
        await opener.press("Enter")
        await expect(opener).not_to_be_focused()
        await place.page.keyboard.press("Escape")
        await expect(opener).to_be_focused()


async def test_a_question_keeps_the_tab_key_inside_until_it_is_answered(place: Place) -> None:
    await furnish(place)
    await place.open(WIDE)
    await place.phone("Amina").get_by_role("button", name="رقمي").press("Enter")
    buttons = place.phone("Amina").get_by_role("alertdialog").get_by_role("button")
    await expect(buttons.last).to_be_focused()
    await place.page.keyboard.press("Tab")
    await expect(buttons.first).to_be_focused()
    await place.page.keyboard.press("Shift+Tab")
    await expect(buttons.last).to_be_focused()


async def test_what_comes_to_a_phone_is_spoken_once_in_its_own_language(place: Place) -> None:
    amina = place.people["Amina"]
    await place.open()
    spoken = place.phone("Amina").locator("[aria-live=polite]:not([role])")
    await expect(spoken).to_have_text("")
    place.sandbox.town.type(amina.id, "Мой вопрос")
    number = await place.say(amina, "Вітаємо, її чекають")
    await expect(spoken).to_have_text("Бюро: Вітаємо, її чекають")
    await expect(spoken.locator("span")).to_have_attribute("lang", "uk")
    await place.call("editMessageText", chat_id=amina.id, message_id=number, text="أهلا")
    await expect(spoken.locator("p").last).to_have_text("Бюро, معدّلة: أهلا")
    await expect(place.phone("Parwin").locator("[aria-live=polite]:not([role])")).to_have_text("")
    await expect(place.phone("Amina").get_by_role("log")).to_have_attribute("aria-live", "off")


TONGUES = {
    "مرحبا بكم": ("ar", "rtl"),
    "سلام، چطورید": ("fa", "rtl"),
    "کیا حال ہے": ("ur", "rtl"),
    "Їжа": ("uk", "ltr"),
    "Добър ден": ("bg", "ltr"),
    "12:00 – Hello": ("en", "ltr"),
}


async def test_each_text_has_the_language_and_direction_of_its_own_words(place: Place) -> None:
    for text in TONGUES:
        await place.say(place.people["Amina"], text)
    await place.open()
    texts = place.phone("Amina").locator(".in .text")
    await expect(texts).to_have_count(len(TONGUES))
    drawn = await texts.evaluate_all(
        "all => all.map((one) => [one.textContent, one.lang, getComputedStyle(one).direction])"
    )
    assert {text: (lang, direction) for text, lang, direction in drawn} == TONGUES


async def test_strong_contrast_keeps_edges_and_little_motion_keeps_still(place: Place) -> None:
    await furnish(place)
    await place.page.emulate_media(forced_colors="active", reduced_motion="reduce")
    await place.open()
    bubble = place.phone("Amina").locator(".bubble").last
    await expect(bubble).to_have_css("border-top-style", "solid")
    await place.say(place.people["Amina"], "Fresh")
    await expect(place.phone("Amina").locator(".fresh")).to_be_visible()
    assert await place.page.evaluate("document.getAnimations().length") == 0


async def test_two_hundred_phones_are_open_at_once(browser: Browser) -> None:
    sandbox = Sandbox()
    people = [sandbox.town.add_person(f"P{number}", "ar") for number in range(200)]
    for person in people:
        for number in range(20):
            sandbox.town.type(person.id, f"مرحبا {number}")
    page = await browser.new_page(viewport={"width": WIDE[0], "height": WIDE[1]})
    page.set_default_timeout(8000)
    async with sandbox.serve() as address:
        await page.goto(address)
        await page.get_by_role("button", name="Show all").click()
        await expect(page.locator(".phone:not([hidden])")).to_have_count(200)
        drawn = await page.locator("article").count()
        assert 60 <= drawn <= 600  # of 4,000: those in view and their neighbours
        sandbox.town.type(people[0].id, "Now")
        first = page.get_by_role("region", name="Phone of P0", exact=True)
        await expect(first.locator(".text").last).to_have_text("Now", timeout=1000)
        await page.get_by_role("searchbox", name="Find a phone or group").fill("p199")
        chip = page.locator(".chip:visible")
        await expect(chip).to_have_text(["P199"])
        await chip.click()
        await chip.click()
        last = page.get_by_role("region", name="Phone of P199", exact=True)
        await expect(last.get_by_role("article")).to_have_count(20)
        await expect(last.locator(".text").last).to_be_in_viewport()
    await page.close()


async def test_a_long_talk_is_drawn_in_parts(place: Place) -> None:
    amina = place.people["Amina"]
    for number in range(130):
        place.sandbox.town.type(amina.id, f"Line {number}")
    await place.open()
    articles = place.phone("Amina").get_by_role("article")
    await expect(articles).to_have_count(60)
    await place.phone("Amina").get_by_role("button", name="رسائل أقدم").press("Enter")
    await expect(articles).to_have_count(120)
    await place.phone("Amina").get_by_role("button", name="رسائل أقدم").press("Enter")
    await expect(articles).to_have_count(131)
    await expect(place.phone("Amina").get_by_role("button", name="رسائل أقدم")).to_have_count(0)
