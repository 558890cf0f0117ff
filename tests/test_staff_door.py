"""Whoever forges a button of the staff changes nothing and learns nothing."""

import re
from collections.abc import AsyncIterator
from dataclasses import fields
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from sqlalchemy import select, update

import dialogs
from bot.address import Action, Address
from bot.office import people
from dialogs.company import Ask, Confirm, Institutions, WhichDay, WhichLanguage, WhichPart
from dialogs.first import Grown, Nameless
from dialogs.legal import Book, Days, Hold, Times
from dialogs.mine import Appointed
from dialogs.rating import Score
from storage.columns import Base
from storage.tables import Role, Staff
from tests.core import Town, drawn_now, town
from tests.world import Ground, person

INSIDE = sorted(
    (one for one in dialogs.table().views if one.roles is not None), key=lambda one: one.prefix
)
NOT_CONTENT = {"handled", "drafts", "leases", "memos"}
"""Tables that note that something was pressed, and by whom, but nothing about the bureau."""

NO_PAGE, NO_ACTION = Appointed(999_999), Score(999_999, "service", 5)
"""What a visitor may press, about something that does not exist or is not theirs."""

VALUES: dict[str, int | str] = {"minute": 600, "outcome": "came", "reply": "call_112"}
"""What a forger would write where an address wants more than a number of ours."""


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def busy(ground: Ground, tmp_path_factory: pytest.TempPathFactory) -> Ground:
    """The bureau with an appointment, a request and a question, each with the number 1."""
    folder = tmp_path_factory.mktemp("busy")
    async with town(ground, folder) as made:
        await made.welcome("Farida")
        await made.press_all("Farida", Days, Times, Hold, Grown, Nameless, Book)
        await made.write("Farida", "/menu")
        await made.press_all(
            "Farida", Institutions, WhichDay, WhichPart, WhichLanguage, Confirm, Ask
        )
        await made.write("Farida", "/person")
        await made.write("Farida", "zq7-words-000123")
    return Ground(folder / "town.db", ground.key_file)


@pytest.fixture
async def here(busy: Ground, tmp_path: Path) -> AsyncIterator[Town]:
    async with town(busy, tmp_path) as made:
        made.world.sandbox.town.bot.mailbox._next_id += 1000  # the first ones had their effect
        yield made


async def visitor(here: Town) -> str:
    await here.welcome("Olena")
    return "Olena"


async def stranger(here: Town) -> str:
    """Somebody who has not even chosen a language."""
    await here.write("Omar", "/start")
    return "Omar"


async def former_staff(here: Town) -> str:
    await here.write("Georgi", "/start")
    await _becomes(here, "Georgi", active=False)
    return "Georgi"


async def partner(here: Town) -> str:
    """Of the staff, but not of the desk."""
    await here.write("Georgi", "/start")
    await _becomes(here, "Georgi", role=Role.PARTNER)
    return "Georgi"


async def translator_who_is_a_visitor_too(here: Town) -> str:
    async with here.world.app.storage.begin() as session:
        await people.appoint(session, here.key("Olena"), Role.TRANSLATOR)
    await here.welcome("Olena")
    return "Olena"


NOBODIES = [visitor, stranger, former_staff, partner, translator_who_is_a_visitor_too]


async def _becomes(here: Town, name: str, **values: Any) -> None:
    async with here.world.app.storage.begin() as session:
        await session.execute(update(Staff).where(Staff.key == here.key(name)).values(**values))


def forged(kind: type[Address], number: int) -> Address:
    """An address as a forger would write it, about the thing with this number."""
    return kind(*(VALUES.get(one.name, number) for one in fields(kind)))  # type: ignore[arg-type]  # a dataclass


async def books(here: Town) -> dict[str, list[Any]]:
    """Everything that is written down about the bureau."""
    async with here.world.app.storage.read() as session:
        return {
            name: [tuple(row) for row in await session.execute(select(table))]
            for name, table in Base.metadata.tables.items()
            if name not in NOT_CONTENT
        }


async def answers(here: Town, name: str, addresses: list[Address]) -> list[tuple[Any, ...]]:
    """What comes back to each press, without what is drawn by chance. Each has its own menu."""
    phone = here.world.sandbox.town
    for _ in addresses:
        phone.type(person(name), "/menu")
    await here.settle()
    menus = [one.message_id for one in here.messages(person(name))[-len(addresses) :]]
    for menu, address in zip(menus, addresses, strict=True):
        phone.press_forged(person(name), menu, drawn_now(address))
    await here.settle()
    shown = here.messages(person(name))[-len(addresses) :]
    assert [one.message_id for one in shown] == menus
    popups = here.popups[-len(addresses) :]
    return [
        (one.text, re.sub(r"!\w{9}", "!", str(one.reply_markup)), popup)
        for one, popup in zip(shown, popups, strict=True)
    ]


@pytest.mark.parametrize("somebody", NOBODIES)
async def test_a_forged_button_of_the_staff_is_answered_like_any_that_leads_nowhere(
    here: Town, somebody: Any
) -> None:
    name = await somebody(here)
    before, group = await books(here), here.said_to_group()
    forgeries = [forged(kind, number) for kind in INSIDE for number in (1, 999_999)]

    page, action, *given = await answers(here, name, [NO_PAGE, NO_ACTION, *forgeries])

    expected = {False: page, True: action}
    assert [
        address
        for address, one in zip(forgeries, given, strict=True)
        if one != expected[isinstance(address, Action)]
    ] == []
    assert (await books(here), here.said_to_group()) == (before, group)


async def test_the_same_button_of_staff_does_something(here: Town) -> None:
    await here.write("Maria", "/start")
    before = await books(here)

    await here.forge("Maria", drawn_now(forged(INSIDE_BY_NAME["TakeCase"], 1)))

    assert (await books(here))["cases"] != before["cases"]


INSIDE_BY_NAME = {one.__name__: one for one in INSIDE}


@pytest.mark.parametrize("somebody", NOBODIES[:3])
async def test_words_of_staff_said_by_others_are_words_like_any(here: Town, somebody: Any) -> None:
    name = await somebody(here)
    await here.write(name, "/menu")
    menu = here.last(name).text

    await here.write(name, "/staff")
    asked = here.last(name).text
    await here.write(name, "/start staff")

    assert (asked, here.last(name).text) == (menu, menu)


async def test_a_stranger_in_the_group_changes_nothing_and_is_shown_nothing(here: Town) -> None:
    await here.welcome("Olena")
    here.world.sandbox.town.join(here.world.group, person("Olena"))
    before, group = await books(here), here.said_to_group()
    mine = here.said("Olena")

    for kind in INSIDE:
        await here.forge("Olena", drawn_now(forged(kind, 1)), chat=here.world.group)

    assert (await books(here), here.said_to_group(), here.said("Olena")) == (before, group, mine)


async def test_a_card_pressed_in_a_foreign_group_is_only_answered(here: Town) -> None:
    group = here.world.sandbox.town.add_group("Somewhere else", [person("Maria")]).id
    await here.settle()
    here.world.sandbox.town.chat(group).bot_status = "member"
    here.world.sandbox.town.type(person("Maria"), "Hello", chat_id=group)
    await here.settle()
    before, popups = await books(here), len(here.popups)

    await here.forge("Maria", drawn_now(forged(INSIDE_BY_NAME["TakeCase"], 1)), chat=group)

    assert (await books(here), len(here.popups)) == (before, popups + 1)


async def test_whoever_has_left_loses_the_door_with_the_next_press(here: Town) -> None:
    await here.write("Maria", "/start")
    await here.forge("Maria", drawn_now(forged(INSIDE_BY_NAME["TakeRequest"], 1)))
    await _becomes(here, "Maria", active=False)
    before = await books(here)

    await here.press("Maria", INSIDE_BY_NAME["Decide"])
    await here.forge("Maria", drawn_now(forged(INSIDE_BY_NAME["Refuse"], 1)))

    assert await books(here) == before
    assert not any("Farida" in one for one in here.said("Maria")[-2:])


async def test_what_was_on_its_way_to_somebody_who_left_does_not_arrive(here: Town) -> None:
    await here.write("Maria", "/start")
    await here.forge("Maria", drawn_now(forged(INSIDE_BY_NAME["TakeCase"], 1)))
    await _becomes(here, "Maria", active=False)
    said = here.said("Maria")

    await here.write("Farida", "zq7-more-words-000124")
    await here.world.move(here.world.app.now() + timedelta(minutes=5))

    assert here.said("Maria") == said
