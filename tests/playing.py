"""Plays the people of a transcript against the real bot, and writes down what the bot says."""

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

from bot.sandbox import Message
from bot.sandbox.transcript import (
    REFERENCE,
    SENT,
    Entry,
    Refused,
    Saw,
    Scribe,
    Sheet,
    button,
    labels,
)
from tests.talks import (
    Act,
    Deed,
    Does,
    HasChosen,
    Moment,
    Presses,
    Remark,
    Replies,
    Step,
    Transcript,
    TranscriptError,
    Types,
    read,
)
from tests.world import PEOPLE, STAFF, Ground, World, living

_SPARE = ("K7Q-42", "L8R-53", "M9S-64", "N2T-75", "P3V-86", "Q4W-97", "R5X-28", "S6Z-39")
_HARMLESS = "message is not modified"  # the bot means it: what is shown is right already
_NOT_WORDS: dict[str, dict[str, Any]] = {
    SENT["photo"]: {
        "photo": [{"file_id": "photo", "file_unique_id": "photo", "width": 90, "height": 90}]
    },
    SENT["voice"]: {"voice": {"file_id": "voice", "file_unique_id": "voice", "duration": 3}},
    SENT["contact"]: {"contact": {"phone_number": "+359 88 000 0001", "first_name": "Somebody"}},
}


class References:
    """They are random; a story calls them by what is written, in the order they appear."""

    def __init__(self, written: Iterable[str]) -> None:
        self._names: dict[str, str] = {}
        kept = tuple(written)
        self._free = iter([*kept, *(one for one in _SPARE if one not in kept)])

    def as_written(self, text: str) -> str:
        return REFERENCE.sub(lambda found: self._name(found[0]), text)

    def as_seen(self, text: str) -> str:
        seen = {name: real for real, name in self._names.items()}
        return REFERENCE.sub(lambda found: seen.get(found[0], found[0]), text)

    def _name(self, reference: str) -> str:
        if reference not in self._names:
            self._names[reference] = next(self._free)
        return self._names[reference]


class Player:
    """One story in one world. What is told so far is in ``sheet``."""

    def __init__(self, world: World, story: Transcript) -> None:
        self.world, self.town = world, world.sandbox.town
        self.scribe, self.sheet = Scribe(self.town), Sheet(self.town)
        self.references = References(story.references)
        self._told = 0

    async def play(self, step: Step) -> None:
        match step:
            case Remark(words):
                self.sheet.remark(words)
            case Moment(at):
                self.sheet.time(at)
                await self._move(at)
            case Act():
                people = [self._arrive(name, step.phone) for name in step.names]
                self.sheet.line(step.line, acted=people[0] if len(people) == 1 else None)
                if isinstance(step.deed, HasChosen):
                    await self._choose(people, step.deed.language)
                for one in people:
                    self._do(one, step.deed)
                await self.world.settle()
        self._tell(self.scribe.entries[self._told :])
        self._told = len(self.scribe.entries)

    async def _choose(self, people: Iterable[int], language: str) -> None:
        """What every story would begin with, and only one of them tells."""
        for one in people:
            for deed in (Types("/start"), Presses(language)):
                self._do(one, deed)
                await self.world.settle()
        self._told = len(self.scribe.entries)

    def _arrive(self, name: str, phone: str | None) -> int:
        if name not in PEOPLE:
            raise TranscriptError(
                f"{name} does not live in the town. There are: {', '.join(PEOPLE)}."
            )
        return self.world.arrive(name, phone)

    async def _move(self, at: datetime) -> None:
        if at != self.world.sandbox.clock.now():
            await self.world.move(at)

    def _tell(self, entries: list[Entry]) -> None:
        self.sheet.saw([one for one in entries if isinstance(one, Saw)])
        self.sheet.refused(
            one for one in entries if isinstance(one, Refused) and _HARMLESS not in one.sentence
        )

    def _do(self, person: int, deed: Deed) -> None:
        match deed:
            case Types(words):
                self.town.type(person, self.references.as_seen(words))
            case Replies(words):
                last = self.town.messages(person)[-1]
                self.town.type(person, words, reply_to=last.message_id)
            case Presses(_, _, twice):
                message, data = self._button(person, deed)
                for _press in range(2 if twice else 1):
                    self.town.press(person, message.message_id, chat_id=message.chat_id, data=data)
            case Does(what):
                self._otherwise(person, what)
            case HasChosen():
                return  # before, so that nothing of it is told

    def _otherwise(self, person: int, what: str) -> None:
        town = self.town
        match what:
            case "blocks the bot":
                town.block(person)
            case "lets the bot write again":
                town.unblock(person)
            case _ if what in SENT.values():
                town.say(person, _NOT_WORDS[what])
            case "the same arrives once more":
                town.redeliver(town.bot.mailbox._next_id - 1)
            case _ if what.startswith("copies a button of the staff: [") and what.endswith("]"):
                self._forge(person, what.partition("[")[2][:-1])
            case _:
                raise TranscriptError(f"Nobody knows how to play “({what})”.")

    def _forge(self, person: int, label: str) -> None:
        """Somebody who is not of the staff sends what a button of the staff would send."""
        _message, data = self._button(PEOPLE[STAFF[0]][0], Presses(label))
        own = self.town.messages(person)[-1]
        self.town.press_forged(person, own.message_id, data)

    def _button(self, person: int, wanted: Presses) -> tuple[Message, str]:
        label = self.references.as_seen(wanted.label)
        on = None if wanted.on is None else self.references.as_seen(wanted.on)
        found = button(self.town, person, label, on)
        if found is None:
            raise TranscriptError(self._not_there(person, wanted))
        return found[0], found[1]["callback_data"]

    def _not_there(self, person: int, wanted: Presses) -> str:
        """Which labels there are, on the last message with any and on those in the group."""
        chats = [one for one in self.town.chats.values() if person in one.members]
        there = [
            f"[{self.references.as_written(label)}]"
            for chat in chats
            for message in reversed(self.town.messages(chat.id))
            for row in labels(message.view())
            for label in row
        ]
        on = f" on “{wanted.on}”" if wanted.on else ""
        return f"There is no [{wanted.label}]{on}. There are: {' '.join(there) or 'none'}"


async def tell(written: str, ground: Ground, folder: Path) -> str:
    """The talk as it goes today. Raises TranscriptError with the talk so far if it is stuck."""
    story = read(written)
    async with living(ground.copy(folder), ground.key_file, start=story.start) as world:
        player = Player(world, story)
        try:
            for step in story.steps:
                await player.play(step)
        except TranscriptError as stuck:
            raise TranscriptError(
                f"{player.references.as_written(player.sheet.text())}\n{stuck}"
            ) from stuck
        return player.references.as_written(player.sheet.text())
