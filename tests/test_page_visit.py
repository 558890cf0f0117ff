"""One whole visit clicked through the demo's web page: a visitor in Arabic, and Maria of the staff.

SCREENSHOTS=FOLDER keeps a picture of every station in that folder.
"""

import os
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Locator, Page, expect

from bot.demo import Demo, demo
from tests.sandbox import test_page

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]

browser = test_page.browser  # the same Chromium, or the same reason why there is none
SOFIA = ZoneInfo("Europe/Sofia")
MARKS = "[\u200e\u200f\u2066-\u2069]*"  # what turns a line into its direction is not seen
PATIENCE = 10_000  # for everything the page is to show, in milliseconds
MENU = ("❓", "📅", "⚖️", "🤝", "🗂", "💬", "🌐")
OMAR, MARIA, TEAM = "Phone of Omar", "Phone of Maria", "Group Бюро – екип"


def as_seen(words: str) -> str:
    """A pattern of these words, whatever marks of direction stand between the letters."""
    return MARKS + MARKS.join(re.escape(letter) for letter in words)


def beginning(words: str) -> re.Pattern[str]:
    return re.compile(f"^{as_seen(words)}")


@dataclass
class Visit:
    """The page with the demo's phones, and the hand that writes and presses there."""

    page: Page
    demo: Demo
    pressed: list[str] = field(default_factory=list)

    def panel(self, name: str) -> Locator:
        return self.page.get_by_role("region", name=name)

    async def press(self, where: str, label: str, *, nth: int = 0) -> str:
        """Presses the nth button of this kind under the newest message that has one."""
        fitting = beginning(label)
        having = (
            self.panel(where)
            .get_by_role("article")
            .filter(has=self.page.get_by_role("button", name=fitting))
        )
        button = having.last.get_by_role("button", name=fitting).nth(nth)
        words = await button.inner_text()
        await button.click()
        waiting = self.panel(where).locator("button[aria-busy=true]")
        await expect(waiting).to_have_count(0)
        self.pressed.append(words)
        return words

    async def write(self, where: str, words: str) -> None:
        """Sends these words and waits until the bot has said something to them."""
        mine = self.panel(where).locator("article.out")
        before = await mine.count()
        await self.panel(where).get_by_role("textbox").fill(words)
        await self.panel(where).get_by_role("textbox").press("Enter")
        await expect(mine).to_have_count(before + 1)
        newest = self.panel(where).get_by_role("article").last
        await expect(newest).to_have_class(re.compile(r"\bin\b"))

    async def sees(self, where: str, words: str) -> None:
        """The newest message in which these words stand comes into view."""
        found = self.panel(where).get_by_role("article").filter(has_text=re.compile(as_seen(words)))
        await expect(found.last).to_be_visible(timeout=PATIENCE)

    async def agree(self, where: str, words: str) -> None:
        """Reads a notice over the phone and puts it away."""
        notice = (
            self.panel(where).get_by_role("alertdialog").filter(has_text=re.compile(as_seen(words)))
        )
        await notice.get_by_role("button").click()
        await expect(notice).to_have_count(0)

    async def wait_until(self, day: date, hour: str) -> None:
        """Moves the clock with the page's own hands."""
        clock = self.page.get_by_role("region", name="Time in Sofia")
        moment = datetime.combine(day, time.fromisoformat(hour))
        await clock.get_by_label("Date and time in Sofia").fill(f"{moment:%Y-%m-%dT%H:%M}")
        await clock.get_by_role("button", name="Go").click()
        await expect(clock).to_contain_text(f"{moment:%Y, %H:%M}")
        await expect(clock).to_have_attribute("aria-busy", "false")

    def day_of(self, label: str) -> date:
        """The coming day with the number that stands on a button."""
        number = int(re.findall(r"\d+", label)[0])
        today = self.demo.sandbox.clock.now().astimezone(SOFIA).date()
        ahead = (today + timedelta(days=days) for days in range(60))
        return next(day for day in ahead if day.day == number)

    async def picture(self, name: str) -> None:
        if folder := os.environ.get("SCREENSHOTS"):
            await self.page.screenshot(path=Path(folder) / f"{name}.png")


@pytest_asyncio.fixture(loop_scope="module")
async def visit(browser: Browser) -> AsyncIterator[Visit]:
    page = await browser.new_page(viewport={"width": 1440, "height": 900}, reduced_motion="reduce")
    page.set_default_timeout(PATIENCE)
    expect.set_options(timeout=PATIENCE)
    faults: list[str] = []
    page.on("pageerror", lambda fault: faults.append(str(fault)))
    async with demo() as running:
        await page.goto(running.address)
        yield Visit(page, running)
        await page.close()
    assert faults == []


async def test_a_whole_visit_is_clicked_through_on_the_web_page(visit: Visit) -> None:
    await arrive(visit)
    await ask_a_question(visit)
    await read_the_programme(visit)
    await book_the_clinic(visit)
    day = await ask_for_company(visit)
    await find_company(visit)
    await be_reminded_and_come(visit, day)
    await rate(visit, day)
    await look_at_the_data_and_delete_it(visit)
    await expect(visit.page.locator(".call-list .wrong")).to_have_count(0)


async def arrive(visit: Visit) -> None:
    await visit.write(MARIA, "/staff")
    await visit.sees(MARIA, "Бюрото днес")
    await expect(visit.panel(OMAR).locator(".screen")).to_have_attribute("dir", "rtl")
    await visit.panel(OMAR).get_by_role("button", name="ابدأ").click()
    await visit.sees(OMAR, "اختاروا لغتكم")
    await visit.press(OMAR, "العربية")
    await visit.sees(OMAR, "كيف يمكننا مساعدتكم؟")
    greeting = visit.panel(OMAR).locator(".text").last
    await expect(greeting).to_have_css("direction", "rtl")
    await expect(
        visit.panel(OMAR).get_by_role("group", name="أزرار").get_by_role("button")
    ).to_have_text([beginning(icon) for icon in MENU])
    await visit.picture("1-menu")


async def ask_a_question(visit: Visit) -> None:
    await visit.write(OMAR, "كيف أجدد تصريح الإقامة؟")
    await visit.sees(OMAR, "تجديد تصريح الإقامة")
    original = visit.panel(OMAR).get_by_role("button", name="🌐 Български")
    await expect(original).to_be_visible()
    await visit.picture("2-answer")
    await visit.press(OMAR, "👍")
    await visit.agree(OMAR, "شكرًا لكم")


async def read_the_programme(visit: Visit) -> None:
    await visit.write(OMAR, "/menu")
    await visit.press(OMAR, "📅 البرنامج")
    await visit.press(OMAR, "🗓")
    await visit.sees(OMAR, "🗓 من ")
    await visit.picture("3-programme")
    await visit.press(OMAR, "")  # whatever comes first this week
    await visit.sees(OMAR, "🕙")
    await visit.press(OMAR, "🏠")
    await visit.sees(OMAR, "كيف يمكننا مساعدتكم؟")


async def book_the_clinic(visit: Visit) -> None:
    """In the second week, so that nothing happens there before the visit is over."""
    visit.pressed.clear()
    await visit.press(OMAR, "⚖️ مساعدة قانونية")
    await visit.sees(OMAR, "أي يوم يناسبكم؟")
    await visit.press(OMAR, "📅", nth=1)
    await visit.press(OMAR, "🕙")
    pressed_before = len(visit.pressed)
    await introduce_himself(visit)
    asked_once = len(visit.pressed) - pressed_before
    await visit.sees(OMAR, "الاسم: عمر")
    await visit.picture("4-confirm")
    await visit.press(OMAR, "✅")
    await visit.sees(OMAR, "تم الحجز ✅")
    await visit.sees(TEAM, "Записан час.")
    assert (len(visit.pressed) - asked_once, asked_once) == (4, 1), visit.pressed
    await visit.picture("5-booked")


async def introduce_himself(visit: Visit) -> None:
    """What is asked only before somebody's first appointment: one press and a name."""
    await visit.press(OMAR, "✅ نعم")
    await visit.sees(OMAR, "بأي اسم نناديكم؟")
    await visit.write(OMAR, "عمر")


async def ask_for_company(visit: Visit) -> date:
    await visit.write(OMAR, "/menu")
    await visit.press(OMAR, "🤝 شخص يرافقني")
    await visit.press(OMAR, "🛂")
    await visit.sees(OMAR, "في أي يوم؟")
    day = await visit.press(OMAR, "📅", nth=1)
    await visit.press(OMAR, "🌅")
    await visit.press(OMAR, "🗣 العربية")
    await visit.picture("6-request")
    await visit.press(OMAR, "📨")
    await visit.sees(OMAR, "تم استلام الطلب ⏳")
    await visit.sees(TEAM, "Заявено.")
    return visit.day_of(day)


async def find_company(visit: Visit) -> None:
    """Maria takes the card in the group and finds an hour on her own phone."""
    await visit.press(TEAM, "✋")
    await visit.agree(TEAM, "Поето от Вас.")
    await visit.sees(TEAM, "Поето от Maria")
    await visit.sees(MARIA, "Къде: Дирекция „Миграция“")
    await visit.picture("7-taken")
    await visit.press(MARIA, "🧭")
    await visit.press(MARIA, "👤 Мария")
    await visit.press(MARIA, "✅ 10:00")
    await visit.agree(MARIA, "Съобщихме на посетителя.")
    await visit.sees(MARIA, "вече има решение")
    await visit.sees(OMAR, "، 10:00")
    await visit.sees(TEAM, "Заявката е одобрена.")
    await visit.picture("8-approved")


async def be_reminded_and_come(visit: Visit, day: date) -> None:
    await visit.wait_until(day, "08:30")
    await visit.sees(OMAR, "اليوم، الساعة 10:00")
    await visit.picture("9-reminder")
    await visit.wait_until(day, "11:30")
    await visit.sees(TEAM, "Дойде ли посетителят?")
    await visit.picture("10-outcome")
    await visit.press(TEAM, "✅ Дойде")
    await visit.agree(TEAM, "Отбелязано.")
    await visit.sees(TEAM, "Посетителят дойде.")


async def rate(visit: Visit, day: date) -> None:
    await visit.wait_until(day, "16:00")
    await visit.sees(OMAR, "كيف كانت المساعدة")
    await visit.picture("11-rating")
    await visit.press(OMAR, "⭐ 5")
    await visit.sees(OMAR, "كيف كانت معاملة")
    await visit.press(OMAR, "⭐ 4")
    await visit.sees(OMAR, "المساعدة: 5 من 5.")
    await visit.sees(OMAR, "المعاملة: 4 من 5.")
    await visit.picture("12-rated")


async def look_at_the_data_and_delete_it(visit: Visit) -> None:
    await visit.write(OMAR, "/privacy")
    await visit.press(OMAR, "📄")
    await visit.sees(OMAR, "الاسم: عمر")
    await visit.picture("13-data")
    await visit.press(OMAR, "🗑 حذف")
    await visit.press(OMAR, "🗑 نعم")
    await visit.sees(OMAR, "تم حذف كل شيء")
    await visit.sees(TEAM, "Часът е отменен.")
    await visit.picture("14-deleted")
