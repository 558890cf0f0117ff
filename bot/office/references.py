"""References people read out on the phone: random, so that nobody can guess the next one."""

import secrets

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

# Without letters and digits that are mistaken for each other.
_LETTERS = "BCDFGHJKLMNPQRSTVWXZ"
_DIGITS = "23456789"


def new() -> str:
    """Like K7Q-42; 204,800 of them."""
    head = secrets.choice(_LETTERS) + secrets.choice(_DIGITS) + secrets.choice(_LETTERS)
    return f"{head}-{secrets.choice(_DIGITS)}{secrets.choice(_DIGITS)}"


async def unused(session: AsyncSession, column: InstrumentedAttribute[str]) -> str:
    """A new one that no row of this table has."""
    while True:
        found = new()
        if await session.scalar(select(column).where(column == found)) is None:
            return found
