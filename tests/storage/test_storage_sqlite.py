"""What SQLite does in the event loop, and what it must not do there."""

import asyncio
import sqlite3
import time
from collections.abc import Awaitable
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from storage.engine import Storage, within
from storage.sqlite import TookTooLongError
from storage.tables import Memo

COUNTING = (
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000000)"
    " SELECT count(*) FROM n"
)
ENDLESS_CHANGE = (
    "INSERT INTO memos (name, value)"
    " WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n)"
    " SELECT i, '' FROM n WHERE i < 0"
)


async def _memos(storage: Storage) -> list[str]:
    async with storage.read() as session:
        return list(await session.scalars(select(Memo.name).order_by(Memo.name)))


async def _longest_pause(work: Awaitable[Any]) -> tuple[Any, float]:
    """What the work returned, and for how long nobody else had a turn meanwhile."""
    task, longest = asyncio.ensure_future(work), 0.0
    while not task.done():
        began = time.monotonic()
        await asyncio.sleep(0.001)
        longest = max(longest, time.monotonic() - began)
    return await task, longest


async def test_a_long_read_goes_on_without_holding_up_anybody(on_sqlite: Storage) -> None:
    began = time.monotonic()
    async with on_sqlite.read() as session:
        counted, longest = await _longest_pause(session.scalar(text(COUNTING)))
    took = time.monotonic() - began

    assert counted == 2_000_000
    assert longest < took / 2


async def test_a_change_without_end_is_broken_off_and_rolled_back(on_sqlite: Storage) -> None:
    async def work(session: AsyncSession) -> None:
        session.add(Memo("a", "1"))
        await session.flush()
        await session.execute(text(ENDLESS_CHANGE))

    with pytest.raises(TookTooLongError):
        await within(0.2, on_sqlite.begin, work)
    async with on_sqlite.begin() as session:
        session.add(Memo("next", ""))
    assert await _memos(on_sqlite) == ["next"]


async def test_another_process_that_writes_is_waited_for_in_the_loop(on_sqlite: Storage) -> None:
    outsider = sqlite3.connect(on_sqlite.engine.url.database or "", isolation_level=None)
    outsider.execute("BEGIN IMMEDIATE")
    asyncio.get_running_loop().call_later(0.3, outsider.execute, "COMMIT")

    async def write() -> None:
        async with on_sqlite.begin() as session:
            session.add(Memo("a", "1"))

    _, longest = await _longest_pause(write())
    outsider.close()

    assert await _memos(on_sqlite) == ["a"]
    assert longest < 0.2


async def test_a_long_read_nobody_waits_for_any_more_holds_up_nobody_either(
    on_sqlite: Storage,
) -> None:
    async def read() -> None:
        async with on_sqlite.read() as session:
            await session.scalar(text(COUNTING))

    began = time.monotonic()
    reading = asyncio.ensure_future(read())
    await asyncio.sleep(0.1)
    reading.cancel()
    _, longest = await _longest_pause(asyncio.wait({reading}))
    took = time.monotonic() - began

    assert reading.cancelled()
    assert longest < took / 2
