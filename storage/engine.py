"""The database: one transaction per decision, a gate in front of SQLite's single writer."""

import asyncio
import logging
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from functools import partial
from pathlib import Path
from time import monotonic
from typing import Any, TypeVar

from sqlalchemy import Connection, event
from sqlalchemy.dialects import registry
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import DBAPIError, InterfaceError, InvalidRequestError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.ext.asyncio import (
    AsyncEngine,
    AsyncSession,
    async_sessionmaker,
    create_async_engine,
)

from storage.books import Shelf
from storage.forking import open_anew_in_children
from storage.locks import Locks, LocksHere, LocksInPostgres
from storage.sqlite import BUSY_SECONDS, DEADLINE, Here, TookTooLongError, aside
from storage.vault import Vault

logger = logging.getLogger(__name__)
Result = TypeVar("Result")

_PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA secure_delete=ON",
    "PRAGMA foreign_keys=ON",
    "PRAGMA temp_store=MEMORY",
    "PRAGMA busy_timeout=0",  # from here on it is the event loop that waits, see storage.sqlite
)


_GATE_SECONDS = 2.5  # with waiting for other processes' locks less than a view is given
_POOL_SECONDS = 2.5


class NotBegunError(OSError):
    """Others kept the database busy for so long that nothing was begun: an outage."""


class Storage:
    """An open database with its keys. ``begin`` writes, ``read`` reads; nobody else commits."""

    def __init__(self, url: str, vault: Vault) -> None:
        self.vault = vault
        self.engine = open_anew_in_children(_engine(url))
        self.on_sqlite = self.engine.dialect.name == "sqlite"
        self.locks: Locks = LocksHere() if self.on_sqlite else LocksInPostgres(url)
        # One asyncio gate in front of SQLite's writers: its own busy waiting is unfair (p99 15 ms
        # against 261 ms without).
        self._gate = asyncio.Lock() if self.on_sqlite else None
        self._shelf = Shelf()
        self._reading = self._sessions(self.engine)
        self._writing = self._sessions(self.engine.execution_options(writes=True))

    def _sessions(self, engine: AsyncEngine) -> async_sessionmaker[AsyncSession]:
        info = {"vault": self.vault, "shelf": self._shelf}
        return async_sessionmaker(engine, expire_on_commit=False, info=info)

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[AsyncSession]:
        """A writing transaction: committed at the end, rolled back on any exception."""
        async with self._turn(), self._opened(self._writing()) as session:
            yield session
            await session.commit()

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncSession]:
        """A reading transaction; whatever is changed in it is forgotten."""
        async with self._opened(self._reading(autoflush=False)) as session:
            yield session

    @asynccontextmanager
    async def _opened(self, session: AsyncSession) -> AsyncIterator[AsyncSession]:
        try:
            yield session
        finally:
            if self.on_sqlite:
                await session.close()  # nothing in it waits, so nobody can break it off
            else:
                await asyncio.shield(session.close())

    @asynccontextmanager
    async def _turn(self) -> AsyncIterator[None]:
        if self._gate is None:
            yield
            return
        try:
            async with asyncio.timeout(_GATE_SECONDS):
                await self._gate.acquire()
        except TimeoutError as busy:
            raise NotBegunError from busy
        try:
            yield
        finally:
            self._gate.release()

    async def scrub(self) -> bool:
        """Empty SQLite's write-ahead log, so that nothing deleted is left in it.

        False while a reader is in the way: to be asked again. Other ways of checkpointing leave
        deleted words in the file.
        """
        if self._gate is None:
            return True
        async with self._turn(), self.engine.connect() as connection:
            raw = await connection.get_raw_connection()
            driver: Any = raw.driver_connection
            [busy, *_] = await aside(partial(_checkpoint, driver))
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
        DEADLINE.set(monotonic() + seconds)
        async with transaction() as session:
            sessions.append(session)
            return await work(session)

    task = asyncio.ensure_future(run())
    done, _ = await asyncio.wait({task}, timeout=seconds)
    if not done:
        logger.error("a transaction took more than %s seconds", seconds)
        for session in sessions:
            await _interrupt(session)
        done, _ = await asyncio.wait({task}, timeout=BUSY_SECONDS + 1)
        task.cancel()
        await asyncio.wait({task})
        if task.cancelled() or _is_broken_off(task.exception()):
            raise TookTooLongError
    return await task


async def _interrupt(session: AsyncSession) -> None:
    try:
        raw = await (await session.connection()).get_raw_connection()
    except (InvalidRequestError, DBAPIError):
        return  # it is not in the middle of a transaction: waiting to begin, or about to end
    driver: Any = raw.driver_connection
    if hasattr(driver, "interrupt"):
        driver.interrupt()


def _is_broken_off(problem: BaseException | None) -> bool:
    return getattr(_told_by_sqlite(problem), "sqlite_errorcode", 0) == sqlite3.SQLITE_INTERRUPT


def _told_by_sqlite(problem: BaseException | None) -> object:
    return problem.orig if isinstance(problem, DBAPIError) else None


def is_outage(problem: BaseException) -> bool:
    """Whether the database is away or overloaded, so that the same thing may succeed later.

    Without memory nothing can be kept either: it is not the update that is wrong.
    """
    away = (OperationalError, InterfaceError, PoolTimeoutError, OSError, MemoryError)
    if isinstance(problem, away):
        return True
    if isinstance(problem, DBAPIError):
        # asyncpg: shutting down or starting, out of resources.
        damaged = type(problem.orig) is sqlite3.DatabaseError  # "malformed", "not a database"
        return damaged or is_passing(problem) or _sqlstate(problem)[:2] in {"57", "53"}
    return False


def is_passing(problem: BaseException) -> bool:
    """Whether the same thing will probably succeed at once: others were faster, a line was cut."""
    if not isinstance(problem, DBAPIError):
        return False
    # Connection lost; serialization failure and deadlock; our session was ended.
    state = _sqlstate(problem)
    return problem.connection_invalidated or state[:2] in {"08", "40"} or state == "57P01"


def _sqlstate(problem: DBAPIError) -> str:
    return str(getattr(problem.orig, "sqlstate", "") or "")


def _engine(url: str) -> AsyncEngine:
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite":
        return create_async_engine(
            parsed,
            hide_parameters=True,
            pool_pre_ping=True,
            pool_size=10,
            max_overflow=5,
            pool_timeout=_POOL_SECONDS,
        )
    # The driver's own transactions are off (isolation_level=None) and we say BEGIN ourselves: with
    # the default, savepoints outlive a rollback, and a reader that turns writer fails at once.
    _close_to_others(parsed)
    registry.register("sqlite.here", "storage.sqlite", "Dialect")
    engine = create_async_engine(
        parsed.set(drivername="sqlite+here"),
        hide_parameters=True,
        pool_size=10,
        pool_timeout=_POOL_SECONDS,
        connect_args={"isolation_level": None, "timeout": BUSY_SECONDS, "factory": Here},
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
    for pragma in _PRAGMAS:
        connection.execute(pragma).close()
    connection.mind_the_clock()


def _checkpoint(connection: Any) -> Any:
    return connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()


def _say_begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
