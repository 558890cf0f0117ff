"""What a colleague had taken goes back to everybody when they leave or cannot be reached."""

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.office import cases, requests
from storage import appointments, deliveries, details
from storage.tables import (
    Appointment,
    AppointmentState,
    Case,
    CaseState,
    Request,
    RequestState,
    Role,
    Staff,
)


async def dismiss_others(session: AsyncSession, keys: set[str], *, now: datetime) -> None:
    """Coordinators named in the settings are the only ones who are there without an invitation."""
    others = (Staff.role == Role.COORDINATOR, Staff.active, Staff.key.not_in(keys))
    for staff in await session.scalars(select(Staff).where(*others)):
        staff.active = False
        await hand_back(session, staff, now=now)


async def hand_back(session: AsyncSession, staff: Staff, *, now: datetime) -> None:
    """Whatever this colleague had taken and not finished can be taken again; its cards say so."""
    await details.forget_details(session, staff)
    taken_cases = update(Case).where(Case.taken_by == staff.id, Case.state == CaseState.TAKEN)
    for one in await session.scalars(
        taken_cases.values(state=CaseState.OPEN, taken_by=None, version=Case.version + 1).returning(
            Case.id
        )
    ):
        await cases.redraw_cards(session, one, now=now)
    taken_requests = update(Request).where(
        Request.taken_by == staff.id, Request.state == RequestState.ASKED
    )
    for one in await session.scalars(taken_requests.values(taken_by=None).returning(Request.id)):
        await deliveries.again(session, requests.card_key(one), due=now)
    taken_times = update(Appointment).where(
        Appointment.taken_by == staff.id, Appointment.state == AppointmentState.BOOKED
    )
    for one in await session.scalars(taken_times.values(taken_by=None).returning(Appointment.id)):
        await deliveries.again(session, appointments.card_key(one), due=now)
