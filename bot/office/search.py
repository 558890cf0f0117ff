"""Finding an article by words: shared pieces of three letters, weighed by how rare they are."""

import math
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

_MARKS = re.compile(r"[\u0300-\u036f\u0610-\u061a\u064b-\u065f\u0670\u0640]")
_OTHER = re.compile(r"[^\w]+")
_SAME = str.maketrans("أإآىةؤئ", "ااايهوي")

SURE, PERHAPS = 0.55, 0.28
"""From here on we answer directly; from here on we offer a choice."""


def plain(words: str) -> str:
    """Words without what people leave out or write differently."""
    text = _MARKS.sub("", unicodedata.normalize("NFKC", words).casefold().translate(_SAME))
    return _OTHER.sub(" ", text).strip()


def pieces(words: str) -> Counter[str]:
    """Three letters at a time, with the edges of words marked."""
    found: Counter[str] = Counter()
    for word in plain(words).split():
        padded = f" {word} "
        found.update(padded[at : at + 3] for at in range(max(1, len(padded) - 2)))
    return found


@dataclass(frozen=True, slots=True)
class Hit:
    """An article and how well it fits, from 0 to 1."""

    article_id: int
    score: float


@dataclass(frozen=True, slots=True)
class Index:
    """Every phrasing as a vector of unit length, looked up by piece."""

    _weights: Mapping[str, float]
    _articles: tuple[int, ...]
    _where: Mapping[str, Sequence[tuple[int, float]]]

    @classmethod
    def of(cls, phrasings: Iterable[tuple[int, str]]) -> "Index":
        counted = [(article_id, pieces(words)) for article_id, words in phrasings]
        seen = Counter(piece for _, found in counted for piece in found)
        weights = {piece: math.log(1 + len(counted) / n) for piece, n in seen.items()}
        where: dict[str, list[tuple[int, float]]] = defaultdict(list)
        for line, (_, found) in enumerate(counted):
            for piece, weight in _unit(found, weights).items():
                where[piece].append((line, weight))
        return cls(weights, tuple(article_id for article_id, _ in counted), dict(where))

    def find(self, words: str, *, most: int = 3) -> list[Hit]:
        """The best articles, best first; an article counts with its best phrasing."""
        scores: dict[int, float] = defaultdict(float)
        for piece, asked in _unit(pieces(words[:500]), self._weights).items():
            for line, weight in self._where.get(piece, ()):
                scores[line] += asked * weight
        best: dict[int, float] = {}
        for line, score in scores.items():
            article_id = self._articles[line]
            best[article_id] = max(score, best.get(article_id, 0.0))
        ranked = sorted(best.items(), key=lambda pair: (-pair[1], pair[0]))
        return [Hit(*pair) for pair in ranked[:most] if pair[1] >= PERHAPS]


def _unit(found: Counter[str], weights: Mapping[str, float]) -> dict[str, float]:
    # A piece nobody ever used still makes the question longer, so nonsense stays far from all.
    rare = max(weights.values(), default=1.0)
    weighed = {piece: n * weights.get(piece, rare) for piece, n in found.items()}
    length = math.sqrt(sum(value * value for value in weighed.values())) or 1.0
    return {piece: value / length for piece, value in weighed.items()}
