"""What can be wrong in the content files: gaps, lengths, broken links, overdue reviews."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

from bot import texts
from bot.columns import columns
from bot.office import replies
from bot.office.finding import files
from bot.office.finding.normal import folded, plain
from storage import shelf
from storage.shelf import ContentError, Drawer, Entry

_LONGEST_BODY = 1100  # characters; with source, institution and helpers a screen stays under 4,096
_WIDEST_TITLE = 29  # columns; with its icon a title is a button of 32
_FEWEST_PHRASINGS = 8
_LONGEST_NOTE = 500
_INTENTS = ("booking", "programme", "rating", "contact", "person", "mine", "language", "smalltalk")
_LINK = re.compile(r"https?://|www\.")
_SERVICES = {None, "legal", "company"}
_OWNERS = {"legal", "social"}


def problems(locales: Path, today: date) -> Iterator[str]:
    """Each with its file, its line where there is one, and what to mend; nothing is right."""
    offered = [one.code for one in texts.load(locales).offered()]
    try:
        drawers = shelf.drawers(locales)
        institutions = shelf.institutions(locales)
        notes = shelf.notes(locales)
        paths = shelf.paths(locales)
        names = shelf.names(locales)
    except ContentError as wrong:
        yield str(wrong)
        return
    codes = {one["id"] for drawer in drawers for one in drawer.articles}
    for drawer in drawers:
        for one in drawer.articles:
            place = _place(drawer.path, f"- id: {one['id']}")
            for said in _entry(one, codes, institutions, notes, today):
                yield f"{place}: {one['id']} {said}"
            yield from _article(locales, drawer, one["id"], offered)
    yield from _replies(locales, offered)
    for language in offered:
        yield from _collisions(locales, language)
        yield from _names(locales, language, names.get(language, {}), drawers, institutions, paths)
        yield from _notes(locales, language, notes)
        yield from _intents(locales, language)
    for path in paths:
        for code in set(path["articles"]) - codes:
            yield f"{locales / 'paths.yaml'}: {path['id']} names an unknown article {code}."


def _entry(
    one: Entry,
    codes: set[str],
    institutions: Mapping[str, Entry],
    notes: Mapping[str, Entry],
    today: date,
) -> Iterator[str]:
    """What is wrong with the part of an article that all languages share."""
    for other in set(one.get("related") or ()) - codes:
        yield f"names an unknown related article {other}."
    for code in {one.get("institution"), *(one.get("free_help") or ())} - {None, *institutions}:
        yield f"names an institution that is not in institutions.yaml: {code}."
    if one.get("note") not in {None, *notes}:
        yield f"names an unknown counter note {one['note']}."
    if one.get("service") not in _SERVICES:
        yield f"names an unknown service {one['service']}: legal or company."
    if one.get("owner") not in _OWNERS:
        yield "has no owner: legal or social."
    if not one.get("stub") and not _is_page(str(one.get("source") or "")):
        yield "has no complete source: https:// and the page."
    if str(one.get("review_by") or "") < f"{today:%Y-%m}":
        yield f"was to be reviewed by {one.get('review_by')}: confirm it and set a new month."


def _is_page(source: str) -> bool:
    """A whole address of a page: not cut, not only a domain."""
    parts = urlsplit(source)
    has_page = bool(parts.path.strip("/") or parts.query)
    return parts.scheme in {"http", "https"} and "..." not in source and has_page


def _article(locales: Path, drawer: Drawer, code: str, offered: Sequence[str]) -> Iterator[str]:
    for language in offered:
        path = locales / language / "articles" / drawer.code / f"{code}.md"
        if not path.exists():
            yield f"{path}: this article is missing."
            continue
        try:
            written = shelf.read_article(path)
        except ContentError as wrong:
            yield str(wrong)
            continue
        if columns(written.title) > _WIDEST_TITLE:
            yield f"{path}:2: the title has {columns(written.title)} columns, {_WIDEST_TITLE} fit."
        if len(written.phrasings) < _FEWEST_PHRASINGS:
            yield f"{path}:3: {len(written.phrasings)} phrasings; {_FEWEST_PHRASINGS} are needed."
        if len(written.body) > _LONGEST_BODY:
            yield f"{path}: the text has {len(written.body)} characters, {_LONGEST_BODY} fit."
        if written.body.count("**") % 2 or _LINK.search(written.body):
            yield f"{path}: a ** without its other, or a link; links stand in the shared part."


def _names(
    locales: Path,
    language: str,
    kept: Mapping[str, Mapping[str, str]],
    drawers: Sequence[Drawer],
    institutions: Mapping[str, Entry],
    paths: Sequence[Entry],
) -> Iterator[str]:
    path = locales / language / "names.yaml"
    needed = {
        "topics": [one.code for one in drawers],
        "paths": [one["id"] for one in paths],
        "institutions": list(institutions),
    }
    for kind, codes in needed.items():
        there = kept.get(kind) or {}
        for code in codes:
            if not there.get(code):
                yield f"{path}: {kind}: {code} has no name."
            elif kind != "institutions" and columns(there[code]) > _WIDEST_TITLE:
                yield f"{path}: {kind}: {code} is wider than {_WIDEST_TITLE} columns."


def _notes(locales: Path, language: str, notes: Mapping[str, Mapping[str, Entry]]) -> Iterator[str]:
    path = locales / language / "notes.yaml"
    for code, told in notes.items():
        note = told.get(language) or {}
        if not note.get("title") or not note.get("text"):
            yield f"{path}: {code} has no title or no text."
        elif columns(note["title"]) > _WIDEST_TITLE or len(note["text"]) > _LONGEST_NOTE:
            limit = f"{_WIDEST_TITLE} columns, {_LONGEST_NOTE} characters"
            yield f"{path}: {code} is too long: {limit}."


def _replies(locales: Path, offered: Sequence[str]) -> Iterator[str]:
    """Ready answers: staff choose by the Bulgarian title, visitors read their own language."""
    try:
        known = replies.known(locales)
    except ContentError as wrong:
        yield str(wrong)
        return
    for code, one in known.items():
        for language in offered:
            path, text = locales / language / "replies.yaml", one.texts.get(language, "")
            if not text:
                yield f"{path}: {code} has no text."
            elif texts.blanks(text) != texts.blanks(one.texts["bg"]):
                yield f"{path}: {code} has other blanks than the Bulgarian text."
            elif len(text) > _LONGEST_BODY:
                yield f"{path}: {code} has {len(text)} characters, {_LONGEST_BODY} fit."


def _collisions(locales: Path, language: str) -> Iterator[str]:
    """Words that lead to two answers lead to neither for sure."""
    owners: dict[str, str] = {}
    for one in files.texts(locales, [language]):
        for said in (one.title, *one.phrasings):
            alike = folded(plain(said))
            other = owners.setdefault(alike, one.code) if alike else one.code
            if other != one.code:
                yield f"{locales / language}: “{said}” stands in {other} and in {one.code}."


def _intents(locales: Path, language: str) -> Iterator[str]:
    path = locales / language / "intents.yaml"
    try:
        kept = shelf.mapping(path)
    except ContentError as wrong:
        yield str(wrong)
        return
    for intent in _INTENTS:
        if len(kept.get(intent) or ()) < _FEWEST_PHRASINGS:
            yield f"{path}: {intent} needs at least {_FEWEST_PHRASINGS} phrases."


def _place(path: Path, words: str) -> str:
    lines = path.read_text(encoding="utf-8").splitlines()
    return f"{path}:{next((number for number, line in enumerate(lines, 1) if words in line), 1)}"
