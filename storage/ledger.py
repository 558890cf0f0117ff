"""How deliveries went, written with patience; what comes while the disk is busy goes together."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession

from storage.engine import Storage, is_outage

Note = Callable[[AsyncSession], Awaitable[None]]

_PAUSES = (0.1, 0.5, 2.0, None)  # together less than a lease lasts

logger = logging.getLogger(__name__)


@dataclass(slots=True, eq=False)
class _Entry:
    note: Note
    failed: Exception | None = None


class Ledger:
    """Nobody waits for company: whoever comes alone is written at once.

    SQLite makes each transaction wait for the disk, one after the other. PostgreSQL writes side by
    side and gathers its own commits; there each note keeps its rows to itself.
    """

    def __init__(self, storage: Storage) -> None:
        self._storage = storage
        self._waiting: set[_Entry] = set()
        self._turn = asyncio.Lock()
        self._closing = False

    def close(self) -> None:
        """From now on nothing is tried twice: somebody waits for us to stop."""
        self._closing = True

    async def write(self, note: Note) -> None:
        """Return when it is on the disk, after some tries: what is not noted goes out once more."""
        for pause in _PAUSES:
            try:
                await self._once(_Entry(note))
            except (SQLAlchemyError, OSError) as away:
                if self._closing or pause is None:
                    raise
                logger.warning("the outbox cannot be written: %s", type(away).__name__)
                await asyncio.sleep(pause)
            else:
                return

    async def _once(self, mine: _Entry) -> None:
        if self._storage.on_sqlite:
            await self._with_others(mine)
        else:
            await self._try([mine])
        if mine.failed is not None:
            raise mine.failed

    async def _with_others(self, mine: _Entry) -> None:
        """Whoever has the turn writes for everybody who waits."""
        self._waiting.add(mine)
        try:
            async with self._turn:
                if mine in self._waiting:
                    together = tuple(self._waiting)
                    await self._try(together)
                    self._waiting.difference_update(together)
        finally:
            self._waiting.discard(mine)

    async def _try(self, together: Sequence[_Entry]) -> None:
        try:
            async with self._storage.begin() as session:
                for one in together:
                    await one.note(session)
        except Exception as failed:  # noqa: BLE001  # it is raised where the note was asked for
            if len(together) > 1 and not is_outage(failed):
                for one in together:  # one that cannot be written takes no other with it
                    await self._try([one])
                return
            for one in together:
                one.failed = failed
