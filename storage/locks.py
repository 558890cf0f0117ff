"""One person, one thing at a time: a lock by key, within this process or across several."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Protocol

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from storage.forking import open_anew_in_children


class Locks(Protocol):
    """Whoever holds a key's lock is alone with that person until the screen is shown."""

    def hold(self, key: str) -> AbstractAsyncContextManager[None]: ...

    async def close(self) -> None: ...


@dataclass(slots=True)
class _Turn:
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    waiting: int = 0


class LocksHere:
    """For one process; a lock nobody waits for is forgotten."""

    def __init__(self) -> None:
        self._turns: dict[str, _Turn] = {}

    @asynccontextmanager
    async def hold(self, key: str) -> AsyncIterator[None]:
        turn = self._turns.setdefault(key, _Turn())
        turn.waiting += 1
        try:
            async with turn.lock:
                yield
        finally:
            turn.waiting -= 1
            if not turn.waiting:
                self._turns.pop(key, None)

    async def close(self) -> None:
        self._turns.clear()


class LocksInPostgres:
    """For several processes: session-level advisory locks from a small pool of their own.

    A transaction-level lock would end before the screen is shown; a shared pool would starve the
    very people who hold a lock. A connection whose unlock did not succeed is thrown away.
    """

    def __init__(self, url: str) -> None:
        self._here = LocksHere()
        made = create_async_engine(
            url, isolation_level="AUTOCOMMIT", pool_size=10, max_overflow=20, pool_pre_ping=True
        )
        self._engine = open_anew_in_children(made)

    @asynccontextmanager
    async def hold(self, key: str) -> AsyncIterator[None]:
        number = int.from_bytes(blake2b(key.encode(), digest_size=8).digest(), signed=True)
        async with self._here.hold(key), self._engine.connect() as connection:
            try:
                await connection.execute(text("SELECT pg_advisory_lock(:n)"), {"n": number})
            except BaseException:
                await connection.invalidate()  # nobody knows whether it got the lock
                raise
            try:
                yield
            finally:
                await _unlock(connection, number)

    async def close(self) -> None:
        await self._engine.dispose()


async def _unlock(connection: AsyncConnection, number: int) -> None:
    try:
        done = await connection.scalar(text("SELECT pg_advisory_unlock(:n)"), {"n": number})
    except BaseException:
        await connection.invalidate()
        raise
    if not done:
        await connection.invalidate()
