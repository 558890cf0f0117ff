"""The queue of updates of one bot, and the one who is polling it."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from bot.sandbox.errors import Refusal

Update = dict[str, Any]

KINDS = {
    "message", "edited_message", "channel_post", "edited_channel_post", "business_connection",
    "business_message", "edited_business_message", "deleted_business_messages", "guest_message",
    "message_reaction", "message_reaction_count", "inline_query", "chosen_inline_result",
    "callback_query", "shipping_query", "pre_checkout_query", "purchased_paid_media", "poll",
    "poll_answer", "my_chat_member", "chat_member", "chat_join_request", "chat_boost",
    "removed_chat_boost", "managed_bot", "subscription", "stopped_message_generation",
}  # fmt: skip
NOT_UNLESS_ASKED = {"chat_member", "message_reaction", "message_reaction_count"}
# Seconds after which Telegram drops what was not fetched.
LIFE = {
    "callback_query": 150.0,
    "pre_checkout_query": 150.0,
    "shipping_query": 150.0,
    "inline_query": 30.0,
    "chosen_inline_result": 600.0,
}
LIFE_OF_THE_REST = 24 * 3600.0
LONGEST_POLL = 50
# An offset further ahead than this is of another queue: nothing is confirmed by it.
INTO_THE_FUTURE = 10
# Who asks for the same again within these seconds waits longer, and gets one update.
SAME_AGAIN, SAME_AT_ONCE = 3.0, 0.5
TWO_POLLERS = (
    "Conflict: terminated by other getUpdates request; "
    "make sure that only one bot instance is running"
)


@dataclass(eq=False, slots=True)
class Waiting:
    update: Update
    kind: str
    born: float
    again: bool = False  # redelivered: survives a confirmation that came before it was served
    here: bool = True  # in the queue: neither confirmed nor dropped
    delay: float = 1.0  # how long the webhook waited last
    failures: int = 0

    @property
    def id(self) -> int:
        number: int = self.update["update_id"]
        return number

    @property
    def life(self) -> float:
        return LIFE.get(self.kind, LIFE_OF_THE_REST)


@dataclass
class Mailbox:
    first_id: int
    queue: list[Waiting] = field(default_factory=list)
    allowed: list[str] = field(default_factory=list)
    on_change: Callable[[], None] = lambda: None
    on_arrival: Callable[[Waiting], None] = lambda _waiting: None
    on_age: Callable[[], None] = lambda: None
    paced: bool = False
    closed: bool = False

    def __post_init__(self) -> None:
        self._next_id = self.first_id
        self._seen: dict[int, Waiting] = {}
        self._poll: asyncio.Future[None] | None = None
        self._ahead = 0.0
        self._asked: tuple[int, float] | None = None

    @property
    def polling(self) -> bool:
        """Somebody waits in a long poll."""
        return self._poll is not None and not self._poll.done()

    def now(self) -> float:
        """Seconds by the clock of the queue, which `age` puts forward."""
        return time.monotonic() + self._ahead

    def allow(self, kinds: list[str]) -> None:
        """Only these kinds are kept from now on; strange names are passed over, as by Telegram."""
        self.allowed = [kind.lower() for kind in kinds if kind.lower() in KINDS]

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
        waiting = Waiting(numbered, kind, self.now())
        self._seen[waiting.id] = waiting
        self.queue.append(waiting)
        self._arrived(waiting)
        return waiting.id

    def again(self, update_id: int) -> None:
        """Delivers an update once more, in front of everything, even if it was confirmed."""
        if update_id not in self._seen:
            raise ValueError(f"There was no update {update_id}")
        old = self._seen[update_id]
        waiting = Waiting(old.update, old.kind, self.now(), again=True)
        self.queue.insert(0, waiting)
        self._arrived(waiting)

    def age(self, seconds: float) -> None:
        """Time passes: what waits becomes older, and what the webhook was to try again is due."""
        self._ahead += seconds
        self._expire()
        self.on_age()

    def forget(self, waiting: Waiting) -> None:
        """One update is done with; it is looked for from the front, where it mostly is."""
        for place, one in enumerate(self.queue):
            if one is waiting:
                del self.queue[place]
                break
        waiting.here = False
        self.on_change()

    def drop_all(self) -> None:
        self._keep([])
        self.on_change()

    def close(self) -> None:
        self.closed = True
        self._wake()

    async def fetch(self, offset: int, limit: int, wait: float) -> list[Update]:
        """Confirms what is below the offset, then waits for something to hand out."""
        if offset >= self._next_id + INTO_THE_FUTURE:
            offset = 0
        limit, wait = self._pace(offset, limit, min(wait, LONGEST_POLL))
        self._confirm(offset)
        if not self.queue and wait > 0 and not self.closed:
            self.displace(Refusal(409, TWO_POLLERS))
            await self._wait(wait)
        self._expire()
        served = self._from(offset)[:limit]
        for waiting in served:
            waiting.again = False
        return [waiting.update for waiting in served]

    def displace(self, refusal: Refusal) -> None:
        """Whoever waits in a long poll is sent away."""
        if self._poll is not None and self.polling:
            self._poll.set_exception(refusal)

    def _pace(self, offset: int, limit: int, wait: float) -> tuple[int, float]:
        now, before = self.now(), self._asked
        self._asked = offset, now
        if not self.paced or before is None or before[0] != offset:
            return limit, wait
        since = now - before[1]
        wait = max(wait, SAME_AGAIN) if since < SAME_AGAIN else wait
        return (1 if since < SAME_AT_ONCE else limit), wait

    def _from(self, offset: int) -> list[Waiting]:
        if offset <= 0:
            return self.queue
        return [one for one in self.queue if one.id >= offset or one.again]

    def _arrived(self, waiting: Waiting) -> None:
        self._wake()
        self.on_arrival(waiting)

    def _wake(self) -> None:
        if self._poll is not None:
            let_go(self._poll)
        self.on_change()

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
            self._keep(self.queue[offset:])
        elif offset > 0:
            self._keep(self._from(offset))
        self.on_change()

    def _expire(self) -> None:
        now = self.now()
        fresh = [one for one in self.queue if now - one.born < one.life]
        if len(fresh) != len(self.queue):
            self._keep(fresh)
            self.on_change()

    def _keep(self, kept: list[Waiting]) -> None:
        if len(kept) == len(self.queue):
            return
        for waiting in self.queue:
            waiting.here = False
        for waiting in kept:
            waiting.here = True
        self.queue = kept


def let_go(poll: asyncio.Future[None]) -> None:
    if not poll.done():
        poll.set_result(None)


def without_id(update: Update) -> Update:
    return {key: value for key, value in update.items() if key != "update_id"}
