"""The queue of updates of one bot, and the one who is polling it."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from bot.sandbox.errors import Refusal

Update = dict[str, Any]

NOT_UNLESS_ASKED = {"chat_member", "message_reaction", "message_reaction_count"}
# Seconds of real time after which Telegram drops what was not fetched.
LIFE = {"callback_query": 150.0, "pre_checkout_query": 150.0, "inline_query": 30.0}
LIFE_OF_THE_REST = 24 * 3600.0
LONGEST_POLL = 50
TWO_POLLERS = (
    "Conflict: terminated by other getUpdates request; "
    "make sure that only one bot instance is running"
)


@dataclass
class Waiting:
    update: Update
    kind: str
    born: float
    again: bool = False  # redelivered: survives a confirmation that came before it was served

    @property
    def id(self) -> int:
        number: int = self.update["update_id"]
        return number


@dataclass
class Mailbox:
    first_id: int
    queue: list[Waiting] = field(default_factory=list)
    allowed: list[str] = field(default_factory=list)
    on_change: Callable[[], None] = lambda: None
    closed: bool = False

    def __post_init__(self) -> None:
        self._next_id = self.first_id
        self._seen: dict[int, Waiting] = {}
        self._poll: asyncio.Future[None] | None = None

    @property
    def polling(self) -> bool:
        """Somebody waits in a long poll."""
        return self._poll is not None and not self._poll.done()

    def put(self, kind: str, content: Any) -> int | None:
        """The id of the update; None if the bot has not asked for this kind."""
        if self.allowed and kind not in self.allowed:
            return None
        if not self.allowed and kind in NOT_UNLESS_ASKED:
            return None
        return self.put_raw({kind: content})

    def put_raw(self, update: Update) -> int:
        kind = next((key for key in update if key != "update_id"), "")
        numbered = {"update_id": self._next_id, **without_id(update)}
        self._next_id += 1
        waiting = Waiting(numbered, kind, time.monotonic())
        self._seen[waiting.id] = waiting
        self._append(waiting)
        return waiting.id

    def again(self, update_id: int) -> None:
        """Delivers an update once more, in front of everything, even if it was confirmed."""
        if update_id not in self._seen:
            raise ValueError(f"There was no update {update_id}")
        old = self._seen[update_id]
        self.queue.insert(0, Waiting(old.update, old.kind, time.monotonic(), again=True))
        self._wake()

    def age(self, seconds: float) -> None:
        """What waits becomes older, as after an outage."""
        for waiting in self.queue:
            waiting.born -= seconds
        self._expire()

    def drop_all(self) -> None:
        self.queue.clear()
        self.on_change()

    def close(self) -> None:
        self.closed = True
        self._wake()

    async def fetch(self, offset: int, limit: int, wait: float) -> list[Update]:
        """Confirms what is below the offset, then waits for something to hand out."""
        self._displace()
        self._confirm(offset)
        if not self.queue and wait > 0 and not self.closed:
            await self._wait(min(wait, LONGEST_POLL))
        self._expire()
        served = self._from(offset)[:limit]
        for waiting in served:
            waiting.again = False
        return [waiting.update for waiting in served]

    def _from(self, offset: int) -> list[Waiting]:
        if offset <= 0:
            return self.queue
        return [one for one in self.queue if one.id >= offset or one.again]

    def _append(self, waiting: Waiting) -> None:
        self.queue.append(waiting)
        self._wake()

    def _wake(self) -> None:
        if self._poll is not None:
            let_go(self._poll)
        self.on_change()

    def _displace(self) -> None:
        if self._poll is not None and self.polling:
            self._poll.set_exception(Refusal(409, TWO_POLLERS))

    async def _wait(self, seconds: float) -> None:
        poll = asyncio.get_running_loop().create_future()
        self._poll = poll
        timer = poll.get_loop().call_later(seconds, let_go, poll)
        try:
            await poll
        finally:
            timer.cancel()

    def _confirm(self, offset: int) -> None:
        self._expire()
        if offset < 0:
            self.queue = self.queue[offset:]
        elif offset > 0:
            self.queue = [one for one in self.queue if one.id >= offset or one.again]
        self.on_change()

    def _expire(self) -> None:
        now = time.monotonic()
        fresh = [one for one in self.queue if now - one.born < LIFE.get(one.kind, LIFE_OF_THE_REST)]
        if len(fresh) != len(self.queue):
            self.queue = fresh
            self.on_change()


def let_go(poll: asyncio.Future[None]) -> None:
    if not poll.done():
        poll.set_result(None)


def without_id(update: Update) -> Update:
    return {key: value for key, value in update.items() if key != "update_id"}
