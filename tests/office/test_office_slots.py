"""The clinics' weekly patterns as times on offer."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.office.slots import lay_out_slots
from storage.bureau import Bureau
from storage.tables import Clinic, Seat, Slot
from tests.world import MONDAY, SOFIA


async def test_four_weeks_of_both_clinics_are_laid_out(session: AsyncSession) -> None:
    found = await session.scalars(select(Slot.starts_at).order_by(Slot.starts_at).limit(5))

    assert [f"{one.astimezone(SOFIA):%a %d.%m. %H:%M}" for one in found] == [
        "Wed 02.12. 10:00",
        "Wed 02.12. 10:30",
        "Wed 02.12. 11:00",
        "Wed 02.12. 11:30",
        "Thu 03.12. 10:00",
    ]


async def test_asking_twice_adds_nothing(session: AsyncSession, bureau: Bureau) -> None:
    before = await _count(session, Slot), await _count(session, Seat)

    added = await lay_out_slots(session, bureau, MONDAY)

    assert added == 0
    assert (await _count(session, Slot), await _count(session, Seat)) == before


async def test_a_week_later_one_week_is_added(session: AsyncSession, bureau: Bureau) -> None:
    added = await lay_out_slots(session, bureau, MONDAY + timedelta(weeks=1))

    assert added == 8


async def test_a_time_that_was_taken_out_comes_back_alone(
    session: AsyncSession, bureau: Bureau
) -> None:
    gone = (await session.scalars(select(Slot.id).order_by(Slot.starts_at))).first()
    await session.execute(delete(Seat).where(Seat.slot_id == gone))
    await session.execute(delete(Slot).where(Slot.id == gone))

    assert await lay_out_slots(session, bureau, MONDAY) == 1


async def test_no_time_is_offered_on_a_public_holiday(session: AsyncSession) -> None:
    days = await _days(session)

    assert date(2026, 12, 23) in days
    assert date(2026, 12, 24) not in days


async def test_a_clinic_has_as_many_seats_as_it_says_and_ends_in_time(
    session: AsyncSession, bureau: Bureau
) -> None:
    like = (await session.scalars(select(Clinic).order_by(Clinic.id))).first()
    assert like is not None
    session.add(Clinic(like.service_id, like.worker_id, 0, "13:00", "14:15", 30, 3))
    await session.flush()

    added = await lay_out_slots(session, bureau, MONDAY)

    mondays = list(await session.scalars(select(Slot).order_by(Slot.id.desc()).limit(added)))
    assert {f"{one.starts_at.astimezone(SOFIA):%a %H:%M}" for one in mondays} == {
        "Mon 13:00",
        "Mon 13:30",
    }
    numbers = await session.scalars(
        select(Seat.number).where(Seat.slot_id == mondays[0].id).order_by(Seat.number)
    )
    assert list(numbers) == [1, 2, 3]


@pytest.mark.parametrize(
    ("now", "before", "after"),
    [
        (datetime(2026, 10, 19, 9, tzinfo=SOFIA), (date(2026, 10, 21), 7), (date(2026, 10, 28), 8)),
        (datetime(2027, 3, 22, 9, tzinfo=SOFIA), (date(2027, 3, 24), 8), (date(2027, 3, 31), 7)),
    ],
)
async def test_ten_o_clock_is_ten_o_clock_before_and_after_the_clock_change(
    session: AsyncSession,
    bureau: Bureau,
    now: datetime,
    before: tuple[date, int],
    after: tuple[date, int],
) -> None:
    await session.execute(delete(Seat))
    await session.execute(delete(Slot))

    first = await lay_out_slots(session, bureau, now)
    second = await lay_out_slots(session, bureau, now.astimezone(UTC))

    begins = sorted(await session.scalars(select(Slot.starts_at)))
    firsts = {one.date(): one.hour for one in reversed(begins)}
    assert (firsts[before[0]], firsts[after[0]]) == (before[1], after[1])
    assert {f"{one.astimezone(SOFIA):%H:%M}" for one in begins} == {
        "10:00",
        "10:30",
        "11:00",
        "11:30",
    }
    assert (len(begins), second) == (first, 0)


async def _count(session: AsyncSession, table: type[Slot | Seat]) -> int:
    return (await session.scalars(select(func.count()).select_from(table))).one()


async def _days(session: AsyncSession) -> set[date]:
    return {one.astimezone(SOFIA).date() for one in await session.scalars(select(Slot.starts_at))}
