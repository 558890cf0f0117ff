"""The sandbox's time: it runs on from where it was put, or stands still."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

Mover = Callable[[datetime], Awaitable[None]]


class Clock:
    def __init__(self) -> None:
        self._offset = 0.0
        self._frozen: float | None = None
        self._movers: list[Mover] = []
        self._lock: asyncio.Lock | None = None
        self.moving = False
        self.changed: Callable[[], None] = lambda: None

    def now(self) -> datetime:
        return datetime.fromtimestamp(self.stamp(), UTC)

    def stamp(self) -> float:
        return time.time() + self._offset if self._frozen is None else self._frozen

    @property
    def frozen(self) -> bool:
        return self._frozen is not None

    def set(self, to: datetime) -> None:
        """Puts the hands there and tells nobody but the page."""
        wanted = aware(to).timestamp()
        if self._frozen is None:
            self._offset = wanted - time.time()
        else:
            self._frozen = wanted
        self.changed()

    def freeze(self) -> None:
        self._frozen = self.stamp()
        self.changed()

    def unfreeze(self) -> None:
        if self._frozen is not None:
            self._offset = self._frozen - time.time()
            self._frozen = None
            self.changed()

    def on_move(self, mover: Mover) -> None:
        """A mover is given the wanted moment and sets the clock itself on its way there."""
        self._movers.append(mover)

    async def move(self, to: datetime) -> None:
        """Forward only, one move at a time; ends when every mover has arrived."""
        self._lock = self._lock or asyncio.Lock()
        async with self._lock:
            if aware(to) < self.now():
                raise ValueError("The clock only moves forward")
            self.moving = True
            self.changed()
            try:
                for mover in self._movers:
                    await mover(to)
            finally:
                self.moving = False
            self.set(max(to, self.now()))


def aware(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError("Say the time with its zone, like 2026-10-05T10:00:00+03:00")
    return moment
