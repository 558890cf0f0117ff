"""Which texts hold a piece, and how much it weighs there: one flat table a language."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.office.finding.pieces import Codes

Floats = NDArray[np.float32]
Weights = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Postings:
    """For piece ``n``: rows ``starts[n]`` up to ``starts[n + 1]`` of ``where`` and ``weights``."""

    starts: NDArray[np.int32]
    where: NDArray[np.uint16]
    weights: Floats
    size: int

    @classmethod
    def of(
        cls,
        of_piece: NDArray[np.int64],
        where: NDArray[np.int64],
        weights: Weights,
        *,
        pieces: int,
        size: int,
    ) -> "Postings":
        """From rows in any order."""
        order = np.lexsort((where, of_piece))
        starts = np.zeros(pieces + 1, np.int32)
        starts[1:] = np.bincount(of_piece, minlength=pieces).cumsum()
        return cls(starts, where[order].astype(np.uint16), weights[order].astype(np.float32), size)

    def sums(self, asked: NDArray[np.int64], weights: Weights) -> Weights:
        """For each text: the sum over the pieces asked for of weight there times weight here."""
        starts = self.starts[asked]
        lengths = self.starts[asked + 1] - starts
        ends = lengths.cumsum()
        if not len(ends) or not ends[-1]:
            return np.zeros(self.size)
        rows = np.arange(ends[-1]) + np.repeat(starts - ends + lengths, lengths)
        here = np.repeat(weights, lengths) * self.weights[rows]
        sums: Weights = np.bincount(self.where[rows], here, self.size).astype(np.float64)
        return sums


def counted(
    codes: Codes, owners: NDArray[np.int64]
) -> tuple[Codes, NDArray[np.int64], NDArray[np.int64]]:
    """Each piece once for each text it is in, and how often it stands there."""
    order = np.lexsort((owners, codes))
    codes, owners = codes[order], owners[order]
    new = np.ones(len(codes), bool)
    new[1:] = (codes[1:] != codes[:-1]) | (owners[1:] != owners[:-1])
    [at] = np.nonzero(new)
    return codes[at], owners[at], np.diff(np.append(at, len(codes)))
