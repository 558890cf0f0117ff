"""How much pieces of a sentence speak of danger, learned from those who were in it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple
from zipfile import BadZipFile
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Numbers = NDArray[np.int64]

ROOM = 1 << 18
"""Pieces share so many places; two in one place do little harm."""
STEPS = 200
STRENGTH = 30.0
"""C of the textbooks: how far a single sentence may pull."""


class Lesson(NamedTuple):
    """A sentence's pieces, its kind (-1 is harmless), and how many it counts for."""

    pieces: Numbers
    kind: int
    times: int


@dataclass(frozen=True, slots=True)
class Model:
    """What has been learned. ``weighs`` is how telling a piece is, ``speaks`` for which side."""

    speaks: Floats
    weighs: Floats
    lean: float
    kinds: Floats

    def score(self, pieces: Numbers) -> float:
        """Above nought it is danger rather than not."""
        length = float(np.linalg.norm(self.weighs[pieces]))
        return float(self.speaks[pieces].sum()) / (length + 1e-9) + self.lean

    def kind(self, pieces: Numbers) -> int:
        return int(self.kinds[:, pieces].sum(axis=1).argmax())

    def keep(self, path: Path) -> None:
        """The file is there whole or not at all."""
        path.parent.mkdir(parents=True, exist_ok=True)
        half = path.with_suffix(".half.npz")
        lean = np.float64(self.lean)
        np.savez(half, speaks=self.speaks, weighs=self.weighs, kinds=self.kinds, lean=lean)
        half.replace(path)
        for older in set(path.parent.glob("danger-*.npz")) - {path}:
            older.unlink(missing_ok=True)

    @classmethod
    def kept(cls, path: Path) -> "Model | None":
        """What was learned before, if the file is there and whole."""
        try:
            # Opened here: what is not whole would otherwise never be closed.
            with path.open("rb") as opened, np.load(opened, allow_pickle=False) as file:
                return cls(file["speaks"], file["weighs"], float(file["lean"]), file["kinds"])
        except (OSError, ValueError, KeyError, EOFError, BadZipFile):
            return None


def numbers(pieces: Iterable[str]) -> Numbers:
    """Pieces as the places they have in the model, each once."""
    return np.fromiter({_number(piece) for piece in pieces}, np.int64)


def _number(piece: str) -> int:
    return crc32(piece.encode()) % ROOM


def spelling(words: Sequence[str]) -> Iterator[str]:
    """Words, their parts of three and four letters, and their neighbours."""
    before, long_before = "", ""
    for word in words:
        yield f"={word}"
        yield f"{before} {word}"
        yield f"{long_before} _ {word}"
        edged = f"^{word}$"
        yield from (edged[at : at + 3] for at in range(len(edged) - 2))
        yield from (edged[at : at + 4] for at in range(len(edged) - 3))
        before, long_before = word, before


def learned(lessons: Sequence[Lesson], count: int) -> Model:
    """Logistic regression on pieces weighed by how one-sided they are."""
    counts = np.stack([_counted(lessons, kind) for kind in range(count)])
    times = np.array([one.times for one in lessons], np.float64)
    danger = np.array([one.kind >= 0 for one in lessons], bool)
    ratio = times[danger].sum() / max(1.0, times[~danger].sum())
    weighs = _one_sided(counts.sum(axis=0), _counted(lessons, -1), ratio)
    speaks, lean = _fitted([one.pieces for one in lessons], danger, times, weighs)
    shares = np.log((counts + 0.1) / (counts.sum(axis=1, keepdims=True) + 0.1 * ROOM))
    # Only differences count; what no kind has is worth nothing to any.
    shares = np.where(counts.any(axis=0), shares - shares.mean(axis=0), 0)
    return Model((speaks * weighs).astype(np.float32), weighs, lean, shares.astype(np.float32))


def _counted(lessons: Sequence[Lesson], kind: int) -> Numbers:
    rows = [one.pieces for one in lessons if one.kind == kind for _ in range(one.times)]
    return np.bincount(np.concatenate([*rows, np.zeros(0, np.int64)]), minlength=ROOM)


def _one_sided(with_danger: Numbers, without: Numbers, ratio: float) -> Floats:
    weighs: NDArray[np.float64] = np.abs(np.log((with_danger + 1) / (without * ratio + 1)))
    # What was seen once teaches nothing about others.
    return np.where(with_danger + without > 1, weighs, 0).astype(np.float32)


def _fitted(
    rows: Sequence[Numbers], danger: NDArray[np.bool_], times: NDArray[np.float64], weighs: Floats
) -> tuple[NDArray[np.float64], float]:
    """Nesterov's steps from nothing: the same every time."""
    told = [row[weighs[row] > 0] for row in rows]
    some = np.array([len(row) > 0 for row in told], bool)
    if not danger.any() or not some.any():
        return np.zeros(ROOM), -np.inf
    danger, times, told = danger[some], times[some], [row for row in told if len(row)]
    # Only the places somebody's words have are moved.
    used, flat = np.unique(np.concatenate(told), return_inverse=True)
    lengths = np.array([len(row) for row in told])
    starts = np.concatenate(([0], np.cumsum(lengths)[:-1]))
    values = weighs[used[flat]]
    values /= np.repeat(np.sqrt(np.add.reduceat(np.square(values), starts)), lengths)
    share = times * np.where(danger, 0.5 / times[danger].sum(), 0.5 / max(1, times[~danger].sum()))
    now = ahead = np.zeros(len(used) + 1)
    for n in range(STEPS):
        scores = np.add.reduceat(ahead[flat] * values, starts) + ahead[-1]
        miss = share * (1 / (1 + np.exp(-scores)) - danger)
        pull = np.repeat(miss, lengths) * values
        slope = np.bincount(flat, pull, len(used) + 1) + ahead / (STRENGTH * times.sum())
        slope[-1] = miss.sum()
        # No row is longer than one and shares add up to one: four is the longest safe step.
        then = ahead - 4 * slope
        ahead = then + n / (n + 3) * (then - now)
        now = then
    speaks = np.zeros(ROOM)
    speaks[used] = now[:-1]
    return speaks, float(now[-1])
