"""The n-th statement of a booking fails, for every n: rolled back, tried again, and booked once."""

import asyncio
import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Engine, event, update
from sqlalchemy.exc import OperationalError

from dialogs.legal import Book
from storage.tables import Appointment, AppointmentState
from tests.catalogue.house import House, house
from tests.databases import Grounds

LAST = 48
"""A booking has 18 statements of its own; then come showing, wording, sending, noting."""

TOWNS = 6

Failure = Callable[[], Exception]


def _locked() -> Exception:
    refused = sqlite3.OperationalError("database is locked")
    refused.sqlite_errorcode = sqlite3.SQLITE_BUSY_SNAPSHOT  # the one that is no use waiting for
    return refused


def _torn() -> Exception:
    refused = sqlite3.OperationalError("disk I/O error")
    refused.sqlite_errorcode = sqlite3.SQLITE_IOERR_WRITE
    return refused


def _broken_rule() -> Exception:
    refused = sqlite3.IntegrityError("CHECK constraint failed")
    refused.sqlite_errorcode = sqlite3.SQLITE_CONSTRAINT_CHECK
    return refused


@dataclass
class Statements:
    """Counts what is said to the database; the ``fails_at``-th is refused by it."""

    failure: Failure = Exception
    fails_at: int = 0
    said: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)

    def watch(self, engine: Engine) -> None:
        event.listen(engine, "do_execute", self._statement)
        event.listen(engine, "commit", self._commit)

    def _statement(self, _cursor: Any, sql: str, *_: Any) -> None:
        self._at(sql)

    def _commit(self, _connection: Any) -> None:
        try:
            self._at("COMMIT")
        except sqlite3.Error as refused:
            # Where the driver would have been asked, SQLAlchemy wraps its errors like this.
            raise OperationalError("COMMIT", {}, refused) from refused

    def _at(self, sql: str) -> None:
        self.said.append(sql)
        if len(self.said) == self.fails_at:
            self.failed.append(sql)
            raise self.failure()


async def _book_and_cancel(here: House, statements: Statements, fails_at: int) -> list[str]:
    """Books while that statement fails, looks at the books, and cancels. What is wrong."""
    await here.about_to_book("Olena", first=not statements.said)
    statements.said.clear()
    statements.fails_at = fails_at
    here.begins("Olena", Book)
    await here.until_quiet()
    statements.fails_at = 0
    wrong = [f"{one}, after {fails_at} failed" for one in await here.faults(booked=1)]
    async with here.world.app.storage.begin() as session:
        await session.execute(update(Appointment).values(state=AppointmentState.CANCELLED))
    return wrong


async def _all_of(grounds: Grounds, failures: Sequence[tuple[int, Failure]]) -> list[str]:
    """A town of its own, in which these statements fail, one a booking."""
    statements = Statements()
    wrong = []
    async with house(grounds, "sqlite") as here:
        statements.watch(here.world.app.storage.engine.sync_engine)
        for number, failure in failures:
            statements.failure = failure
            wrong += await _book_and_cancel(here, statements, number)
    assert len(statements.failed) == len(failures)
    return wrong


async def test_whichever_statement_fails_a_booking_is_made_once_and_confirmed_once(
    grounds: Grounds,
) -> None:
    kinds = (_locked, _torn, _broken_rule)
    failures = [(n, kinds[n % 3]) for n in range(1, LAST + 1)]
    async with grounds.database("sqlite"):  # built before all ask for it at once
        pass

    wrong = await asyncio.gather(*(_all_of(grounds, failures[at::TOWNS]) for at in range(TOWNS)))

    assert wrong == [[]] * TOWNS
