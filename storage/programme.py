"""Months and activities of the programme."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import selectinload

from storage.tables import Activity, Month


async def months(session: AsyncSession) -> Sequence[Month]:
    """All months, newest first."""
    return (await session.scalars(select(Month).order_by(Month.first.desc()))).all()


async def month(session: AsyncSession, first: date) -> Month | None:
    return await session.scalar(select(Month).where(Month.first == first))


async def activities(session: AsyncSession, *, start: date, end: date) -> Sequence[Activity]:
    """Activities from ``start`` to before ``end``, with their texts, in the order of the day."""
    found = await session.scalars(
        select(Activity)
        .where(Activity.day >= start, Activity.day < end)
        .order_by(Activity.day, Activity.starts_at, Activity.id)
        .options(selectinload(Activity.texts))
    )
    return found.all()


async def activity(session: AsyncSession, activity_id: int) -> Activity | None:
    return await session.scalar(
        select(Activity).where(Activity.id == activity_id).options(selectinload(Activity.texts))
    )
