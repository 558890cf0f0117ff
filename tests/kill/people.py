"""Invented people at their phones: they press and write, look at what they see, and note it."""

import asyncio
import random
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from time import monotonic
from typing import Any

import dialogs
from bot.address import KEPT, Address, Menu, Pressed
from bot.sandbox import Message, Sandbox, Town
from bot.sandbox.records import Call, RefusedCall

PATIENCE = 90.0
"""Seconds somebody waits for an answer before it counts as lost."""

MOST_PRESSES = 50
"""In any minute; who presses more than 60 times is turned away by the bot, and rightly."""

TABLE = dialogs.table()


@dataclass(frozen=True, slots=True)
class Deed:
    """What somebody did, and the number of the update that told the bot."""

    update_id: int
    person: int
    pressed: Pressed | None
    wrote: str = ""
    query: str = ""


@dataclass
class Notebook:
    """Everything people did, and where they waited in vain."""

    deeds: list[Deed] = field(default_factory=list)
    in_vain: list[str] = field(default_factory=list)

    def presses(self, address: type[Address]) -> set[tuple[int, str | None]]:
        """The drawings of this button that were pressed, by whom; pressed twice counts once."""
        return {
            (one.person, one.pressed.serial)
            for one in self.deeds
            if one.pressed is not None and isinstance(one.pressed.address, address)
        }


@dataclass
class Someone:
    """One person. Hasty ones act on what they see; the others let Telegram be told first."""

    sandbox: Sandbox
    id: int
    notebook: Notebook
    dice: random.Random
    hasty: bool = False
    _pressed_at: deque[float] = field(default_factory=lambda: deque(maxlen=MOST_PRESSES))

    # What is on the screen

    def screen(self) -> Message | None:
        """The message that was changed or shown last in answer to this person."""
        for call in reversed(self.sandbox.town.ledger):
            if is_screen(call.method, call.params, self.id):
                shown = call.params.get("message_id") or call.result["message_id"]
                return self.sandbox.town.message(self.id, shown)
        return None

    def sees(self, address: type[Address]) -> list[str]:
        """The buttons of the screen that lead there, by their data."""
        shown = self.screen()
        return list(leading(shown, address)) if shown else []

    # What a person does

    async def press(self, address: type[Address], *, message: Message | None = None) -> Pressed:
        """Press one of the buttons that lead there, now and then twice, and wait for the answer."""
        where = message or self.screen()
        there = list(leading(where, address)) if where else []
        if where is None or not there:
            raise LookupError(f"{self.id} sees no {address.__name__}")
        data = self.dice.choice(there)
        pressed = TABLE.read(data)
        mark = self._mark()
        queries = []
        for _ in range(2 if self.dice.random() < 0.2 else 1):
            self._pressed_at.append(monotonic())
            query = self.sandbox.town.press(
                self.id, where.message_id, chat_id=where.chat_id, data=data
            )
            queries.append(query)
            update_id = self._note(pressed, query=query)
        if where.chat_id == self.id:
            await self._wait(lambda: self._was_shown(mark), f"the screen after {data}")
        else:
            await self._wait(lambda: self._was_answered(queries, where, data), data)
        await self._breathe(update_id)
        if pressed is None:
            raise LookupError(data)
        return pressed

    async def write(self, words: str, *, reply_to: int | None = None) -> None:
        mark = self._mark()
        self.sandbox.town.type(self.id, words, reply_to=reply_to)
        update_id = self._note(None, wrote=words)
        if reply_to is None:
            await self._wait(lambda: self._was_shown(mark), f"the answer to {words!r}")
        await self._breathe(update_id, surely=reply_to is not None)

    async def go(self, *way: type[Address]) -> bool:
        """From the menu along these buttons; False where one of them is missing."""
        if self.sees(Menu):
            await self.press(Menu)
        for address in way:
            if not self.sees(address):
                return False
            await self.press(address)
        return True

    # How a person waits

    def _note(self, pressed: Pressed | None, *, wrote: str = "", query: str = "") -> int:
        update_id = self.sandbox.town.bot.mailbox.queue[-1].id
        self.notebook.deeds.append(Deed(update_id, self.id, pressed, wrote, query))
        return update_id

    def _mark(self) -> tuple[int, int]:
        return len(self.sandbox.town.ledger), len(self.sandbox.town.refusals)

    def _was_shown(self, mark: tuple[int, int]) -> bool:
        """A screen came, or Telegram said that it is there already."""
        town = self.sandbox.town
        return any(
            is_screen(one.method, one.params, self.id) for one in town.ledger[mark[0] :]
        ) or any(
            "not modified" in one.description and str(one.params.get("chat_id")) == str(self.id)
            for one in town.refusals[mark[1] :]
        )

    def _was_answered(self, queries: Sequence[str], card: Message, data: str) -> bool:
        """By a word, or by a card that changed: in a silence nothing else is said."""
        answered = all(self.sandbox.town.queries[one].answered for one in queries)
        return answered or all(one.get("callback_data") != data for one in card.buttons())

    async def _wait(self, true: Callable[[], bool], what: str) -> None:
        since, until = datetime.now(UTC), monotonic() + PATIENCE
        while not true():
            if monotonic() > until:
                self.notebook.in_vain.append(f"{self.id}: {what}")
                raise TimeoutError(f"since {since:%T.%f} {what}; {self._said_meanwhile()}")
            await asyncio.sleep(0.01)

    def _said_meanwhile(self) -> str:
        """For whoever looks for the reason: what waits for the bot, and what it said here last."""
        town = self.sandbox.town
        calls: list[Call | RefusedCall] = [*town.ledger, *town.refusals]
        calls.sort(key=lambda one: one.number)
        here = [one for one in calls if str(one.params.get("chat_id")) == str(self.id)]
        told = [
            f"{one.at:%T.%f} {one.method} {getattr(one, 'description', 'taken')}"
            for one in here[-14:]
        ]
        did = [one for one in self.notebook.deeds if one.person == self.id][-4:]
        return f"{len(town.bot.mailbox.queue)} updates wait; did: {did}; here: {told}"

    async def _breathe(self, update_id: int, *, surely: bool = False) -> None:
        if surely or not self.hasty:
            queue = self.sandbox.town.bot.mailbox
            await self._wait(
                lambda: all(one.id != update_id for one in queue.queue), f"confirming {update_id}"
            )
        await asyncio.sleep(self.dice.uniform(0.3, 1.1))
        if len(self._pressed_at) == MOST_PRESSES:
            await asyncio.sleep(max(0.0, self._pressed_at[0] + 60 - monotonic()))


def dice(seed: float) -> random.Random:
    return random.Random(seed)  # noqa: S311  # dice, not keys


def leading(message: Message, address: type[Address]) -> Iterator[str]:
    for button in message.buttons():
        data = str(button.get("callback_data", ""))
        pressed = TABLE.read(data)
        if pressed is not None and isinstance(pressed.address, address):
            yield data


def is_screen(method: str, params: dict[str, Any], chat_id: int) -> bool:
    """A screen may also be brought by the postman, if Telegram did not take it at once."""
    return (
        params.get("chat_id") == chat_id
        and method in {"sendMessage", "editMessageText"}
        and (not is_delivery(method, params) or _is_belated(params.get("reply_markup") or {}))
    )


def _is_belated(markup: dict[str, Any]) -> bool:
    """The buttons of what is a delivery by nature say that it stays."""
    buttons = [button for row in markup.get("inline_keyboard", []) for button in row]
    return bool(buttons) and not any(one.get("callback_data", "").endswith(KEPT) for one in buttons)


def had_belated_screens(town: Town, person: int) -> bool:
    """Whether a screen came by the postman, perhaps over one that was shown after it."""
    return any(
        is_delivery(one.method, one.params) and is_screen(one.method, one.params, person)
        for one in town.ledger
    )


def is_delivery(method: str, params: dict[str, Any]) -> bool:
    """Only the postman says whether a message may be forwarded; screens leave it out."""
    return method == "sendMessage" and "protect_content" in params
