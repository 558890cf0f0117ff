"""SQLite spoken to from the event loop itself: a thread only where it may have to wait.

A read of a few pages takes SQLite less time than handing it to a thread and back, so statements
run where they are asked for. Three things must not happen there: waiting for the disk (COMMIT is
handed to a thread), waiting for another process's lock (the loop asks again later), and a
statement without end (a long read moves to a thread, a long change is broken off in time).
"""

import asyncio
import sqlite3
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from itertools import islice
from time import monotonic
from typing import Any, TypeVar

from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.engine import URL
from sqlalchemy.pool import AsyncAdaptedQueuePool
from sqlalchemy.util.concurrency import await_

Result = TypeVar("Result")

DEADLINE: ContextVar[float] = ContextVar("deadline", default=float("inf"))
"""Until when, on the monotonic clock, a change to the database may go on in the loop."""

BUSY_SECONDS = 2.0
_ASK_AGAIN_SECONDS = 0.005
_READ_SECONDS = 0.05
_STEPS = 20_000  # of SQLite's machine between two looks at the clock: well under a millisecond


class TookTooLongError(Exception):
    """A transaction was broken off because it did not end in its time."""


async def aside(work: Callable[[], Result]) -> Result:
    """Do something in a thread. Even if nobody waits any more, it is over when this ends."""
    working = asyncio.get_running_loop().run_in_executor(None, work)
    try:
        return await asyncio.shield(working)
    finally:
        if not working.done():
            await asyncio.wait({working})


class Here(sqlite3.Connection):
    """A connection that looks at the clock while it works."""

    until = float("inf")

    def mind_the_clock(self) -> None:
        self.set_progress_handler(self._is_late, _STEPS)

    def _is_late(self) -> bool:
        return monotonic() > self.until

    def cursor(self, factory: Any = None) -> "Rows":  # type: ignore[override]  # always ours
        return super().cursor(factory or Rows)


class Rows(sqlite3.Cursor):
    """A cursor that has read all its rows when it has executed: nothing is left to wait for."""

    connection: Here
    _read: Iterator[Any] = iter(())

    def run(self, statement: str, parameters: Any, until: float) -> None:
        self.connection.until = until
        try:
            super().execute(statement, parameters)
            self._read = iter(super().fetchall())
        finally:
            self.connection.until = float("inf")

    def fetchone(self) -> Any:
        return next(self._read, None)

    def fetchmany(self, size: int | None = None) -> list[Any]:
        return list(islice(self._read, size or self.arraysize))

    def fetchall(self) -> list[Any]:
        return list(self._read)

    async def _async_soft_close(self) -> None:
        """Asked for by SQLAlchemy of every asynchronous cursor."""


class Dialect(SQLiteDialect_pysqlite):
    """SQLAlchemy's own dialect, asked from an ``AsyncEngine``."""

    driver = "here"
    is_async = True
    supports_statement_cache = True

    @classmethod
    def get_pool_class(cls, url: URL) -> type[AsyncAdaptedQueuePool]:
        del url
        return AsyncAdaptedQueuePool

    def do_execute(
        self, cursor: Any, statement: str, parameters: Any, context: object = None
    ) -> None:
        del context
        await_(_at_once())  # SQLAlchemy insists that an asynchronous driver is awaited at all
        patience = monotonic() + BUSY_SECONDS
        while True:
            try:
                return _run(cursor, statement, parameters)
            except sqlite3.OperationalError as refused:
                if not _is_busy(refused) or monotonic() > patience:
                    raise
            await_(asyncio.sleep(_ASK_AGAIN_SECONDS))

    def do_commit(self, dbapi_connection: Any) -> None:
        if dbapi_connection.in_transaction:
            await_(aside(dbapi_connection.commit))


async def _at_once() -> None: ...


def _run(cursor: Rows, statement: str, parameters: Any) -> None:
    reads = statement.startswith(("SELECT", "WITH"))
    until = monotonic() + _READ_SECONDS if reads else DEADLINE.get()
    try:
        cursor.run(statement, parameters, until)
    except sqlite3.OperationalError as broken_off:
        if broken_off.sqlite_errorcode != sqlite3.SQLITE_INTERRUPT:
            raise
        if not reads:
            raise TookTooLongError from broken_off
        await_(aside(lambda: cursor.run(statement, parameters, float("inf"))))


def _is_busy(refused: sqlite3.OperationalError) -> bool:
    """Another process has the lock. A reader who would write is refused for good (517)."""
    return refused.sqlite_errorcode == sqlite3.SQLITE_BUSY
