"""Asking for company, and what staff make of it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.office.appointments import Done, Overtaken
from bot.office.requests import (
    AlreadyAsked,
    TooManyAsked,
    WorkerBusy,
    approve,
    ask,
    expire,
    refuse,
    take,
    withdraw,
)
from storage import appointments
from storage.bureau import Bureau
from storage.tables import (
    AppointmentState,
    DeliveryState,
    Request,
    RequestState,
    Slot,
    Staff,
    Visitor,
    Worker,
)
from tests.office.acts import MIGRATION, again, asked, counted, delivery, outbox
from tests.world import MONDAY, SOFIA

TEN = datetime(2026, 12, 10, 10, 0, tzinfo=SOFIA)
# Asked at nine on Monday, before the office opens: eight working hours, seven of them on Monday.
ANSWER_BY = datetime(2026, 12, 1, 11, 0, tzinfo=SOFIA)


async def _companion(session: AsyncSession) -> Worker:
    [worker] = await appointments.companions(session, "company", language="uk")
    return worker


async def test_a_wish_waits_for_staff_for_eight_working_hours(
    session: AsyncSession, bureau: Bureau, olena: Visitor
) -> None:
    wish = await asked(session, bureau, olena)

    assert (wish.state, wish.answer_by) == (RequestState.ASKED, ANSWER_BY)
    assert await outbox(session) == {
        f"card:request:{wish.id}": MONDAY,
        f"requested:{wish.id}": MONDAY,
        f"hurry:request:{wish.id}:half": bureau.after_working_hours(MONDAY, 4),
    }
    assert await counted(session) == {"asked": 1}


async def test_the_same_wish_is_asked_once(
    session: AsyncSession, bureau: Bureau, olena: Visitor
) -> None:
    await asked(session, bureau, olena)

    same = await ask(session, bureau, olena, replace(MIGRATION, part="noon"), now=MONDAY)

    assert same == AlreadyAsked()
    assert await counted(session) == {"asked": 1}


async def test_a_visitor_has_three_wishes_at_once_and_not_a_fourth(
    session: AsyncSession, bureau: Bureau, olena: Visitor
) -> None:
    for place in ("migration", "bank", "police"):
        await asked(session, bureau, olena, replace(MIGRATION, institution=place))

    fourth = await ask(session, bureau, olena, replace(MIGRATION, institution="school"), now=MONDAY)

    assert fourth == TooManyAsked()


async def test_of_two_who_press_the_first_takes_the_wish(
    session: AsyncSession, bureau: Bureau, olena: Visitor, maria: Staff, georgi: Staff
) -> None:
    wish = await asked(session, bureau, olena)

    first = await take(session, maria, wish.id, now=MONDAY)
    second = await take(session, georgi, wish.id, now=MONDAY)

    assert (first, second) == (Done(), Overtaken())
    details = await delivery(session, f"details:request:{wish.id}:{maria.id}")
    assert details.staff_id == maria.id


async def test_a_yes_is_an_appointment_with_everything_that_follows(
    session: AsyncSession, bureau: Bureau, olena: Visitor, maria: Staff
) -> None:
    wish = await _taken(session, bureau, olena, maria)
    worker = await _companion(session)

    done = await approve(session, bureau, maria, wish.id, worker.id, TEN, now=MONDAY)

    assert (done, wish.state, wish.version) == (Done(), RequestState.APPROVED, 2)
    [made] = await appointments.of_visitor(session, olena.id, after=MONDAY)
    assert (made.id, made.state, made.taken_by) == (
        wish.appointment_id,
        AppointmentState.BOOKED,
        maria.id,
    )
    assert (made.slot.starts_at, made.slot.ends_at) == (TEN, TEN + timedelta(hours=2))
    assert f"booked:{made.id}:v1" in await outbox(session)
    assert set(await outbox(session, DeliveryState.DROPPED)) == {f"hurry:request:{wish.id}:half"}


async def test_only_who_took_a_wish_decides_about_it(
    session: AsyncSession, bureau: Bureau, olena: Visitor, maria: Staff, georgi: Staff
) -> None:
    wish = await _taken(session, bureau, olena, maria)
    worker = await _companion(session)

    yes = await approve(session, bureau, georgi, wish.id, worker.id, TEN, now=MONDAY)
    no = await refuse(session, bureau, georgi, wish.id, now=MONDAY)

    assert (yes, no, wish.state) == (Overtaken(), Overtaken(), RequestState.ASKED)


async def test_a_worker_who_is_with_somebody_else_is_busy(
    session: AsyncSession, bureau: Bureau, olena: Visitor, omar: Visitor, maria: Staff
) -> None:
    first = await _taken(session, bureau, olena, maria)
    second = await _taken(session, bureau, omar, maria)
    worker = await _companion(session)
    await approve(session, bureau, maria, first.id, worker.id, TEN, now=MONDAY)
    half_past_eleven, noon = TEN + timedelta(minutes=90), TEN + timedelta(hours=2)

    overlapping = await approve(
        session, bureau, maria, second.id, worker.id, half_past_eleven, now=MONDAY
    )
    following = await approve(session, bureau, maria, second.id, worker.id, noon, now=MONDAY)

    assert (overlapping, following) == (WorkerBusy(), Done())


async def test_a_time_the_worker_offers_already_is_not_taken_twice(
    session: AsyncSession, bureau: Bureau, olena: Visitor, maria: Staff, times: Sequence[Slot]
) -> None:
    """The worker is free, but a clinic begins at that minute: the table refuses, we say busy."""
    wish = await _taken(session, bureau, olena, maria)
    clinic = times[0]

    busy = await approve(
        session, bureau, maria, wish.id, clinic.worker_id, clinic.starts_at, now=MONDAY
    )

    assert (busy, wish.state) == (WorkerBusy(), RequestState.ASKED)


async def test_a_yes_is_said_once(
    session: AsyncSession, bureau: Bureau, olena: Visitor, maria: Staff
) -> None:
    wish = await _taken(session, bureau, olena, maria)
    worker = await _companion(session)
    await approve(session, bureau, maria, wish.id, worker.id, TEN, now=MONDAY)

    second = await approve(
        session, bureau, maria, wish.id, worker.id, TEN + timedelta(days=1), now=MONDAY
    )

    assert second == Overtaken()
    assert len(await appointments.of_visitor(session, olena.id, after=MONDAY)) == 1


async def test_a_no_is_told_and_counted_as_unmet(
    session: AsyncSession, bureau: Bureau, olena: Visitor, maria: Staff
) -> None:
    wish = await _taken(session, bureau, olena, maria)

    done = await refuse(session, bureau, maria, wish.id, now=MONDAY)

    assert (done, wish.state) == (Done(), RequestState.REFUSED)
    assert (await delivery(session, f"request_refused:{wish.id}")).visitor_id == olena.id
    assert await counted(session) == {"asked": 1, "unmet_request_refused": 1}


async def test_after_a_no_one_may_ask_again(
    session: AsyncSession, bureau: Bureau, olena: Visitor, maria: Staff
) -> None:
    wish = await _taken(session, bureau, olena, maria)
    await refuse(session, bureau, maria, wish.id, now=MONDAY)

    second = await asked(session, bureau, olena)

    assert second.id != wish.id


async def test_nobody_answered_in_time_and_we_say_sorry_once(
    session: AsyncSession, bureau: Bureau, olena: Visitor
) -> None:
    wish = await asked(session, bureau, olena)

    await expire(session, bureau, wish.id, now=ANSWER_BY - timedelta(seconds=1))
    assert wish.state is RequestState.ASKED
    await expire(session, bureau, wish.id, now=ANSWER_BY)
    await expire(session, bureau, wish.id, now=ANSWER_BY)

    assert (wish.state, wish.version) == (RequestState.EXPIRED, 2)
    assert await counted(session) == {"asked": 1, "unmet_request_expired": 1}
    assert (await outbox(session))[f"request_expired:{wish.id}"] == ANSWER_BY


async def test_a_visitor_takes_a_wish_back_and_staff_are_not_hurried(
    session: AsyncSession, bureau: Bureau, olena: Visitor
) -> None:
    wish = await asked(session, bureau, olena)

    done = await withdraw(session, olena, wish.id, version=1, now=MONDAY)

    assert (done, wish.state) == (Done(), RequestState.WITHDRAWN)
    assert set(await outbox(session, DeliveryState.DROPPED)) == {f"hurry:request:{wish.id}:half"}


async def test_an_old_button_or_a_foreign_hand_withdraws_nothing(
    session: AsyncSession, bureau: Bureau, olena: Visitor, omar: Visitor
) -> None:
    wish = await asked(session, bureau, olena)

    old = await withdraw(session, olena, wish.id, version=0, now=MONDAY)
    foreign = await withdraw(session, omar, wish.id, version=1, now=MONDAY)

    assert (old, foreign, wish.state) == (Overtaken(), Overtaken(), RequestState.ASKED)


async def test_taking_one_wish_back_leaves_the_others_hurried(
    session: AsyncSession, bureau: Bureau, olena: Visitor, omar: Visitor
) -> None:
    """Ten wishes and more, because the key of the first begins like the key of the tenth."""
    first = await asked(session, bureau, omar)
    for day in range(1, 10):
        wish = await asked(session, bureau, olena, replace(MIGRATION, day=date(2026, 12, day)))
        await withdraw(session, olena, wish.id, version=1, now=MONDAY)
    tenth = await asked(session, bureau, olena)
    assert str(tenth.id).startswith(str(first.id))

    await withdraw(session, omar, first.id, version=1, now=MONDAY)

    hurried = {one for one in await outbox(session) if one.startswith("hurry")}
    assert hurried == {f"hurry:request:{tenth.id}:half"}


async def _taken(session: AsyncSession, bureau: Bureau, visitor: Visitor, staff: Staff) -> Request:
    wish = await asked(session, bureau, visitor)
    assert await take(session, staff, wish.id, now=MONDAY) == Done()
    taken = await again(session, wish)
    assert (await session.scalars(select(Request.taken_by).where(Request.id == wish.id))).one()
    return taken
