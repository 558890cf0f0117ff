"""Two lists a working day for the group of the staff: what the day brings, what it leaves."""

from datetime import datetime, time, timedelta
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from storage import deliveries
from storage.bureau import Bureau
from storage.deliveries import CARD
from storage.tables import Delivery


class Part(StrEnum):
    """Which list it is."""

    MORNING = "morning"
    EVENING = "evening"


_BEGINS = {Part.MORNING: time(8, 30), Part.EVENING: time(17)}


async def due(
    session: AsyncSession, bureau: Bureau, *, now: datetime
) -> tuple[Part, datetime] | None:
    """The list that should be there by now and is not. The next one makes it needless."""
    today = bureau.today(now)
    if not bureau.is_working_day(today):
        return None
    for part in reversed(Part):
        begins = bureau.at(today, _BEGINS[part])
        if begins <= now:
            written = select(Delivery.id).where(Delivery.key == _key(part, begins))
            return None if await session.scalar(written) else (part, begins)
    return None


async def write(session: AsyncSession, bureau: Bureau, part: Part, *, now: datetime) -> None:
    """Put today's list on its way, once."""
    today = bureau.today(now)
    ends = {
        Part.MORNING: bureau.at(today, _BEGINS[Part.EVENING]),
        Part.EVENING: bureau.at(today + timedelta(days=1), time.min),
    }
    await deliveries.write(
        session,
        _key(part, bureau.at(today, _BEGINS[part])),
        f"list_{part.value}",
        None,
        due=now,
        useless_after=ends[part],
        rank=CARD,
        day=today.isoformat(),
    )


def _key(part: Part, begins: datetime) -> str:
    return f"list:{part.value}:{begins.date().isoformat()}"


def next_moment(bureau: Bureau, *, after: datetime) -> datetime:
    """When the next list is written."""
    day = bureau.today(after)
    while True:
        moments = [bureau.at(day, begins) for begins in _BEGINS.values()]
        ahead = [one for one in moments if one > after and bureau.is_working_day(day)]
        if ahead:
            return min(ahead)
        day += timedelta(days=1)
