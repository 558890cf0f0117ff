"""Making a held time one's own, with everything that follows from it."""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from bot.office.appointments import HOLD, Booked, HoldExpired, book, release
from storage import sealed
from storage.bureau import Bureau
from storage.tables import AppointmentState, Slot, Visitor
from tests.office.acts import again, booked, counted, delivery, held, outbox
from tests.world import MONDAY


async def test_a_held_time_is_booked(
    session: AsyncSession, bureau: Bureau, olena: Visitor, times: Sequence[Slot]
) -> None:
    kept = await held(session, olena, times[0])

    made = await book(session, bureau, olena, kept.id, now=MONDAY + timedelta(minutes=9))

    assert made == Booked(kept)
    assert (kept.state, kept.held_until, kept.version) == (AppointmentState.BOOKED, None, 2)


async def test_a_hold_is_over_on_the_stroke_of_its_last_minute(
    session: AsyncSession, bureau: Bureau, olena: Visitor, times: Sequence[Slot]
) -> None:
    kept = await held(session, olena, times[0])

    assert await book(session, bureau, olena, kept.id, now=MONDAY + HOLD) == HoldExpired()
    assert (await again(session, kept)).state is AppointmentState.HELD


async def test_nobody_books_what_another_visitor_holds(
    session: AsyncSession, bureau: Bureau, olena: Visitor, omar: Visitor, times: Sequence[Slot]
) -> None:
    kept = await held(session, olena, times[0])

    assert await book(session, bureau, omar, kept.id, now=MONDAY) == HoldExpired()
    assert await book(session, bureau, omar, 99_999, now=MONDAY) == HoldExpired()
    assert (await again(session, kept)).state is AppointmentState.HELD


async def test_booking_twice_books_once(
    session: AsyncSession, bureau: Bureau, olena: Visitor, times: Sequence[Slot]
) -> None:
    made = await booked(session, bureau, olena, times[0])

    second = await book(session, bureau, olena, made.id, now=MONDAY)

    assert second == HoldExpired()
    assert (await again(session, made)).version == 2
    assert await counted(session) == {"booked": 1}


async def test_a_booking_brings_its_deliveries_with_it(
    session: AsyncSession, bureau: Bureau, olena: Visitor, times: Sequence[Slot]
) -> None:
    slot = times[-1]
    made = await booked(session, bureau, olena, slot)

    assert await outbox(session) == {
        f"booked:{made.id}:v2": MONDAY,
        f"card:appointment:{made.id}": MONDAY,
        f"reminder:{made.id}:v2:48h": slot.starts_at - timedelta(days=2),
        f"reminder:{made.id}:v2:2h": slot.starts_at - timedelta(hours=2),
        f"outcome:{made.id}:v2": slot.starts_at + timedelta(minutes=30),
    }


async def test_a_reminder_whose_moment_has_passed_is_not_written(
    session: AsyncSession, bureau: Bureau, olena: Visitor, times: Sequence[Slot]
) -> None:
    slot = times[0]
    late = slot.starts_at - timedelta(hours=1)

    made = await booked(session, bureau, olena, slot, now=late)

    assert set(await outbox(session)) == {
        f"booked:{made.id}:v2",
        f"card:appointment:{made.id}",
        f"outcome:{made.id}:v2",
    }


async def test_a_reminder_is_useless_once_the_appointment_begins(
    session: AsyncSession, bureau: Bureau, olena: Visitor, times: Sequence[Slot]
) -> None:
    made = await booked(session, bureau, olena, times[-1])

    reminder = await delivery(session, f"reminder:{made.id}:v2:2h")

    assert reminder.useless_after == times[-1].starts_at
    assert sealed.params_of(session, reminder) == {
        "appointment": made.id,
        "version": 2,
        "hours": 2,
    }


async def test_the_card_goes_to_the_group_and_the_confirmation_to_the_visitor(
    session: AsyncSession, bureau: Bureau, olena: Visitor, times: Sequence[Slot]
) -> None:
    made = await booked(session, bureau, olena, times[0])

    card = await delivery(session, f"card:appointment:{made.id}")
    confirmation = await delivery(session, f"booked:{made.id}:v2")

    assert (card.visitor_id, card.staff_id) == (None, None)
    assert (confirmation.visitor_id, confirmation.staff_id) == (olena.id, None)
    assert confirmation.rank < card.rank


async def test_a_hold_that_ran_out_is_released_and_its_visitor_told_once(
    session: AsyncSession, olena: Visitor, times: Sequence[Slot]
) -> None:
    kept = await held(session, olena, times[0])

    await release(session, kept.id, now=MONDAY + HOLD)
    await release(session, kept.id, now=MONDAY + HOLD)

    assert (kept.state, kept.version) == (AppointmentState.RELEASED, 2)
    assert await outbox(session) == {f"released:{kept.id}": MONDAY + HOLD}


async def test_a_hold_is_not_released_before_its_time(
    session: AsyncSession, olena: Visitor, times: Sequence[Slot]
) -> None:
    kept = await held(session, olena, times[0])

    await release(session, kept.id, now=MONDAY + HOLD - timedelta(seconds=1))

    assert kept.state is AppointmentState.HELD


async def test_what_is_booked_is_never_released(
    session: AsyncSession, bureau: Bureau, olena: Visitor, times: Sequence[Slot]
) -> None:
    made = await booked(session, bureau, olena, times[0])

    await release(session, made.id, now=MONDAY + timedelta(days=1))

    assert made.state is AppointmentState.BOOKED
