"""What the tests of receiving share: both ways in, hands at the bot's door, effects to count."""

import asyncio
import itertools
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import aiohttp
from sqlalchemy import select

from bot.address import Menu
from bot.desk import Desk
from bot.screen import GoTo, View, command
from bot.turnstile import Allowance, Turnstile
from dialogs.first import Grown, Nameless
from dialogs.legal import Book, Days, Hold, Times
from storage import handled, people
from storage.columns import Base
from tests.core import SeenButton, Town
from tests.world import HOOK_SECRET, Ground, living, person

Raw = dict[str, Any]
Rows = dict[str, list[tuple[Any, ...]]]

CANARY = "zq7-words-000123"
OLENA = person("Olena")
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # the name of a header
KNOCK = {SECRET_HEADER: HOOK_SECRET}


@asynccontextmanager
async def town(ground: Ground, folder: Path, way: str) -> AsyncIterator[Town]:
    """The town on Monday morning, by polling or webhook; Olena has chosen English."""
    async with living(ground.copy(folder), ground.key_file, webhook=way == "webhook") as world:
        made = Town(world)
        await made.welcome("Olena")
        yield made


def be_strict(here: Town, allowance: Allowance | None = None) -> None:
    """From now on people may write no more than they may in life."""
    here.intake._turnstile = Turnstile(allowance or Allowance())


async def pass_time(here: Town, hours: float) -> None:
    """The house is kept as it will be so many hours from now."""
    async with here.world.app.storage.begin() as session:
        await handled.forget_old(session, now=datetime.now(UTC) + timedelta(hours=hours))


# What people send, written down as Telegram would


_numbers = itertools.count(900_000_001)


def update(**content: Any) -> Raw:
    """With a number of its own, as if Telegram had counted it."""
    return {"update_id": next(_numbers), **content}


def sender(here: Town, name: str = "Olena") -> Raw:
    wire: Raw = here.world.sandbox.town.people[here.knows(name)].wire()
    return wire


def said(here: Town, words: str, name: str = "Olena", **more: Any) -> Raw:
    """A message this person wrote, which stands on the phone as well."""
    number = here.knows(name)
    chat = here.world.sandbox.town.chat(number)
    here.world.sandbox.town.person(number).started = True
    told = here.world.sandbox.town.post(chat, sender(here, name), {"text": words, **more})
    return update(message=told.wire)


def pressed(here: Town, data: str, name: str = "Olena") -> Raw:
    """A press under the newest message of this phone."""
    message = here.world.sandbox.town.messages(person(name))[-1].wire
    query = {"id": "77", "from": sender(here, name), "message": message, "chat_instance": "1"}
    return update(callback_query={**query, "data": data})


# The bot's door


@dataclass
class Courier:
    """Brings updates to doors of the bot by hand, and keeps what was answered."""

    session: aiohttp.ClientSession
    doors: tuple[str, ...]
    answers: Counter[int] = field(default_factory=Counter)

    async def bring(self, raw: Raw, *, to: int = 0) -> int:
        url = self.doors[to % len(self.doors)]
        async with self.session.post(url, json=raw, headers=KNOCK) as response:
            self.answers[response.status] += 1
            return response.status

    async def bring_all(self, updates: Iterable[Raw]) -> None:
        """All at once, each to the next door."""
        await asyncio.gather(*(self.bring(one, to=n) for n, one in enumerate(updates)))


@asynccontextmanager
async def courier(*doors: str) -> AsyncIterator[Courier]:
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:
        yield Courier(session, tuple(f"{one}/updates" for one in doors))


def host_and_port(here: Town) -> tuple[str, int]:
    found = urlsplit(here.world.door)
    assert found.hostname is not None
    assert found.port is not None
    return found.hostname, found.port


# Effects that can be counted


async def everything_kept(here: Town) -> Rows:
    """Every row of every table, but for the sender's lease, renewed every two seconds."""
    async with here.world.app.storage.read() as session:
        return {
            name: [tuple(row) for row in await session.execute(select(table))]
            for name, table in Base.metadata.tables.items()
            if name != "leases"
        }


async def until_booking(here: Town) -> SeenButton:
    """Up to the button that books, which is on Olena's phone now."""
    await here.press_all("Olena", Days, Times, Hold, Grown, Nameless)
    return here.button("Olena", Book)


async def bookings(here: Town) -> tuple[int, int]:
    """How often Olena was told that she has an appointment, and how often the staff were."""
    kinds = Counter(one.kind for one in await here.outbox())
    return kinds["booked"], kinds["card_appointment"]


def notebook(heard: list[str], *, slowly: Callable[[str], float] = lambda _: 0.0) -> View:
    """The command /note: what is said after it is heard, when ``slowly`` has passed."""

    @command("note")
    async def note(desk: Desk, rest: str) -> GoTo:
        del desk
        await asyncio.sleep(slowly(rest))
        heard.append(rest)
        return GoTo(Menu())

    return note


def counter() -> View:
    """The command /count: one more in the draft, read and written with a pause between."""

    @command("count")
    async def count(desk: Desk, rest: str) -> GoTo:
        del rest
        so_far = int(desk.draft.choices.get("count", "0"))
        await asyncio.sleep(0.005)
        desk.draft.choices["count"] = str(so_far + 1)
        return GoTo(Menu())

    return count


async def counted(here: Town) -> int:
    """How far /count has counted."""
    async with here.world.app.storage.read() as session:
        draft = await people.draft(session, here.key("Olena"), now=datetime.now(UTC))
    return int((draft or {})["choices"]["count"])


def api_of(here: Town) -> str:
    """Where the town's Bot API is."""
    return here.world.app.bot.session.api.base.partition("/bot{")[0]
