"""Screens that Telegram did not take at once and the postman brings: a reader has one at most."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from storage import deliveries
from storage.tables import Delivery, DeliveryState, Staff, Visitor

SCREEN = "screen"
"""The kind of a delivery that shows a page which could not be shown at once."""

_WAITS = (Delivery.kind == SCREEN, Delivery.state == DeliveryState.WAITING)


async def write(
    session: AsyncSession, update_id: int, reader: Visitor | Staff, page: str, *, due: datetime
) -> None:
    """Put a screen on its way; older ones that still wait are not wanted any more."""
    await drop(session, reader, before=update_id)
    name = f"{SCREEN}:{update_id}"
    await deliveries.write(session, name, SCREEN, reader, due=due, page=page)


async def drop(session: AsyncSession, reader: Visitor | Staff, *, before: int) -> None:
    """Something younger is shown, or on its way: what waits would cover it.

    An update that comes once more is older than what came after it, and drops nothing of that.
    """
    waits = (*_WAITS, _for(reader))
    keys = await session.scalars(select(Delivery.key).where(*waits))
    older = [key for key in keys if int(key.removeprefix(f"{SCREEN}:")) < before]
    if older:
        gone = {"state": DeliveryState.DROPPED, "params": None, "reason": "younger"}
        await session.execute(update(Delivery).where(*_WAITS, Delivery.key.in_(older)).values(gone))


async def readers(session: AsyncSession) -> Sequence[str]:
    """The keys of everybody for whom a screen waits."""
    found: list[str] = []
    for kind, column in ((Visitor, Delivery.visitor_id), (Staff, Delivery.staff_id)):
        asked = select(kind.key).join(Delivery, column == kind.id).where(*_WAITS)
        found += await session.scalars(asked)
    return found


def _for(reader: Visitor | Staff) -> ColumnElement[bool]:
    if isinstance(reader, Visitor):
        return Delivery.visitor_id == reader.id
    return Delivery.staff_id == reader.id
