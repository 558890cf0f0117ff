"""One pace for everything we say: who speaks next, when, and when all of us are silent."""

import asyncio
from bisect import insort
from collections import deque
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from datetime import timedelta
from enum import IntEnum
from itertools import count
from math import ceil
from time import monotonic
from typing import Any

from telegram.error import NetworkError, RetryAfter
from telegram.ext import BaseRateLimiter

Chat = int | str  # a number, or "@name" of a public group or channel
Answer = bool | dict[str, Any] | list[dict[str, Any]]

LONGEST_SILENCE = 3600  # seconds; whoever asks for more is asked again after an hour
LANES_KEPT = 500  # chats remembered before those that are free again are forgotten


class Priority(IntEnum):
    """What a call of ours is (`rate_limit_args`): somebody waits for it, or everybody gets it."""

    PERSONAL = 0
    BULK = 1


@dataclass(frozen=True)
class Limits:
    """What Telegram bears, with a little room: it allows 30 a second, and 20 a minute to a group.

    Slots 1/29.5 s apart put at most 30 starts into any second; 1/30 s was seen to put 31 there.
    """

    overall: float = 29.5
    bulk: float = 25.0
    chat_gap: float = 1.0
    group: int = 18
    group_window: float = 60.0
    in_flight: int = 4  # a sender that dies leaves at most so many messages in doubt


TELEGRAM = Limits()


def is_group(chat: Chat) -> bool:
    return str(chat).startswith(("-", "@"))


def seconds_asked(flood: RetryAfter) -> int:
    """How many whole seconds Telegram wants us silent; at least one.

    Both readings of PTB are understood; with `PTB_TIMEDELTA=1` in the environment it does not warn.
    """
    asked = flood.retry_after
    seconds = asked.total_seconds() if isinstance(asked, timedelta) else asked
    return max(ceil(seconds), 1)


class Lane:
    """One chat: when it was last written to, and until when it must be left alone."""

    def __init__(self, chat: Chat, limits: Limits) -> None:
        self._gap = limits.chat_gap
        self._window = limits.group_window if is_group(chat) else limits.chat_gap
        self._starts: deque[float] = deque(maxlen=limits.group if is_group(chat) else 1)
        self._silent_until = 0.0

    def free_at(self) -> float:
        if not self._starts:
            return self._silent_until
        rested = self._starts[-1] + self._gap
        if len(self._starts) == self._starts.maxlen:
            rested = max(rested, self._starts[0] + self._window)
        return max(rested, self._silent_until)

    def forgotten_at(self) -> float:
        return max([self._silent_until, *(start + self._window for start in self._starts)])

    def start(self, now: float) -> None:
        self._starts.append(now)

    def halt(self, until: float) -> None:
        self._silent_until = max(self._silent_until, until)


@dataclass(order=True)
class Ticket:
    """A place in the queue; whoever holds it awaits its turn."""

    priority: Priority
    number: int
    chat: Chat = field(compare=False)
    turn: asyncio.Future[None] = field(compare=False)


class HeldBackError(NetworkError):
    """A call that had its turn may not leave any more. It has not been sent."""


class Pace(BaseRateLimiter[Priority]):
    """Lets one call start at a time, each in a slot of its own, the personal ones first.

    PTB's own limiter bursts to 60, knows neither a pace per private chat nor priorities, and goes
    on sending after a 429. Nothing is sent twice here either: repeating is the outbox's matter.
    Edits count like sends; calls without a chat take no slot, but keep silent with the rest.
    """

    def __init__(self, limits: Limits = TELEGRAM) -> None:
        self._limits = limits
        self._flight = asyncio.Semaphore(limits.in_flight)
        self._numbers = count()
        # In order of priority. A sorted list and no heap: the first may have to wait for its chat,
        # and then we look further down.
        self._waiting: list[Ticket] = []
        self._called: Ticket | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._lanes: dict[Chat, Lane] = {}
        self._next_slot = self._next_bulk = self._silent_until = 0.0
        self.may_leave: Callable[[], bool] = lambda: True
        """Asked at the last moment, when a call has had its turn: may it still go?"""

    async def initialize(self) -> None:
        """There is nothing to open."""

    async def shutdown(self) -> None:
        for ticket in self._waiting:
            ticket.turn.cancel()

    async def process_request(
        self,
        callback: Callable[..., Coroutine[Any, Any, Answer]],
        args: Any,
        kwargs: dict[str, Any],
        endpoint: str,  # noqa: ARG002 - PTB passes it by name; the chat tells us enough
        data: dict[str, Any],
        rate_limit_args: Priority | None,
    ) -> Answer:
        chat: Chat | None = data.get("chat_id")
        if chat is None:
            await self._silence_over()
        else:
            await self.turn(chat, rate_limit_args or Priority.PERSONAL)
        try:
            async with self._flight:
                if not self.may_leave():
                    raise HeldBackError("held back")
                return await callback(*args, **kwargs)
        except RetryAfter as flood:
            self.flooded(chat, seconds_asked(flood))
            raise

    async def turn(self, chat: Chat, priority: Priority = Priority.PERSONAL) -> None:
        """Return when a call to this chat may start; giving up while waiting frees the place."""
        turn = asyncio.get_running_loop().create_future()
        ticket = Ticket(priority, next(self._numbers), chat, turn)
        insort(self._waiting, ticket)
        self._arrange()
        try:
            await turn
            self._start(ticket)
        finally:
            self._waiting.remove(ticket)
            if self._called is ticket:
                self._called = None
            self._arrange()

    def flooded(self, chat: Chat | None, seconds: float) -> None:
        """Somebody of us was told 429: a group rests alone, anything else silences everything."""
        until = monotonic() + min(seconds, LONGEST_SILENCE)
        if chat is not None and is_group(chat):
            self.halt_chat(chat, until)
        else:
            self.halt(until)

    def halt(self, until: float) -> None:
        """Nothing starts before this moment of the monotonic clock; it is never brought forward."""
        self._silent_until = max(self._silent_until, until)
        self._arrange()

    def halt_chat(self, chat: Chat, until: float) -> None:
        self._lane(chat).halt(until)
        self._arrange()

    async def _silence_over(self) -> None:
        while (rest := self._silent_until - monotonic()) > 0:  # noqa: ASYNC110 - it may be prolonged
            await asyncio.sleep(rest)

    def _arrange(self) -> None:
        """Set the alarm for the next start; while somebody called is on the way there is none."""
        if self._timer:
            self._timer.cancel()
        self._timer = None
        if self._called is None and self._waiting:
            soonest = min(self._ready_at(ticket) for ticket in self._waiting)
            delay = max(0.0, soonest - monotonic())
            self._timer = asyncio.get_running_loop().call_later(delay, self._call)

    def _call(self) -> None:
        now = monotonic()
        for ticket in self._waiting:
            if self._ready_at(ticket) <= now and not ticket.turn.done():
                self._called = ticket
                ticket.turn.set_result(None)
                return
        self._arrange()

    def _ready_at(self, ticket: Ticket) -> float:
        lane = self._lanes.get(ticket.chat)
        chat_free = lane.free_at() if lane else 0.0
        bulk_free = self._next_bulk if ticket.priority is Priority.BULK else 0.0
        return max(self._next_slot, self._silent_until, chat_free, bulk_free)

    def _start(self, ticket: Ticket) -> None:
        # Counted from the true start, not from the planned one: a late slot is lost, never made up.
        now = monotonic()
        self._next_slot = now + 1 / self._limits.overall
        if ticket.priority is Priority.BULK:
            self._next_bulk = now + 1 / self._limits.bulk
        self._lane(ticket.chat).start(now)
        if len(self._lanes) > LANES_KEPT:
            kept = {chat: lane for chat, lane in self._lanes.items() if lane.forgotten_at() > now}
            self._lanes = kept

    def _lane(self, chat: Chat) -> Lane:
        return self._lanes.setdefault(chat, Lane(chat, self._limits))
