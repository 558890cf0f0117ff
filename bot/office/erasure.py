"""What we know of a visitor, and deleting it on their word."""

from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.office import appointments as booking
from bot.office import cases, people
from storage import appointments, deliveries, details, kept
from storage.tables import (
    Appointment,
    Case,
    Delivery,
    Rating,
    Request,
    RequestState,
    Visitor,
)


async def erase(session: AsyncSession, visitor: Visitor, *, now: datetime) -> None:
    """Cancel what lies ahead, neutralise the cards, cut every link, delete the person.

    Counters and scores stay: there is no person in them.
    """
    await _redraw_details(session, visitor, now)
    for ahead in await appointments.of_visitor(session, visitor.id, after=now):
        one = await appointments.appointment(session, ahead.id, to_change=True)
        if one is not None and one.state in appointments.TAKEN:
            await booking.withdraw(session, one, now=now)
    await _withdraw_requests(session, visitor, now)
    await cases.forget_words_of(session, visitor, now=now)
    mine = select(Appointment.id).where(Appointment.visitor_id == visitor.id)
    await session.execute(
        update(Rating).where(Rating.appointment_id.in_(mine)).values(appointment_id=None)
    )
    await session.execute(delete(Delivery).where(Delivery.visitor_id == visitor.id))
    await kept.forget_waiting(session, visitor.id)
    for table in (Appointment, Request, Case):
        await session.execute(
            update(table).where(table.visitor_id == visitor.id).values(visitor_id=None)
        )
    await people.forget(session, visitor, now=now)


async def _withdraw_requests(session: AsyncSession, visitor: Visitor, now: datetime) -> None:
    for one in await appointments.requests_of_visitor(session, visitor.id):
        one.state = RequestState.WITHDRAWN
        one.version += 1
        await deliveries.drop(session, f"hurry:request:{one.id}:")
        await deliveries.again(session, f"card:request:{one.id}", due=now)


async def _redraw_details(session: AsyncSession, visitor: Visitor, now: datetime) -> None:
    """What colleagues were shown of this visitor in private loses its words."""
    mine = {
        "details:appointment": select(Appointment.id).where(Appointment.visitor_id == visitor.id),
        "details:request": select(Request.id).where(Request.visitor_id == visitor.id),
        "case": select(Case.id).where(Case.visitor_id == visitor.id),
    }
    prefixes = [
        f"{kind}:{one}:" for kind, ids in mine.items() for one in await session.scalars(ids)
    ]
    if prefixes:
        await details.redraw_details(session, *prefixes, due=now)
