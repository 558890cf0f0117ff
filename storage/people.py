"""Who writes to us: visitors, staff, and what they have half said."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Integer, String, and_, bindparam, delete, exists, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from storage import sealed
from storage.books import EDITION, note_edition
from storage.inserting import dialect_of, upsert
from storage.tables import (
    Appointment,
    AppointmentState,
    Awaiting,
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


_BY_KEY = select(Visitor).where(Visitor.key == bindparam("key"))


async def visitor(session: AsyncSession, key: str) -> Visitor | None:
    return await session.scalar(_BY_KEY, {"key": key})


async def staff(session: AsyncSession, key: str) -> Staff | None:
    """Somebody of the staff, as long as they are active."""
    return await session.scalar(select(Staff).where(Staff.key == key, Staff.active))


@dataclass(frozen=True, slots=True)
class Known:
    """What is kept of whoever writes: as a visitor, as staff, and what they have half said."""

    visitor: Visitor | None
    staff: Staff | None
    draft: dict[str, Any] | None


_WRITES = select(bindparam("key", type_=String).label("key")).subquery()
_KNOWN = (
    select(Visitor, Staff, Draft.content, Draft.touched_at, Memo.value)
    .select_from(_WRITES)
    .outerjoin(Visitor, Visitor.key == _WRITES.c.key)
    .outerjoin(Staff, and_(Staff.key == _WRITES.c.key, Staff.active))
    .outerjoin(Draft, Draft.key == _WRITES.c.key)
    .outerjoin(Memo, Memo.name == EDITION)
)
"""Made once: to put it together anew for every update costs as much as to run it."""


async def known(session: AsyncSession, key: str, *, now: datetime) -> Known:
    """Everything a desk is opened with, in one statement. ``now`` is real time."""
    found = await session.execute(_KNOWN, {"key": key})
    visitor, staff, content, touched_at, edition = found.one()
    note_edition(session, edition)
    return Known(visitor, staff, _opened(session, key, content, touched_at, now=now))


def _opened(
    session: AsyncSession,
    key: str,
    content: bytes | None,
    touched_at: datetime | None,
    *,
    now: datetime,
) -> dict[str, Any] | None:
    if content is None or touched_at is None or now - touched_at > DRAFTS_LIVE:
        return None
    try:
        return sealed.open_draft(session, key, content)
    except SealBrokenError:
        return None  # another key: what was half said is forgotten, nobody is locked out


async def draft(session: AsyncSession, key: str, *, now: datetime) -> dict[str, Any] | None:
    """What this person has half said; a day later it is forgotten. ``now`` is real time."""
    kept = await session.get(Draft, key)
    return _opened(session, key, kept.content, kept.touched_at, now=now) if kept else None


async def keep_draft(
    session: AsyncSession, key: str, content: dict[str, Any], *, now: datetime
) -> None:
    kept = {"key": key, "content": sealed.seal_draft(session, key, content), "touched_at": now}
    keep = upsert(dialect_of(session), Draft, ("key",), ("content", "touched_at"))
    await session.execute(keep, kept)


async def forget_old_drafts(session: AsyncSession, *, now: datetime) -> None:
    await session.execute(delete(Draft).where(Draft.touched_at < now - DRAFTS_LIVE))


_VISITOR_ID = bindparam("visitor_id", type_=Integer)
_PURPOSES = select(
    or_(
        exists().where(
            Appointment.visitor_id == _VISITOR_ID,
            Appointment.state.in_([AppointmentState.HELD, AppointmentState.BOOKED]),
            Appointment.slot_id == Slot.id,
            Slot.ends_at > bindparam("awaited"),
        ),
        exists().where(Request.visitor_id == _VISITOR_ID, Request.state == RequestState.ASKED),
        exists().where(Case.visitor_id == _VISITOR_ID, Case.state != CaseState.CLOSED),
        exists().where(Awaiting.visitor_id == _VISITOR_ID),
        exists().where(
            Delivery.visitor_id == _VISITOR_ID,
            Delivery.state.in_([DeliveryState.WAITING, DeliveryState.SENDING]),
        ),
    )
)


async def is_there_something_to_tell(
    session: AsyncSession, visitor_id: int, *, now: datetime
) -> bool:
    """Whether this visitor's chat id is still needed: something is booked, asked, or on its way.

    An appointment whose outcome nobody said is no reason for ever.
    """
    asked = {"visitor_id": visitor_id, "awaited": now - _OUTCOME_AWAITED}
    return bool(await session.scalar(_PURPOSES, asked))


async def ask_to_scrub(session: AsyncSession) -> None:
    """Somebody was deleted: nothing of them may stay in the database's log either."""
    await session.merge(Memo(_SCRUB, ""))


async def is_scrub_asked(session: AsyncSession) -> bool:
    return await session.get(Memo, _SCRUB) is not None


async def scrubbed(session: AsyncSession) -> None:
    await session.execute(delete(Memo).where(Memo.name == _SCRUB))
