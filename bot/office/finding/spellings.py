"""One language in one spelling: how its words are compared, and into which pieces they are cut."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from bot.office.finding import kinship
from bot.office.finding.normal import folded, plain
from bot.office.finding.pieces import WORD, Codes, Cut, pieces
from bot.office.finding.skeletons import CYRILLIC, VOWELLESS, skeleton

NATIVE, LATIN = "native", "latin"
"""Cyrillic needs no second side: its skeletons keep all but a few letters, and what people typed in
Latin letters then helps those who type Cyrillic, too."""
_SHORTEST = {NATIVE: 2, LATIN: 3}
"""Of words that stand for an idea: skeletons have lost their vowels, so two letters say little."""
_IDEAS = WORD
_PAIRS = WORD + np.uint64(1000)
_END = WORD + np.uint64(1_001_000)
_MOST = 9
"""Ideas that are paired: a body has too many for their pairs to mean anything."""
_IDEA, _PAIR = 4.5, 1.5
"""How much more a shared idea weighs than a shared piece, and two ideas together."""


@dataclass(frozen=True, slots=True)
class Spelling:
    """``side`` is ``latin`` for words in Latin letters where they need a side of their own."""

    language: str
    side: str

    def write(self, text: str) -> str:
        """Plain words as they are compared."""
        if self.side == LATIN or self.language in CYRILLIC:
            return skeleton(self.language, text)
        return folded(text)

    def cut(self, texts: Sequence[str]) -> tuple[Codes, NDArray[np.int64]]:
        """All pieces and ideas of written texts, and which text each is of."""
        # A skeleton of consonants says little alone: its neighbour must speak for it too.
        cut = Cut(pairs=self.side == LATIN and self.language in VOWELLESS)
        letters, owners = pieces(texts, cut)
        kin = _kin(self)
        ideas = [
            (code, owner) for owner, text in enumerate(texts) for code in _codes(kin.ideas(text))
        ]
        codes = np.array([code for code, _ in ideas], np.uint64) + _IDEAS
        more = np.array([owner for _, owner in ideas], np.int64)
        return np.concatenate([letters, codes]), np.concatenate([owners, more])


def sides(language: str) -> tuple[str, ...]:
    """What a language needs to be read however it is typed."""
    return (NATIVE, LATIN) if language in VOWELLESS else (NATIVE,)


def weight(codes: Codes) -> NDArray[np.float32]:
    """How much more than a piece of a word each of these weighs."""
    factor = np.ones(len(codes), np.float32)
    factor[(codes >= _IDEAS) & (codes < _PAIRS)] = _IDEA
    factor[(codes >= _PAIRS) & (codes < _END)] = _PAIR
    return factor


def _codes(ideas: Sequence[int]) -> list[int]:
    if len(ideas) > _MOST:
        return list(ideas)
    return [*ideas, *(1000 + 1000 * one + other for one, other in combinations(ideas, 2))]


@cache
def _kin(spelling: Spelling) -> kinship.Kin:
    return kinship.kin(
        spelling.language,
        lambda word: spelling.write(plain(word)),
        _SHORTEST[spelling.side],
    )
