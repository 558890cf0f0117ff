"""The right to send: one process has it at a time, and each new one's fence passes all before."""

from datetime import datetime, timedelta

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from storage.inserting import insert_once
from storage.tables import Lease

_SENDER = "sender"
_IS_SENDER = Lease.name == _SENDER


async def hold(
    session: AsyncSession, holder: str, *, now: datetime, length: timedelta
) -> int | None:
    """Become or stay the one sender; the fence to send with, or None while another holds it.

    ``now`` is real time. A new holder's fence is larger than every fence before.
    """
    await insert_once(session, Lease, name=_SENDER, holder=holder, fence=1, until=now + length)
    lease = (await session.scalars(select(Lease).where(_IS_SENDER).with_for_update())).one()
    if lease.holder != holder and lease.until > now:
        return None
    if lease.holder != holder:
        lease.holder, lease.fence = holder, lease.fence + 1
    lease.until = now + length
    return lease.fence


async def give_up(session: AsyncSession, holder: str, *, now: datetime) -> None:
    """Let the next one send at once. ``now`` is real time."""
    await session.execute(update(Lease).where(_IS_SENDER, Lease.holder == holder).values(until=now))


async def fence(session: AsyncSession) -> int | None:
    """The fence of today's sender; nobody else becomes the sender until this transaction ends."""
    return await session.scalar(select(Lease.fence).where(_IS_SENDER).with_for_update())


async def common_time(session: AsyncSession, ours: datetime) -> datetime:
    """Several processes go by the clock of the database they share, however wrong their own is."""
    if session.get_bind().dialect.name != "postgresql":
        return ours
    theirs: datetime = (await session.execute(select(func.clock_timestamp()))).scalar_one()
    return theirs
