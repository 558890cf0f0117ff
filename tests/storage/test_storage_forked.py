"""A process that was split off opens its own connections, and leaves its parent's alone."""

import asyncio
import os
import signal
from collections.abc import Awaitable, Callable
from typing import Any

from sqlalchemy import select, text

from storage.engine import Storage
from storage.tables import Memo


async def _connection(storage: Storage) -> tuple[object, object]:
    """The connection a reader is given, and the number of the server's process behind it."""
    async with storage.read() as session:
        raw = await (await session.connection()).get_raw_connection()
        server = 0 if storage.on_sqlite else await session.scalar(text("SELECT pg_backend_pid()"))
        return raw.driver_connection, server


def _in_a_child(work: Callable[[], Awaitable[str]]) -> str:
    """What the work says when a child does it."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        signal.alarm(20)  # whoever waits on a connection that is not its own waits for ever
        said = "nothing"
        try:
            said = asyncio.run(_awaited(work))
        except BaseException as broken:  # noqa: BLE001  # the child must not go on as a second test run
            said = repr(broken)
        finally:
            os.write(writing, said.encode())
            os._exit(0)
    os.close(writing)
    os.waitpid(child, 0)
    with os.fdopen(reading) as told:
        return told.read()


async def _awaited(work: Callable[[], Awaitable[str]]) -> str:
    return await work()


async def test_after_a_fork_each_process_has_connections_of_its_own(storage: Storage) -> None:
    ours, server = await _connection(storage)

    async def look() -> str:
        theirs, other_server = await _connection(storage)
        async with storage.begin() as session:
            session.add(Memo("child", "was here"))
        same_server = server == other_server and not storage.on_sqlite
        return f"same connection: {theirs is ours}, same server: {same_server}"

    said = _in_a_child(look)
    again: Any = await _connection(storage)
    async with storage.read() as session:
        noted = await session.scalar(select(Memo.value).where(Memo.name == "child"))

    assert said == "same connection: False, same server: False"
    assert again == (ours, server)
    assert noted == "was here"
