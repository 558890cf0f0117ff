"""Counters for the reports: numbers a day, with no person in them."""

from datetime import date
from functools import cache

from sqlalchemy.ext.asyncio import AsyncSession

from storage.inserting import Insert, dialect_of, insert_for
from storage.tables import Count


@cache
def _one_more(dialect: str) -> Insert:
    same = [Count.day, Count.what, Count.language, Count.service]
    return insert_for(dialect, Count).on_conflict_do_update(
        index_elements=same, set_={"n": Count.n + 1}
    )


async def add(
    session: AsyncSession, day: date, what: str, *, language: str = "", service: str = ""
) -> None:
    """One more; in the transaction of what is counted."""
    counted = {"day": day, "what": what, "language": language, "service": service, "n": 1}
    await session.execute(_one_more(dialect_of(session)), counted)
