"""What the postman has in hand: a claimed delivery, where it stands by now, and who reads it."""

from dataclasses import dataclass

from sqlalchemy import and_, bindparam, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.tables import Delivery, DeliveryState, Staff, Visitor


@dataclass(frozen=True, slots=True)
class InHand:
    """The message to change, if there is one, and the reader; a visitor may be staff as well."""

    message_id: int | None
    visitor: Visitor | None
    staff: Staff | None


_IN_HAND = (
    select(Delivery.message_id, Visitor, Staff)
    .outerjoin(Visitor, Visitor.id == Delivery.visitor_id)
    .outerjoin(
        Staff,
        or_(Staff.id == Delivery.staff_id, and_(Staff.key == Visitor.key, Staff.active)),
    )
    .where(Delivery.id == bindparam("id"), Delivery.fence == bindparam("fence"))
    .where(Delivery.state == DeliveryState.SENDING)
)


async def find(session: AsyncSession, delivery: Delivery) -> InHand | None:
    """What a letter is worded from; None if somebody has taken it over or asked for it anew."""
    found = await session.execute(_IN_HAND, {"id": delivery.id, "fence": delivery.fence})
    row = found.one_or_none()
    return InHand(*row) if row is not None else None
