"""How often one person may write or press, so that nobody takes the time of everybody else."""

from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass, field
from typing import TypeVar

_MINUTE = 60.0
_MOST_REMEMBERED = 10_000
Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Allowance:
    """So many at once and so many a minute for each; Telegram lets people write far more.

    ``late`` is how many a second, of everybody's, are served of what has waited for long: no more
    than Telegram takes answers.
    """

    words: int = 20
    presses: int = 60
    late: float = 25.0

    def seconds_for_one(self, *, presses: bool) -> float:
        return _MINUTE / (self.presses if presses else self.words)


@dataclass(slots=True)
class _Count:
    """Until when somebody's minute is taken, and the latest moment of what they sent."""

    full_until: float
    latest: float


@dataclass(slots=True)
class Turnstile:
    """Counts in memory only, by the numbers of phones, and forgets who was quiet the longest.

    Each process has one of its own. Staff, who answer many people, always pass. Moments are
    seconds of real time: for words the ones Telegram dates them with, so that nobody is blamed for
    what piled up while we were away.
    """

    allowance: Allowance = field(default_factory=Allowance)
    staff: frozenset[int] = frozenset()
    _counts: OrderedDict[tuple[int, bool], _Count] = field(default_factory=OrderedDict)
    _told_until: OrderedDict[int, float] = field(default_factory=OrderedDict)
    _late_until: float = 0.0

    def passes(self, person: int, at: float, *, presses: bool) -> bool:
        """Whether one more is welcome. One that is not does not count."""
        if person in self.staff:
            return True
        key = (person, presses)
        count = self._counts.get(key) or _Count(at, at)
        count.latest = max(count.latest, at)  # what comes late once more takes no time back
        full_until = max(count.full_until, count.latest)
        full_until += self.allowance.seconds_for_one(presses=presses)
        if full_until - count.latest > _MINUTE:
            return False
        count.full_until = full_until
        _remember(self._counts, key, count)
        return True

    def takes_back(self, person: int, *, presses: bool) -> None:
        """One that was let in could not be served: it comes again, and counts only once."""
        count = self._counts.get((person, presses))
        if count is not None:
            count.full_until -= self.allowance.seconds_for_one(presses=presses)

    def tells(self, person: int, at: float) -> bool:
        """Whether somebody turned away is told so now: once a minute."""
        if at < self._told_until.get(person, at):
            return False
        _remember(self._told_until, person, at + _MINUTE)
        return True

    def late_one_waits(self, at: float) -> float:
        """How many seconds one more that comes late waits for its turn."""
        self._late_until = max(self._late_until + 1 / self.allowance.late, at)
        return self._late_until - at


def _remember(there: OrderedDict[Key, Value], key: Key, value: Value) -> None:
    there[key] = value
    there.move_to_end(key)
    if len(there) > _MOST_REMEMBERED:
        there.popitem(last=False)
