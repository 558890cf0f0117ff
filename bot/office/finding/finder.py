"""From a visitor's words to an answer, a choice, or a person: all languages together."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from bot.office.finding import everyday, keeping, tongues
from bot.office.finding.index import Ranked, Text
from bot.office.finding.normal import folded, plain, script
from bot.office.finding.spellings import LATIN, NATIVE
from bot.office.finding.tongues import Tongues

ANSWER, CHOICES, NONE = "answer", "choices", "none"
PERSON = "person"
INTENTS = (
    "booking", "programme", "rating", "contact", PERSON, "mine", "language", "smalltalk",
)  # fmt: skip
"""What people want besides an answer. Classes like the answers, and learned with them."""

SURE, PERHAPS = 0.62, 0.20
"""From here on we answer directly; from here on we offer a choice."""
STUB = "not_here_"
"""How the codes of answers begin that only say where else to go."""
_SURE_TO_SEND_AWAY = 0.80
"""Nobody is sent elsewhere on a guess; below that it is one of the choices."""
_LONGEST = 500
_OTHERWISE = "en"
"""What we say when neither the words nor the visitor name a language."""
_NEAR = 15.0
"""Nats: languages that close to the first are asked too, and the surest wins."""
_MOST = {"latin": 3, "cyrillic": 2, "arabic": 2}
_MENDED = 0.8
"""So sure at most are we of words we had to mend."""
_WORTH = 20.0
"""Nats: what full confidence of a language's answers says for the language."""


@dataclass(frozen=True, slots=True)
class Hit:
    """An article and how well it fits, from 0 to 1."""

    code: str
    score: float


@dataclass(frozen=True, slots=True)
class Found:
    """``action`` is ``answer``, ``choices``, ``none`` or an intent; hits stand best first."""

    language: str
    action: str
    hits: tuple[Hit, ...]


@dataclass(frozen=True, slots=True)
class Finder:
    """Never changes: a new one is built beside it while it goes on answering."""

    indexes: Mapping[str, keeping.Kept]
    tongues: Tongues

    def find(self, words: str, chosen: str | None) -> Found:
        """What to do about these words of somebody who has chosen that language."""
        text = plain(words[:_LONGEST])
        looked = [
            (nats + _WORTH * ranked.confidence[0], language, ranked)
            for language, nats in self._languages(text, chosen)
            for ranked in (self._look(language, text),)
        ]
        if not looked:
            return Found(chosen or _OTHERWISE, NONE, ())
        _, language, ranked = max(looked, key=lambda one: one[0])
        ranked = self._mended(language, text, ranked)
        return _decided(language, ranked, is_elsewhere=_is_elsewhere(text))

    def _languages(self, text: str, chosen: str | None) -> list[tuple[str, float]]:
        ranked = [one for one in self.tongues.rank(text, chosen) if one[0] in self.indexes]
        most = _MOST.get(script(text) or "", 0)
        return [one for one in ranked[:most] if one[1] >= -_NEAR]

    def _mended(self, language: str, text: str, ranked: Ranked) -> Ranked:
        """What is found once slips are mended, if that is found with far more confidence."""
        mended = self.indexes[language].vocabulary.mend(text)
        if mended == text:
            return ranked
        found = self._look(language, mended)
        confidence = tuple(_MENDED * one for one in found.confidence)
        better = confidence[0] > ranked.confidence[0]
        return Ranked(found.codes, confidence) if better else ranked

    def _look(self, language: str, text: str) -> Ranked:
        here = self.indexes[language].index
        typed = script(text) == "latin" and LATIN in here.sides
        return here.find(text, LATIN if typed else NATIVE)


def _is_elsewhere(text: str) -> bool:
    """Whether these words name another country: our answers hold in this one.

    Arabic writes "in", "to" and "and" before a name without a space.
    """
    before = 2 if script(text) == "arabic" else 0
    return any(
        0 <= word.find(stem) <= before
        for word in folded(text).split()
        for stem in everyday.elsewhere()
    )


def _decided(language: str, ranked: Ranked, *, is_elsewhere: bool) -> Found:
    hits = _hits(ranked)
    first, sure = ranked.codes[0], ranked.confidence[0]
    if first in INTENTS and sure >= PERHAPS:
        return Found(language, first, hits)
    is_ours = first.startswith(STUB) or not is_elsewhere
    if first not in INTENTS and sure >= _bar(first) and is_ours:
        return Found(language, ANSWER, hits)
    if hits and hits[0].score >= PERHAPS:
        return Found(language, CHOICES, hits)
    return Found(language, NONE, hits)


def _bar(code: str) -> float:
    return _SURE_TO_SEND_AWAY if code.startswith(STUB) else SURE


def _hits(ranked: Ranked, *, most: int = 3) -> tuple[Hit, ...]:
    """Articles only; none scores higher than the one above it."""
    hits: list[Hit] = []
    lowest = 1.0
    for code, sure in zip(ranked.codes, ranked.confidence, strict=True):
        if code not in INTENTS:
            lowest = min(lowest, sure)
            hits.append(Hit(code, lowest))
    return tuple(hits[:most]) if ranked.confidence[0] else ()


def build(
    texts: Iterable[Text], *, folder: Path | None = None, old: Finder | None = None
) -> Finder:
    """Learns what is new; what ``old`` or the folder knows already is taken from there.

    Takes seconds: for a thread of its own.
    """
    ordered = sorted(texts, key=lambda one: (one.language, one.code))
    before = old.indexes if old else {}
    kept = {
        language: keeping.kept(language, list(mine), folder, before.get(language))
        for language, mine in groupby(ordered, key=lambda one: one.language)
    }
    return Finder(kept, tongues.learn({code: one.sample for code, one in kept.items()}))
