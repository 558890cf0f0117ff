"""The little town every test lives in: who is there, and the real bot among them."""

import asyncio
import shutil
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from aiogram.client.session.aiohttp import AiohttpSession
from pydantic import SecretStr

from bot import asking, searching
from bot.app import App, opened
from bot.pace import Limits, Pace
from bot.sandbox import Sandbox
from bot.searching import Known
from bot.settings import Settings
from bot.texts import LOCALES
from bot.turnstile import Allowance, Turnstile
from storage.vault import read_key_file, write_key_file

TOKEN = "1:sandbox"
SOFIA = ZoneInfo("Europe/Sofia")
MONDAY = datetime(2026, 11, 30, 9, 0, tzinfo=SOFIA)
"""An ordinary working day; most tests begin in its morning."""

PEOPLE = {
    "Olena": (5_000_000_001, "uk"),
    "Omar": (5_000_000_002, "ar"),
    "Farida": (5_000_000_003, "fa"),
    "Maria": (5_000_000_004, "bg"),
    "Georgi": (5_000_000_005, "bg"),
}
"""Three visitors and two of the staff: their ids, and what their phones usually speak."""

STAFF = ("Maria", "Georgi")

UNHURRIED = Limits(overall=1e6, bulk=1e6, chat_gap=0, group=1000, group_window=0)
"""Telegram's pace is measured in real seconds; the town has no time for it."""

HOOK_SECRET = "the-town-brings-what-people-write"
"""What the town says at the bot's door, so that it is let in."""

PATIENT = Allowance(words=100_000, presses=100_000)
"""In the town an hour passes at once, and so does what people do in it."""


@cache
def known() -> Known:
    """What the bot knows; a story need not wait until it has learned."""
    made = searching.known()
    made.danger.learn(LOCALES, searching.kept_in())
    made.search.finder = asking.ready().finder
    return made


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        number: int = listening.getsockname()[1]
        return number


def person(name: str) -> int:
    return PEOPLE[name][0]


@dataclass(frozen=True, slots=True)
class World:
    """The town with the bot running in it; ``group`` is where the staff meet.

    ``door`` is the address of the bot's own web door.
    """

    sandbox: Sandbox
    app: App
    group: int
    door: str

    def arrive(self, name: str, language: str | None = None) -> int:
        """Somebody of the town takes out a phone; asked again, it is the same one."""
        number, usual = PEOPLE[name]
        if number not in self.sandbox.town.people:
            self.sandbox.town.add_person(name, language or usual, id=number)
        return number

    async def settle(self) -> None:
        """Until the bot has nothing to do: no update, no delivery, no duty."""
        await self.sandbox.idle()
        await self.app.settle()
        await self.sandbox.idle()

    async def move(self, to: datetime) -> None:
        await self.sandbox.clock.move(to)
        await self.settle()


@dataclass(frozen=True, slots=True)
class Ground:
    """A database prepared once, to be copied for each story, and the key that fits it."""

    database: Path
    key_file: Path

    def copy(self, folder: Path) -> Path:
        return Path(shutil.copyfile(self.database, folder / "town.db"))


@asynccontextmanager
async def living(
    database: Path,
    key_file: Path,
    *,
    start: datetime = MONDAY,
    webhook: bool = False,
    url: str = "",
) -> AsyncIterator[World]:
    """The town at a moment that stands still; the bot runs until the end.

    A database that is there already was prepared; one that is not is laid out for that moment.
    With a ``webhook`` the town brings the updates to the bot's door. A ``url`` is the address of
    a prepared database to use instead of the file.
    """
    known()
    sandbox = Sandbox(token=TOKEN)
    sandbox.clock.freeze()
    sandbox.clock.set(start)
    staff = [sandbox.town.add_person(one, PEOPLE[one][1], id=person(one)).id for one in STAFF]
    group = sandbox.town.add_group("Бюро – екип", staff).id
    async with sandbox.serve() as address:
        settings = Settings.model_construct(
            token=SecretStr(TOKEN),
            api_url=address,
            database_url=url or f"sqlite:///{database}",
            staff_chat=group,
            admins=tuple(staff),
            key_file=key_file,
            webhook_url=f"http://127.0.0.1:{free_port()}/updates" if webhook else None,
            webhook_secret=SecretStr(HOOK_SECRET),
        )
        vault = read_key_file(key_file)
        async with opened(
            settings,
            vault,
            now=sandbox.clock.now,
            sample=True,
            pace=Pace(UNHURRIED),
            turnstile=Turnstile(PATIENT),
            prepared=bool(url) or database.exists(),
        ) as app:
            sandbox.clock.on_move(lambda to: app.visit_due_moments(to, sandbox.clock.set))
            listen = urlsplit(settings.webhook_url or "").netloc or "127.0.0.1:0"
            async with app.door.open(listen) as door:
                running = asyncio.ensure_future(app.run())
                try:
                    world = World(sandbox, app, group, door)
                    await world.settle()
                    yield world
                finally:
                    app.stop()
                    await running
                    await _hang_up(app)


async def _hang_up(app: App) -> None:
    """Close the connections now; aiogram would sleep a quarter of a second after closing them."""
    if isinstance(app.bot.session, AiohttpSession):
        await (await app.bot.session.create_session()).close()


async def prepare(folder: Path) -> Ground:
    """Lay the ground: schema, seeds and staff, as they are on the usual Monday."""
    ground = Ground(folder / "ground.db", folder / "town.key")
    write_key_file(ground.key_file)
    async with living(ground.database, ground.key_file, start=MONDAY):
        pass
    return ground
