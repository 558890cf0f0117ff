"""Ready answers: staff choose one in Bulgarian, and the visitor reads it in their own language."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from bot.texts import LOCALES
from storage import shelf
from storage.shelf import ContentError

BLANKS = frozenset({"opens", "closes", "address"})
"""What the texts may leave open: the hours and the address of the bureau."""


@dataclass(frozen=True, slots=True)
class Reply:
    """Titles and texts by language. Titles are for staff."""

    code: str
    titles: Mapping[str, str]
    texts: Mapping[str, str]

    def said(self, language: str, **fill: str) -> str:
        """The text in that language with its blanks filled."""
        text = self.texts[language]
        for blank in BLANKS:
            text = text.replace(f"{{{blank}}}", fill[blank])
        return text


@cache
def known(locales: Path = LOCALES) -> Mapping[str, Reply]:
    """The ready answers by code, in the order of the Bulgarian file. Raises ContentError."""
    paths = sorted(locales.glob("*/replies.yaml"))
    kept = {path.parent.name: shelf.mapping(path) for path in paths}
    for language, told in kept.items():
        for code, one in told.items():
            if not isinstance(one, dict) or not {"title", "text"} <= set(one):
                path = locales / language / "replies.yaml"
                raise ContentError(f"{path}:1: {code} needs a title and a text.")
    return {code: _reply(code, kept) for code in kept.get("bg", {})}


def _reply(code: str, kept: Mapping[str, Mapping[str, shelf.Entry]]) -> Reply:
    told = {language: one[code] for language, one in kept.items() if code in one}
    return Reply(
        code,
        {language: one["title"] for language, one in told.items()},
        {language: one["text"] for language, one in told.items()},
    )
