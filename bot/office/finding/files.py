"""What the files know: every answer's texts, and how people say what else they want."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import yaml

from bot.office.finding import everyday
from bot.office.finding.finder import INTENTS, PERSON
from bot.office.finding.index import Text


def texts(locales: Path, languages: Sequence[str]) -> list[Text]:
    """What is missing or unreadable is left out here; ``bureau-bot check`` names it."""
    return [
        *(one for code in languages for one in _articles(locales, code)),
        *intents(locales, languages),
    ]


def intents(locales: Path, languages: Sequence[str]) -> list[Text]:
    """How people say what they want besides an answer; vague words are for a person."""
    return [one for code in languages for one in _intents(locales, code)]


def _articles(locales: Path, language: str) -> Iterator[Text]:
    found: dict[str, Text] = {}
    for path in sorted((locales / language / "articles").glob("*/*.md")):
        parts = path.read_text("utf-8", "replace").split("---\n", 2)
        front = _mapping(parts[1]) if len(parts) == 3 else {}
        title, phrasings = str(front.get("title", "")), front.get("phrasings") or ()
        if title and isinstance(phrasings, Sequence):
            said = tuple(str(one) for one in phrasings)
            found[path.stem] = Text(language, path.stem, title, said, parts[2].strip())
    yield from found.values()


def _intents(locales: Path, language: str) -> Iterator[Text]:
    path = locales / language / "intents.yaml"
    said = _mapping(path.read_text("utf-8", "replace")) if path.exists() else {}
    for intent in INTENTS:
        phrases = said.get(intent)
        spoken = [str(one) for one in phrases if one] if isinstance(phrases, list) else []
        spoken += everyday.vague(language) if intent == PERSON else []
        if spoken:
            yield Text(language, intent, "", tuple(spoken))


def _mapping(text: str) -> dict[str, Any]:
    try:
        return everyday.read(text)
    except yaml.YAMLError:
        return {}
