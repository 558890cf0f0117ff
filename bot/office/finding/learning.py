"""Kernel logistic regression: how much each known text says for and against each answer."""

import numpy as np
from numpy.typing import NDArray

from bot.office.finding.postings import Floats

HARDNESS = np.float32(50.0)
"""C of the textbooks: how far a single known text may pull."""


def learned(
    kernel: Floats,
    classes: NDArray[np.int64],
    weights: Floats,
    *,
    steps: int,
    start: Floats | None = None,
) -> Floats:
    """A column for each class. No chance in it: Nesterov's steps from ``start`` or nothing."""
    wanted = np.eye(classes.max() + 1, dtype=np.float32)[classes]
    balanced = _balanced(classes, weights)
    step = 1 / (_largest(kernel) * balanced.max() / 2 + 1 / HARDNESS)
    now = np.zeros_like(wanted) if start is None else start
    ahead = now
    for n in range(steps):
        slope = balanced[:, None] * (softmax(kernel @ ahead) - wanted) + ahead / HARDNESS
        then = ahead - step * slope
        ahead = then + np.float32(n / (n + 3)) * (then - now)
        now = then
    done: Floats = now
    return done


def softmax(scores: Floats) -> Floats:
    """Shares that add up to one in each row."""
    raised: Floats = np.exp(scores - scores.max(axis=-1, keepdims=True))
    shares: Floats = raised / raised.sum(axis=-1, keepdims=True)
    return shares


def _balanced(classes: NDArray[np.int64], weights: Floats) -> Floats:
    """Every class counts alike, however many texts it has."""
    of_class = np.bincount(classes, weights)
    whole = weights * (weights.sum() / len(of_class)) / of_class[classes]
    return np.asarray(whole, np.float32)


def _largest(kernel: Floats) -> np.float32:
    """The largest eigenvalue, a little above; the kernel has no negative numbers."""
    along = np.ones(len(kernel), np.float32)
    for _ in range(20):
        along = kernel @ along
        along /= np.linalg.norm(along)
    return np.float32(np.linalg.norm(kernel @ along) * 1.05)
