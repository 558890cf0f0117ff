"""What colleagues were shown in private about something they have taken."""

from datetime import datetime

from sqlalchemy import delete, or_, update
from sqlalchemy.ext.asyncio import AsyncSession

from storage.deliveries import DETAILS, URGENT, posted
from storage.tables import Delivery, DeliveryState, Staff


async def redraw_details(session: AsyncSession, *prefixes: str, due: datetime) -> None:
    """Word again what colleagues were shown about something, by the beginning of the keys.

    An urgent card in the group is redrawn like what they were shown in private.
    """
    posted(session)
    await session.execute(
        update(Delivery)
        .where(Delivery.kind.in_((*DETAILS, URGENT)), Delivery.state == DeliveryState.SENT)
        .where(or_(*(Delivery.key.startswith(one, autoescape=True) for one in prefixes)))
        .values(state=DeliveryState.WAITING, due=due, not_before=None, tries=0)
    )


async def forget_details(session: AsyncSession, staff: Staff) -> None:
    """So that whoever takes the same thing once more is told again."""
    await session.execute(
        delete(Delivery).where(Delivery.staff_id == staff.id, Delivery.kind.in_(DETAILS))
    )
