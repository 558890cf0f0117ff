"""Inside the bot's process: names every statement it comes to, and dies at the one it is told."""

import os
import re
import signal
from collections import Counter
from typing import Any

from sqlalchemy import Connection, Engine, Pool, event

_TABLE = re.compile(r"\b(?:FROM|INTO|UPDATE|TABLE|INDEX)\s+(?:ONLY\s+)?(\w+)", re.IGNORECASE)
_LAST = "last statement"


class Passed:
    """The points passed so far, written down one a line before anything happens at them.

    A point is a statement about to be executed, a commit about to be made, or a transaction that
    has just ended. Its name says what for the how-manieth time: `SELECT drafts #2`. Unless armed
    from the start it begins to count at SIGUSR1.
    """

    def __init__(self, told: str, die_at: str, *, armed: bool) -> None:
        self._told = os.open(told, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        self._die_at, self._armed = die_at, armed
        self._times: Counter[str] = Counter()

    def watch(self) -> None:
        signal.signal(signal.SIGUSR1, self._arm)
        event.listen(Engine, "before_cursor_execute", self._statement)
        event.listen(Engine, "commit", self._commit)
        event.listen(Pool, "checkin", self._ended)

    def _arm(self, *_: object) -> None:
        self._armed = True

    def _statement(self, connection: Connection, _cursor: Any, sql: str, *_: Any) -> None:
        name = named(sql)
        connection.info[_LAST] = name
        self._at(name)

    def _commit(self, connection: Connection) -> None:
        self._at(f"commit after {connection.info.get(_LAST)}")

    def _ended(self, _driver: Any, record: Any) -> None:
        # The pool takes a connection back when its transaction is over, and not earlier.
        if last := record.info.pop(_LAST, ""):
            self._at(f"end after {last}")

    def _at(self, what: str) -> None:
        if not self._armed:
            return
        self._times[what] += 1
        name = f"{what} #{self._times[what]}"
        os.write(self._told, f"{name}\n".encode())
        if name == self._die_at:
            os.kill(os.getpid(), signal.SIGKILL)


def named(sql: str) -> str:
    """A statement's first word and its first table."""
    table = _TABLE.search(sql)
    return f"{sql.split(maxsplit=1)[0]} {table[1] if table else ''}".strip()
