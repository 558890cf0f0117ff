"""Warning the coordinators, each in private, of what they would not notice by themselves."""

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from storage import deliveries
from storage.tables import Role, Staff

CODES = frozenset(
    {"group_unreachable", "long_silence", "webhook_gone", "updates_set_aside", "token_refused"}
)
"""What there is to be warned of; the words are in the dialogs of the staff."""

_SOFIA = ZoneInfo("Europe/Sofia")


async def sound(session: AsyncSession, code: str, *, now: datetime) -> None:
    """Warn every coordinator of this, once a day however often it is asked for."""
    if code not in CODES:
        raise ValueError(f"There is no such alarm: {code}")
    day = now.astimezone(_SOFIA).date().isoformat()
    coordinators = select(Staff).where(Staff.role == Role.COORDINATOR, Staff.active)
    for one in await session.scalars(coordinators.order_by(Staff.id)):
        key = f"alarm:{code}:{day}:{one.id}"
        await deliveries.write(session, key, "alarm", one, due=now, code=code)
