"""What visitors take along: texts to show at a counter, and the first days step by step."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from storage import shelf


@dataclass(frozen=True, slots=True)
class CounterNote:
    """Titles and texts by language; ``bg`` is what the clerk reads."""

    code: str
    titles: Mapping[str, str]
    texts: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class FirstDays:
    """The articles of somebody's first thirty days, in the order of doing."""

    code: str
    icon: str
    titles: Mapping[str, str]
    articles: Sequence[str]


@dataclass(frozen=True, slots=True)
class Leaflets:
    notes: Sequence[CounterNote] = ()
    paths: Sequence[FirstDays] = ()

    def note(self, code: str) -> CounterNote | None:
        return next((one for one in self.notes if one.code == code), None)

    def path(self, code: str) -> FirstDays | None:
        return next((one for one in self.paths if one.code == code), None)


def read(locales: Path) -> Leaflets:
    """The leaflets of the content files. Raises ContentError."""
    names = shelf.names(locales)
    return Leaflets(
        [_note(code, told) for code, told in shelf.notes(locales).items() if "bg" in told],
        [
            FirstDays(
                one["id"], one["icon"], shelf.named(names, "paths", one["id"]), one["articles"]
            )
            for one in shelf.paths(locales)
        ],
    )


def _note(code: str, told: Mapping[str, shelf.Entry]) -> CounterNote:
    return CounterNote(
        code,
        {language: one["title"] for language, one in told.items()},
        {language: one["text"] for language, one in told.items()},
    )
