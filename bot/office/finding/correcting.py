"""Words with one slip in them: the commonest word of a language's texts that was probably meant."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from bot.office.finding.normal import plain

_SHORTEST = 4
"""A slip in a shorter word makes another word of it."""
Numbers = NDArray[np.uint32]


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The words of a language, commonest first; ``spelt`` finds those with one letter left out."""

    words: tuple[str, ...]
    spelt: Numbers
    whose: Numbers
    _known: frozenset[str] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_known", frozenset(self.words))

    @classmethod
    def of(cls, texts: Iterable[str]) -> "Vocabulary":
        often = Counter(chain.from_iterable(plain(text).split() for text in texts))
        words = tuple(sorted(often, key=lambda word: (-often[word], word)))
        rows = [(code, n) for n, word in enumerate(words) for code in _codes(word)]
        table = np.array(sorted(rows), np.uint32).reshape(-1, 2)
        return cls(words, table[:, 0].copy(), table[:, 1].copy())

    def mend(self, text: str) -> str:
        """``text`` is plain; what is known, short, or like nothing stays as it is."""
        return " ".join(word if word in self._known else self._meant(word) for word in text.split())

    def _meant(self, word: str) -> str:
        codes = np.fromiter(_codes(word), np.uint32)
        firsts = np.searchsorted(self.spelt, codes)
        lasts = np.searchsorted(self.spelt, codes, "right")
        found = {int(one) for a, b in zip(firsts, lasts, strict=True) for one in self.whose[a:b]}
        return next((self.words[n] for n in sorted(found) if _is_slip(word, self.words[n])), word)


def _codes(word: str) -> Iterator[int]:
    if len(word) >= _SHORTEST:
        for one in {word, *(word[:at] + word[at + 1 :] for at in range(len(word)))}:
            yield crc32(one.encode())


def _is_slip(one: str, other: str) -> bool:
    """A letter more, a letter less, another letter, or two that changed places."""
    same = next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), None)
    if same is None:
        return abs(len(one) - len(other)) == 1
    a, b = one[same:], other[same:]
    return a[1:] == b[1:] or a[1:] == b or a == b[1:] or (a[1::-1] == b[:2] and a[2:] == b[2:])
