"""Which danger words speak of: sure patterns first, then what was learned from examples."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from itertools import combinations
from pathlib import Path

from bot.office.danger.lists import (
    KINDS,
    NEVER,
    OF_DANGER,
    Lists,
    all_lists,
    everyday_questions,
    readable,
    sources,
)
from bot.office.danger.model import Lesson, Model, learned, numbers, spelling
from bot.office.danger.patterns import Patterns, Places
from bot.office.danger.words import spelt, typed_in_latin, words_of
from bot.office.finding import ANSWER, Found

BAR, CALM_BAR = 0.9, 2.5
"""From here on what was learned raises the alarm alone; strangers' sentences chose it.

The second is for words that we have an everyday answer to: "I want to bring my wife and children".
"""
NEAR = 6
"""Two groups of words speak together when no more than so many words are between them."""
FEWEST = 2
"""A word alone or a number ("14") says nothing that was not said before in the lists."""
SURE_COUNTS = 3.0
"""What a sure pattern adds: it decides alone, unless what was learned speaks clearly against it."""
WINDOW = 14
"""In a long story a cry is looked for in so many words at a time."""
MOST = 200
"""Words after these are not looked at: nobody cries for help on the second page."""
HARD = 3
"""A harmless sentence with words of danger teaches as much as so many everyday questions."""
_VERSION = "3"


@dataclass(frozen=True, slots=True)
class Seen:
    """A text with what was found in it; words that never are danger are gone."""

    words: Sequence[str]
    sure: Sequence[str]
    groups: dict[str, list[int]]


@dataclass(slots=True)
class Danger:
    """Asked before anything else. It knows words and nothing about who wrote them.

    Without a model only what is sure and what is known by heart raises the alarm.
    """

    _patterns: Patterns
    _by_heart: Mapping[str, str | None]
    _model: Model | None = None

    @classmethod
    def load(cls, locales: Path, keep: Path | None = None, *, learn: bool = True) -> "Danger":
        """From the lists of all languages; what was learned is kept in the folder ``keep``.

        Learning takes many seconds when nothing is kept; who cannot wait may ``learn`` later.
        """
        lists = all_lists(locales)
        made = cls(Patterns.of(readable(lists)), _by_heart(lists))
        made._model = Model.kept(_file(locales, keep)) if keep else None
        if learn:
            made.learn(locales, keep)
        return made

    def learn(self, locales: Path, keep: Path | None = None) -> None:
        """Learn from the lists what patterns do not say, unless that has been done."""
        if self._model is not None:
            return
        self._model = _taught(self._patterns, locales, all_lists(locales))
        if keep is not None:
            # A folder nobody may write in costs the next start some seconds, and nothing else.
            with suppress(OSError):
                self._model.keep(_file(locales, keep))

    def kind(self, words: str, find: Callable[[str], Found] | None = None) -> str | None:
        """The danger these words speak of, if they do.

        ``find`` searches the answers; it is asked only where what was learned is in doubt.
        """
        said = words_of(words)[:MOST]
        alike = " ".join(filter(None, said))
        if alike in self._by_heart:
            return self._by_heart[alike]
        seen = look(self._patterns, said)
        score, kind = self._scored(seen)
        if seen.sure:
            score, kind = score + SURE_COUNTS, min(seen.sure, key=KINDS.index)
        if score < BAR or (score < CALM_BAR and find is not None and _is_calm(find(words))):
            return None
        return kind

    def _scored(self, seen: Seen) -> tuple[float, str | None]:
        """How much what was learned speaks for danger, and for which. Without a model nought."""
        model = self._model
        if model is None or sum(not word.isdigit() for word in seen.words if word) < FEWEST:
            return 0.0, None
        pieces = [numbers(evidence(part)) for part in _windows(seen)]
        best = max(pieces, key=model.score, default=None)
        return (0.0, None) if best is None else (model.score(best), KINDS[model.kind(best)])


def _is_calm(found: Found) -> bool:
    """Whether we would give an answer at once that people in danger do not ask for."""
    return found.action == ANSWER and found.hits[0].code not in OF_DANGER


def _by_heart(lists: Sequence[Lists]) -> dict[str, str | None]:
    """The lists' own sentences, word for word: the model keeps only what others share."""
    known: dict[str, str | None] = {}
    for one in lists:
        for said in one.harmless:
            _remember(known, one.language, said, None)
    # Second, and so the last word: what is danger in one language is harmless in none.
    for one in lists:
        for kind, sentences in one.says.items():
            for said in sentences:
                _remember(known, one.language, said, kind)
    return known


def _remember(known: dict[str, str | None], language: str, said: str, kind: str | None) -> None:
    plainly = spelt(said)
    for copy in (plainly, *typed_in_latin(language, plainly)):
        known[copy] = kind


def look(patterns: Patterns, words: Sequence[str]) -> Seen:
    """What stands in these words."""
    said = sum(map(bool, words))
    places = patterns.places(words)
    found = list(patterns.found(places))
    gone = {place for pattern, stretch in found if pattern.means == NEVER for place in stretch}
    if gone:
        words = ["" if place in gone else word for place, word in enumerate(words)]
        found = list(patterns.found(_without(places, gone)))
    groups: dict[str, list[int]] = {}
    for pattern, stretch in found:
        if pattern.means.startswith("#"):
            groups.setdefault(pattern.means, []).append(stretch.start)
    sure = [
        one.means
        for one, stretch in found
        if one.means in KINDS and (not one.alone or len(stretch) == said)
    ]
    return Seen(words, sure, groups)


def _without(places: Places, gone: set[int]) -> Places:
    left = {slot: [place for place in where if place not in gone] for slot, where in places.items()}
    return {slot: where for slot, where in left.items() if where}


def evidence(seen: Seen) -> Iterator[str]:
    """The pieces that are learned from: words, groups of words, pairs of groups.

    Not the sure patterns: they know their own examples by heart, and nothing else would be learned.
    """
    yield from spelling([word for word in seen.words if word])
    yield from seen.groups
    for one, other in combinations(sorted(seen.groups), 2):
        apart = min(
            (abs(a - b) for a in seen.groups[one] for b in seen.groups[other] if a != b),
            default=NEAR + 1,
        )
        if apart <= NEAR:
            yield one + other
        if apart <= 2:
            yield f"{one}+{other}"


def _windows(seen: Seen) -> Iterator[Seen]:
    if len(seen.words) <= WINDOW + 4:
        if any(seen.words):
            yield seen
        return
    for start in range(0, len(seen.words) - WINDOW + 4, WINDOW // 2):
        within = range(start, start + WINDOW)
        inside = {
            name: [place for place in places if place in within]
            for name, places in seen.groups.items()
        }
        groups = {name: places for name, places in inside.items() if places}
        yield Seen(seen.words[start : start + WINDOW], seen.sure, groups)


def _taught(patterns: Patterns, locales: Path, lists: Sequence[Lists]) -> Model:
    told: list[Lesson] = []
    patterns.remembering()
    for language, kind, sentence, times in lessons(locales, lists):
        for copy in (sentence, *typed_in_latin(language, sentence)):
            row = numbers(evidence(look(patterns, copy.split())))
            told += [Lesson(row, kind, times)]
    patterns.forget()
    return learned(told, len(KINDS))


def lessons(locales: Path, lists: Sequence[Lists]) -> Iterator[tuple[str, int, str, int]]:
    """Every sentence to learn from: its language, its kind or -1, its words, how much it counts."""
    for one in lists:
        for kind, sentences in one.says.items():
            yield from ((one.language, KINDS.index(kind), spelt(said), 1) for said in sentences)
        yield from ((one.language, -1, spelt(said), HARD) for said in one.harmless)
    for language, asked in everyday_questions(locales):
        yield language, -1, spelt(asked), 1


def _file(locales: Path, keep: Path) -> Path:
    return keep / f"danger-{_hash(locales)}.npz"


def _hash(locales: Path) -> str:
    content = sha256(_VERSION.encode())
    for path in sources(locales):
        content.update(path.parent.name.encode() + path.read_bytes())
    return content.hexdigest()[:20]
