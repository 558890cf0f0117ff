"""Counters for the reports: numbers a day, with no person in them."""

from datetime import date

from sqlalchemy.ext.asyncio import AsyncSession

from storage.inserting import insert_into
from storage.tables import Count


async def add(
    session: AsyncSession, day: date, what: str, *, language: str = "", service: str = ""
) -> None:
    """One more; in the transaction of what is counted."""
    one = insert_into(session, Count).values(
        day=day, what=what, language=language, service=service, n=1
    )
    same = [Count.day, Count.what, Count.language, Count.service]
    await session.execute(one.on_conflict_do_update(index_elements=same, set_={"n": Count.n + 1}))
