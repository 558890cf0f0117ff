"""Counters for the reports: numbers a day, with no person in them."""

from datetime import date

from sqlalchemy.ext.asyncio import AsyncSession

from storage.tables import Count


async def add(
    session: AsyncSession, day: date, what: str, *, language: str = "", service: str = ""
) -> None:
    """One more; in the transaction of what is counted."""
    found = await session.get(Count, (day, what, language, service))
    if found is None:
        session.add(Count(day, what, language, service, 1))
    else:
        found.n += 1
