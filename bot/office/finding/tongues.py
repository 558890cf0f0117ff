"""Which language words are in: naive Bayes over letters and words, learned from our own answers."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.office.finding import everyday
from bot.office.finding.index import Text
from bot.office.finding.normal import bare, plain, script
from bot.office.finding.pieces import WORD, Codes, Cut, pieces
from bot.office.finding.postings import Floats
from bot.office.finding.romanising import romanised
from bot.office.finding.skeletons import TYPED_IN_LATIN

SCRIPTS = {
    "latin": ("ar", "bg", "en", "fa", "fr", "ps", "ru", "tr", "uk", "ur"),
    "cyrillic": ("bg", "ru", "uk"),
    "arabic": ("ar", "fa", "ps", "ur"),
}
CHOSEN = 4.0
"""Nats for the language the visitor has chosen: it settles words that several languages share."""
_NEVER = 0.3
"""A piece that was never met counts as met so often."""
_SMALL = 10.0
"""Nats for each small word: who says ``asylum card`` between Pashto words speaks Pashto."""
_WORD, _PART = 5.0, 0.5
"""A whole word tells more than its pieces, which repeat each other."""
_CUT = Cut(shortest=1)

Counts = tuple[Codes, NDArray[np.int64]]


@dataclass(frozen=True, slots=True)
class Sample:
    """How often the pieces of one language stand in its texts, script by script."""

    counts: Mapping[str, Counts]


def sample(language: str, texts: Iterable[Text]) -> Sample:
    """What one language tells about itself."""
    lines: dict[str, list[str]] = {one: [] for one in SCRIPTS if language in SCRIPTS[one]}
    for text in texts:
        for words in (text.title, *text.phrasings, *text.body.split("\n")):
            line = plain(words)
            for where, spelled in _spellings(language, line):
                if where in lines:
                    lines[where].append(spelled)
    lines["latin"] += [plain(word) for word in everyday.in_latin(language)] * 3
    return Sample({one: _counted(found) for one, found in lines.items()})


def _spellings(language: str, line: str) -> Iterable[tuple[str, str]]:
    where = script(line)
    if where is None:
        return
    yield where, line
    if where == "latin":
        yield where, bare(line)
    elif language in TYPED_IN_LATIN:
        yield "latin", romanised(language, line)


def _counted(lines: list[str]) -> Counts:
    codes, often = np.unique(pieces(lines, _CUT)[0], return_counts=True)
    return codes, often


@dataclass(frozen=True, slots=True)
class Script:
    """One script: how probable each piece is in each of its languages."""

    languages: tuple[str, ...]
    codes: Codes
    nats: Floats
    small: Mapping[str, Floats]

    def weigh(self, text: str) -> dict[str, float]:
        """Nats for each language; what no language knows says nothing about any."""
        found = pieces([text], _CUT)[0]
        at = np.minimum(np.searchsorted(self.codes, found), len(self.codes) - 1)
        there = self.codes[at] == found
        weights = np.where(found[there] >= WORD, _WORD, _PART).astype(np.float32)
        sums = weights @ self.nats[at[there]]
        for word in text.split():
            sums = sums + self.small.get(word, 0)
        return dict(zip(self.languages, sums.tolist(), strict=True))


@dataclass(frozen=True, slots=True)
class Tongues:
    """All languages we know."""

    scripts: Mapping[str, Script]

    def rank(self, text: str, chosen: str | None) -> list[tuple[str, float]]:
        """Languages the plain words may be in, likeliest first, with nats behind the first."""
        where = script(text)
        if where is None or where not in self.scripts:
            return []
        weighed = self.scripts[where].weigh(text)
        if chosen is not None and chosen in weighed:
            weighed[chosen] += CHOSEN
        ranked = sorted(weighed.items(), key=lambda one: (-one[1], one[0]))
        return [(language, nats - ranked[0][1]) for language, nats in ranked]


def learn(samples: Mapping[str, Sample]) -> Tongues:
    """Puts the samples of all languages beside each other."""
    return Tongues(
        {
            name: _script(
                {one: samples[one].counts[name] for one in languages if one in samples},
                _small_words(languages, samples) if name == "latin" else {},
            )
            for name, languages in SCRIPTS.items()
            if any(one in samples and len(samples[one].counts[name][0]) for one in languages)
        }
    )


def _small_words(languages: Iterable[str], samples: Mapping[str, Sample]) -> dict[str, Floats]:
    there = [one for one in languages if one in samples]
    small: dict[str, Floats] = {}
    for column, language in enumerate(there):
        for word in {bare(plain(one)) for one in everyday.in_latin(language)}:
            small.setdefault(word, np.zeros(len(there), np.float32))[column] = _SMALL
    return small


def _script(counts: Mapping[str, Counts], small: Mapping[str, Floats]) -> Script:
    codes = np.unique(np.concatenate([codes for codes, _ in counts.values()]))
    often = np.zeros((len(codes), len(counts)), np.float32)
    for column, (mine, times) in enumerate(counts.values()):
        often[np.searchsorted(codes, mine), column] = times
    whole = np.log(often.sum(axis=0) + _NEVER * len(codes))
    nats = np.log(often + np.float32(_NEVER)) - whole
    return Script(tuple(counts), codes, nats.astype(np.float32), small)
