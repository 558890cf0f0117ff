"""How full the outbox is, for whoever watches over the bot."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import case, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.tables import Delivery, DeliveryState


@dataclass(frozen=True, slots=True)
class Outbox:
    """How many deliveries are due, how late the oldest is, and how many a person should see."""

    due: int
    late_seconds: float
    parked: int


async def state(session: AsyncSession, *, now: datetime) -> Outbox:
    """The state of the outbox at a moment of business time."""
    open_ones = Delivery.state.in_([DeliveryState.WAITING, DeliveryState.SENDING])
    due = open_ones & (Delivery.due <= now)
    found = await session.execute(
        select(
            func.count(case((due, 1))),
            func.min(case((due, Delivery.due))),
            func.count(case((Delivery.state == DeliveryState.PARKED, 1))),
        ).where(or_(due, Delivery.state == DeliveryState.PARKED))
    )
    number, oldest, parked = found.one()
    return Outbox(number, (now - oldest).total_seconds() if oldest else 0.0, parked)
