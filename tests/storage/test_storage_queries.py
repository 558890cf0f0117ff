"""Questions and their answers, in order and in one statement."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import event, select
from sqlalchemy.ext.asyncio import AsyncSession

from storage import appointments, counts, people
from storage.engine import Storage
from storage.tables import (
    Appointment,
    AppointmentState,
    Count,
    Draft,
    Seat,
    Slot,
    Visitor,
)
from tests.world import MONDAY, SOFIA

MONTH = MONDAY + timedelta(weeks=4)
WEDNESDAY = datetime(2026, 12, 2, 10, tzinfo=SOFIA)


@asynccontextmanager
async def _statements(storage: Storage) -> AsyncIterator[list[str]]:
    """What is said to the database in the meantime."""
    said: list[str] = []

    def listen(*what: object) -> None:
        if what[2] != "BEGIN":
            said.append(str(what[2]))

    engine = storage.engine.sync_engine
    event.listen(engine, "before_cursor_execute", listen)
    yield said
    event.remove(engine, "before_cursor_execute", listen)


async def _free(
    session: AsyncSession, *languages: str, after: datetime = MONDAY, before: datetime = MONTH
) -> Sequence[Slot]:
    return await appointments.free_slots(
        session, "legal", after=after, before=before, languages=languages
    )


async def _take(
    session: AsyncSession, slot: Slot, state: AppointmentState, *, who: int = 1, seat: int = 1
) -> Appointment:
    place = await session.scalar(
        select(Seat.id).where(Seat.slot_id == slot.id, Seat.number == seat)
    )
    reference = f"{slot.id}-{who}-{seat}-{state}"
    made = Appointment(reference, who, slot.id, place or 0, "uk", state, MONDAY)
    session.add(made)
    await session.flush()
    return made


@pytest.mark.parametrize(
    ("languages", "workers"),
    [(["ar"], {"vera"}), (["uk"], {"petar"}), (["ar", "uk"], {"vera", "petar"}), (["fa"], set())],
)
async def test_free_times_are_with_somebody_who_speaks_the_language(
    storage: Storage, languages: list[str], workers: set[str]
) -> None:
    async with storage.read() as session:
        found = await _free(session, *languages)

    assert {one.worker.code for one in found} == workers


async def test_free_times_come_soonest_first_and_once_each(storage: Storage) -> None:
    """Both workers speak two of these languages; a time is not listed twice for that."""
    async with storage.read() as session:
        found = await _free(session, "bg", "en")

    assert [one.starts_at for one in found] == sorted({one.starts_at for one in found})
    assert (len(found), found[0].starts_at) == (28, WEDNESDAY)


async def test_free_times_lie_between_the_two_moments(storage: Storage) -> None:
    async with storage.read() as session:
        found = await _free(
            session, "ar", after=WEDNESDAY, before=WEDNESDAY + timedelta(minutes=90)
        )

    assert [f"{one.starts_at.astimezone(SOFIA):%H:%M}" for one in found] == ["10:30", "11:00"]


@pytest.mark.parametrize("state", list(AppointmentState))
async def test_only_what_is_held_or_booked_takes_a_time(
    storage: Storage, state: AppointmentState
) -> None:
    async with storage.begin() as session:
        first = (await _free(session, "ar"))[0]
        await _take(session, first, state)
        still = await _free(session, "ar")

    assert (first not in still) is (state in appointments.TAKEN)


async def test_a_time_is_free_until_its_last_seat_is_taken(storage: Storage) -> None:
    async with storage.begin() as session:
        first = (await _free(session, "ar"))[0]
        session.add(Seat(first.id, 2))
        await session.flush()
        await _take(session, first, AppointmentState.BOOKED, who=1, seat=1)
        one_left = await appointments.free_seat(session, first.id)
        still_free = first in await _free(session, "ar")
        await _take(session, first, AppointmentState.BOOKED, who=2, seat=2)

        assert one_left is not None
        assert (one_left.number, still_free) == (2, True)
        assert await appointments.free_seat(session, first.id) is None
        assert first not in await _free(session, "ar")


async def test_free_times_are_found_in_one_statement_with_all_that_is_shown(
    storage: Storage,
) -> None:
    async with storage.read() as session, _statements(storage) as said:
        found = await _free(session, "en")
        shown = {(one.worker.name["en"], one.service.titles["en"]) for one in found}

    assert shown == {("Vera", "Legal help"), ("Petar", "Legal help")}
    assert len(said) == 1


async def test_what_a_visitor_has_comes_whole_in_one_statement_soonest_first(
    storage: Storage,
) -> None:
    async with storage.begin() as session:
        times = await _free(session, "en")
        for at, state in ((3, AppointmentState.HELD), (1, AppointmentState.BOOKED)):
            await _take(session, times[at], state)
        await _take(session, times[2], AppointmentState.CANCELLED)
        await _take(session, times[5], AppointmentState.BOOKED, who=2)
    async with storage.read() as session, _statements(storage) as said:
        found = await appointments.of_visitor(session, 1, after=MONDAY)
        shown = [(one.slot_id, one.slot.worker.code, one.slot.service.code) for one in found]
        whose = {one.visitor.language if one.visitor else "" for one in found}

    assert shown == [(times[1].id, "vera", "legal"), (times[3].id, "vera", "legal")]
    assert whose == {"uk"}
    assert len(said) == 1


async def test_an_appointment_lies_ahead_until_it_ends(storage: Storage) -> None:
    async with storage.begin() as session:
        first = (await _free(session, "en"))[0]
        await _take(session, first, AppointmentState.BOOKED)
        second = timedelta(seconds=1)

        during = await appointments.of_visitor(session, 1, after=first.ends_at - second)
        over = await appointments.of_visitor(session, 1, after=first.ends_at)

    assert (len(during), len(over)) == (1, 0)


async def test_holds_whose_time_is_up_are_found_oldest_first(storage: Storage) -> None:
    async with storage.begin() as session:
        times = await _free(session, "en")
        for at, minutes in ((0, 9), (1, 5), (2, 11)):
            kept = await _take(session, times[at], AppointmentState.HELD)
            kept.held_until = MONDAY + timedelta(minutes=minutes)
        await session.flush()

        found = await appointments.held_until_passed(session, now=MONDAY + timedelta(minutes=9))

        assert [one.slot_id for one in found] == [times[1].id, times[0].id]


async def test_companions_are_who_gives_the_service_and_speaks_the_language(
    storage: Storage,
) -> None:
    async with storage.read() as session:
        arabic = await appointments.companions(session, "company", language="ar")
        french = await appointments.companions(session, "company", language="fr")
        spoken = await appointments.languages_of(session, "company")

    assert ([one.code for one in arabic], [one.code for one in french]) == (["maria"], ["georgi"])
    assert spoken == ["ar", "bg", "en", "fr", "ru", "uk"]


# What people have half said


async def test_a_draft_is_kept_for_a_day_and_then_forgotten(storage: Storage) -> None:
    day, second = timedelta(hours=24), timedelta(seconds=1)
    async with storage.begin() as session:
        await people.keep_draft(session, "olena", {"asks": "name"}, now=MONDAY)
        kept = await people.draft(session, "olena", now=MONDAY + day)
        late = await people.draft(session, "olena", now=MONDAY + day + second)
        await people.forget_old_drafts(session, now=MONDAY + day)
        before = list(await session.scalars(select(Draft.key)))
        await people.forget_old_drafts(session, now=MONDAY + day + second)
        after = list(await session.scalars(select(Draft.key)))

    assert (kept, late) == ({"asks": "name"}, None)
    assert (before, after) == (["olena"], [])


async def test_whoever_goes_on_speaking_keeps_the_draft(storage: Storage) -> None:
    async with storage.begin() as session:
        for hours in (0, 20, 40):
            now = MONDAY + timedelta(hours=hours)
            await people.keep_draft(session, "olena", {"step": hours}, now=now)

        assert await people.draft(session, "olena", now=MONDAY + timedelta(hours=60)) == {
            "step": 40
        }
        assert await people.draft(session, "omar", now=MONDAY) is None


# What is counted


async def test_counting_twice_makes_two(storage: Storage) -> None:
    async with storage.begin() as session:
        await counts.add(session, date(2026, 12, 1), "booked", language="uk", service="legal")
        await counts.add(session, date(2026, 12, 1), "booked", language="uk", service="legal")
        await counts.add(session, date(2026, 12, 1), "booked", language="ar", service="legal")
        found = await session.execute(select(Count.language, Count.n).order_by(Count.language))

    assert [tuple(one) for one in found] == [("ar", 1), ("uk", 2)]


async def test_moments_are_compared_across_zones(storage: Storage) -> None:
    async with storage.read() as session:
        here = await _free(session, "ar", after=WEDNESDAY)
        there = await _free(session, "ar", after=WEDNESDAY.astimezone(UTC))
        nobody = await session.scalar(select(Visitor).where(Visitor.key == "nobody"))

    assert [one.id for one in here] == [one.id for one in there]
    assert nobody is None
