"""Sequences of words that mean one thing wherever they stand, found by their rarest word."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from bot.office.danger.words import spelt, typed_in_latin

GAP = 3
"""So many words may stand where a pattern has two dots."""
LONGEST = 24
"""Of longer words only the beginning is looked at."""

Groups = Mapping[str, str]
Slot = frozenset[str]
Places = dict[int, list[int]]
"""For each slot some word of a text fits: where in the text."""


class BadPatternError(ValueError):
    """A pattern nobody can read; the sentence says why."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """Words in order; ``gaps[n]`` others may stand before the nth of them."""

    slots: tuple[Slot, ...]
    gaps: tuple[int, ...]
    means: str
    written: str
    alone: bool = False
    """Only where nothing else is said."""


def read_pattern(written: str, means: str, *, language: str, groups: Groups) -> Pattern:
    """A pattern as people write it in ``danger.yaml``."""
    slots: list[Slot] = []
    gaps: list[int] = []
    gap = 0
    alone = written.startswith("= ")
    for part in written.removeprefix("= ").split():
        if part == "..":
            gap = GAP
            continue
        slots.append(_slot(part, language, groups))
        gaps.append(gap)
        gap = 0
    if not slots or gap or gaps[0]:
        raise BadPatternError(f"»{written}« must begin and end with a word")
    return Pattern(tuple(slots), tuple(gaps), means, written, alone)


def _slot(part: str, language: str, groups: Groups) -> Slot:
    found: set[str] = set()
    for one in part.split("|"):
        if one.startswith("$"):
            if one[1:] not in groups:
                raise BadPatternError(f"nobody has said what {one} is")
            found |= _slot(groups[one[1:]], language, {})
        else:
            found |= _spellings(one, language)
    return frozenset(found)


# A group stands in hundreds of patterns.
@lru_cache(maxsize=1 << 15)
def _spellings(written: str, language: str) -> frozenset[str]:
    stem = spelt(written)
    if not stem or " " in stem:
        raise BadPatternError(f"»{written}« is not one word")
    before, after = "*" * written.startswith("*"), "*" * written.endswith("*")
    return frozenset(f"{before}{one}{after}" for one in (stem, *typed_in_latin(language, stem)))


@dataclass(slots=True)
class Patterns:
    """All patterns; every word of a text is looked up once for all of them."""

    _patterns: list[tuple[Pattern, tuple[int, ...]]] = field(default_factory=list)
    _numbers: dict[Slot, int] = field(default_factory=dict)
    _led_by: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    _fitting: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    _known: dict[str, set[int]] | None = None

    def remembering(self) -> None:
        """Many texts follow: no word of them needs to be looked up twice."""
        self._known = {}

    def forget(self) -> None:
        self._known = None

    @classmethod
    def of(cls, patterns: Iterable[Pattern]) -> "Patterns":
        made = cls()
        for pattern in patterns:
            numbers = tuple(made._number(slot) for slot in pattern.slots)
            rarest = min(range(len(numbers)), key=lambda n: _commonness(pattern.slots[n]))
            made._led_by[numbers[rarest]].append(len(made._patterns))
            made._patterns.append((pattern, numbers))
        return made

    def _number(self, slot: Slot) -> int:
        if slot not in self._numbers:
            self._numbers[slot] = len(self._numbers)
            for one in slot:
                self._fitting[one].append(self._numbers[slot])
        return self._numbers[slot]

    def places(self, words: Sequence[str]) -> Places:
        """Which words fit where; asked once, whatever is looked for afterwards."""
        places: Places = defaultdict(list)
        for place, word in enumerate(words):
            if word:
                for slot in self._slots_of(word[:LONGEST]):
                    places[slot].append(place)
        return places

    def _slots_of(self, word: str) -> set[int]:
        if self._known is None:
            return self._looked_up(word)
        if word not in self._known:
            self._known[word] = self._looked_up(word)
        return self._known[word]

    def _looked_up(self, word: str) -> set[int]:
        known = self._fitting
        fitting = set(known.get(word, ()))
        length = len(word)
        for start in range(length):
            fitting.update(known.get("*" + word[start:], ()))
            fitting.update(known.get(word[: start + 1] + "*", ()))
            # A stem of one letter in the midst of a word would say nothing.
            for end in range(start + 2, length + 1):
                fitting.update(known.get("*" + word[start:end] + "*", ()))
        return fitting

    def found(self, places: Places) -> Iterator[tuple[Pattern, range]]:
        """Every pattern that is there, with the stretch of words it covers."""
        for leader in places.keys() & self._led_by.keys():
            for which in self._led_by[leader]:
                pattern, numbers = self._patterns[which]
                if all(number in places for number in numbers):
                    yield from _stretches(pattern, [places[number] for number in numbers])


def _stretches(
    pattern: Pattern, places: Sequence[Sequence[int]]
) -> Iterator[tuple[Pattern, range]]:
    for start in places[0]:
        last = _reach(start, places, pattern.gaps, 1)
        if last is not None:
            yield pattern, range(start, last + 1)


def _reach(
    place: int, places: Sequence[Sequence[int]], gaps: Sequence[int], which: int
) -> int | None:
    """Where the pattern ends that has come as far as ``place``."""
    if which == len(places):
        return place
    for after in places[which]:
        if place < after <= place + 1 + gaps[which]:
            last = _reach(after, places, gaps, which + 1)
            if last is not None:
                return last
    return None


def _commonness(slot: Slot) -> tuple[int, int]:
    """Long words and few alternatives are rare: looked for first."""
    return -min(len(one.strip("*")) for one in slot), len(slot)
