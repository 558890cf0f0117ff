"""Small words of every day: what tells languages apart, and what is too vague to be answered."""

from functools import cache
from pathlib import Path
from typing import Any

import yaml

from bot.office.finding.normal import folded, plain

LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""Safe, and written in C where there is one: nine hundred files take half a second, not six."""


def in_latin(language: str) -> list[str]:
    """Words as people type them who have no keyboard for this language."""
    return str(_all()["latin"].get(language, "")).split()


def vague(language: str) -> list[str]:
    """What is said before the question itself."""
    return list(_all()["vague"].get(language, ()))


@cache
def elsewhere() -> tuple[str, ...]:
    """How names of other countries begin, in all languages, folded."""
    return tuple(
        {folded(plain(one)) for said in _all()["elsewhere"].values() for one in said.split()}
    )


@cache
def _all() -> dict[str, Any]:
    return read(Path(__file__).with_name("everyday.yaml").read_text("utf-8"))


def read(text: str) -> dict[str, Any]:
    """A mapping, or an empty one if there is none."""
    found = yaml.load(text, LOADER)  # noqa: S506  # it is the safe loader
    return found if isinstance(found, dict) else {}
