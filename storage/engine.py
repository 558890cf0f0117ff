"""The database: one transaction per decision, a gate in front of SQLite's single writer."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Connection, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import DBAPIError, InterfaceError, InvalidRequestError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.ext.asyncio import (
    AsyncEngine,
    AsyncSession,
    async_sessionmaker,
    create_async_engine,
)

from storage.locks import Locks, LocksHere, LocksInPostgres
from storage.vault import Vault

logger = logging.getLogger(__name__)
Result = TypeVar("Result")
_BUSY_SECONDS = 3.0

_PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA secure_delete=ON",
    "PRAGMA foreign_keys=ON",
    "PRAGMA busy_timeout=3000",  # our own writers queue at the gate; this is for outsiders
    "PRAGMA temp_store=MEMORY",
)


class TookTooLongError(Exception):
    """A transaction was broken off because it did not end in its time."""


class Storage:
    """An open database with its keys. ``begin`` writes, ``read`` reads; nobody else commits."""

    def __init__(self, url: str, vault: Vault) -> None:
        self.vault = vault
        self.engine = _engine(url)
        self.on_sqlite = self.engine.dialect.name == "sqlite"
        self.locks: Locks = LocksHere() if self.on_sqlite else LocksInPostgres(url)
        # One asyncio gate in front of SQLite's writers: its own busy waiting is unfair (p99 15 ms
        # against 261 ms without).
        self._gate = asyncio.Lock() if self.on_sqlite else None
        self._reading = self._sessions(self.engine)
        self._writing = self._sessions(self.engine.execution_options(writes=True))

    def _sessions(self, engine: AsyncEngine) -> async_sessionmaker[AsyncSession]:
        return async_sessionmaker(engine, expire_on_commit=False, info={"vault": self.vault})

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[AsyncSession]:
        """A writing transaction: committed at the end, rolled back on any exception."""
        async with self._gate or nullcontext(), self._writing.begin() as session:
            yield session

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncSession]:
        """A reading transaction; whatever is changed in it is forgotten."""
        async with self._reading(autoflush=False) as session:
            yield session

    async def scrub(self) -> bool:
        """Empty SQLite's write-ahead log, so that nothing deleted is left in it.

        False while a reader is in the way: to be asked again. Other ways of checkpointing leave
        deleted words in the file.
        """
        if self._gate is None:
            return True
        async with self._gate, self.engine.connect() as connection:
            raw = await connection.get_raw_connection()
            driver: Any = raw.driver_connection
            cursor = await driver.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            [busy, *_] = await cursor.fetchone()
            await cursor.close()
        return not busy

    async def close(self) -> None:
        await self.locks.close()
        await self.engine.dispose()


async def within(
    seconds: float,
    transaction: Callable[[], AbstractAsyncContextManager[AsyncSession]],
    work: Callable[[AsyncSession], Awaitable[Result]],
) -> Result:
    """Do ``work`` in one transaction; raises TookTooLongError, rolled back, if it does not end.

    Running SQL is never cancelled: a cancelled statement on SQLite keeps the write lock. It is
    interrupted, and the rollback awaited; only what is stuck elsewhere is cancelled after that.
    """
    sessions: list[AsyncSession] = []

    async def run() -> Result:
        async with transaction() as session:
            sessions.append(session)
            return await work(session)

    task = asyncio.ensure_future(run())
    done, _ = await asyncio.wait({task}, timeout=seconds)
    if not done:
        logger.error("a transaction took more than %s seconds", seconds)
        for session in sessions:
            await _interrupt(session)
        done, _ = await asyncio.wait({task}, timeout=_BUSY_SECONDS + 1)
        task.cancel()
        await asyncio.wait({task})
        if task.cancelled() or task.exception() is not None:
            raise TookTooLongError
    return await task


async def _interrupt(session: AsyncSession) -> None:
    try:
        raw = await (await session.connection()).get_raw_connection()
    except (InvalidRequestError, DBAPIError):
        return  # it is not in the middle of a transaction: waiting to begin, or about to end
    driver: Any = raw.driver_connection
    if hasattr(driver, "interrupt"):
        await driver.interrupt()


def is_outage(problem: BaseException) -> bool:
    """Whether the database is away or overloaded, so that the same thing may succeed later."""
    if isinstance(problem, OperationalError | InterfaceError | PoolTimeoutError | OSError):
        return True
    if isinstance(problem, DBAPIError):
        # asyncpg: connection lost, shutting down or starting, resources, deadlock, serialization.
        state = str(getattr(problem.orig, "sqlstate", "") or "")
        return problem.connection_invalidated or state[:2] in {"08", "57", "53", "40"}
    return False


def _engine(url: str) -> AsyncEngine:
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite":
        return create_async_engine(
            parsed, hide_parameters=True, pool_pre_ping=True, pool_size=10, max_overflow=5
        )
    # The driver's own transactions are off (isolation_level=None) and we say BEGIN ourselves: with
    # the default, savepoints outlive a rollback, and a reader that turns writer fails at once.
    _close_to_others(parsed)
    engine = create_async_engine(
        parsed, hide_parameters=True, pool_size=10, connect_args={"isolation_level": None}
    )
    event.listen(engine.sync_engine, "connect", _prepare)
    event.listen(engine.sync_engine, "begin", _say_begin)
    return engine


def _close_to_others(url: URL) -> None:
    """A new database file is for its owner alone; its log and index inherit that."""
    if url.database and url.database != ":memory:":
        Path(url.database).touch(mode=0o600)


def _prepare(connection: Any, record: object) -> None:
    del record
    cursor = connection.cursor()
    for pragma in _PRAGMAS:
        cursor.execute(pragma)
    cursor.close()


def _say_begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
