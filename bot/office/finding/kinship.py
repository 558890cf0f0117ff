"""Words that mean nearly the same count as one more shared word: what spelling cannot know."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from bot.office.finding import everyday

_FILE = Path(__file__).with_name("kin.yaml")
_BEFORE = ("وال", "بال", "لل", "ال", "و", "ب", "ل")
"""What Arabic writes together with the word after it."""

_MIXED = {"uk": ("ru",), "ps": ("fa",)}
"""Whose words people mix into their own."""

_LONG, _LONGEST = 5, 9
"""Letters a word must have before a misspelling is forgiven, as shorter ones are too near to
others; and letters that are looked at."""

Ideas = frozenset[int]


@dataclass(frozen=True, slots=True)
class Kin:
    """The ideas one language has words for, in one spelling."""

    whole: Mapping[str, Ideas]
    stems: Mapping[str, Ideas]
    near: Mapping[str, Ideas]
    before: tuple[str, ...]

    def ideas(self, text: str) -> list[int]:
        """The ideas of a text, each once, in order."""
        return sorted(frozenset().union(*map(self._of, text.split())))

    def _of(self, word: str) -> Ideas:
        bare = map(self._at, self._bare(word))
        return self._at(word) or next(filter(None, bare), frozenset()) or self._misspelt(word)

    def _at(self, word: str) -> Ideas:
        found = self.whole.get(word, frozenset())
        for end in range(2, len(word) + 1):
            found |= self.stems.get(word[:end], frozenset())
        return found

    def _misspelt(self, word: str) -> Ideas:
        """One letter too many, too few or wrong, or two that changed places; never the first."""
        for end in range(min(len(word), _LONGEST), _LONG - 1, -1):
            begun = word[:end]
            if begun in self.near:
                return self.near[begun]
            for at in range(1, end):
                short = begun[:at] + begun[at + 1 :]
                if short in self.near:
                    return self.near[short]
        return frozenset()

    def _bare(self, word: str) -> Iterator[str]:
        for one in self.before:
            if word.startswith(one) and len(word) > len(one) + 1:
                yield word[len(one) :]


def kin(language: str, spelled: Callable[[str], str], shortest: int) -> Kin:
    """What ``kin.yaml`` says about a language; what is shorter than ``shortest`` says nothing."""
    whole: dict[str, Ideas] = {}
    stems: dict[str, Ideas] = {}
    spoken = (language, *_MIXED.get(language, ()))
    for number, ideas in enumerate(_all().values()):
        for word in " ".join(ideas.get(one, "") for one in spoken).split():
            short = spelled(word.rstrip("*"))
            if len(short) >= shortest:
                where = stems if word.endswith("*") else whole
                where[short] = where.get(short, frozenset()) | {number}
    near = {
        short: ideas
        for stem, ideas in stems.items()
        if len(stem) > _LONG
        for short in (stem, *_shortened(stem))
    }
    return Kin(whole, stems, near, _BEFORE if language == "ar" else ())


def _shortened(word: str) -> list[str]:
    return [word[:at] + word[at + 1 :] for at in range(1, len(word))]


@cache
def _all() -> dict[str, dict[str, str]]:
    return everyday.read(_FILE.read_text("utf-8"))
