"""Who writes to us: visitors, staff, and what they have half said."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, delete, exists, literal, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from storage import sealed
from storage.inserting import insert_into
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


@dataclass(frozen=True, slots=True)
class Known:
    """What is kept of whoever writes: as a visitor, as staff, and what they have half said."""

    visitor: Visitor | None
    staff: Staff | None
    draft: dict[str, Any] | None


async def known(session: AsyncSession, key: str, *, now: datetime) -> Known:
    """Everything a desk is opened with, in one statement. ``now`` is real time."""
    whose = select(literal(key).label("key")).subquery()
    found = await session.execute(
        select(Visitor, Staff, Draft)
        .select_from(whose)
        .outerjoin(Visitor, Visitor.key == whose.c.key)
        .outerjoin(Staff, and_(Staff.key == whose.c.key, Staff.active))
        .outerjoin(Draft, Draft.key == whose.c.key)
    )
    visitor, staff, draft = found.one()
    return Known(visitor, staff, _opened(session, draft, now))


def _opened(session: AsyncSession, draft: Draft | None, now: datetime) -> dict[str, Any] | None:
    if draft is None or now - draft.touched_at > DRAFTS_LIVE:
        return None
    try:
        return sealed.draft_of(session, draft)
    except SealBrokenError:
        return None  # another key: what was half said is forgotten, nobody is locked out


async def draft(session: AsyncSession, key: str, *, now: datetime) -> dict[str, Any] | None:
    """What this person has half said; a day later it is forgotten. ``now`` is real time."""
    return _opened(session, await session.get(Draft, key), now)


async def keep_draft(
    session: AsyncSession, key: str, content: dict[str, Any], *, now: datetime
) -> None:
    kept = {"content": sealed.seal_draft(session, key, content), "touched_at": now}
    one = insert_into(session, Draft).values(key=key, **kept)
    await session.execute(one.on_conflict_do_update(index_elements=[Draft.key], set_=kept))


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
