"""What the tests of the outbox do again and again: write, take, and look what became of it."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from storage import leases
from storage.deliveries import take_due, write
from storage.tables import Delivery, DeliveryState, Visitor
from tests.world import MONDAY

LENGTH = timedelta(seconds=30)
SECOND = timedelta(seconds=1)
SENT, WAITING, SENDING = DeliveryState.SENT, DeliveryState.WAITING, DeliveryState.SENDING


async def visitor(session: AsyncSession) -> Visitor:
    return (await session.scalars(select(Visitor).order_by(Visitor.id).limit(1))).one()


async def written(session: AsyncSession, key: str, **how: Any) -> bool:
    values: dict[str, Any] = {"due": MONDAY, **how}
    return await write(session, key, "booked", await visitor(session), **values)


async def lease(session: AsyncSession, holder: str = "one", now: datetime = MONDAY) -> int:
    fence = await leases.hold(session, holder, now=now, length=LENGTH)
    assert fence is not None
    await session.flush()
    return fence


async def take(
    session: AsyncSession, fence: int, *, now: datetime = MONDAY, **how: Any
) -> Sequence[Delivery]:
    found = await take_due(session, fence=fence, now=now, **{"real_now": MONDAY, "most": 10, **how})
    await session.flush()
    return found


async def as_it_is(session: AsyncSession, key: str) -> Delivery:
    asked = select(Delivery).where(Delivery.key == key).execution_options(populate_existing=True)
    return (await session.scalars(asked)).one()
