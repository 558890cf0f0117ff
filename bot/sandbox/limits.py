"""Telegram's pace, when asked for: overall, for one person and for one group."""

import math
import time
from collections import deque

PACED = ("send", "copy", "edit")
FREE = {"sendChatAction"}
# Uploads above this size, all of one size: seconds for each byte, at least, at most, ahead.
LARGE_UPLOAD = 100_000
SECONDS_A_BYTE, LEAST_SECONDS, MOST_SECONDS = 1e-7, 0.2, 0.9
UPLOADS_AHEAD, AFTER_UPLOADS = 1.0, 20
OVERALL = (30, 1.0)
PERSON = (4, 4.0)  # one a second, short bursts tolerated
GROUP = (20, 60.0)


class Limits:
    def __init__(self) -> None:
        self.on = False
        self._times: dict[object, deque[float]] = {}
        self._uploaded: dict[int, float] = {}

    def wait(self, method: str, chat: object) -> int | None:
        """Seconds to wait when the call is too much; None, and counted, when it is welcome."""
        if not self.on or method in FREE or not method.startswith(PACED):
            return None
        now = time.monotonic()
        group = isinstance(chat, int) and chat < 0
        rules = ((None, OVERALL), (chat, GROUP if group else PERSON))
        waits = [self._over(key, rule, now) for key, rule in rules]
        if any(waits):
            return math.ceil(max(waits))
        for key, _rule in rules:
            self._times[key].append(now)
        return None

    def wait_to_upload(self, size: int) -> int | None:
        """The same for what is large: a second's worth of uploads of one size goes at once."""
        if not self.on or size <= LARGE_UPLOAD:
            return None
        now, last = time.monotonic(), self._uploaded.get(size, 0.0)
        if last > now + UPLOADS_AHEAD:
            return AFTER_UPLOADS
        takes = min(max(size * SECONDS_A_BYTE, LEAST_SECONDS), MOST_SECONDS)
        self._uploaded[size] = max(last + takes, now)
        return None

    def _over(self, key: object, rule: tuple[int, float], now: float) -> float:
        most, seconds = rule
        times = self._times.setdefault(key, deque())
        while times and times[0] <= now - seconds:
            times.popleft()
        return times[0] + seconds - now if len(times) >= most else 0.0
