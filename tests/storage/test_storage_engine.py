"""One transaction per decision, whatever becomes of it; and what every connection is told first."""

import asyncio
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import SQLAlchemyError, StatementError
from sqlalchemy.ext.asyncio import AsyncSession

from storage.engine import NotBegunError, Storage, is_outage, within
from storage.sqlite import TookTooLongError
from storage.tables import Memo, Visitor
from storage.vault import Vault
from tests.world import MONDAY

ENDLESS = {
    "sqlite": "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n)"
    " SELECT count(*) FROM n WHERE i < 0",
    "postgresql": "SELECT pg_sleep(60)",
}


async def _memos(storage: Storage) -> list[str]:
    async with storage.read() as session:
        return list(await session.scalars(select(Memo.name).order_by(Memo.name)))


async def test_what_was_decided_is_there_for_the_next_reader(storage: Storage) -> None:
    async with storage.begin() as session:
        session.add(Memo("a", "1"))

    assert await _memos(storage) == ["a"]


async def test_whatever_goes_wrong_leaves_nothing_half_done(storage: Storage) -> None:
    with pytest.raises(RuntimeError, match="on the way"):
        await _fails_on_the_way(storage)

    assert await _memos(storage) == []


async def _fails_on_the_way(storage: Storage) -> None:
    async with storage.begin() as session:
        session.add(Memo("a", "1"))
        await session.flush()
        raise RuntimeError("on the way")


async def test_a_savepoint_that_fails_leaves_the_rest_of_the_decision(storage: Storage) -> None:
    async with storage.begin() as session:
        session.add(Memo("a", "1"))
        await session.flush()
        with pytest.raises(SQLAlchemyError):
            await _breaks_a_rule(session)
        session.add(Memo("b", "1"))

    assert await _memos(storage) == ["a", "b"]


async def _breaks_a_rule(session: AsyncSession) -> None:
    async with session.begin_nested():
        await session.execute(text("INSERT INTO memos (name, value) VALUES ('a', '2')"))


async def test_what_a_reader_changes_is_forgotten(storage: Storage) -> None:
    async with storage.read() as session:
        session.add(Memo("a", "1"))

    assert await _memos(storage) == []


async def test_a_reader_is_not_kept_waiting_by_a_writer(storage: Storage) -> None:
    async with storage.begin() as session:
        session.add(Memo("a", "1"))
        await session.flush()

        async with asyncio.timeout(5):
            seen = await _memos(storage)

    assert seen == []


async def test_thirty_writers_at_once_all_get_their_turn(storage: Storage) -> None:
    async def write(number: int) -> None:
        async with storage.begin() as session:
            session.add(Memo(f"{number:02}", ""))

    async with asyncio.timeout(10):
        await asyncio.gather(*(write(number) for number in range(30)))

    assert await _memos(storage) == [f"{number:02}" for number in range(30)]


async def test_two_processes_write_to_the_same_file_in_turn(
    url: str, storage: Storage, vault: Vault
) -> None:
    other = Storage(url, vault)

    async def write(to: Storage, name: str) -> None:
        for number in range(10):
            async with to.begin() as session:
                session.add(Memo(f"{name}{number}", ""))

    await asyncio.gather(write(storage, "a"), write(other, "b"))
    await other.close()

    assert len(await _memos(storage)) == 20


async def test_every_connection_to_sqlite_is_told_the_same(on_sqlite: Storage) -> None:
    wanted = {
        "journal_mode": "wal",
        "synchronous": 2,
        "secure_delete": 1,
        "foreign_keys": 1,
        "busy_timeout": 0,
        "temp_store": 2,
    }
    async with AsyncExitStack() as stack:
        connections = [
            await stack.enter_async_context(on_sqlite.engine.connect()) for _ in range(15)
        ]
        told = [{name: await _pragma(one, name) for name in wanted} for one in connections]

    assert told == [wanted] * 15


async def _pragma(connection: Any, name: str) -> Any:
    return (await connection.exec_driver_sql(f"PRAGMA {name}")).scalar()


@pytest.mark.postgres
async def test_postgres_confirms_only_what_is_on_disk(on_postgres: Storage) -> None:
    async with on_postgres.engine.connect() as connection:
        told = (await connection.exec_driver_sql("SHOW synchronous_commit")).scalar()

    assert told == "on"


async def test_moments_come_back_aware_and_in_utc(storage: Storage) -> None:
    in_delhi = datetime(2026, 12, 1, 15, 30, tzinfo=timezone(timedelta(hours=5, minutes=30)))
    async with storage.begin() as session:
        session.add(Visitor("a", "uk", "2026-12", unreachable_since=in_delhi))
    async with storage.read() as session:
        found = await session.scalar(
            select(Visitor.unreachable_since).where(Visitor.unreachable_since == in_delhi)
        )

    assert found == in_delhi
    assert found is not None
    assert found.tzinfo == UTC


async def test_a_moment_without_a_zone_is_refused(storage: Storage) -> None:
    async with storage.begin() as session:
        session.add(Visitor("a", "uk", "2026-12", unreachable_since=MONDAY.replace(tzinfo=None)))
        with pytest.raises(StatementError, match="needs a time zone"):
            await session.flush()
        await session.rollback()


async def test_the_log_is_scrubbed_when_no_reader_is_in_the_way(storage: Storage) -> None:
    async with storage.begin() as session:
        session.add(Memo("a", "1"))
    async with storage.read() as session:
        await session.scalars(select(Memo))
        async with storage.begin() as writing:
            writing.add(Memo("b", "1"))
        while_read = await asyncio.wait_for(storage.scrub(), 15)

    assert (while_read, await storage.scrub()) == (not storage.on_sqlite, True)


# What does not end in its time


async def test_what_ends_in_time_is_returned_and_kept(storage: Storage) -> None:
    async def work(session: AsyncSession) -> int:
        session.add(Memo("a", "1"))
        return 7

    assert await within(5, storage.begin, work) == 7
    assert await _memos(storage) == ["a"]


async def test_an_endless_statement_is_broken_off_and_rolled_back(storage: Storage) -> None:
    async def work(session: AsyncSession) -> None:
        session.add(Memo("a", "1"))
        await session.flush()
        await session.execute(text(ENDLESS[storage.engine.dialect.name]))

    await _breaks_off(storage, work)


async def test_work_that_is_stuck_elsewhere_is_broken_off_with_whoever_waits_behind_it(
    storage: Storage,
) -> None:
    async def stuck(session: AsyncSession) -> None:
        session.add(Memo("a", "1"))
        await session.flush()
        await asyncio.sleep(60)

    async def behind(session: AsyncSession) -> None:
        session.add(Memo("b", "1"))
        await asyncio.sleep(60)

    # Behind the gate nothing was begun: an outage, after which the same thing may be tried again.
    waits = NotBegunError if storage.on_sqlite else TookTooLongError
    await _breaks_off(storage, stuck, behind, how=[TookTooLongError, waits])
    assert is_outage(waits()) == storage.on_sqlite


async def _breaks_off(
    storage: Storage, *works: Any, how: Sequence[type[Exception]] = (TookTooLongError,)
) -> None:
    began = time.monotonic()
    done = await asyncio.gather(
        *(within(0.2, storage.begin, work) for work in works), return_exceptions=True
    )
    assert [type(one) for one in done] == list(how)
    assert time.monotonic() - began < 8

    async with asyncio.timeout(5), storage.begin() as session:
        session.add(Memo("next", ""))
    assert await _memos(storage) == ["next"]


async def test_an_error_of_the_work_is_its_own(storage: Storage) -> None:
    async def work(session: AsyncSession) -> None:
        await session.execute(select(func.count()).select_from(Memo))
        raise LookupError

    with pytest.raises(LookupError):
        await within(5, storage.begin, work)
