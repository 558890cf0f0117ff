"""Who writes to us: visitors, staff, and what they have half said."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, exists, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from storage import sealed
from storage.tables import (
    Appointment,
    AppointmentState,
    Case,
    CaseState,
    Delivery,
    DeliveryState,
    Draft,
    Memo,
    Request,
    RequestState,
    Slot,
    Staff,
    Visitor,
)
from storage.vault import SealBrokenError

DRAFTS_LIVE = timedelta(hours=24)
_OUTCOME_AWAITED = timedelta(days=8)
_SCRUB = "scrub"


async def visitor(session: AsyncSession, key: str) -> Visitor | None:
    return await session.scalar(select(Visitor).where(Visitor.key == key))


async def staff(session: AsyncSession, key: str) -> Staff | None:
    """Somebody of the staff, as long as they are active."""
    return await session.scalar(select(Staff).where(Staff.key == key, Staff.active))


async def draft(session: AsyncSession, key: str, *, now: datetime) -> dict[str, Any] | None:
    """What this person has half said; a day later it is forgotten. ``now`` is real time."""
    found = await session.get(Draft, key)
    if found is None or now - found.touched_at > DRAFTS_LIVE:
        return None
    try:
        return sealed.draft_of(session, found)
    except SealBrokenError:
        return None  # another key: what was half said is forgotten, nobody is locked out


async def keep_draft(
    session: AsyncSession, key: str, content: dict[str, Any], *, now: datetime
) -> None:
    sealed_content = sealed.seal_draft(session, key, content)
    await session.merge(Draft(key=key, content=sealed_content, touched_at=now))


async def forget_old_drafts(session: AsyncSession, *, now: datetime) -> None:
    await session.execute(delete(Draft).where(Draft.touched_at < now - DRAFTS_LIVE))


async def is_there_something_to_tell(
    session: AsyncSession, visitor_id: int, *, now: datetime
) -> bool:
    """Whether this visitor's chat id is still needed: something is booked, asked, or on its way.

    An appointment whose outcome nobody said is no reason for ever.
    """
    purposes = (
        exists().where(
            Appointment.visitor_id == visitor_id,
            Appointment.state.in_([AppointmentState.HELD, AppointmentState.BOOKED]),
            Appointment.slot_id == Slot.id,
            Slot.ends_at > now - _OUTCOME_AWAITED,
        ),
        exists().where(Request.visitor_id == visitor_id, Request.state == RequestState.ASKED),
        exists().where(Case.visitor_id == visitor_id, Case.state != CaseState.CLOSED),
        exists().where(
            Delivery.visitor_id == visitor_id,
            Delivery.state.in_([DeliveryState.WAITING, DeliveryState.SENDING]),
        ),
    )
    return bool(await session.scalar(select(or_(*purposes))))


async def ask_to_scrub(session: AsyncSession) -> None:
    """Somebody was deleted: nothing of them may stay in the database's log either."""
    await session.merge(Memo(_SCRUB, ""))


async def is_scrub_asked(session: AsyncSession) -> bool:
    return await session.get(Memo, _SCRUB) is not None


async def scrubbed(session: AsyncSession) -> None:
    await session.execute(delete(Memo).where(Memo.name == _SCRUB))
