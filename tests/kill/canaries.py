"""Everything a person has and says holds a word found nowhere else; a leak is found by looking.

Nothing of it may stand in a log, and in the database only what is sealed.
"""

from collections.abc import Iterable
from pathlib import Path

import asyncpg  # type: ignore[import-untyped]  # it ships no types

from bot.sandbox import Person, Town

_WORD = "zq7canary"
_IDS = 77_310_000_000
_PHONES = "35988731"
MARKS = (_WORD, str(_IDS)[:7], _PHONES)
TOKEN = f"{_IDS}:{_WORD}-token"
SECRET = f"{_WORD}-webhook-secret-of-32-letters"

NAME = f"{_WORD} Sam"
QUESTION = f"{_WORD}: a question of mine, number"
REPLY = f"{_WORD}: please come to the bureau."
SEARCHED = (
    "How do I renew my residence permit?",
    "كيف أسجل عنواني؟",
    f"{_WORD} zzkj",
    "Лична карта",
)


def arrives(town: Town, language: str) -> Person:
    """Somebody whose every field is a canary."""
    number = _IDS + 1 + len(town.people)
    return town.add_person(
        f"{_WORD}first{number}",
        language,
        last_name=f"{_WORD}last{number}",
        username=f"{_WORD}_{number}",
        phone=f"{_PHONES}{number % 10_000:04d}",
        id=number,
    )


def seen_in(content: bytes, marks: Iterable[str] = MARKS) -> list[str]:
    """The marks that stand there, in small letters or capitals."""
    small = content.lower()
    return [mark for mark in marks if mark.encode() in small]


def leaks_in_files(*paths: Path) -> list[str]:
    return [f"{mark} in {one.name}" for one in paths for mark in seen_in(one.read_bytes())]


async def leaks_in_postgres(url: str) -> list[str]:
    """Every row of every table, read as text."""
    connection = await asyncpg.connect(url.replace("+asyncpg", ""))
    try:
        tables = await connection.fetch("SELECT tablename FROM pg_tables WHERE schemaname='public'")
        found = []
        for [table] in tables:
            rows = await connection.fetch(f'SELECT t::text FROM "{table}" t')  # noqa: S608  # its own names
            text = "\n".join(row[0] for row in rows).encode()
            found += [f"{mark} in {table}" for mark in seen_in(text)]
        return found
    finally:
        await connection.close()
