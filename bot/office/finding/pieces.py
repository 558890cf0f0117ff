"""Pieces of words as numbers: four letters fit into 64 bits, so numpy cuts whole libraries."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Codes = NDArray[np.uint64]

_BLANK = 32
_STEP = np.uint64(0x9E3779B97F4A7C15)
"""Odd, so it has an inverse among 64-bit numbers; a word is a sum of its letters times powers."""
_BACK = np.uint64(pow(0x9E3779B97F4A7C15, -1, 1 << 64))
WORD = np.uint64(1 << 63)
"""The mark of a word: no letter of ours is so high that four of them could reach it."""
THREE, FOUR = np.uint64(1 << 32), WORD
"""Pieces of three and four letters are the codes between these."""


@dataclass(frozen=True, slots=True)
class Cut:
    """Which pieces are wanted."""

    shortest: int = 2
    words: bool = True
    pairs: bool = False


def pieces(texts: Sequence[str], cut: Cut) -> tuple[Codes, NDArray[np.int64]]:
    """All pieces of all texts, and which text each is of; as often as they stand there."""
    framed = [f" {text} " for text in texts]
    signs = np.frombuffer("".join(framed).encode("utf-16-le"), np.uint16).astype(np.uint64)
    lengths = [len(text.encode("utf-16-le")) // 2 for text in framed]
    owners = np.repeat(np.arange(len(texts)), lengths)
    blank = signs == _BLANK
    found = [*_grams(signs, blank, cut.shortest), *_words(signs, blank, owners, cut)]
    return (
        np.concatenate([codes for codes, _ in found]),
        np.concatenate([owners[at] for _, at in found]),
    )


Found = list[tuple[Codes, NDArray[np.int64]]]


def _grams(signs: Codes, blank: NDArray[np.bool_], shortest: int) -> Found:
    """Two to four letters inside a word, its edges counted as letters; single ones if wanted."""
    found: Found = []
    code, inner = signs, np.ones(len(signs), bool)
    if shortest == 1:
        [at] = np.nonzero(~blank)
        found.append((signs[at], at))
    for length in range(2, 5):
        code = (code[:-1] << np.uint64(16)) | signs[length - 1 :]
        within = ~blank[length - 2 : -1]
        inner = inner[:-1] & within if length > 2 else ~(blank[:-1] & blank[1:])
        [at] = np.nonzero(inner)
        found.append((code[at], at))
    return found


def _words(signs: Codes, blank: NDArray[np.bool_], owners: NDArray[np.int64], cut: Cut) -> Found:
    [before] = np.nonzero(blank[:-1] & ~blank[1:])
    if not len(before) or not (cut.words or cut.pairs):
        return []
    [last] = np.nonzero(~blank[:-1] & blank[1:])
    powers = np.full(len(signs), _STEP).cumprod(dtype=np.uint64)
    sums = (signs * powers).cumsum(dtype=np.uint64)
    back = np.full(len(signs), _BACK).cumprod(dtype=np.uint64)
    hashes = (sums[last] - sums[before]) * back[before]
    found: Found = [(hashes | WORD, before)] if cut.words else []
    if cut.pairs:
        [first] = np.nonzero(owners[before[:-1]] == owners[before[1:]])
        pairs = hashes[first] * _STEP + hashes[first + 1]
        found.append((pairs | WORD, before[first]))
    return found
