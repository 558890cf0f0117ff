"""Who is known, by what, and for how long."""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.office.appointments import cancel
from bot.office.people import (
    CHAT_KEPT,
    appoint,
    forget_unneeded,
    greet,
    is_news,
    keep_chat_while_needed,
    welcome,
)
from storage import appointments, sealed
from storage.bureau import Bureau
from storage.tables import Delivery, Role, Slot, Visitor
from tests.office.acts import booked
from tests.world import MONDAY

CHAT = 5_000_000_001
SECOND = timedelta(seconds=1)


async def test_a_new_visitor_is_known_by_a_hash_a_language_and_a_month(
    session: AsyncSession, bureau: Bureau
) -> None:
    new = await welcome(session, bureau, "a hash", "fa", now=MONDAY)

    assert (new.key, new.language, new.seen_month, new.chat, new.name) == (
        "a hash",
        "fa",
        "2026-11",
        None,
        None,
    )


async def test_choosing_another_language_makes_no_second_person(
    session: AsyncSession, bureau: Bureau, olena: Visitor
) -> None:
    before = await _how_many(session)

    same = await welcome(session, bureau, olena.key, "bg", now=MONDAY)

    assert (same.id, olena.language, await _how_many(session)) == (olena.id, "bg", before)


async def test_the_first_words_of_a_month_and_a_return_are_news(
    session: AsyncSession, bureau: Bureau, olena: Visitor
) -> None:
    december = MONDAY + timedelta(days=1)
    told = [is_news(olena, bureau, now=MONDAY), is_news(olena, bureau, now=december)]
    await greet(session, olena, bureau, now=december)
    told.append(is_news(olena, bureau, now=december))
    olena.unreachable_since = december
    told.append(is_news(olena, bureau, now=december))

    assert told == [False, True, False, True]


async def test_a_chat_is_not_kept_while_there_is_nothing_to_tell(
    session: AsyncSession, olena: Visitor
) -> None:
    await keep_chat_while_needed(session, olena, CHAT, now=MONDAY)

    assert olena.chat is None


async def test_a_chat_is_kept_sealed_while_something_is_booked(
    session: AsyncSession, bureau: Bureau, olena: Visitor, times: Sequence[Slot]
) -> None:
    await _with_a_chat(session, bureau, olena, times[0])

    assert sealed.chat_of(session, olena) == CHAT
    assert olena.chat is not None
    assert str(CHAT).encode() not in olena.chat


async def test_chat_and_name_are_forgotten_thirty_days_after_the_last_purpose(
    session: AsyncSession, bureau: Bureau, olena: Visitor, times: Sequence[Slot]
) -> None:
    await _with_a_chat(session, bureau, olena, times[0])
    sealed.set_name(session, olena, "Olena")
    await _cancel_all(session, olena)

    await forget_unneeded(session, now=MONDAY)
    await forget_unneeded(session, now=MONDAY + CHAT_KEPT)
    at_the_end = sealed.chat_of(session, olena), sealed.name_of(session, olena)
    await forget_unneeded(session, now=MONDAY + CHAT_KEPT + SECOND)

    assert at_the_end == (CHAT, "Olena")
    assert (olena.chat, olena.name, olena.chat_unneeded_since) == (None, None, None)


async def test_a_new_purpose_begins_the_thirty_days_anew(
    session: AsyncSession, bureau: Bureau, olena: Visitor, times: Sequence[Slot]
) -> None:
    await _with_a_chat(session, bureau, olena, times[0])
    await _cancel_all(session, olena)
    await forget_unneeded(session, now=MONDAY)
    late = MONDAY + timedelta(days=1)

    await booked(session, bureau, olena, times[-1], now=late)
    await forget_unneeded(session, now=late)
    assert olena.chat_unneeded_since is None
    await _cancel_all(session, olena)
    await forget_unneeded(session, now=late + timedelta(days=1))
    await forget_unneeded(session, now=MONDAY + CHAT_KEPT + SECOND)

    assert sealed.chat_of(session, olena) == CHAT


async def test_a_visit_whose_outcome_nobody_said_does_not_keep_a_chat_for_ever(
    session: AsyncSession, bureau: Bureau, olena: Visitor, times: Sequence[Slot]
) -> None:
    await _with_a_chat(session, bureau, olena, times[0])
    await session.execute(delete(Delivery))

    for day in range(0, 100, 10):
        await forget_unneeded(session, now=times[0].ends_at + timedelta(days=day))

    assert olena.chat is None


async def test_a_name_given_before_anything_was_booked_is_forgotten_too(
    session: AsyncSession, olena: Visitor
) -> None:
    sealed.set_name(session, olena, "Olena")

    for day in range(0, 100, 10):
        await forget_unneeded(session, now=MONDAY + timedelta(days=day))

    assert olena.name is None


async def test_somebody_new_is_appointed_once(session: AsyncSession) -> None:
    first = await appoint(session, "a worker", Role.WORKER)
    second = await appoint(session, "a worker", Role.COORDINATOR)

    assert (first.id, first.role) == (second.id, Role.COORDINATOR)


async def _with_a_chat(session: AsyncSession, bureau: Bureau, visitor: Visitor, slot: Slot) -> None:
    await booked(session, bureau, visitor, slot)
    await keep_chat_while_needed(session, visitor, CHAT, now=MONDAY)


async def _cancel_all(session: AsyncSession, visitor: Visitor) -> None:
    for one in await appointments.of_visitor(session, visitor.id, after=MONDAY):
        await cancel(session, visitor, one.id, version=one.version, now=MONDAY)
    await session.execute(delete(Delivery))


async def _how_many(session: AsyncSession) -> int:
    return (await session.scalars(select(func.count()).select_from(Visitor))).one()
