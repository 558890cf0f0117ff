"""The map of the conversation: no dead button, no locked room, no crowd, no prefix used twice."""

import unicodedata
from dataclasses import fields
from pathlib import Path

import pytest
import pytest_asyncio

import dialogs
from bot import address, texts
from bot.address import Action, Address, Page
from tests.core import town
from tests.walking import Seen, flat, leads_to, walk_through
from tests.world import Ground

TABLE = dialogs.table()
RELEASED = Path(__file__).parent / "released_prefixes.txt"
MOST_CHOICES = 7

PICKERS = {
    "Menu": "languages, as long as none is chosen",
    "Hello": "languages, as long as none is chosen",
    "Languages": "languages",
    "Institutions": "institutions",
    "WhichDay": "days",
    "WhichLanguage": "languages",
    "WhichHour": "times",
    "Times": "times",
    "Decide": "colleagues",
    "AnswerDesk": "languages",
    "Look": "topics",
    "Topics": "a list of articles",
    "InTopic": "a list of articles",
    "Path": "a list of articles",
    "Notes": "a list of texts, turned like a page",
    "Today": "a list of activities",
    "OneDay": "a list of activities",
    "Week": "a list of activities",
    "WholeMonth": "a list of activities",
    "OnlyFor": "a list of activities",
    "Archive": "a list of months",
}
"""Screens that may offer more than seven choices, and what they are lists of."""

LANGUAGES = {one.name for one in texts.load().offered()}
"""A language's button is its own name: there is no picture of a language."""


# What can be said without walking


def test_every_address_has_exactly_one_view() -> None:
    declared = {
        one
        for module in (*dialogs.MODULES, address)
        for one in vars(module).values()
        if isinstance(one, type) and issubclass(one, Address) and "prefix" in vars(one)
    }

    assert {one.__name__ for one in declared ^ set(TABLE.views)} == set()


def released() -> dict[str, str]:
    lines = RELEASED.read_text(encoding="utf-8").splitlines()
    written = [one.split(" ", 1) for one in lines if one and not one.startswith("#")]
    assert sorted({prefix for prefix, _ in written}) == sorted(prefix for prefix, _ in written)
    return {one[0]: one[1] for one in written}


def described(kind: type[Address]) -> str:
    what = "action" if issubclass(kind, Action) else "page"
    carries = " ".join(f"{one.name}:{one.type.__name__}" for one in fields(kind))  # type: ignore[arg-type,union-attr]  # a dataclass, with types for types
    return f"{what} {kind.__name__} {carries}".strip()


def test_a_prefix_once_released_means_the_same_for_ever() -> None:
    now = {prefix: described(kind) for prefix, kind in TABLE.addresses.items()}
    then = released()

    changed = {one for one in now if one in then and now[one] != then[one]}
    unwritten = {one for one in now if one not in then}

    assert (changed, unwritten) == (set(), set()), (
        "An address that changes needs a new prefix; a new one a line in released_prefixes.txt: "
        + "; ".join(f"{one} {now[one]}" for one in sorted(changed | unwritten))
    )


def test_only_staff_modules_have_addresses_behind_the_door_and_all_of_theirs_are() -> None:
    inside = {one for one in TABLE.views if one.__module__.startswith("dialogs.staff")}

    assert {one for one in TABLE.views if one.roles is not None} == inside


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def seen(ground: Ground, tmp_path_factory: pytest.TempPathFactory) -> Seen:
    async with town(ground, tmp_path_factory.mktemp("map")) as made:
        return await walk_through(made)


# A walk through everything there is


def test_everything_there_is_was_walked_through(seen: Seen) -> None:
    drawn = {type(page) for page, _ in seen.screens}
    offered = {type(to) for _, one in seen.screens for to in leads_to(one)}
    pressed = [TABLE.read(one["callback_data"]) for one in seen.buttons if "callback_data" in one]
    offered |= {type(one.address) for one in pressed if one}

    pages = {one for one in TABLE.views if issubclass(one, Page)}
    assert {one.__name__ for one in pages - drawn} == set()
    assert {one.__name__ for one in set(TABLE.views) - pages - offered} == set()
    assert set(TABLE.deliveries) - seen.kinds == set()


def test_every_button_leads_to_an_address_with_a_view(seen: Seen) -> None:
    inside = {type(to).__name__ for _, one in seen.screens for to in leads_to(one)}
    sent = [one["callback_data"] for one in seen.buttons if "callback_data" in one]

    assert inside - {one.__name__ for one in TABLE.views} == set()
    assert [one for one in sent if TABLE.read(one) is None] == []


def test_every_kind_of_delivery_that_was_written_can_be_worded(seen: Seen) -> None:
    assert seen.kinds - {"screen"} - set(TABLE.deliveries) == set()


def test_whatever_a_screen_asks_for_is_heard(seen: Seen) -> None:
    asked = {one.asks for _, one in seen.screens if one.asks}

    assert asked == {"name", "question", "answer_words"}
    assert asked - set(TABLE.words) == set()


def test_every_screen_has_a_way_out(seen: Seen) -> None:
    locked = {type(page).__name__ for page, one in seen.screens if not leads_to(one)}

    assert locked == set()


def test_no_screen_offers_more_than_seven_choices_unless_it_is_a_picker(seen: Seen) -> None:
    crowded = {
        type(page).__name__ for page, screen in seen.screens if len(flat(screen)) > MOST_CHOICES
    }

    assert crowded - set(PICKERS) == set()


def test_every_button_begins_with_its_icon(seen: Seen) -> None:
    inside = {one.label for _, screen in seen.screens for one in flat(screen)}
    sent = {one["text"] for one in seen.buttons}

    assert {one for one in inside | sent if not begins_with_an_icon(one)} == LANGUAGES


def begins_with_an_icon(label: str) -> bool:
    """One sign that is a picture by itself, a space, then words."""
    icon, space, words = label.partition(" ")
    pictures = {"So", "Mn", "Sk", "Cf"}  # signs, variation selectors, skins, joiners
    return bool(space and words) and {unicodedata.category(one) for one in icon} <= pictures
