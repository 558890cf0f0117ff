"""Compares the outbox with what Telegram took: nothing lost, and what came twice was in doubt."""

from collections import Counter, defaultdict
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.sandbox import Town
from storage.tables import Appointment, AppointmentState, Delivery, DeliveryState, Staff, Visitor
from tests.kill.findings import Findings
from tests.kill.people import is_delivery

Reader = tuple[str, int]


async def check(found: Findings, session: AsyncSession, town: Town, doubtful: Counter[int]) -> None:
    """Each row's message was taken by Telegram; ``doubtful`` were under way when we died."""
    rows = (await session.scalars(select(Delivery).order_by(Delivery.id))).all()
    chats = await _chats(session, town)
    sent: dict[int, set[int]] = defaultdict(set)
    for call in town.ledger:
        if is_delivery(call.method, call.params):
            sent[call.params["chat_id"]].add(call.result["message_id"])
    arrived = [one for one in rows if one.state is DeliveryState.SENT]
    found.figures["deliveries"] = len(arrived)
    found.none(
        "deliveries lost",
        [_named(one) for one in arrived if one.message_id not in sent[chats[_reader(one)]]],
    )
    states = Counter(one.state for one in rows)
    found.figures["deliveries for later"] = states[DeliveryState.WAITING]
    found.none(
        "deliveries parked", [_named(one) for one in rows if one.state is DeliveryState.PARKED]
    )
    in_doubt = ambiguous(town)
    found.figures["ambiguous answers"] = in_doubt.total()
    for one in rows:
        in_doubt[chats[_reader(one)]] += doubtful[one.id] if one.perhaps_sent else 0
    marked = {chats[_reader(one)] for one in rows if one.perhaps_sent}
    repeats = _repeats(rows, chats, sent)
    found.figures["repeats"] = repeats.total()
    found.none(
        "repeats without a mark",
        [
            f"{n} in {chat}"
            for chat, n in repeats.items()
            if n > in_doubt[chat] or chat not in marked
        ],
    )
    await _confirmations(found, session, rows)


def _named(row: Delivery) -> str:
    return f"{row.key} ({row.state}, {row.reason})"


def _reader(row: Delivery) -> Reader:
    if row.visitor_id is not None:
        return "visitor", row.visitor_id
    return ("staff", row.staff_id) if row.staff_id is not None else ("group", 0)


async def _chats(session: AsyncSession, town: Town) -> dict[Reader, int]:
    vault = session.info["vault"]
    by_key = {vault.recognise(one): one for one in town.people}
    group = next(one.id for one in town.chats.values() if not one.private)
    visitors = (await session.scalars(select(Visitor))).all()
    staff = (await session.scalars(select(Staff))).all()
    return {
        ("group", 0): group,
        **{("visitor", one.id): by_key[one.key] for one in visitors},
        **{("staff", one.id): by_key[one.key] for one in staff},
    }


def ambiguous(town: Town) -> Counter[int]:
    """By chat: deliveries that were taken, though the postman was told otherwise."""
    return Counter(
        int(one.params["chat_id"])
        for one in town.refusals
        if ": accepted, but" in one.description and is_delivery(one.method, one.params)
    )


def _repeats(
    rows: Sequence[Delivery], chats: dict[Reader, int], sent: dict[int, set[int]]
) -> Counter[int]:
    """By chat: messages no row knows."""
    known = {(chats[_reader(one)], one.message_id) for one in rows}
    return Counter(
        chat for chat, messages in sent.items() for one in messages if (chat, one) not in known
    )


async def _confirmations(found: Findings, session: AsyncSession, rows: Sequence[Delivery]) -> None:
    """Whoever has something booked was told so."""
    booked = await session.scalars(
        select(Appointment).where(Appointment.state == AppointmentState.BOOKED)
    )
    told = {one.key for one in rows if one.state is DeliveryState.SENT}
    there = [f"booked:{one.id}:v{one.version}" for one in booked]
    found.figures["booked at the end"] = len(there)
    found.none("never confirmed", [one for one in there if one not in told])
