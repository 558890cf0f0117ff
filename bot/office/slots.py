"""Laying out the clinics' weekly patterns as slots with seats, some weeks ahead."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.bureau import Bureau
from storage.tables import Clinic, Seat, Slot

AHEAD = timedelta(weeks=4)


async def lay_out_slots(session: AsyncSession, bureau: Bureau, now: datetime) -> int:
    """Add what is missing of the next weeks; asking twice adds nothing. How many were added."""
    today = bureau.today(now)
    added = 0
    for clinic in await session.scalars(select(Clinic).order_by(Clinic.id)):
        wanted = _times(bureau, clinic, today, today + AHEAD)
        there = set(
            await session.scalars(
                select(Slot.starts_at).where(
                    Slot.worker_id == clinic.worker_id, Slot.starts_at >= bureau.at(today, time.min)
                )
            )
        )
        for starts_at, ends_at in wanted:
            if starts_at not in there:
                await _add(session, clinic, starts_at, ends_at)
                added += 1
    return added


async def _add(
    session: AsyncSession, clinic: Clinic, starts_at: datetime, ends_at: datetime
) -> None:
    slot = Slot(clinic.service_id, clinic.worker_id, starts_at, ends_at)
    session.add(slot)
    await session.flush()
    session.add_all(Seat(slot.id, number) for number in range(1, clinic.seats + 1))


def _times(
    bureau: Bureau, clinic: Clinic, start: date, end: date
) -> Iterator[tuple[datetime, datetime]]:
    """Wall times of the pattern, on working days only; the zone makes them moments."""
    length = timedelta(minutes=clinic.minutes)
    day = start
    while day <= end:
        if day.weekday() == clinic.weekday and bureau.is_working_day(day):
            at = bureau.at(day, time.fromisoformat(clinic.from_time))
            until = bureau.at(day, time.fromisoformat(clinic.to_time))
            while at + length <= until:
                yield at, at + length
                at += length
        day += timedelta(days=1)
