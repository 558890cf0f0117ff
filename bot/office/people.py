"""Welcoming visitors, knowing staff, and forgetting people on their word."""

from datetime import datetime, timedelta

from sqlalchemy import delete, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from storage import appointments, deliveries, people, sealed
from storage.bureau import Bureau
from storage.tables import (
    Appointment,
    AppointmentState,
    Draft,
    Erasure,
    Handled,
    Role,
    Staff,
    Visitor,
)

NOTICE = 1
"""The version of the privacy notice; it grows when the notice changes in substance."""

CHAT_KEPT = timedelta(days=30)
"""How long a chat id is kept after the last thing there was to tell."""


async def welcome(
    session: AsyncSession, bureau: Bureau, key: str, language: str, *, now: datetime
) -> Visitor:
    """Somebody chose a language: from now on we know them by it, and by nothing else."""
    visitor = await people.visitor(session, key)
    if visitor is None:
        visitor = Visitor(key, language, _month(bureau, now))
        session.add(visitor)
    visitor.language = language
    visitor.notice = NOTICE
    await session.flush()
    return visitor


def _month(bureau: Bureau, now: datetime) -> str:
    return f"{bureau.today(now):%Y-%m}"


def is_news(visitor: Visitor, bureau: Bureau, *, now: datetime) -> bool:
    """Whether their writing tells us something: the first time this month, or they are back."""
    return visitor.seen_month != _month(bureau, now) or visitor.unreachable_since is not None


async def greet(session: AsyncSession, visitor: Visitor, bureau: Bureau, *, now: datetime) -> None:
    """They wrote: so they were here this month, and can be reached."""
    if visitor.seen_month != _month(bureau, now):  # only a change is worth a statement
        visitor.seen_month = _month(bureau, now)
    if visitor.unreachable_since is not None:
        await reach(session, visitor, unreachable_since=None, now=now)


async def reach(
    session: AsyncSession, visitor: Visitor, *, unreachable_since: datetime | None, now: datetime
) -> None:
    """Note whether a visitor can be reached; staff see it on the cards of what is booked."""
    visitor.unreachable_since = unreachable_since
    if unreachable_since is None:
        await deliveries.bring_back(session, visitor, now=now)
    for one in await appointments.of_visitor(session, visitor.id, after=now):
        await deliveries.again(session, appointments.card_key(one.id), due=now)


async def keep_chat_while_needed(
    session: AsyncSession, visitor: Visitor, chat_id: int, *, now: datetime
) -> None:
    """The chat id is known as long as there is something to tell, and some days longer."""
    await session.flush()
    needed = await people.is_there_something_to_tell(session, visitor.id, now=now)
    if needed and visitor.chat is None:
        sealed.set_chat(session, visitor, chat_id)
    if needed and visitor.chat_unneeded_since is not None:
        visitor.chat_unneeded_since = None
    elif not needed and visitor.chat is not None and visitor.chat_unneeded_since is None:
        visitor.chat_unneeded_since = now


async def forget_unneeded(session: AsyncSession, *, now: datetime) -> None:
    """Names and chat ids whose last purpose is a month ago. Asked every day; idempotent."""
    known = or_(Visitor.chat.is_not(None), Visitor.name.is_not(None))
    kept = await session.scalars(select(Visitor).where(known))
    for visitor in kept.all():
        if await people.is_there_something_to_tell(session, visitor.id, now=now):
            visitor.chat_unneeded_since = None
        elif visitor.chat_unneeded_since is None:
            visitor.chat_unneeded_since = now
        elif now - visitor.chat_unneeded_since > CHAT_KEPT:
            visitor.chat = visitor.name = visitor.chat_unneeded_since = None


async def appoint(session: AsyncSession, key: str, role: Role) -> Staff:
    """Make somebody a member of staff, or give a former one the role back."""
    found = await session.scalar(select(Staff).where(Staff.key == key))
    if found is None:
        found = Staff(key, role)
        session.add(found)
    found.active, found.role = True, role
    await session.flush()
    return found


async def unlink(session: AsyncSession, visitor: Visitor) -> None:
    """Keep nothing of a visitor but the language: not the chat, not the holds let go."""
    visitor.chat = visitor.name = visitor.chat_unneeded_since = None
    await session.execute(
        update(Appointment)
        .where(Appointment.visitor_id == visitor.id)
        .where(Appointment.state == AppointmentState.RELEASED)
        .values(visitor_id=None)
    )


async def forget(session: AsyncSession, visitor: Visitor, *, now: datetime) -> None:
    """Delete the person; what was booked has been cancelled before. Counters stay as they are."""
    session.add(Erasure(visitor.key, now))
    await people.ask_to_scrub(session)
    await session.execute(update(Handled).where(Handled.presser == visitor.key).values(presser=""))
    await session.execute(delete(Draft).where(Draft.key == visitor.key))
    await session.execute(delete(Visitor).where(Visitor.id == visitor.id))
