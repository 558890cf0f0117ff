"""Two scores after a delivered service: the service itself, and the staff."""

from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.office.appointments import Done, Overtaken
from storage import appointments
from storage.bureau import Bureau
from storage.tables import AppointmentState, Rating, RatingOf, Visitor

CHANGEABLE = timedelta(hours=24)


async def rate(
    session: AsyncSession,
    bureau: Bureau,
    visitor: Visitor,
    appointment_id: int,
    of: RatingOf,
    score: int,
    *,
    now: datetime,
) -> Done | Overtaken:
    """Keep a score, or change it within a day. Only for the visitor's own delivered service."""
    found = await appointments.appointment(session, appointment_id)
    if found is None or found.visitor_id != visitor.id or not 1 <= score <= 5:
        return Overtaken()
    if found.state is not AppointmentState.CAME:
        return Overtaken()
    kept = await given(session, appointment_id, of)
    if kept is None:
        month = f"{bureau.today(found.slot.starts_at):%Y-%m}"
        session.add(Rating(of, score, found.slot.service_id, month, now, appointment_id))
    elif now - kept.rated_at > CHANGEABLE:
        return Overtaken()
    else:
        kept.score = score
    return Done()


async def given(session: AsyncSession, appointment_id: int, of: RatingOf) -> Rating | None:
    return await session.scalar(
        select(Rating).where(Rating.appointment_id == appointment_id, Rating.of == of)
    )


async def cut_links(session: AsyncSession, *, now: datetime) -> None:
    """A day after the score nothing leads back to the appointment, and so to the person."""
    await session.execute(
        update(Rating)
        .where(Rating.appointment_id.is_not(None), Rating.rated_at < now - CHANGEABLE)
        .values(appointment_id=None)
    )
