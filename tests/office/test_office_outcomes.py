"""Who of the staff takes care of a visit, whether the visitor said yes, and whether they came."""

from collections.abc import Sequence
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.office.appointments import (
    Done,
    Overtaken,
    cancel,
    confirm_coming,
    take,
)
from bot.office.outcomes import say_outcome
from storage import sealed
from storage.bureau import Bureau
from storage.tables import AppointmentState, Audit, Slot, Staff, Visitor
from tests.office.acts import again, booked, counted, delivery, held, outbox, visited
from tests.world import MONDAY

CAME, MISSED = AppointmentState.CAME, AppointmentState.MISSED


async def test_of_two_who_press_the_first_takes_the_appointment(
    session: AsyncSession,
    bureau: Bureau,
    olena: Visitor,
    maria: Staff,
    georgi: Staff,
    times: Sequence[Slot],
) -> None:
    made = await booked(session, bureau, olena, times[0])

    first = await take(session, maria, made.id, now=MONDAY)
    second = await take(session, georgi, made.id, now=MONDAY)

    assert (first, second) == (Done(), Overtaken())
    assert (await again(session, made)).taken_by == maria.id
    assert await _audited(session) == [("take", made.reference, "taken")]


async def test_the_details_go_to_whoever_took_it_and_to_nobody_else(
    session: AsyncSession, bureau: Bureau, olena: Visitor, maria: Staff, times: Sequence[Slot]
) -> None:
    made = await booked(session, bureau, olena, times[0])

    await take(session, maria, made.id, now=MONDAY)

    details = await delivery(session, f"details:appointment:{made.id}:{maria.id}")
    assert (details.visitor_id, details.staff_id) == (None, maria.id)
    assert sealed.params_of(session, details) == {"appointment": made.id}


async def test_a_hold_is_nothing_staff_can_take(
    session: AsyncSession, olena: Visitor, maria: Staff, times: Sequence[Slot]
) -> None:
    kept = await held(session, olena, times[0])

    assert await take(session, maria, kept.id, now=MONDAY) == Overtaken()


async def test_a_visitor_says_they_will_come_and_the_card_is_redrawn(
    session: AsyncSession, bureau: Bureau, olena: Visitor, times: Sequence[Slot]
) -> None:
    made = await booked(session, bureau, olena, times[0])
    later = MONDAY + timedelta(hours=1)

    done = await confirm_coming(session, olena, made.id, version=made.version, now=later)

    assert (done, made.confirmed) == (Done(), True)
    assert (await outbox(session))[f"card:appointment:{made.id}"] == later


async def test_nobody_confirms_for_another_or_for_what_is_cancelled(
    session: AsyncSession, bureau: Bureau, olena: Visitor, omar: Visitor, times: Sequence[Slot]
) -> None:
    made = await booked(session, bureau, olena, times[0])

    foreign = await confirm_coming(session, omar, made.id, version=2, now=MONDAY)
    await cancel(session, olena, made.id, version=2, now=MONDAY)
    cancelled = await confirm_coming(session, olena, made.id, version=3, now=MONDAY)

    assert (foreign, cancelled, made.confirmed) == (Overtaken(), Overtaken(), False)


@pytest.mark.parametrize("outcome", [CAME, MISSED])
async def test_the_outcome_is_kept_counted_and_audited_once(
    session: AsyncSession,
    bureau: Bureau,
    olena: Visitor,
    maria: Staff,
    times: Sequence[Slot],
    outcome: AppointmentState,
) -> None:
    made = await booked(session, bureau, olena, times[0])
    after = times[0].ends_at

    first = await say_outcome(session, bureau, maria, made.id, outcome, version=2, now=after)
    second = await say_outcome(session, bureau, maria, made.id, MISSED, version=2, now=after)

    assert (first, second, made.state) == (Done(), Overtaken(), outcome)
    assert await counted(session) == {"booked": 1, outcome.value: 1}
    assert await _audited(session) == [("outcome", made.reference, outcome.value)]


async def test_who_came_is_asked_two_hours_later_how_it_was(
    session: AsyncSession, bureau: Bureau, olena: Visitor, maria: Staff, times: Sequence[Slot]
) -> None:
    made = await visited(session, bureau, olena, times[0], maria)

    rating = await delivery(session, f"rating:{made.id}")

    assert rating.due == times[0].ends_at + timedelta(hours=2)
    assert rating.useless_after == rating.due + timedelta(days=7)
    assert rating.visitor_id == olena.id


async def test_an_outcome_said_at_night_lets_the_visitor_sleep(
    session: AsyncSession, bureau: Bureau, olena: Visitor, maria: Staff, times: Sequence[Slot]
) -> None:
    made = await booked(session, bureau, olena, times[0])
    night = times[0].ends_at.astimezone(bureau.zone).replace(hour=23)

    await say_outcome(session, bureau, maria, made.id, CAME, version=2, now=night)

    morning = night.replace(hour=8, minute=0) + timedelta(days=1)
    assert (await outbox(session))[f"rating:{made.id}"] == morning


async def test_who_did_not_come_is_not_asked_how_it_was(
    session: AsyncSession, bureau: Bureau, olena: Visitor, maria: Staff, times: Sequence[Slot]
) -> None:
    made = await booked(session, bureau, olena, times[0])

    await say_outcome(session, bureau, maria, made.id, MISSED, version=2, now=times[0].ends_at)

    assert {one for one in await outbox(session) if one.startswith("rating")} == set()


async def test_an_appointment_that_is_over_and_settled_gives_no_seat_back(
    session: AsyncSession, bureau: Bureau, olena: Visitor, maria: Staff, times: Sequence[Slot]
) -> None:
    made = await visited(session, bureau, olena, times[0], maria)

    late = await cancel(session, olena, made.id, version=made.version, now=times[0].ends_at)

    assert (late, made.state) == (Overtaken(), CAME)


async def _audited(session: AsyncSession) -> list[tuple[str, str, str]]:
    await session.flush()
    found = await session.scalars(select(Audit).order_by(Audit.id))
    return [(one.act, one.object, one.result) for one in found]
