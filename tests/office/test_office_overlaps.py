"""Two decisions about the same thing overlap: the first one committed stands, the other is told.

On SQLite the second waits for the first; on PostgreSQL both run at once. Each test opens the first
decision, lets the second begin, and only then lets the first be committed.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.office import requests
from bot.office.appointments import (
    HOLD,
    Booked,
    Done,
    Overtaken,
    book,
    cancel,
    release,
)
from bot.office.outcomes import say_outcome
from storage import appointments, counts, deliveries, leases
from storage.bureau import Bureau
from storage.engine import Storage
from storage.tables import (
    Appointment,
    AppointmentState,
    Count,
    Delivery,
    Request,
    RequestState,
    Slot,
    Staff,
    Visitor,
)
from tests.office.acts import asked, booked, held
from tests.world import MONDAY

Decision = Callable[[AsyncSession], Awaitable[Any]]


async def _overlap(storage: Storage, first: Decision, second: Decision) -> tuple[Any, Any]:
    async def follow() -> Any:
        async with storage.begin() as session:
            return await second(session)

    async with storage.begin() as session:
        said = await first(session)
        await session.flush()
        following = asyncio.create_task(follow())
        await asyncio.sleep(0.1)
    return said, await following


async def _people(storage: Storage) -> tuple[Visitor, Visitor, Staff, Sequence[Slot]]:
    async with storage.read() as session:
        olena, omar, _ = await session.scalars(select(Visitor).order_by(Visitor.id))
        maria, _ = await session.scalars(select(Staff).order_by(Staff.id))
        times = await appointments.free_slots(
            session, "legal", after=MONDAY, before=MONDAY + timedelta(weeks=4), languages=["en"]
        )
    return olena, omar, maria, times


async def _state(storage: Storage, table: type[Appointment | Request], number: int) -> Any:
    async with storage.read() as session:
        return await session.scalar(select(table.state).where(table.id == number))


async def test_a_booking_in_the_last_second_is_not_released_by_the_timetable(
    storage: Storage, bureau: Bureau
) -> None:
    olena, _, _, times = await _people(storage)
    async with storage.begin() as session:
        kept = await held(session, olena, times[0])
    just_in_time = MONDAY + HOLD - timedelta(milliseconds=1)

    said, _ = await _overlap(
        storage,
        lambda session: book(session, bureau, olena, kept.id, now=just_in_time),
        lambda session: release(session, kept.id, now=MONDAY + HOLD),
    )

    assert isinstance(said, Booked)
    assert await _state(storage, Appointment, kept.id) is AppointmentState.BOOKED


async def test_a_wish_taken_back_is_not_approved_any_more(storage: Storage, bureau: Bureau) -> None:
    olena, _, maria, _ = await _people(storage)
    wish_id, worker_id = await _taken_wish(storage, bureau, olena, maria)

    said = await _overlap(
        storage,
        lambda session: requests.withdraw(session, olena, wish_id, version=1, now=MONDAY),
        lambda session: requests.approve(
            session, bureau, maria, wish_id, worker_id, _ten(bureau), now=MONDAY
        ),
    )

    assert said == (Done(), Overtaken())
    assert await _state(storage, Request, wish_id) is RequestState.WITHDRAWN
    async with storage.read() as session:
        assert await appointments.of_visitor(session, olena.id, after=MONDAY) == []


async def test_a_wish_that_was_approved_does_not_expire(storage: Storage, bureau: Bureau) -> None:
    olena, _, maria, _ = await _people(storage)
    wish_id, worker_id = await _taken_wish(storage, bureau, olena, maria)
    late = MONDAY + timedelta(days=3)

    said, _ = await _overlap(
        storage,
        lambda session: requests.approve(
            session, bureau, maria, wish_id, worker_id, _ten(bureau), now=MONDAY
        ),
        lambda session: requests.expire(session, bureau, wish_id, now=late),
    )

    assert said == Done()
    assert await _state(storage, Request, wish_id) is RequestState.APPROVED


async def test_a_worker_is_not_given_to_two_people_at_overlapping_times(
    storage: Storage, bureau: Bureau
) -> None:
    olena, omar, maria, _ = await _people(storage)
    first, worker_id = await _taken_wish(storage, bureau, olena, maria)
    second, _ = await _taken_wish(storage, bureau, omar, maria)
    ten = _ten(bureau)

    said = await _overlap(
        storage,
        lambda session: requests.approve(session, bureau, maria, first, worker_id, ten, now=MONDAY),
        lambda session: requests.approve(
            session, bureau, maria, second, worker_id, ten + timedelta(hours=1), now=MONDAY
        ),
    )

    assert said == (Done(), requests.WorkerBusy())


async def test_a_cancelled_visit_has_no_outcome(storage: Storage, bureau: Bureau) -> None:
    olena, _, maria, times = await _people(storage)
    async with storage.begin() as session:
        made = await booked(session, bureau, olena, times[0])
    came, number = AppointmentState.CAME, made.id

    said = await _overlap(
        storage,
        lambda session: cancel(session, olena, number, version=2, now=MONDAY),
        lambda session: say_outcome(session, bureau, maria, number, came, version=2, now=MONDAY),
    )

    assert said == (Done(), Overtaken())
    assert await _state(storage, Appointment, number) is AppointmentState.CANCELLED


async def test_two_bookings_that_are_the_first_of_a_day_are_both_counted(
    storage: Storage, bureau: Bureau
) -> None:
    day = bureau.today(MONDAY)

    await _overlap(
        storage,
        lambda session: counts.add(session, day, "booked"),
        lambda session: counts.add(session, day, "booked"),
    )
    await _overlap(
        storage,
        lambda session: counts.add(session, day, "booked"),
        lambda session: counts.add(session, day, "booked"),
    )

    async with storage.read() as session:
        assert list(await session.scalars(select(Count.n))) == [4]


async def test_a_delivery_asked_for_twice_at_once_is_written_once(storage: Storage) -> None:
    olena, _, _, _ = await _people(storage)

    said = await _overlap(
        storage,
        lambda session: deliveries.write(session, "a", "booked", olena, due=MONDAY),
        lambda session: deliveries.write(session, "a", "booked", olena, due=MONDAY),
    )

    assert said == (True, False)
    async with storage.read() as session:
        assert list(await session.scalars(select(Delivery.key))) == ["a"]


async def test_of_two_senders_that_start_at_once_one_may_send(storage: Storage) -> None:
    said = await _overlap(
        storage,
        lambda session: _lease(session, "one"),
        lambda session: _lease(session, "two"),
    )

    assert said == (1, None)


async def _lease(session: AsyncSession, holder: str, now: datetime = MONDAY) -> int | None:
    return await leases.hold(session, holder, now=now, length=timedelta(seconds=30))


async def test_a_sender_that_is_being_replaced_and_the_new_one_do_not_take_the_same(
    storage: Storage,
) -> None:
    olena, _, _, _ = await _people(storage)
    async with storage.begin() as session:
        await _lease(session, "one")
        await deliveries.write(session, "a", "booked", olena, due=MONDAY)

    async def replaced(session: AsyncSession) -> Sequence[Delivery]:
        fence = await _lease(session, "two", now=MONDAY + timedelta(minutes=1))
        await session.flush()
        return await _take(session, fence or 0)

    first, second = await _overlap(storage, lambda session: _take(session, 1), replaced)

    # Where the new one had to wait it takes it too, but knows that it perhaps was sent.
    assert [one.key for one in first] == ["a"]
    assert [one.key for one in second if not one.perhaps_sent] == []


async def _take(session: AsyncSession, fence: int) -> Sequence[Delivery]:
    return await deliveries.take_due(session, fence=fence, now=MONDAY, real_now=MONDAY, most=10)


async def _taken_wish(
    storage: Storage, bureau: Bureau, visitor: Visitor, staff: Staff
) -> tuple[int, int]:
    async with storage.begin() as session:
        wish = await asked(session, bureau, visitor)
        await requests.take(session, staff, wish.id, now=MONDAY)
        [worker] = await appointments.companions(session, "company", language="uk")
        return wish.id, worker.id


def _ten(bureau: Bureau) -> datetime:
    return datetime(2026, 12, 10, 10, 0, tzinfo=bureau.zone).astimezone(UTC)
