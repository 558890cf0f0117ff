"""The outbox: what is on its way to whom, why, and how it went."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    and_,
    bindparam,
    case,
    delete,
    func,
    literal,
    or_,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncSession

from storage import leases, sealed
from storage.inserting import insert_once
from storage.tables import Delivery, DeliveryState, Staff, Visitor

PERSONAL, CARD, BULK = 0, 1, 2
MOST_TRIES = 5
URGENT = "card_cry"
DETAILS = ("case_message", "request_details", "appointment_details")
"""What whoever took something is shown in private."""

_POSTED = "posted"

Reader = tuple[int | None, int | None]
"""A visitor's id, or the id of one of the staff, or neither: the staff group."""


def posted(session: AsyncSession) -> None:
    """Something of this transaction is on its way: the postman should look."""
    session.info[_POSTED] = True


def are_posted(session: AsyncSession) -> bool:
    """Whether this transaction has put something on its way."""
    return bool(session.info.get(_POSTED))


async def write(
    session: AsyncSession,
    key: str,
    kind: str,
    to: Visitor | Staff | None,
    *,
    due: datetime,
    useless_after: datetime | None = None,
    rank: int = PERSONAL,
    **params: Any,
) -> bool:
    """Put a delivery on its way, once per key; False if it was there. None: the staff group."""
    posted(session)
    return await insert_once(
        session,
        Delivery,
        key=key,
        kind=kind,
        params=sealed.seal_params(session, key, params),
        due=due,
        visitor_id=to.id if isinstance(to, Visitor) else None,
        staff_id=to.id if isinstance(to, Staff) else None,
        useless_after=useless_after,
        rank=rank,
        state=DeliveryState.WAITING,
        tries=0,
        fence=0,
        perhaps_sent=False,
        reason="",
        worded="",
    )


_AGAIN = (
    update(Delivery)
    .where(Delivery.key == bindparam("again"))
    .values(
        state=DeliveryState.WAITING,
        due=bindparam("from_then"),
        not_before=None,
        tries=0,
        perhaps_sent=or_(Delivery.perhaps_sent, Delivery.state == DeliveryState.SENDING),
    )
)


async def again(session: AsyncSession, key: str, *, due: datetime) -> None:
    """Word a delivery again: one that was sent is edited in place."""
    posted(session)
    await session.execute(_AGAIN, {"again": key, "from_then": due})


async def reword(session: AsyncSession, key: str, *, due: datetime, **params: Any) -> None:
    """Edit what has arrived; what waits is worded with today's words, what never arrived stays."""
    sent = (Delivery.key == key, Delivery.state == DeliveryState.SENT)
    content = sealed.seal_params(session, key, params)
    await session.execute(update(Delivery).where(*sent).values(params=content))
    if await session.scalar(select(Delivery.id).where(*sent)):
        await again(session, key, due=due)


async def drop(session: AsyncSession, *prefixes: str) -> None:
    """Call back what has not left yet and whose key begins with one of these."""
    await session.execute(
        update(Delivery)
        .where(or_(*(Delivery.key.startswith(one, autoescape=True) for one in prefixes)))
        .where(Delivery.state == DeliveryState.WAITING)
        .values(state=DeliveryState.DROPPED, params=None)
    )


async def take_due(
    session: AsyncSession,
    *,
    fence: int,
    now: datetime,
    real_now: datetime,
    most: int,
    but_for: Sequence[Reader] = (),
    recover: bool = True,
) -> Sequence[Delivery]:
    """Claim what is due, personal before bulk, oldest first; nothing once the fence is passed.

    ``but_for`` names readers who are being served already, so that each is served in order.
    ``recover`` also takes up what was left behind in somebody's hands.
    """
    # Locked, so that nobody becomes the sender between this look and our claim.
    if await leases.fence(session) != fence:
        return ()
    if recover:
        await _recover(session, fence, but_for)
    found = await session.scalars(
        select(Delivery)
        .where(*_due(now, real_now), _is_for_others(but_for))
        .order_by(Delivery.rank, Delivery.due, Delivery.id)
        .limit(most)
        .with_for_update()  # what is called back at this moment must stay called back
    )
    taken = found.all()
    for one in taken:
        one.state, one.fence, one.tries = DeliveryState.SENDING, fence, one.tries + 1
    return taken


def _due(now: datetime, real_now: datetime) -> Sequence[ColumnElement[bool]]:
    return (
        Delivery.state == DeliveryState.WAITING,
        Delivery.due <= now,
        or_(Delivery.not_before.is_(None), Delivery.not_before <= real_now),
    )


def _is_for_others(but_for: Sequence[Reader]) -> ColumnElement[bool]:
    """For none of these readers. Always the same statement, so that it is compiled once."""
    visitors = [visitor for visitor, _ in but_for if visitor is not None]
    staff = [one for _, one in but_for if one is not None]
    to_group = Delivery.visitor_id.is_(None) & Delivery.staff_id.is_(None)
    return and_(
        func.coalesce(Delivery.visitor_id, 0).not_in(visitors),
        func.coalesce(Delivery.staff_id, 0).not_in(staff),
        or_(~to_group, literal((None, None) not in but_for)),
    )


def _left_behind(fence: int, but_for: Sequence[Reader]) -> ColumnElement[bool]:
    """In nobody's hands any more: a sender before us stopped, or our own walk was broken off."""
    return and_(
        Delivery.state == DeliveryState.SENDING,
        or_(Delivery.fence < fence, _is_for_others(but_for)),
    )


async def is_any_due(
    session: AsyncSession,
    *,
    now: datetime,
    real_now: datetime,
    fence: int | None = None,
    but_for: Sequence[Reader] = (),
) -> bool:
    """Whether something may leave now; with a fence, also whether something was left behind."""
    any_one = and_(*_due(now, real_now))
    if fence is not None:
        any_one = or_(any_one, _left_behind(fence, but_for))
    return bool(await session.scalar(select(select(Delivery.id).where(any_one).exists())))


async def _recover(session: AsyncSession, fence: int, but_for: Sequence[Reader]) -> None:
    """What was left behind may have arrived or not: it goes out again, and the ledger says so."""
    left = _left_behind(fence, but_for)
    # Our own walk breaks off again and again: somebody has to look at it. A death is no fault of
    # the delivery, however many there are.
    await session.execute(
        update(Delivery)
        .where(left, Delivery.fence == fence, Delivery.tries >= MOST_TRIES)
        .values(state=DeliveryState.PARKED, perhaps_sent=True, reason="unsettled")
    )
    await session.execute(
        update(Delivery)
        .where(left)
        .values(
            state=DeliveryState.WAITING,
            perhaps_sent=True,
            tries=case((Delivery.fence < fence, 0), else_=Delivery.tries),
        )
    )


async def settle(
    session: AsyncSession, delivery: Delivery, *, fence: int, state: DeliveryState, **values: Any
) -> bool:
    """Note how it went; False if another sender has taken it over or it is to be worded again."""
    may_return = state is DeliveryState.UNREACHABLE and delivery.useless_after is not None
    if state not in {DeliveryState.WAITING, DeliveryState.PARKED} and not may_return:
        values["params"] = delivery.params if _is_redrawn(delivery) else None
    changed: Any = await session.execute(
        update(Delivery)
        .where(Delivery.id == delivery.id, Delivery.fence == fence)
        .where(Delivery.state == DeliveryState.SENDING)
        .values(state=state, **values)
    )
    if not changed.rowcount and values.get("message_id"):
        # Asked for anew while it was on its way: the next round edits what has just arrived.
        await session.execute(
            update(Delivery)
            .where(Delivery.id == delivery.id, Delivery.fence == fence)
            .values(message_id=values["message_id"])
        )
    return bool(changed.rowcount)


async def bring_back(session: AsyncSession, visitor: Visitor, *, now: datetime) -> None:
    """Somebody can be reached again: what could not arrive and is still of use sets out anew."""
    posted(session)
    await session.execute(
        update(Delivery)
        .where(Delivery.visitor_id == visitor.id, Delivery.useless_after > now)
        .where(Delivery.state == DeliveryState.UNREACHABLE)
        .values(state=DeliveryState.WAITING, tries=0, not_before=None, reason="")
    )


def _is_redrawn(delivery: Delivery) -> bool:
    """Cards and details are redrawn as long as their object lives, so their ids stay."""
    return delivery.kind.startswith("card") or delivery.kind in DETAILS


async def of_message(session: AsyncSession, message_id: int, *, staff_id: int) -> Delivery | None:
    """The delivery a member of staff is replying to."""
    return await session.scalar(
        select(Delivery).where(Delivery.message_id == message_id, Delivery.staff_id == staff_id)
    )


async def waiting(session: AsyncSession, *, now: datetime) -> int:
    """How many deliveries are due and not settled."""
    found = await session.scalar(
        select(func.count())
        .select_from(Delivery)
        .where(Delivery.due <= now)
        .where(Delivery.state.in_([DeliveryState.WAITING, DeliveryState.SENDING]))
    )
    return found or 0


async def next_due(session: AsyncSession, *, after: datetime) -> datetime | None:
    return await session.scalar(
        select(func.min(Delivery.due)).where(
            Delivery.state == DeliveryState.WAITING, Delivery.due > after
        )
    )


async def postpone(
    session: AsyncSession, ids: Iterable[int], *, fence: int, until: datetime
) -> None:
    """Put claimed deliveries back until a moment of real time; such a try does not count."""
    await session.execute(
        update(Delivery)
        .where(Delivery.id.in_(list(ids)), Delivery.fence == fence)
        .where(Delivery.state == DeliveryState.SENDING)
        .values(state=DeliveryState.WAITING, not_before=until, tries=Delivery.tries - 1)
    )


async def forget_old(session: AsyncSession, *, before: datetime) -> None:
    """Deliveries settled before that, but for cards, which are redrawn as long as they matter."""
    await session.execute(
        delete(Delivery).where(
            Delivery.settled_at < before,
            Delivery.state.not_in([DeliveryState.WAITING, DeliveryState.SENDING]),
            ~Delivery.kind.startswith("card"),
        )
    )
