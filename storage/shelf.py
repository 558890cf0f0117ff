"""What the content files hold: drawers, articles in every language, institutions, names."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""Nine hundred files are read at once; written in C it takes half a second, not six."""

Entry = Mapping[str, Any]


class ContentError(Exception):
    """A content file cannot be used. One line for people: the file, the line, what to mend."""


@dataclass(frozen=True, slots=True)
class Written:
    """An article in one language, as its file has it."""

    title: str
    phrasings: tuple[str, ...]
    body: str


@dataclass(frozen=True, slots=True)
class Drawer:
    """A topic and its articles; one that is not ``listed`` is found by words only."""

    code: str
    icon: str
    position: int
    listed: bool
    articles: Sequence[Entry]
    path: Path


def drawers(locales: Path) -> list[Drawer]:
    """The topics in the order people see them. Raises ContentError."""
    found = [_drawer(path) for path in sorted((locales / "articles").glob("*.yaml"))]
    return sorted(found, key=lambda one: one.position)


def _drawer(path: Path) -> Drawer:
    kept = mapping(path)
    missing = {"topic", "icon", "position", "articles"} - set(kept)
    if missing:
        raise ContentError(f"{path}:1: missing: {', '.join(sorted(missing))}.")
    listed = bool(kept.get("listed", True))
    return Drawer(
        kept["topic"], kept["icon"], kept["position"], listed, kept["articles"] or [], path
    )


def names(locales: Path) -> dict[str, Mapping[str, Mapping[str, str]]]:
    """By language: the names of topics, paths and institutions, by code."""
    found = {path.parent.name: mapping(path) for path in sorted(locales.glob("*/names.yaml"))}
    return {language: kept for language, kept in found.items() if kept}


def named(kept: Mapping[str, Mapping[str, Mapping[str, str]]], kind: str, code: str) -> Entry:
    """By language: what this topic, path or institution is called."""
    found = {language: (one.get(kind) or {}).get(code) for language, one in kept.items()}
    return {language: name for language, name in found.items() if name}


def institutions(locales: Path) -> dict[str, Entry]:
    """By code: website, phone, address, and the names by language."""
    called = names(locales)
    kept = mapping(locales / "institutions.yaml").get("institutions") or {}
    return {code: {**one, **named(called, "institutions", code)} for code, one in kept.items()}


def notes(locales: Path) -> dict[str, dict[str, Entry]]:
    """By code and language: the title and the text of a counter note."""
    found: dict[str, dict[str, Entry]] = {}
    for path in sorted(locales.glob("*/notes.yaml")):
        for code, note in mapping(path).items():
            found.setdefault(code, {})[path.parent.name] = note
    return found


def paths(locales: Path) -> list[Entry]:
    """The first days, situation by situation: ``id``, ``icon`` and ``articles`` in their order."""
    kept = load(locales / "paths.yaml")
    found: list[Entry] = kept if isinstance(kept, list) else (kept or {}).get("paths", [])
    return found


def texts_of(locales: Path, topic: str, code: str) -> Iterator[tuple[str, Path]]:
    """The languages an article is written in, with the files."""
    for path in sorted(locales.glob(f"*/articles/{topic}/{code}.md")):
        yield path.parts[-4], path


def read_article(path: Path) -> Written:
    """An article's file: front matter between lines of three dashes, then the text.

    Raises ContentError.
    """
    parts = path.read_text(encoding="utf-8").split("---\n", 2)
    if len(parts) != 3 or parts[0]:
        raise ContentError(f"{path}:1: front matter between two lines of --- is missing.")
    front = _read(parts[1], path)
    front = front if isinstance(front, dict) else {}
    missing = {"title", "phrasings"} - set(front)
    if missing:
        raise ContentError(f"{path}:2: missing in the front matter: {', '.join(sorted(missing))}.")
    said = front["phrasings"] or []
    odd = [one for one in said if not isinstance(one, str)]
    if odd:
        raise ContentError(f"{path}:3: no words, put it between quotation marks: {odd[0]!r}.")
    return Written(str(front["title"]), tuple(said), parts[2].strip())


def mapping(path: Path) -> dict[str, Any]:
    """What a file holds under names. Raises ContentError."""
    kept = load(path)
    if not isinstance(kept, dict):
        raise ContentError(f"{path}:1: names with values are expected here.")
    return kept


def load(path: Path) -> Any:
    """A YAML file. Raises ContentError."""
    try:
        return _read(path.read_text(encoding="utf-8"), path)
    except OSError as away:
        raise ContentError(f"{path}: cannot be read ({type(away).__name__}).") from away


def _read(text: str, path: Path) -> Any:
    try:
        return yaml.load(text, _LOADER)  # noqa: S506  # the safe loader, written in C
    except yaml.YAMLError as wrong:
        mark = getattr(wrong, "problem_mark", None)
        line = mark.line + 1 if mark else 1
        raise ContentError(f"{path}:{line}: {getattr(wrong, 'problem', wrong)}.") from wrong


def edition(locales: Path) -> str:
    """Changes whenever any content file changes."""
    digest = hashlib.blake2b(digest_size=16)
    for path in sorted((*locales.rglob("*.yaml"), *locales.rglob("*.md"))):
        digest.update(path.relative_to(locales).as_posix().encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()
