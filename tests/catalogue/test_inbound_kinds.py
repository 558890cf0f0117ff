"""Whatever kind of update comes, however odd: received within two seconds, nothing comes of it."""

import copy
import logging
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import Any

import pytest
from aiogram.types import Update
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from prometheus_client.parser import text_string_to_metric_families

from tests.catalogue.inbound import CANARY, OLENA, Raw, courier, everything_kept, town, update
from tests.catalogue.kinds import OF_ALL_KINDS
from tests.core import Town
from tests.world import Ground, person

NOBODY_ELSE = HealthCheck.function_scoped_fixture


@pytest.fixture
async def behind(
    ground: Ground, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> AsyncIterator[Town]:
    """The town with the bot behind its door; everything the bot logs is kept."""
    caplog.set_level(logging.DEBUG, "bot")
    async with town(ground, tmp_path, "webhook") as made:
        yield made


async def brought(here: Town, updates: list[Raw]) -> tuple[set[int], float]:
    """How the bot's door answered all of them, and the longest it took."""
    async with courier(here.world.door) as by_hand:
        begun = monotonic()
        await by_hand.bring_all(updates)
        return set(by_hand.answers), monotonic() - begun


def test_there_is_an_update_of_each_kind_that_telegram_has() -> None:
    understood = [Update.model_validate(update(**{k: one})) for k, one in OF_ALL_KINDS.items()]

    assert set(OF_ALL_KINDS) == set(Update.model_fields) - {"update_id"}
    assert [one.event_type for one in understood] == list(OF_ALL_KINDS)


async def test_of_no_kind_we_do_not_serve_anything_is_kept_said_or_logged(
    behind: Town, caplog: pytest.LogCaptureFixture
) -> None:
    before = await everything_kept(behind), behind.said("Olena")

    answers, seconds = await brought(behind, [update(**{k: v}) for k, v in OF_ALL_KINDS.items()])

    assert (answers, seconds < 2) == ({200}, True)
    assert (await everything_kept(behind), behind.said("Olena")) == before
    assert [one for one in (CANARY, str(OLENA)) if one in caplog.text] == []


async def test_updates_are_counted_by_their_kind_and_by_what_became_of_them(behind: Town) -> None:
    before = await counted(behind)

    strange = [update(telepathy={"thought": CANARY}), update(message={"text": CANARY})]
    await brought(behind, [update(**{k: v}) for k, v in OF_ALL_KINDS.items()] + strange)

    after = await counted(behind)
    assert {key: after[key] - before.get(key, 0) for key in after} == {
        ("message", "served"): 1,
        ("callback_query", "served"): 1,
        ("my_chat_member", "served"): 1,
        ("edited_message", "served"): 1,
        ("other", "not_for_us"): len(OF_ALL_KINDS) - 4 + 1,
        ("message", "not_understood"): 1,
    }


async def counted(here: Town) -> dict[tuple[str, str], float]:
    families = text_string_to_metric_families(here.world.app.door.pulse.exposition().decode())
    return {
        (one.labels["kind"], one.labels["outcome"]): one.value
        for family in families
        for one in family.samples
        if one.name == "bureau_updates_total"
    }


# Every update, bent


NUMBERS = (True, 0, -1, 2**31, 2**63, 10**30, 1e300, float("inf"))
TEXTS = ("", CANARY, "\ud800", "a\0b", "\u202e" * 300, CANARY * 300)
THINGS: tuple[object, ...] = (None, [], {}, [CANARY], {"type": CANARY}, {"id": CANARY}, [[[[[]]]]])
ODD = st.sampled_from([*NUMBERS, *TEXTS, *THINGS])
KINDS_OF_THINGS = ("type", "status", "source", "state")


@dataclass(frozen=True)
class Bent:
    """Something in an update that is missing, or other than anybody expects."""

    kind: str
    where: tuple[str | int, ...]
    what: object
    missing: bool

    def applied(self) -> Raw:
        made: Any = {self.kind: copy.deepcopy(OF_ALL_KINDS[self.kind])}
        there = made
        for step in self.where[:-1]:
            there = there[step]
        if self.missing:
            del there[self.where[-1]]
        else:
            there[self.where[-1]] = self.what
        return update(**made)


def places(thing: Any, at: tuple[str | int, ...]) -> list[tuple[str | int, ...]]:
    """Every place inside a thing that could be bent."""
    inside = thing.items() if isinstance(thing, dict) else enumerate(thing)
    found = []
    for step, one in inside:
        found.append((*at, step))
        if isinstance(one, dict | list):
            found += places(one, (*at, step))
    return found


PLACES = [(kind, at) for kind, one in OF_ALL_KINDS.items() for at in places(one, (kind,))]
WORDS_OF_KIND = [(kind, at) for kind, at in PLACES if at[-1] in KINDS_OF_THINGS]


@st.composite
def bent(draw: st.DrawFn) -> Bent:
    kind, at = draw(st.sampled_from(PLACES))
    return Bent(kind, at, draw(ODD), draw(st.booleans()))


async def test_an_unknown_kind_of_anything_inside_harms_nothing(
    behind: Town, caplog: pytest.LogCaptureFixture
) -> None:
    before = await everything_kept(behind)
    unknown = [Bent(kind, at, CANARY, missing=False).applied() for kind, at in WORDS_OF_KIND]

    answers, seconds = await brought(behind, unknown)

    assert len(unknown) > 20
    assert (answers, seconds < 2) == ({200}, True)
    assert await everything_kept(behind) == before
    assert CANARY not in caplog.text


@settings(max_examples=30, deadline=None, suppress_health_check=[NOBODY_ELSE])
@given(updates=st.lists(bent(), min_size=10, max_size=20))
async def test_however_an_update_is_bent_it_is_received_and_changes_nothing(
    behind: Town, caplog: pytest.LogCaptureFixture, updates: list[Bent]
) -> None:
    before = await everything_kept(behind)

    answers, seconds = await brought(behind, [one.applied() for one in updates])

    assert (answers, seconds < 2) == ({200}, True)
    assert await everything_kept(behind) == before
    assert CANARY not in caplog.text


# Somebody takes the bot elsewhere


STRANGE_PLACES = ("group", "supergroup", "channel", "forum")


def taken_along(kind: str, by: Raw) -> Raw:
    """The bot was made a member of a place that is not ours."""
    place = {"id": -100_888, "type": kind, "title": CANARY}
    if kind == "forum":
        place |= {"type": "supergroup", "is_forum": True}
    bot = {"id": 1, "is_bot": True, "first_name": "B"}
    return update(
        my_chat_member={
            "chat": place,
            "from": by,
            "date": 1_796_000_000,
            "old_chat_member": {"status": "left", "user": bot},
            "new_chat_member": {"status": "member", "user": bot},
        }
    )


@pytest.mark.parametrize("kind", STRANGE_PLACES)
async def test_a_bot_taken_to_a_strange_place_leaves_it_and_keeps_nothing(
    behind: Town, caplog: pytest.LogCaptureFixture, kind: str
) -> None:
    somebody = {"id": person("Omar"), "is_bot": False, "first_name": CANARY}
    before = await everything_kept(behind)

    answers, _ = await brought(behind, [taken_along(kind, somebody)])

    left = [one.params for one in behind.world.sandbox.town.refusals if one.method == "leaveChat"]
    assert (answers, left) == ({200}, [{"chat_id": "-100888"}])
    assert await everything_kept(behind) == before
    assert [one.message for one in caplog.records] == ["left a strange place"]


async def test_words_in_a_strange_group_are_not_read(behind: Town) -> None:
    crowd = behind.world.sandbox.town.add_group("Elsewhere", [behind.knows("Omar")])
    before = await everything_kept(behind)

    behind.world.sandbox.town.type(person("Omar"), CANARY, chat_id=crowd.id)
    await behind.settle()

    assert await everything_kept(behind) == before
    assert behind.messages(crowd.id) == []
