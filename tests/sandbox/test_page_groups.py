"""Groups on the page, in a real browser: topics, what is pinned, who leads, what happened."""

from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Locator, expect

from bot.sandbox import Chat
from tests.sandbox import test_page
from tests.sandbox.test_page import ALL, Place

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]

browser, place = test_page.browser, test_page.place


@pytest_asyncio.fixture(loop_scope="module")
async def forum(place: Place) -> Chat:
    """A group with topics: Maria leads it, Olena is a member."""
    maria, olena = place.people["Maria"], place.people["Olena"]
    town = place.sandbox.town
    return town.add_group("Forum", [olena.id], forum=True, owner=maria.id)


async def topic(place: Place, forum: Chat, name: str) -> int:
    made = await place.call("createForumTopic", chat_id=forum.id, name=name)
    return int(made["message_thread_id"])


def panel(place: Place) -> Locator:
    return place.page.get_by_role("region", name="Group Forum")


async def see_forum_as(place: Place, name: str) -> Locator:
    await place.open(ALL)
    chip = place.page.locator(".chip", has_text="Forum")
    if await chip.get_attribute("aria-pressed") == "false":
        await chip.click()
    await panel(place).get_by_label("Seen by").select_option(str(place.people[name].id))
    return panel(place)


async def test_each_topic_has_a_tab_that_counts_what_was_said_out_of_view(
    place: Place, forum: Chat
) -> None:
    requests, walks = [await topic(place, forum, name) for name in ("Заявки", "Разходки")]
    group = await see_forum_as(place, "Maria")
    tabs = group.get_by_role("tab")
    await expect(tabs).to_have_text(["Всички", "Общо", "Заявки", "Разходки"])
    await tabs.first.press("End")
    await expect(tabs.last).to_have_attribute("aria-selected", "true")
    await place.say(forum, "Нова заявка", message_thread_id=requests)
    await expect(tabs.nth(2)).to_have_text("Заявки1 Непрочетени съобщения")
    await expect(group.locator(".log").get_by_text("Нова заявка")).to_have_count(0)
    await group.get_by_role("textbox").fill("Кой идва?")
    await place.page.keyboard.press("Enter")
    await expect(group.locator(".log").get_by_text("Кой идва?")).to_be_visible()
    assert place.last(forum).wire["message_thread_id"] == walks
    await tabs.last.press("ArrowLeft")
    await expect(tabs.nth(2)).to_have_text("Заявки")
    await expect(group.get_by_role("article").locator(".text")).to_have_text(["Нова заявка"])
    await expect(group.get_by_role("tabpanel", name="Заявки")).to_be_visible()


async def test_where_all_is_shown_together_a_message_names_its_topic(
    place: Place, forum: Chat
) -> None:
    requests = await topic(place, forum, "Заявки")
    await place.say(forum, "Нова заявка", message_thread_id=requests)
    group = await see_forum_as(place, "Maria")
    await group.get_by_role("button", name="Тема: Заявки").press("Enter")
    await expect(group.get_by_role("tab", name="Заявки")).to_have_attribute("aria-selected", "true")
    await expect(group.get_by_role("button", name="Тема: Заявки")).to_have_count(0)


async def test_in_a_closed_topic_only_those_who_lead_can_write(place: Place, forum: Chat) -> None:
    await topic(place, forum, "Заявки")
    group = await see_forum_as(place, "Maria")
    await group.get_by_role("tab", name="Заявки").click()
    await group.get_by_role("button", name="Options of Forum").click()
    await group.get_by_role("button", name="Close “Заявки”").click()
    await expect(group.locator(".service").last).to_have_text("Затворена тема")
    await expect(group.get_by_role("textbox")).to_be_visible()
    await group.get_by_label("Seen by").select_option(str(place.people["Olena"].id))
    await expect(group.locator(".composer")).to_have_text("Тему закрито")


async def test_a_topic_is_opened_by_a_person(place: Place, forum: Chat) -> None:
    group = await see_forum_as(place, "Maria")
    await group.get_by_role("button", name="Options of Forum").click()
    await group.get_by_role("button", name="Open a topic").click()
    await place.page.get_by_label("Name of the topic").fill("Езици")
    await place.page.keyboard.press("Enter")
    await expect(group.get_by_role("tab", name="Езици")).to_be_visible()
    await expect(group.locator(".service").last).to_have_text("Открита тема: Езици")
    assert [one.name for one in forum.topics.values()] == ["Езици"]


async def test_what_is_pinned_is_a_press_away(place: Place) -> None:
    first = await place.say(place.group, "The rules")
    for number in range(30):
        await place.say(place.group, f"Line {number}")
    await place.open()
    bar = place.team().get_by_role("button", name="Закачено съобщение")
    await expect(bar).to_be_hidden()
    await place.call("pinChatMessage", chat_id=place.group.id, message_id=first)
    await expect(bar).to_contain_text("The rules")
    rules = place.team().get_by_role("article").filter(has_text="The rules")
    await expect(rules).not_to_be_in_viewport()
    await bar.press("Enter")
    await expect(rules).to_be_in_viewport()
    await expect(rules).to_be_focused()
    await rules.get_by_role("button", name="Откачане").press("Enter")
    await expect(bar).to_be_hidden()
    assert place.group.pinned == []


async def test_the_group_tells_who_leads_it_and_who_comes_and_goes(place: Place) -> None:
    olena = place.people["Olena"]
    await place.open()
    await expect(place.team().locator(".owner option")).to_have_text(["Maria · administrator"])
    place.sandbox.town.join(place.group.id, olena.id)
    place.sandbox.town.leave(place.group.id, olena.id)
    place.sandbox.town.join(place.group.id, olena.id)
    service = place.team().locator(".service:not(.day, .unread-mark)")
    await expect(service.nth(-3)).to_have_text("Olena · се присъедини")
    await expect(service.nth(-2)).to_have_text("Olena · напусна")
    place.sandbox.town.type(place.people["Maria"].id, "Здравей", chat_id=place.group.id)
    await place.team().get_by_label("Seen by").select_option(str(olena.id))
    await expect(place.team().locator(".author-line").last).to_have_text("Mariaадмін")


async def test_a_group_that_grew_leads_to_the_one_it_became(place: Place) -> None:
    maria = place.people["Maria"]
    place.sandbox.town.add_group("Old", [maria.id], basic=True)
    await place.open(ALL)
    old = place.page.locator('[aria-label="Group Old"]').first
    await place.page.locator(".chip", has_text="Old").click()
    await old.get_by_role("button", name="Options of Old").click()
    await old.get_by_role("button", name="Make it a supergroup").click()
    await expect(old.locator(".composer")).to_contain_text("Групата стана супергрупа")
    await old.locator(".composer").get_by_role("button", name="Old").click()
    grown = place.page.locator('[aria-label="Group Old"]').nth(1)
    await expect(grown.get_by_role("textbox")).to_be_focused()
    await expect(grown.locator(".service").last).to_have_text("Групата стана супергрупа")


async def test_the_bot_is_seen_typing_or_sending(place: Place) -> None:
    amina: Any = place.people["Amina"]
    await place.open()
    for action, words in (("typing", "يكتب …"), ("upload_document", "يرسل ملفًا …")):
        await place.call("sendChatAction", chat_id=amina.id, action=action)
        await expect(place.phone("Amina").locator(".subtitle")).to_have_text(words)
    await place.say(amina, "Here")
    await expect(place.phone("Amina").locator(".subtitle")).to_have_text("بوت")


async def test_refused_calls_are_counted_by_their_names(place: Place) -> None:
    await place.open()
    for _ in range(2):
        await place.call("sendDice", chat_id=place.people["Amina"].id)
    await place.call("sendMessage", chat_id=1, text="?")
    await place.page.get_by_text("Bot API calls").click()
    await place.page.get_by_text("Refused, by method").click()
    await expect(place.page.locator(".refusals li")).to_have_text(
        [
            "sendDice 404 Not Found: method not found × 2",
            "sendMessage 400 Bad Request: chat not found × 1",
        ]
    )
    await place.page.get_by_text("Methods offered").click()
    await expect(place.page.locator(".methods").get_by_text("sendPhoto")).to_be_visible()


async def test_the_clock_is_held_still_and_let_go(place: Place) -> None:
    await place.open()
    hold = place.page.get_by_role("button", name="Hold the clock still")
    await hold.press("Enter")
    await expect(place.page.get_by_text("stands still")).to_be_visible()
    await expect(hold).to_have_attribute("aria-pressed", "true")
    assert place.sandbox.clock.frozen
    await hold.press("Enter")
    await expect(place.page.get_by_text("stands still")).to_be_hidden()
    place.sandbox.clock.freeze()
    await expect(hold).to_have_attribute("aria-pressed", "true")
