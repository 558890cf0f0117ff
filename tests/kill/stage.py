"""One act, played again and again from the same beginning, with a death at each point in turn."""

import asyncio
import os
import shutil
import signal
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic
from typing import Any

import asyncpg  # type: ignore[import-untyped]  # it ships no types
from sqlalchemy import select

from storage import people
from storage.tables import Slot
from tests.kill.lives import KILLED
from tests.kill.scene import Scene

_PATIENCE = 20.0
_LEAVES_NOTHING = ("SELECT", "BEGIN", "end after SELECT", "commit after SELECT", "end after BEGIN")


@dataclass(frozen=True, slots=True)
class Act:
    """What a person is about to press, or to write; in a chat of their own or in a group."""

    person: int
    data: str = ""
    words: str = ""
    reply_to: int | None = None
    chat: int | None = None


@dataclass(frozen=True, slots=True)
class Story:
    """``begin`` brings a living bot and its town to the act; ``faults`` says what went wrong.

    It is asked when the bot has just died (``is_over`` is False), where what was not committed may
    not have been said; and at the end, when everything must have happened once.
    """

    name: str
    begin: Callable[[Scene], Awaitable[Act]]
    faults: Callable[["Played", bool], Awaitable[list[str]]]


@dataclass(frozen=True, slots=True)
class Played:
    """The scene after the act; Telegram's ledger from the act on is ``calls``.

    Words have no ``query`` that could be answered.
    """

    scene: Scene
    act: Act
    query: str
    since: int
    point: str

    @property
    def calls(self) -> list[Any]:
        return self.scene.sandbox.town.ledger[self.since :]


@dataclass
class Stage:
    scene: Scene
    story: Story
    act: Act
    unreached: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    _times: Counter[str] = field(default_factory=Counter)
    _passed: list[str] = field(default_factory=list)
    _die_at: str = ""
    _armed: bool = False

    def __post_init__(self) -> None:
        self._told = self.scene.folder / "points"
        self._called = asyncio.Event()
        self.scene.sandbox.on_call(self._at_call)

    async def points(self) -> list[str]:
        """Play the act to its end, and name every point it passes.

        Reading leaves nothing behind: to die at a read is to die at the next write.
        """
        self._told.write_text("")
        await self._play("")
        told = self._told.read_text().splitlines()
        return [*(one for one in told if not one.startswith(_LEAVES_NOTHING)), *self._passed]

    async def die_at(self, point: str) -> None:
        """Die there, live again, and note what is wrong."""
        await self._play(point)

    # One performance

    async def _play(self, point: str) -> None:
        await restore(self.scene)
        await self._rise(point)
        played = self._press(point)
        died = await self._until_dead_or_quiet(played)
        if died:
            self.scene.lives.kills += 1
            await self.scene.lives.note_doubtful()
            await self._note(played, is_over=False)
            await self.scene.lives.hurry()
            await self.scene.lives.begin()
            await self._until_quiet(played)
        elif point:
            self.unreached.append(point)
        with suppress(ProcessLookupError):  # it may come to its point when all is quiet already
            self.scene.lives.tell(signal.SIGKILL)
        await self.scene.lives.ended()
        await self._note(played, is_over=True)
        self._take_back()

    async def _rise(self, point: str) -> None:
        self._times.clear()
        self._passed.clear()
        self._called.clear()
        self._die_at = point
        await self.scene.lives.begin(points=str(self._told), die_at=point)
        async with asyncio.timeout(_PATIENCE):
            await self._called.wait()
        self.scene.lives.tell(signal.SIGUSR1)
        self._armed = True

    def _press(self, point: str) -> Played:
        town, act = self.scene.sandbox.town, self.act
        since, query = len(town.ledger), ""
        if act.words:
            town.type(act.person, act.words, reply_to=act.reply_to)
        else:
            message = town.messages(act.chat or act.person)[-1]
            query = town.press_forged(act.person, message.message_id, act.data, chat_id=act.chat)
        return Played(self.scene, act, query, since, point)

    def _at_call(self, method: str, _: dict[str, Any], moment: str) -> None:
        if method == "setMyCommands":
            self._called.set()  # the bot has opened for business
        if not self._armed or "My" in method:
            return  # signs are put up beside everything else, and harm nobody
        self._times[f"{method} {moment}"] += 1
        name = f"{method} {moment} #{self._times[f'{method} {moment}']}"
        self._passed.append(name)
        if name == self._die_at and self.scene.lives.pid is not None:
            os.kill(self.scene.lives.pid, signal.SIGKILL)

    async def _until_dead_or_quiet(self, played: Played) -> bool:
        dead = asyncio.ensure_future(self.scene.lives.ended())
        quiet = asyncio.ensure_future(self._until_quiet(played))
        await asyncio.wait({dead, quiet}, return_when=asyncio.FIRST_COMPLETED)
        self._armed = False
        quiet.cancel()
        with suppress(asyncio.CancelledError):
            await quiet
        died = dead.done()
        if died:
            assert await dead == KILLED, f"{played.point}: the bot stopped by itself"
        dead.cancel()
        return died

    async def _until_quiet(self, played: Played) -> None:
        """The act was answered and confirmed, everything was delivered, the log scrubbed."""
        until = monotonic() + _PATIENCE
        town = self.scene.sandbox.town
        while monotonic() < until:
            is_answered = not played.query or town.queries[played.query].answered
            if is_answered and town.quiet and await self._is_done():
                return
            await asyncio.sleep(0.02)
        self.faults.append(f"{played.point}: never came to rest")

    async def _is_done(self) -> bool:
        async with self.scene.storage.read() as session:
            if await people.is_scrub_asked(session):
                return False
        return await self.scene.is_all_delivered()

    async def _note(self, played: Played, *, is_over: bool) -> None:
        found = await self.story.faults(played, is_over)
        when = "at the end" if is_over else "when it died"
        self.faults += [f"{self.story.name}, {played.point}, {when}: {one}" for one in found]

    def _take_back(self) -> None:
        """What the bot never confirmed is not for the next performance."""
        self.scene.sandbox.town.bot.mailbox.drop_all()


@asynccontextmanager
async def staged(scene: Scene, story: Story) -> AsyncIterator[Stage]:
    """The beginning is played once, by a living bot, and kept."""
    await scene.lives.begin()
    await _until_there_are_times(scene)
    act = await story.begin(scene)
    await scene.sandbox.idle()
    await scene.until_all_is_delivered()
    await scene.lives.stop()
    await keep(scene)
    yield Stage(scene, story, act)


async def _until_there_are_times(scene: Scene) -> None:
    """A new bot lays them out in its first second."""
    async with asyncio.timeout(_PATIENCE):
        while True:
            async with scene.storage.read() as session:
                if await session.scalar(select(Slot.id).limit(1)) is not None:
                    return
            await asyncio.sleep(0.05)


# Keeping a database as it is, and bringing it back


async def keep(scene: Scene) -> None:
    await scene.storage.engine.dispose()
    if scene.storage.on_sqlite:
        shutil.copyfile(_file(scene), scene.folder / "kept")
        return
    name = scene.storage.engine.url.database
    await _say(scene, f"CREATE DATABASE {name}_kept TEMPLATE {name}")


async def restore(scene: Scene) -> None:
    await scene.storage.engine.dispose()
    if scene.storage.on_sqlite:
        for one in scene.folder.glob("bureau.db*"):
            one.unlink()
        shutil.copyfile(scene.folder / "kept", _file(scene))
        return
    name = scene.storage.engine.url.database
    again = f"CREATE DATABASE {name} TEMPLATE {name}_kept"
    await _say(scene, f"DROP DATABASE {name} WITH (FORCE)", again)


def _file(scene: Scene) -> Path:
    return Path(str(scene.storage.engine.url.database))


async def _say(scene: Scene, *statements: str) -> None:
    url = scene.storage.engine.url.set(drivername="postgresql", database="postgres")
    connection = await asyncpg.connect(url.render_as_string(hide_password=False))
    for one in statements:
        await connection.execute(one)
    await connection.close()
