"""The bot over a database that can be bent, and what must be true of it however it was bent."""

import asyncio
import os
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import Any

from pydantic import SecretStr
from sqlalchemy import select, text
from sqlalchemy.exc import SQLAlchemyError

from bot.address import Address
from bot.app import App, opened
from bot.pace import Pace
from bot.sandbox import Sandbox
from bot.settings import Settings
from dialogs import danger
from dialogs.first import Grown, Nameless
from dialogs.legal import Book, Days, Hold, Times
from storage.tables import Appointment, AppointmentState, Delivery, DeliveryState, Handled
from storage.vault import read_key_file
from tests.core import Town
from tests.databases import Grounds
from tests.kill.people import is_delivery
from tests.world import PEOPLE, UNHURRIED, living, person

_EVER_BOOKED = (AppointmentState.BOOKED, AppointmentState.CANCELLED)

PATIENCE = 25.0
"""Seconds after which nothing will come any more."""


@dataclass(frozen=True, slots=True)
class House(Town):
    """The town, and the address of the database the bot has there."""

    url: str

    @property
    def file(self) -> Path:
        return Path(self.url.partition("///")[2])

    # What people do, without waiting for what comes of it

    def begins(self, name: str, kind: type[Address]) -> str:
        """Presses the newest button that leads there; the number of the press."""
        found = self.button(name, kind)
        town = self.world.sandbox.town
        return town.press(person(name), found.message_id, data=found.data)

    async def about_to_book(self, name: str, *, first: bool = True) -> None:
        """A time is held for somebody, who sees the button that books it."""
        await self.write(name, "/start")
        await self.press(name, Days)
        if not any(isinstance(one.to, Times) for one in self.buttons(person(name))):
            await self.press(name, Days, any_language=1)
        await self.press_all(name, Times, Hold, *([Grown, Nameless] if first else []))
        self.button(name, Book)

    async def until(self, true: Callable[[], bool], *, patience: float = PATIENCE) -> bool:
        """Waits until it is true; False when it does not become so."""
        end = monotonic() + patience
        while not true():
            if monotonic() > end:
                return False
            await asyncio.sleep(0.01)
        return True

    async def until_quiet(self) -> None:
        """Until every update was confirmed and nothing is to be done or sent any more."""
        assert await self.until(self.is_all_confirmed), "updates were not confirmed"
        async with asyncio.timeout(PATIENCE):
            while True:
                try:
                    return await self.world.settle()
                except SQLAlchemyError:
                    continue  # we ask the bent database ourselves here

    def is_all_confirmed(self) -> bool:
        return not self.world.sandbox.town.bot.mailbox.queue

    def was_told_to_wait(self, name: str) -> bool:
        """Whether somebody was told that something of ours is not working."""
        app, ledger = self.world.app, self.world.sandbox.town.ledger
        language = app.languages.closest(PEOPLE[name][1]) or app.languages.get("en")
        words = danger.away(language, app.bureau).text.partition("\n")[0]
        texts = [one.params.get("text", "") for one in ledger if _to(one.params, person(name))]
        return any(words in one for one in texts)

    # What must be true in the end

    def letters_taken(self) -> int:
        """How many messages Telegram has taken from the postman."""
        ledger = self.world.sandbox.town.ledger
        return sum(is_delivery(one.method, one.params) for one in ledger)

    async def faults(self, *, booked: int) -> list[str]:
        """What is wrong in the books: nothing, if nothing was lost, doubled or left half done."""
        async with self.world.app.storage.read() as session:
            there = (await session.scalars(select(Appointment))).all()
            letters = (await session.scalars(select(Delivery))).all()
            handled = (await session.scalars(select(Handled))).all()
            is_sound = not self.world.app.storage.on_sqlite or (
                await session.scalar(text("PRAGMA integrity_check")) == "ok"
            )
        agreed = [one for one in there if one.state is AppointmentState.BOOKED]
        ever = [one for one in there if one.state in _EVER_BOOKED]
        confirmed = [one.key for one in letters if one.key.startswith("booked:")]
        due = [one for one in letters if one.due <= self.world.app.now()]
        # A list of the day that has nothing to tell is not sent.
        sent = Counter(one.state for one in due if not one.kind.startswith("list_"))
        seats = Counter(one.seat_id for one in agreed)
        wrong = {
            "booked": len(agreed) != booked,
            "a seat twice": any(n > 1 for n in seats.values()),
            "confirmed": sorted(int(one.split(":")[1]) for one in confirmed)
            != sorted(one.id for one in ever),
            "not sent": set(sent) - {DeliveryState.SENT} != set(),
            "sent twice": self.letters_taken()
            != sum(one.message_id is not None for one in letters),
            "handled twice": len({one.update_id for one in handled}) != len(handled),
            "not confirmed to Telegram": not self.is_all_confirmed(),
            "damaged": not is_sound,
        }
        return [what for what, is_wrong in wrong.items() if is_wrong]


def _to(params: dict[str, Any], chat: int) -> bool:
    return params.get("chat_id") == chat


@asynccontextmanager
async def house(grounds: Grounds, kind: str, *, webhook: bool = False) -> AsyncIterator[House]:
    """The bot lives over a database of this kind; people have not come yet."""
    os.environ["PTB_TIMEDELTA"] = "1"
    async with (
        grounds.database(kind) as url,
        living(Path(), grounds.key_file, webhook=webhook, url=url) as world,
    ):
        world.sandbox.webhook.hurry = 0.05
        yield House(world, url)


@asynccontextmanager
async def process(grounds: Grounds, url: str, sandbox: Sandbox, address: str) -> AsyncIterator[App]:
    """One process of a bot over this database; it does nothing by itself yet."""
    settings = Settings.model_construct(
        token=SecretStr(sandbox.token),
        api_url=address,
        database_url=url,
        staff_chat=-1,
        key_file=grounds.key_file,
    )
    vault, pace = read_key_file(grounds.key_file), Pace(UNHURRIED)
    async with opened(settings, vault, now=sandbox.clock.now, pace=pace, prepared=True) as app:
        yield app
