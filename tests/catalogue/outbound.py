"""What the tests of sending share: notes that can be sent, and how they stand in the outbox."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from time import monotonic
from typing import Any

from bot.desk import Desk
from bot.screen import Screen, delivers
from bot.told import Rests
from dialogs.first import Grown, Nameless
from dialogs.legal import Book, Days, Hold, Times
from storage.tables import Appointment, Delivery, DeliveryState, Memo
from tests.core import Town, town
from tests.world import Ground, person

QUICK = Rests(unclear=(0.05, 0.1, 0.2, 0.4), shut=0.1, spread=0.0)
"""Telegram's troubles in a town without time."""

OLENA = person("Olena")


@delivers("card_zq")
@delivers("zq_note")
async def note(desk: Desk, n: int) -> Screen:
    return Screen(desk.say("Note {n}: {language}", n=n, language=desk.language.code))


@delivers("zq_broken")
async def broken(desk: Desk, n: int) -> Screen:
    raise RuntimeError(f"zq7-words {n} {desk.language.code}")


@asynccontextmanager
async def town_of_notes(ground: Ground, folder: Path) -> AsyncIterator[Town]:
    """Olena has chosen English and can be written to; somebody may send her notes."""
    async with town(ground, folder) as made:
        made.serve_also(note, broken)
        await made.welcome("Olena")
        await made.can_be_written_to("Olena")
        yield made


def address_of(here: Town) -> str:
    """Where the town's Bot API is."""
    return here.world.app.bot.session.api.base.partition("/bot{")[0]


def notes(here: Town, name: str = "Olena") -> list[str]:
    return [one for one in here.said(name) if one.startswith("Note")]


def is_settled(one: Delivery) -> bool:
    return one.state not in {DeliveryState.WAITING, DeliveryState.SENDING}


def was_tried(one: Delivery) -> bool:
    return one.state is DeliveryState.WAITING and one.not_before is not None


async def book(here: Town, name: str = "Olena") -> Delivery:
    """Somebody books; the card of it in the outbox."""
    await here.press_all(name, Days, Times, Hold, Grown, Nameless, Book)
    return (await here.outbox("card_appointment"))[0]


async def appointment(here: Town) -> Appointment:
    async with here.world.app.storage.read() as session:
        found = await session.get(Appointment, 1)
    assert found is not None
    return found


async def forget_silence(here: Town) -> None:
    """As if the time that Telegram asked for had passed."""
    told = here.told
    async with here.world.app.storage.begin() as session:
        await session.merge(Memo("silence", "2026-01-01T00:00:00+00:00"))
    told._silent_until = told._silent_until.min.replace(tzinfo=told._silent_until.tzinfo)
    here.world.app.postman.carrier.pace._silent_until = 0
    await here.hurry()


class Ear:
    """Hears what Telegram shows from now on, and notes when."""

    def __init__(self, here: Town) -> None:
        self.heard: list[tuple[float, str]] = []
        here.world.sandbox.town.listeners.append(self._listen)

    def _listen(self, name: str, data: Any) -> None:
        if name == "message" and "text" in data["message"]:
            self.heard.append((monotonic(), data["message"]["text"]))

    def when(self, words: str) -> float:
        return next(moment for moment, heard in self.heard if words in heard)


async def warned(here: Town, code: str) -> Sequence[Delivery]:
    """The warnings of this kind that are on their way to coordinators, or arrived."""
    alarms = await here.outbox("alarm")
    return [one for one in alarms if one.key.startswith(f"alarm:{code}:")]


def said_in(here: Town, language: str, sentence: str) -> Callable[[str], bool]:
    """Whether a text holds this sentence in that language."""
    words = here.world.app.languages.get(language).say(sentence)
    return lambda text: words in text
