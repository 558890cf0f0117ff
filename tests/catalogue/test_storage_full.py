"""No room is left: what cannot be kept is not said to be, and all goes on when there is room."""

import asyncio
import contextlib
import resource
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, select, text
from sqlalchemy.exc import OperationalError

from dialogs.first import Grown, Nameless
from dialogs.legal import Book, Days, Hold, Times
from dialogs.welcome import Speak
from storage.tables import Appointment, AppointmentState
from tests.catalogue.house import House, house
from tests.databases import Grounds
from tests.kill.people import Notebook, Someone, dice
from tests.kill.scene import Scene, opened

ROOM = 4096
"""So many bytes every file may have; all of ours are larger already."""


# Case 60: the disk of a whole program is full, its log too, and there is no folder for temporary
# files. SQLite keeps those in memory.


@contextmanager
def _no_room(pid: int) -> Iterator[None]:
    usual = resource.prlimit(pid, resource.RLIMIT_FSIZE, (ROOM, resource.RLIM_INFINITY))
    try:
        yield
    finally:
        resource.prlimit(pid, resource.RLIMIT_FSIZE, usual)


async def _until_booked(scene: Scene) -> int:
    """How many are booked; waits for the first."""
    booked = select(Appointment).where(Appointment.state == AppointmentState.BOOKED)
    async with asyncio.timeout(30):
        while True:
            async with scene.storage.read() as session:
                if found := (await session.scalars(booked)).all():
                    return len(found)
            await asyncio.sleep(0.05)


async def test_a_full_disk_is_survived_with_nothing_lost(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("TMPDIR", "SQLITE_TMPDIR"):
        monkeypatch.setenv(name, str(tmp_path / "no-such-folder"))
    (tmp_path / "bot0.log").symlink_to("/dev/full")
    async with opened(tmp_path) as scene:
        await scene.lives.begin()
        olena = scene.sandbox.town.add_person("Olena", "bg").id
        one = Someone(scene.sandbox, olena, Notebook(), dice(1))
        await one.write("/start")
        for step in (Speak, Days, Times, Hold, Grown, Nameless):
            await one.press(step)
        with _no_room(scene.lives.pid or 0):
            screen = one.screen()
            assert screen is not None
            scene.sandbox.town.press(olena, screen.message_id, data=one.sees(Book)[0])
            await asyncio.sleep(2)
            waiting = len(scene.sandbox.town.bot.mailbox.queue)
        booked = await _until_booked(scene)
        await scene.sandbox.idle()
        code = await scene.lives.end(signal.SIGTERM)
        async with scene.storage.read() as session:
            sound = await session.scalar(text("PRAGMA integrity_check"))

    assert (waiting, booked, code, sound) == (1, 1, 0, "ok")


# The database alone may not grow

ANYTHING = "INSERT INTO memos SELECT 'full ' || :n, printf('%.4000c', 'x')"
LIKE_THE_LAST_UPDATE = """
    INSERT INTO handled (update_id, presser, serial, page, handled_at)
    SELECT -:n, presser, printf('%.*c', length(serial), 'x') || :n, page, handled_at
    FROM handled WHERE serial IS NOT NULL ORDER BY id DESC LIMIT 1
"""


class _Lid:
    """While it is on, no connection may make the file larger."""

    def __init__(self, here: House) -> None:
        self.pages = 0
        event.listen(here.world.app.storage.engine.sync_engine, "begin", self._say)

    def _say(self, connection: Any) -> None:
        connection.exec_driver_sql(f"PRAGMA max_page_count = {self.pages or 2**30}")

    async def put_on(self, here: House) -> None:
        """What room there still is within the file is used up, down to that for one more update."""
        self.pages = 1  # SQLite takes the number of pages there are, if that is more
        for statement in (ANYTHING, LIKE_THE_LAST_UPDATE):
            with contextlib.suppress(OperationalError):
                for number in range(1000):
                    async with here.world.app.storage.begin() as session:
                        await session.execute(text(statement), {"n": number})


async def test_a_full_database_refuses_and_telegram_brings_the_update_again(
    grounds: Grounds,
) -> None:
    async with house(grounds, "sqlite", webhook=True) as here:
        await here.about_to_book("Olena")
        lid = _Lid(here)
        await lid.put_on(here)
        here.begins("Olena", Book)
        refused = await here.until(lambda: here.world.sandbox.webhook.last_error is not None)
        meanwhile = await here.faults(booked=0)
        lid.pages = 0
        await here.until_quiet()

        assert (refused, meanwhile) == (True, ["not confirmed to Telegram"])
        assert here.was_told_to_wait("Olena")
        assert await here.faults(booked=1) == []
