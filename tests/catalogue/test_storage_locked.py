"""The database is taken by somebody else, or too many ask at once: all wait, none is forgotten."""

import asyncio
import sqlite3
from collections.abc import Iterator
from contextlib import AsyncExitStack, ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import ExceptionContext, event, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from bot.middleware import VIEW_SECONDS
from dialogs.legal import Book
from storage.engine import Storage, is_outage, within
from storage.tables import Memo
from storage.vault import Vault
from tests.catalogue.house import House, house
from tests.databases import BOTH, Grounds

LOCKED_SECONDS = 10.0
VISITORS = ("Olena", "Omar", "Farida")


@contextmanager
def locked(file: Path) -> Iterator[None]:
    """A colleague at the shell has begun to write, and thinks."""
    outsider = sqlite3.connect(file, isolation_level=None)
    outsider.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        outsider.execute("ROLLBACK")
        outsider.close()


# Case 59: SQLite locked by an outsider


async def _locked_for_long(here: House) -> dict[str, Any]:
    """Three people book while the database is locked. What was seen meanwhile and afterwards."""
    codes: set[int] = set()

    def refused(problem: ExceptionContext) -> None:
        if isinstance(problem.original_exception, sqlite3.Error):
            codes.add(problem.original_exception.sqlite_errorcode)

    for name in VISITORS:
        await here.about_to_book(name)
    event.listen(here.world.app.storage.engine.sync_engine, "handle_error", refused)
    with locked(here.file):
        for name in VISITORS:
            here.begins(name, Book)
        await asyncio.sleep(LOCKED_SECONDS)
        told = here.was_told_to_wait("Olena")
        waiting = len(here.world.sandbox.town.bot.mailbox.queue)
    await here.until_quiet()
    hook = here.world.sandbox.webhook.last_error
    return {
        "told": told,
        "waiting": waiting,
        "503": hook is not None and "503" in hook[1],
        "codes": codes,
        "faults": await here.faults(booked=len(VISITORS)),
    }


async def test_a_lock_of_ten_seconds_is_waited_for_and_nothing_is_lost(grounds: Grounds) -> None:
    async with (
        house(grounds, "sqlite") as polling,
        house(grounds, "sqlite", webhook=True) as brought,
    ):
        seen = list(await asyncio.gather(_locked_for_long(polling), _locked_for_long(brought)))

    wanted: dict[str, Any] = {
        "told": True,
        "waiting": len(VISITORS),
        "codes": {sqlite3.SQLITE_BUSY},
        "faults": [],
    }
    assert seen == [{**wanted, "503": False}, {**wanted, "503": True}]


async def test_while_the_database_is_locked_we_can_be_stopped_in_good_order(
    grounds: Grounds,
) -> None:
    with ExitStack() as outsider:
        async with house(grounds, "sqlite") as here:
            outsider.enter_context(locked(here.file))
            here.world.app.stop()

    assert here.world.app.postman.lease.fence is not None


# Who could not even begin


async def _stand_in_line(storage: Storage, people: int) -> list[bool]:
    """So many want to write: whether each was told of an outage."""

    async def write(session: AsyncSession) -> None:
        await session.execute(select(Memo))

    refusals = await asyncio.gather(
        *(within(VIEW_SECONDS, storage.begin, write) for _ in range(people)), return_exceptions=True
    )
    return [isinstance(one, BaseException) and is_outage(one) for one in refusals]


async def test_whoever_waits_behind_a_locked_database_has_met_an_outage_not_a_slow_view(
    grounds: Grounds, vault: Vault
) -> None:
    async with grounds.database("sqlite") as url:
        storage = Storage(url, vault)
        with locked(Path(url.partition("///")[2])):
            outages = await _stand_in_line(storage, 4)
        async with asyncio.timeout(5), storage.begin() as session:
            session.add(Memo("a", "next"))
        await storage.close()

    assert outages == [True] * 4


# Case 68: the pool is exhausted


async def _read_all_at_once(storage: Storage, stack: AsyncExitStack) -> int:
    """Slow readers take every connection there is."""
    pool: Any = storage.engine.pool
    most = int(pool.size() + pool._max_overflow)
    for _ in range(most):
        session = await stack.enter_async_context(storage.read())
        await session.execute(text("SELECT 1"))
    return most


async def test_without_a_free_connection_everybody_is_told_of_an_outage_and_nobody_hangs(
    storage: Storage,
) -> None:
    async def read(session: AsyncSession) -> None:
        await session.execute(select(Memo))

    async with AsyncExitStack() as stack, asyncio.timeout(20):
        await _read_all_at_once(storage, stack)
        refusals = await asyncio.gather(
            *(within(VIEW_SECONDS, storage.read, read) for _ in range(5)), return_exceptions=True
        )
    async with asyncio.timeout(5), storage.read() as session:
        found = (await session.scalars(select(Memo.name))).all()

    assert [isinstance(one, BaseException) and is_outage(one) for one in refusals] == [True] * 5
    assert found == []


@pytest.mark.parametrize("kind", BOTH)
async def test_who_comes_while_all_connections_are_taken_is_served_when_one_is_free(
    grounds: Grounds, kind: str
) -> None:
    async with house(grounds, kind) as here:
        await here.about_to_book("Olena")
        async with AsyncExitStack() as stack:
            await _read_all_at_once(here.world.app.storage, stack)
            here.begins("Olena", Book)
            await asyncio.sleep(1)
            waiting = len(here.world.sandbox.town.bot.mailbox.queue)
        await here.until_quiet()

        assert waiting == 1
        assert await here.faults(booked=1) == []
