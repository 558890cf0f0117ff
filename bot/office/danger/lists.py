"""What the languages say about danger (``locales/<code>/danger.yaml``), read into patterns."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from bot.office.danger.patterns import BadPatternError, Pattern, read_pattern

KINDS = (
    "fire",
    "not_breathing",
    "suicide",
    "child",
    "sexual_violence",
    "trafficking",
    "locked_in",
    "violence",
)
"""What is named first is answered first when words speak of two."""
NEVER = "never"
SHARED = (
    "man", "who", "power", "boss", "me", "mine", "friend", "child", "hit", "kill", "wound",
    "threat", "weapon", "follow", "attack", "afraid", "rape", "sex", "touch", "body", "die",
    "want", "live", "self", "suicide", "pills", "jump", "end", "not", "passport", "take", "force",
    "work", "pay", "sell", "lock", "out", "let", "inside", "breathe", "faint", "heart", "blood",
    "ill", "swallow", "fell", "birth", "ambulance", "missing", "marry", "young", "fire", "gas",
    "house", "help", "now", "fun", "office",
)  # fmt: skip
"""Groups of words that every language has: what one language teaches about them all others know."""


OF_DANGER = frozenset(
    {
        "domestic_violence", "human_trafficking", "children_at_risk", "unaccompanied_children",
        "hate_crime_and_police_report", "emergency_112_and_hospital", "mental_health_support",
        "finding_missing_relatives",
    }
)  # fmt: skip
"""Articles that people in danger ask for: their phrasings are not everyday questions."""


@dataclass(frozen=True, slots=True)
class Lists:
    """One language's lists."""

    language: str
    groups: Mapping[str, str]
    sure: Mapping[str, Sequence[str]]
    says: Mapping[str, Sequence[str]]
    harmless: Sequence[str]
    never: Sequence[str]

    @classmethod
    def read(cls, path: Path) -> "Lists":
        told = _told(path.read_text(encoding="utf-8")) or {}
        return cls(
            path.parent.name,
            told.get("groups") or {},
            {kind: _lines(told.get(kind), "sure") for kind in KINDS},
            {kind: _lines(told.get(kind), "says") for kind in KINDS},
            _lines(told, "harmless"),
            _lines(told, NEVER),
        )

    def patterns(self) -> Iterator[tuple[str, str]]:
        """What is written and what it means: groups, what never is danger, what surely is."""
        yield from ((f"${name}", f"#{name}") for name in SHARED if name in self.groups)
        yield from ((written, NEVER) for written in self.never)
        yield from ((written, kind) for kind in KINDS for written in self.sure[kind])


# The loader in C is ten times as fast; every machine we know of has it.
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def _told(text: str) -> Any:
    return yaml.load(text, Loader=_Loader)  # noqa: S506 - both loaders are the safe one


def _lines(told: Any, name: str) -> list[str]:
    return [str(line) for line in ((told or {}).get(name) or [])]


def all_lists(locales: Path) -> list[Lists]:
    """The lists of every language that has some."""
    return [Lists.read(path) for path in sorted(locales.glob("*/danger.yaml"))]


def readable(lists: Iterable[Lists]) -> Iterator[Pattern]:
    """All patterns but those nobody can read: one mistake must not silence the others."""
    for one in lists:
        for written, means in one.patterns():
            try:
                yield read_pattern(written, means, language=one.language, groups=one.groups)
            except BadPatternError:
                continue


def faults(lists: Lists) -> Iterator[str]:
    """What is wrong with the lists of a language, a sentence each."""
    yield from (f"group {name} is missing" for name in SHARED if name not in lists.groups)
    for written, means in lists.patterns():
        try:
            read_pattern(written, means, language=lists.language, groups=lists.groups)
        except BadPatternError as fault:
            yield f"{means}: {written}: {fault}"


def sources(locales: Path) -> list[Path]:
    """Every file that is learned from."""
    articles = (path for path in locales.glob("*/articles/*/*.md") if path.stem not in OF_DANGER)
    lists = (*locales.glob("*/danger.yaml"), *locales.glob("*/intents.yaml"))
    return sorted([*lists, *articles])


def everyday_questions(locales: Path) -> Iterator[tuple[str, str]]:
    """What people ask who are in no danger, with the language they ask in."""
    for path in sources(locales):
        try:
            yield from _questions(path)
        except (IndexError, yaml.YAMLError):
            continue  # A file being written is reported elsewhere.


def _questions(path: Path) -> Iterator[tuple[str, str]]:
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".md":
        told = _told(text.split("---", 2)[1])
        yield from ((path.parts[-4], asked) for asked in _lines(told, "phrasings"))
    elif path.stem == "intents":
        told = _told(text) or {}
        yield from ((path.parent.name, asked) for intent in told for asked in _lines(told, intent))
