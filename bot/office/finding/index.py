"""One language: its answers learned from their texts, and the best of them for some words."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.office.finding import spellings
from bot.office.finding.learning import learned, softmax
from bot.office.finding.normal import plain
from bot.office.finding.pieces import FOUR, THREE, Codes
from bot.office.finding.postings import Floats, Postings, counted
from bot.office.finding.spellings import LATIN, NATIVE, Spelling, weight

_STEPS = {NATIVE: 60, LATIN: 25}
"""The Latin side starts from what the native side has learned."""
_RANKED = 12
"""So many that three articles are among them, whatever else people may want."""
_BODY = 0.5
_DETAIL = 3.0
"""What a detail that only a body mentions adds to the order of answers, not to the confidence."""


@dataclass(frozen=True, slots=True)
class Text:
    """What is known of one answer in one language."""

    language: str
    code: str
    title: str
    phrasings: tuple[str, ...]
    body: str = ""


@dataclass(frozen=True, slots=True)
class Ranked:
    """The best answers of a language, best first, and how sure each is."""

    codes: tuple[str, ...]
    confidence: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Side:
    """The texts of a language in one spelling."""

    spelling: Spelling
    codes: Codes
    rarity: Floats
    known: Postings
    details: Postings
    voices: Floats

    def asked(self, text: str) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """How like each known text it is, and how many details each answer shares with it."""
        found, often = np.unique(self.spelling.cut([text])[0], return_counts=True)
        at = np.minimum(np.searchsorted(self.codes, found), len(self.codes) - 1)
        there = self.codes[at] == found
        # What nobody ever wrote still makes the question longer, so nonsense stays far from all.
        never = (np.log(1 + self.known.size) + 1) * weight(found)
        weights = (1 + np.log(often)) * np.where(there, self.rarity[at], never)
        weights /= np.linalg.norm(weights) or 1
        at = at[there]
        return self.known.sums(at, weights[there]), self.details.sums(at, often[there])


@dataclass(frozen=True, slots=True)
class Index:
    """The sides of one language; ``owners`` says whose each known text is, in order."""

    language: str
    answers: tuple[str, ...]
    owners: NDArray[np.uint16]
    sides: dict[str, Side]

    def find(self, text: str, side: str) -> Ranked:
        """``text`` is plain. Confidence is from 0 to 1; 0 everywhere: nothing is known of it."""
        here = self.sides[side]
        alike, details = here.asked(here.spelling.write(text))
        shares = softmax((alike.astype(np.float32) @ here.voices)[None])[0]
        firsts = np.searchsorted(self.owners, np.arange(len(self.answers)))
        likest = np.maximum.reduceat(alike, firsts)
        order = np.log(shares + 1e-9) + _DETAIL * details / (details.max() or 1)
        best = np.argsort(-order, kind="stable")[:_RANKED]
        sure = np.sqrt(shares * likest)[best]
        return Ranked(tuple(self.answers[one] for one in best), tuple(sure.tolist()))


def build(language: str, texts: Sequence[Text]) -> Index:
    """Learns all texts of one language. A second of work, no chance in it."""
    kept = sorted(texts, key=lambda one: one.code)
    rows = [
        (owner, plain(words), weight_)
        for owner, one in enumerate(kept)
        for words, weight_ in _units(one)
    ]
    owners = np.array([owner for owner, _, _ in rows])
    weights = np.array([weight_ for _, _, weight_ in rows], np.float32)
    sides: dict[str, Side] = {}
    start: Floats | None = None
    for name in spellings.sides(language):
        spelling = Spelling(language, name)
        written = [spelling.write(text) for _, text, _ in rows]
        sides[name] = _side(spelling, written, owners, weights, start)
        start = sides[name].voices
    answers = tuple(one.code for one in kept)
    return Index(language, answers, owners.astype(np.uint16), sides)


def _units(one: Text) -> list[tuple[str, float]]:
    said = [(words, 1.0) for words in (one.title, *one.phrasings) if plain(words)]
    return [*said, (one.body, _BODY)] if plain(one.body) else said


def _side(
    spelling: Spelling,
    texts: Sequence[str],
    owners: NDArray[np.int64],
    weights: Floats,
    start: Floats | None,
) -> Side:
    codes, where, often = counted(*spelling.cut(texts))
    all_codes, at = np.unique(codes, return_inverse=True)
    rarity = (np.log((1 + len(texts)) / (1 + np.bincount(at))) + 1) * weight(all_codes)
    weighed = (1 + np.log(often)) * rarity[at].astype(np.float64)
    weighed /= np.sqrt(np.bincount(where, weighed**2, len(texts)))[where]
    known = Postings.of(at, where, weighed, pieces=len(all_codes), size=len(texts))
    kernel = _kernel(known, at, where, weighed)
    voices = learned(kernel, owners, weights, steps=_STEPS[spelling.side], start=start)
    details = _details(all_codes, at, owners[where], often, int(owners.max()) + 1)
    return Side(spelling, all_codes, rarity.astype(np.float32), known, details, voices)


def _kernel(
    known: Postings,
    at: NDArray[np.int64],
    where: NDArray[np.int64],
    weights: NDArray[np.float64],
) -> Floats:
    """How like each text is to each other: every text asked as if it were a question."""
    order = np.argsort(where, kind="stable")
    borders = np.searchsorted(where[order], np.arange(known.size + 1))
    kernel = np.empty((known.size, known.size), np.float32)
    for n in range(known.size):
        mine = order[borders[n] : borders[n + 1]]
        kernel[n] = known.sums(at[mine], weights[mine])
    return kernel


def _details(
    codes: Codes,
    at: NDArray[np.int64],
    owners: NDArray[np.int64],
    often: NDArray[np.int64],
    size: int,
) -> Postings:
    """BM25 over pieces of three and four letters, all texts of an answer read as one."""
    fits = ((codes >= THREE) & (codes < FOUR))[at]
    pair, which = np.unique(at[fits] * size + owners[fits], return_inverse=True)
    times = np.bincount(which, often[fits])
    of_piece, of_answer = pair // size, pair % size
    in_answers = np.bincount(of_piece, minlength=len(codes))[of_piece]
    rarity = np.log(1 + (size - in_answers + 0.5) / (in_answers + 0.5))
    length = np.bincount(of_answer, times, size)
    filled = 0.5 + 0.5 * length / length.mean()
    weights = rarity * times * 2.2 / (times + 1.2 * filled[of_answer])
    return Postings.of(of_piece, of_answer, weights, pieces=len(codes), size=size)
