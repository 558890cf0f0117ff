"""Two people press at once. The table has the last word, whoever else may have looked before."""

import asyncio
import itertools
from collections.abc import Awaitable, Callable, Iterator, Sequence
from datetime import timedelta
from functools import partial
from typing import TypeVar

import pytest
from sqlalchemy import delete, func, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from bot.office.appointments import Held, SlotTaken, hold
from storage import appointments, schema, seeding
from storage.engine import Storage
from storage.tables import (
    Appointment,
    AppointmentState,
    Seat,
    Service,
    Slot,
    Visitor,
    Worker,
)
from storage.vault import Vault
from tests.databases import BOTH, Grounds
from tests.world import MONDAY

Result = TypeVar("Result")
ROUNDS = 200
SIZES = (2, 2, 3, 2, 4, 2, 3, 6, 2, 20)
"""How many people press at once, in turn: mostly two, now and then a crowd."""


async def _at_once(people: Sequence[int], act: Callable[[int], Awaitable[Result]]) -> list[Result]:
    """Everybody waits at the line, then all act."""
    line = asyncio.Barrier(len(people))

    async def run(who: int) -> Result:
        await line.wait()
        return await act(who)

    return await asyncio.gather(*(run(who) for who in people))


async def _crowd(storage: Storage, size: int = 20) -> list[int]:
    async with storage.begin() as session:
        made = [Visitor(f"crowd {number}", "en", "2026-11") for number in range(size)]
        session.add_all(made)
        await session.flush()
        return [one.id for one in made]


async def _slot(storage: Storage, number: int, seats: int = 1) -> int:
    """A new time with free seats; every round has its own."""
    async with storage.begin() as session:
        worker = (await session.scalars(select(Worker.id).order_by(Worker.id))).first()
        service = await session.scalar(select(Service.id).where(Service.code == "legal"))
        starts_at = MONDAY + timedelta(days=100, minutes=30 * number)
        slot = Slot(service or 0, worker or 0, starts_at, starts_at + timedelta(minutes=30))
        session.add(slot)
        await session.flush()
        session.add_all(Seat(slot.id, one + 1) for one in range(seats))
        return slot.id


async def _press(storage: Storage, slot_id: int, names: Iterator[int], who: int) -> bool:
    """Book a seat that was seen free before: the check is over, only the table is left."""
    try:
        async with storage.begin() as session:
            seat = await session.scalar(select(Seat.id).where(Seat.slot_id == slot_id))
            state, name = AppointmentState.BOOKED, f"race {next(names)}"
            session.add(Appointment(name, who, slot_id, seat or 0, "en", state, MONDAY))
    except IntegrityError:
        return False
    return True


async def test_of_all_who_saw_a_seat_free_one_gets_it(storage: Storage) -> None:
    crowd, names = await _crowd(storage), itertools.count()
    sizes = list(itertools.islice(itertools.cycle(SIZES), ROUNDS))

    winners = []
    for number, size in enumerate(sizes):
        slot_id = await _slot(storage, number)
        got = await _at_once(crowd[:size], partial(_press, storage, slot_id, names))
        winners.append(sum(got))

    assert winners == [1] * ROUNDS
    assert await _taken(storage) == ROUNDS


@pytest.mark.parametrize("kind", BOTH)
async def test_without_its_index_the_same_race_books_a_seat_twice(
    kind: str, grounds: Grounds, vault: Vault
) -> None:
    """The guard above was seen to fail: it is the index that keeps the promise, not luck."""
    async with grounds.database(kind, own=True) as url:
        storage = Storage(url, vault)
        await schema.migrate(storage)
        async with storage.begin() as session:
            await seeding.seed_services(session)
        await _race_without_index(storage)
        await storage.close()


async def _race_without_index(storage: Storage) -> None:
    crowd, names, slot_id = await _crowd(storage), itertools.count(), await _slot(storage, 0)
    async with storage.engine.begin() as connection:
        await connection.execute(text("DROP INDEX uq_appointments_seat_taken"))

    got = await _at_once(crowd[:5], partial(_press, storage, slot_id, names))

    assert sum(got) == await _taken(storage) == 5


async def test_of_all_who_press_hold_at_once_one_holds_the_time(storage: Storage) -> None:
    crowd = await _crowd(storage)

    for number, size in enumerate([*SIZES, *SIZES]):
        slot_id = await _slot(storage, number)
        got = await _at_once(crowd[:size], partial(_hold, storage, slot_id))

        assert sorted(type(one).__name__ for one in got) == ["Held"] + ["SlotTaken"] * (size - 1)


async def test_as_many_get_a_seat_as_there_are(storage: Storage) -> None:
    """Whoever loses a seat to a faster hand is given another one while there is one."""
    crowd = await _crowd(storage)

    for number, (seats, size) in enumerate([(2, 2), (3, 3), (3, 7), (5, 12)]):
        slot_id = await _slot(storage, number, seats)
        got = await _at_once(crowd[:size], partial(_hold, storage, slot_id))

        assert sum(isinstance(one, Held) for one in got) == seats


async def test_one_visitor_who_presses_twice_at_once_gets_one_seat_and_an_answer(
    storage: Storage,
) -> None:
    [olena] = await _crowd(storage, 1)
    slot_id = await _slot(storage, 0, seats=3)

    async with asyncio.timeout(10):
        await _at_once([olena] * 4, partial(_hold, storage, slot_id))

    assert await _taken(storage) == 1


async def test_two_processes_share_the_seats_as_one_would(
    url: str, storage: Storage, vault: Vault
) -> None:
    other = Storage(url, vault)
    crowd = await _crowd(storage)

    for number in range(20):
        slot_id = await _slot(storage, number)
        here = _at_once(crowd[:3], partial(_hold, storage, slot_id))
        there = _at_once(crowd[3:6], partial(_hold, other, slot_id))
        got = itertools.chain(*await asyncio.gather(here, there))
        assert sum(isinstance(one, Held) for one in got) == 1
    await other.close()


async def _hold(storage: Storage, slot_id: int, who: int) -> object:
    async with storage.begin() as session:
        visitor = await session.get(Visitor, who)
        assert visitor is not None
        return await hold(session, visitor, slot_id, now=MONDAY)


async def _taken(storage: Storage) -> int:
    async with storage.read() as session:
        asked = select(func.count()).where(Appointment.state.in_(appointments.TAKEN))
        return int((await session.scalar(asked)) or 0)


# What else must never happen, says the table


async def _add(session: AsyncSession, row: object) -> None:
    async with session.begin_nested():
        session.add(row)


def _appointment(slot: Slot, seat: Seat, who: int, name: str, state: str) -> Appointment:
    return Appointment(name, who, slot.id, seat.id, "en", AppointmentState(state), MONDAY)


async def test_a_visitor_takes_one_seat_of_a_time_and_may_come_back_after_cancelling(
    storage: Storage,
) -> None:
    [olena], slot_id = await _crowd(storage, 1), await _slot(storage, 0, seats=2)
    async with storage.begin() as session:
        slot = (await session.scalars(select(Slot).where(Slot.id == slot_id))).one()
        one, two = await session.scalars(
            select(Seat).where(Seat.slot_id == slot_id).order_by(Seat.number)
        )
        await _add(session, _appointment(slot, one, olena, "a", "cancelled"))
        await _add(session, _appointment(slot, one, olena, "b", "held"))
        with pytest.raises(IntegrityError):
            await _add(session, _appointment(slot, two, olena, "c", "booked"))


FORBIDDEN = {
    "a seat twice": "INSERT INTO seats (slot_id, number) SELECT slot_id, number FROM seats LIMIT 1",
    "a worker in two places": "INSERT INTO slots (service_id, worker_id, starts_at, ends_at)"
    " SELECT service_id, worker_id, starts_at, ends_at FROM slots LIMIT 1",
    "a time that ends as it begins": "UPDATE slots SET ends_at = starts_at",
    "a clinic without seats": "UPDATE clinics SET seats = 0",
    "a clinic going backwards": "UPDATE clinics SET minutes = -30",
    "a seat of no time": "INSERT INTO seats (slot_id, number) VALUES (99999, 1)",
    "a score of six": "INSERT INTO ratings (of, score, service_id, month, rated_at)"
    " VALUES ('service', 6, 1, '2026-12', '2026-12-01 00:00:00')",
    "a person twice": "INSERT INTO visitors (key, language, seen_month, grown, asked_name, notice)"
    " SELECT key, language, seen_month, grown, asked_name, notice FROM visitors LIMIT 1",
    "times of a worker who is gone": "DELETE FROM workers",
}


@pytest.mark.parametrize("statement", FORBIDDEN.values(), ids=FORBIDDEN)
async def test_the_table_refuses_what_must_never_be(storage: Storage, statement: str) -> None:
    async with storage.begin() as session:
        with pytest.raises(IntegrityError):
            await session.execute(text(statement))
        await session.rollback()


async def test_nobody_is_deleted_while_an_appointment_leads_to_them(storage: Storage) -> None:
    [olena], slot_id = await _crowd(storage, 1), await _slot(storage, 0)
    held = await _hold(storage, slot_id, olena)
    again = await _hold(storage, slot_id + 999, olena)

    async with storage.begin() as session:
        with pytest.raises(IntegrityError):
            await session.execute(delete(Visitor).where(Visitor.id == olena))
        await session.rollback()

    assert (isinstance(held, Held), again) == (True, SlotTaken())
