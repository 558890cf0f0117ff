"""One person, one thing at a time: within a process, and across several on PostgreSQL."""

import asyncio
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import create_async_engine

from storage.engine import Storage
from storage.locks import Locks, LocksHere, LocksInPostgres
from tests.databases import BOTH, Grounds


@pytest_asyncio.fixture(params=BOTH)
async def pair(
    request: pytest.FixtureRequest, grounds: Grounds
) -> AsyncIterator[tuple[Locks, Locks]]:
    """The locks of two processes; on SQLite there is only one, so both are the same."""
    async with grounds.database(request.param) as url:
        one: Locks = LocksHere() if request.param == "sqlite" else LocksInPostgres(url)
        two: Locks = one if request.param == "sqlite" else LocksInPostgres(url)
        yield one, two
        await one.close()
        await two.close()


async def test_two_things_of_one_person_happen_one_after_the_other(
    pair: tuple[Locks, Locks],
) -> None:
    inside, most = 0, 0

    async def visit(locks: Locks) -> None:
        nonlocal inside, most
        async with locks.hold("olena"):
            inside += 1
            most = max(most, inside)
            await asyncio.sleep(0.001)
            inside -= 1

    async with asyncio.timeout(10):
        await asyncio.gather(*(visit(pair[turn % 2]) for turn in range(20)))

    assert most == 1


async def test_different_people_do_not_wait_for_each_other(pair: tuple[Locks, Locks]) -> None:
    async with asyncio.timeout(5), pair[0].hold("olena"), pair[1].hold("omar"):
        pass


async def test_a_lock_is_free_again_after_an_error(pair: tuple[Locks, Locks]) -> None:
    with pytest.raises(LookupError):
        async with pair[0].hold("olena"):
            raise LookupError

    async with asyncio.timeout(5), pair[1].hold("olena"):
        pass


async def test_who_stops_waiting_leaves_the_turn_to_the_next(pair: tuple[Locks, Locks]) -> None:
    async with pair[0].hold("olena"):
        impatient = asyncio.create_task(_visit(pair[1], "olena"))
        await asyncio.sleep(0.05)
        impatient.cancel()
        await asyncio.wait({impatient})

    async with asyncio.timeout(5), pair[1].hold("olena"):
        pass
    assert impatient.cancelled()


async def _visit(locks: Locks, key: str) -> None:
    async with locks.hold(key):
        pass


async def test_a_lock_nobody_waits_for_is_forgotten() -> None:
    locks = LocksHere()

    async with locks.hold("olena"), locks.hold("omar"):
        assert sorted(locks._turns) == ["olena", "omar"]

    assert locks._turns == {}


async def test_turns_come_in_the_order_people_came() -> None:
    locks, came = LocksHere(), []

    async def visit(number: int) -> None:
        async with locks.hold("olena"):
            came.append(number)
            await asyncio.sleep(0)

    await asyncio.gather(*(visit(number) for number in range(10)))

    assert came == list(range(10))


@pytest.mark.postgres
async def test_a_lock_outlives_every_transaction_made_while_it_is_held(
    on_postgres: Storage,
) -> None:
    """It belongs to a session: a screen is shown after the commit, and still nobody else acts."""
    async with on_postgres.locks.hold("olena"):
        async with on_postgres.begin() as session:
            await session.execute(text("SELECT 1"))

        assert await _advisory_locks(on_postgres) == 1

    assert await _advisory_locks(on_postgres) == 0


@pytest.mark.postgres
async def test_a_process_that_dies_gives_its_locks_back(on_postgres: Storage) -> None:
    url = on_postgres.engine.url.render_as_string(hide_password=False)
    dying = LocksInPostgres(url)
    inside = asyncio.Event()
    holding = asyncio.create_task(_hold_for_ever(dying, "olena", inside))
    await inside.wait()
    waiting = asyncio.create_task(_visit(on_postgres.locks, "olena"))
    await asyncio.sleep(0.05)
    assert not waiting.done()

    await _end_sessions_of_lock_holders(url)

    async with asyncio.timeout(5):
        await waiting
    holding.cancel()
    await asyncio.wait({holding})
    assert isinstance(holding.exception(), SQLAlchemyError)
    await dying.close()


async def _hold_for_ever(locks: Locks, key: str, inside: asyncio.Event) -> None:
    async with locks.hold(key):
        inside.set()
        await asyncio.sleep(60)


async def _end_sessions_of_lock_holders(url: str) -> None:
    """What a server sees when a process is killed: the connection that held the lock is gone."""
    engine = create_async_engine(url, isolation_level="AUTOCOMMIT")
    async with engine.connect() as connection:
        await connection.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_locks"
                " WHERE locktype = 'advisory' AND granted"
            )
        )
    await engine.dispose()


@pytest.mark.postgres
async def test_many_people_at_once_do_not_starve_those_who_hold_a_lock(
    on_postgres: Storage,
) -> None:
    """Everybody holds a lock and needs a transaction: locks have connections of their own."""

    async def visit(number: int) -> None:
        async with on_postgres.locks.hold(f"{number}"), on_postgres.begin() as session:
            await session.execute(text("SELECT 1"))

    async with asyncio.timeout(20):
        await asyncio.gather(*(visit(number) for number in range(60)))


async def _advisory_locks(storage: Storage) -> int:
    async with storage.read() as session:
        found = await session.scalar(
            text(
                "SELECT count(*) FROM pg_locks JOIN pg_database ON oid = database"
                " WHERE locktype = 'advisory' AND granted AND datname = current_database()"
            )
        )
    return int(found or 0)
