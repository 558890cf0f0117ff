"""Two scores after a delivered service: the service itself, and the staff."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.office.appointments import Done, Overtaken
from storage import appointments
from storage.bureau import Bureau
from storage.tables import Appointment, AppointmentState, Rating, RatingOf, Visitor

CHANGEABLE = timedelta(hours=24)
OPEN = timedelta(days=8)
"""Two hours and a night after the visit we ask; then there is a week."""


@dataclass(frozen=True, slots=True)
class TooLate:
    """The days for rating, or the one day for changing it, are over."""


async def rate(
    session: AsyncSession,
    bureau: Bureau,
    visitor: Visitor,
    appointment_id: int,
    of: RatingOf,
    score: int,
    *,
    now: datetime,
) -> Done | TooLate | Overtaken:
    """Keep a score, or change it within a day. Only for the visitor's own delivered service."""
    found = await appointments.appointment(session, appointment_id, to_change=True)
    if found is None or found.visitor_id != visitor.id or not 1 <= score <= 5:
        return Overtaken()
    if found.state is not AppointmentState.CAME:
        return Overtaken()
    if not is_open(found, now=now):
        return TooLate()
    found.rated_at = found.rated_at or now
    kept = await given(session, appointment_id, of)
    if kept is None:
        month = f"{bureau.today(found.slot.starts_at):%Y-%m}"
        session.add(Rating(of, score, found.slot.service_id, month, now, appointment_id))
    else:
        kept.score = score
    return Done()


def is_open(appointment: Appointment, *, now: datetime) -> bool:
    """Whether a score may still be given (a week) or, once given, changed (a day).

    The appointment knows that it was rated, not how: the link to the score is cut after a day.
    """
    if appointment.rated_at is not None:
        return now - appointment.rated_at <= CHANGEABLE
    return now - appointment.slot.ends_at <= OPEN


async def given(session: AsyncSession, appointment_id: int, of: RatingOf) -> Rating | None:
    return await session.scalar(
        select(Rating).where(Rating.appointment_id == appointment_id, Rating.of == of)
    )


async def is_linked(session: AsyncSession, visitor_id: int) -> bool:
    """Whether a score still leads back to this visitor."""
    mine = select(Appointment.id).where(Appointment.visitor_id == visitor_id)
    found = await session.scalar(select(Rating.id).where(Rating.appointment_id.in_(mine)).limit(1))
    return found is not None


async def cut_links(session: AsyncSession, *, now: datetime) -> None:
    """A day after the score nothing leads back to the appointment, and so to the person."""
    await session.execute(
        update(Rating)
        .where(Rating.appointment_id.is_not(None), Rating.rated_at < now - CHANGEABLE)
        .values(appointment_id=None, rated_at=None)  # the moment would lead back as well
    )
