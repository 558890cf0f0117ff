"""What happens often in the town: somebody books, somebody asks, and what is then on its way."""

from datetime import date, datetime
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.office.appointments import Booked, Held, book, hold
from bot.office.outcomes import say_outcome
from bot.office.requests import Asked, Wish, ask
from storage.bureau import Bureau
from storage.columns import Base
from storage.tables import (
    Appointment,
    AppointmentState,
    Count,
    Delivery,
    DeliveryState,
    Request,
    Slot,
    Staff,
    Visitor,
)
from tests.world import MONDAY

Row = TypeVar("Row", bound=Base)
MIGRATION = Wish("migration", date(2026, 12, 10), "morning", "uk")


async def held(
    session: AsyncSession, visitor: Visitor, slot: Slot, *, now: datetime = MONDAY
) -> Appointment:
    kept = await hold(session, visitor, slot.id, now=now)
    assert isinstance(kept, Held)
    return kept.appointment


async def booked(
    session: AsyncSession, bureau: Bureau, visitor: Visitor, slot: Slot, *, now: datetime = MONDAY
) -> Appointment:
    kept = await held(session, visitor, slot, now=now)
    made = await book(session, bureau, visitor, kept.id, now=now)
    assert isinstance(made, Booked)
    return made.appointment


async def visited(
    session: AsyncSession, bureau: Bureau, visitor: Visitor, slot: Slot, staff: Staff
) -> Appointment:
    """A visit that took place, and of which staff said so when it was over."""
    made = await booked(session, bureau, visitor, slot)
    await say_outcome(
        session,
        bureau,
        staff,
        made.id,
        AppointmentState.CAME,
        version=made.version,
        now=slot.ends_at,
    )
    return made


async def asked(
    session: AsyncSession,
    bureau: Bureau,
    visitor: Visitor,
    wish: Wish = MIGRATION,
    *,
    now: datetime = MONDAY,
) -> Request:
    made = await ask(session, bureau, visitor, wish, now=now)
    assert isinstance(made, Asked)
    return made.request


async def outbox(
    session: AsyncSession, state: DeliveryState = DeliveryState.WAITING
) -> dict[str, datetime]:
    """What waits (or is in another state), by its key, with the moment it is due."""
    await session.flush()
    found = await session.scalars(
        select(Delivery).where(Delivery.state == state).order_by(Delivery.due, Delivery.id)
    )
    return {one.key: one.due for one in found}


async def delivery(session: AsyncSession, key: str) -> Delivery:
    await session.flush()
    return (
        await session.scalars(
            select(Delivery).where(Delivery.key == key).execution_options(populate_existing=True)
        )
    ).one()


async def counted(session: AsyncSession) -> dict[str, int]:
    """How often what was counted, whatever the day, language and service."""
    await session.flush()
    found = await session.scalars(select(Count).order_by(Count.what))
    return {one.what: one.n for one in found}


async def again(session: AsyncSession, row: Row) -> Row:
    """The row as the database has it now."""
    await session.flush()
    await session.refresh(row)
    return row
