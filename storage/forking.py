"""What becomes of open connections when a process splits: they stay the parent's."""

import os
import weakref

from sqlalchemy.ext.asyncio import AsyncEngine


def open_anew_in_children(engine: AsyncEngine) -> AsyncEngine:
    """The engine, which in a child begins without connections and never touches its parent's.

    A connection carried across a fork would speak in between (PostgreSQL), or break the parent's
    locks (SQLite). Asked for at the fork itself, it costs nothing when a connection is used.
    """
    known = weakref.ref(engine.sync_engine)

    def forget() -> None:
        there = known()
        if there is not None:
            there.dispose(close=False)

    os.register_at_fork(after_in_child=forget)
    return engine
