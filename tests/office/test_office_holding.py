"""Keeping a time for some minutes."""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from bot.office.appointments import HOLD, Held, SlotTaken, TooMany, hold
from storage.bureau import Bureau
from storage.tables import AppointmentState, Slot, Visitor
from tests.office.acts import booked, held
from tests.world import MONDAY


async def test_a_time_is_kept_for_ten_minutes(
    session: AsyncSession, olena: Visitor, times: Sequence[Slot]
) -> None:
    kept = await hold(session, olena, times[0].id, now=MONDAY)

    assert isinstance(kept, Held)
    assert (kept.appointment.state, kept.appointment.held_until) == (
        AppointmentState.HELD,
        MONDAY + timedelta(minutes=10),
    )


async def test_the_second_visitor_finds_the_slot_taken(
    session: AsyncSession, olena: Visitor, omar: Visitor, times: Sequence[Slot]
) -> None:
    first = await hold(session, olena, times[0].id, now=MONDAY)

    second = await hold(session, omar, times[0].id, now=MONDAY)

    assert isinstance(first, Held)
    assert second == SlotTaken()


async def test_a_time_that_has_begun_cannot_be_held(
    session: AsyncSession, olena: Visitor, times: Sequence[Slot]
) -> None:
    late = await hold(session, olena, times[0].id, now=times[0].starts_at)

    assert late == SlotTaken()


async def test_a_time_that_does_not_exist_is_taken(session: AsyncSession, olena: Visitor) -> None:
    assert await hold(session, olena, 99_999, now=MONDAY) == SlotTaken()


async def test_a_second_hold_lets_the_first_time_go(
    session: AsyncSession, olena: Visitor, omar: Visitor, times: Sequence[Slot]
) -> None:
    first = await hold(session, olena, times[0].id, now=MONDAY)
    await hold(session, olena, times[1].id, now=MONDAY)

    now_free = await hold(session, omar, times[0].id, now=MONDAY)

    assert isinstance(first, Held)
    assert first.appointment.state is AppointmentState.RELEASED
    assert isinstance(now_free, Held)


async def test_holding_the_same_time_again_is_the_same_hold_with_the_same_end(
    session: AsyncSession, olena: Visitor, times: Sequence[Slot]
) -> None:
    first = await hold(session, olena, times[0].id, now=MONDAY)

    again = await hold(session, olena, times[0].id, now=MONDAY + timedelta(minutes=5))

    assert again == first
    assert isinstance(again, Held)
    assert again.appointment.held_until == MONDAY + HOLD


async def test_a_visitor_who_finds_a_time_taken_keeps_the_one_they_hold(
    session: AsyncSession, olena: Visitor, omar: Visitor, times: Sequence[Slot]
) -> None:
    mine = await held(session, olena, times[0])
    await held(session, omar, times[1])

    assert await hold(session, olena, times[1].id, now=MONDAY) == SlotTaken()
    assert mine.state is AppointmentState.HELD


async def test_a_time_one_has_booked_is_not_held_a_second_time(
    session: AsyncSession, bureau: Bureau, olena: Visitor, times: Sequence[Slot]
) -> None:
    await booked(session, bureau, olena, times[0])

    again = await hold(session, olena, times[0].id, now=MONDAY)

    assert again == SlotTaken()


async def test_a_visitor_books_three_times_ahead_and_not_a_fourth(
    session: AsyncSession, bureau: Bureau, olena: Visitor, times: Sequence[Slot]
) -> None:
    for slot in times[:3]:
        await booked(session, bureau, olena, slot)

    fourth = await hold(session, olena, times[3].id, now=MONDAY)

    assert fourth == TooMany()


async def test_what_is_over_does_not_count_against_the_three(
    session: AsyncSession, bureau: Bureau, olena: Visitor, times: Sequence[Slot]
) -> None:
    for slot in times[:3]:
        await booked(session, bureau, olena, slot)

    next_week = await hold(session, olena, times[-1].id, now=times[2].ends_at)

    assert isinstance(next_week, Held)
