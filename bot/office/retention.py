"""Forgetting what has had its time: links to persons after a month, the ledger, the audit."""

from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.office.cases import WORDS_KEPT
from storage import deliveries
from storage.bureau import Bureau
from storage.tables import (
    Appointment,
    Audit,
    Case,
    CaseMessage,
    Erasure,
    Request,
    RequestState,
    Slot,
)

_LINKS_KEPT = timedelta(days=30)
_LEDGER_KEPT = timedelta(days=30)
_AUDIT_KEPT = timedelta(days=365)
_ERASURES_KEPT = timedelta(days=60)  # the life of a backup, and a month


async def forget_old(session: AsyncSession, bureau: Bureau, *, now: datetime) -> None:
    """Cut the links between persons and what is long over. Asked every day; idempotent."""
    old = now - _LINKS_KEPT
    over = select(Slot.id).where(Slot.ends_at < old)
    await session.execute(
        update(Appointment).where(Appointment.slot_id.in_(over)).values(visitor_id=None)
    )
    await session.execute(
        update(Request)
        .where(Request.state != RequestState.ASKED, Request.day < bureau.today(old))
        .values(visitor_id=None)
    )
    await session.execute(update(Case).where(Case.closed_at < old).values(visitor_id=None))
    await _forget_old_words(session, now)
    await deliveries.forget_old(session, before=now - _LEDGER_KEPT)
    await session.execute(delete(Audit).where(Audit.at < now - _AUDIT_KEPT))
    await session.execute(delete(Erasure).where(Erasure.at < now - _ERASURES_KEPT))


async def _forget_old_words(session: AsyncSession, now: datetime) -> None:
    """What was written in cases that were closed a week ago."""
    old = select(Case.id).where(Case.closed_at < now - WORDS_KEPT)
    await session.execute(delete(CaseMessage).where(CaseMessage.case_id.in_(old)))
