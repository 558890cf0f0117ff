"""Who of the staff did what to which object; never any content."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from storage.tables import Audit, Staff


def note(
    session: AsyncSession, staff: Staff, act: str, thing: str, result: str, *, now: datetime
) -> None:
    session.add(Audit(now, staff.id, act, thing, result))
