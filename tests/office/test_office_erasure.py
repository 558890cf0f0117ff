"""Deleting a person on their word: afterwards nothing in the database leads to them."""

import asyncio
from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import AsyncSession

from bot.office import cases, ratings
from bot.office.appointments import Held, hold
from bot.office.erasure import erase
from bot.office.people import keep_chat_while_needed
from storage import appointments, handled, people, sealed
from storage.bureau import Bureau
from storage.columns import Base
from storage.engine import Storage
from storage.tables import (
    Appointment,
    AppointmentState,
    Awaiting,
    CaseMessage,
    CaseState,
    Count,
    Delivery,
    Draft,
    Erasure,
    Rating,
    RatingOf,
    Request,
    RequestState,
    Slot,
    Staff,
    Visitor,
)
from tests.office.acts import again, asked, booked, visited
from tests.world import MONDAY

NAME, WORDS, DRAFT = "Canary-Name", "canary words of a case", "canary half said"
CHAT = 5_000_000_001


async def test_nothing_in_any_table_leads_to_an_erased_person(
    session: AsyncSession, bureau: Bureau, olena: Visitor, maria: Staff, times: Sequence[Slot]
) -> None:
    canaries = await _live_a_full_life(session, bureau, olena, maria, times)
    before = await _found(session, canaries)

    await erase(session, olena, now=MONDAY)

    assert before == {"appointments", "case_messages", "cases", "deliveries", "drafts"} | {
        "handled",
        "requests",
        "visitors",
    }
    # That a person with this key asked to be forgotten is remembered for a restore, no more.
    assert await _found(session, canaries) == {"erasures"}


async def test_what_lay_ahead_is_cancelled_and_the_seat_is_free(
    session: AsyncSession, bureau: Bureau, olena: Visitor, omar: Visitor, times: Sequence[Slot]
) -> None:
    ahead = await booked(session, bureau, olena, times[0])
    wish = await asked(session, bureau, olena)

    await erase(session, olena, now=MONDAY)

    assert (ahead.state, (await again(session, ahead)).visitor_id) == (
        AppointmentState.CANCELLED,
        None,
    )
    assert (await again(session, wish)).state is RequestState.WITHDRAWN
    assert isinstance(await hold(session, omar, times[0].id, now=MONDAY), Held)


async def test_the_cards_of_staff_are_drawn_again_and_nothing_else_leaves(
    session: AsyncSession, bureau: Bureau, olena: Visitor, times: Sequence[Slot]
) -> None:
    ahead = await booked(session, bureau, olena, times[0])
    wish = await asked(session, bureau, olena)
    case = (await cases.pass_on(session, bureau, olena, WORDS, now=MONDAY)).case
    later = MONDAY + timedelta(hours=1)

    await erase(session, olena, now=later)

    waiting = await session.execute(
        select(Delivery.key, Delivery.due).where(Delivery.state == "waiting").order_by(Delivery.key)
    )
    assert [tuple(one) for one in waiting] == [
        (f"card:appointment:{ahead.id}", later),
        (f"card:case:{case.id}", later),
        (f"card:request:{wish.id}", later),
    ]
    assert (await again(session, case)).state is CaseState.CLOSED


async def test_scores_and_counts_stay_as_they_were(
    session: AsyncSession, bureau: Bureau, olena: Visitor, maria: Staff, times: Sequence[Slot]
) -> None:
    await _live_a_full_life(session, bureau, olena, maria, times)
    counts = await _counts(session)

    await erase(session, olena, now=MONDAY)

    assert await _counts(session) == counts
    scores = await session.execute(select(Rating.score, Rating.appointment_id))
    assert [tuple(one) for one in scores] == [(5, None)]


async def test_others_are_left_as_they_are(
    session: AsyncSession,
    bureau: Bureau,
    olena: Visitor,
    omar: Visitor,
    maria: Staff,
    times: Sequence[Slot],
) -> None:
    his = await _live_a_full_life(session, bureau, omar, maria, times)
    before = await _found(session, his)
    await _live_a_full_life(session, bureau, olena, maria, times[3:])

    await erase(session, olena, now=MONDAY)

    assert await _found(session, his) == before
    assert len(await appointments.of_visitor(session, omar.id, after=MONDAY)) == 1


async def test_that_somebody_was_erased_is_kept_for_a_restore(
    session: AsyncSession, olena: Visitor
) -> None:
    key = olena.key

    await erase(session, olena, now=MONDAY)

    kept = await session.execute(select(Erasure.key, Erasure.at))
    assert [tuple(one) for one in kept] == [(key, MONDAY)]


async def test_no_file_of_the_database_holds_what_was_erased(
    url: str, storage: Storage, bureau: Bureau
) -> None:
    """The file and its log are searched as bytes, while the database is still open."""
    if not storage.on_sqlite:
        return  # PostgreSQL keeps dead rows until it vacuums; the disk is encrypted for that
    path = Path(make_url(url).database or "")
    async with storage.begin() as session:
        olena = (await session.scalars(select(Visitor).order_by(Visitor.id))).first()
        maria = (await session.scalars(select(Staff).order_by(Staff.id))).first()
        assert olena is not None
        assert maria is not None
        times = await _times(session)
        canaries = await _live_a_full_life(session, bureau, olena, maria, times)
        hidden = canaries[:-1]  # without the key, which the list of erasures keeps
    there_before = await asyncio.to_thread(_in_files, path, hidden)

    async with storage.begin() as session:
        await erase(session, olena, now=MONDAY)
    assert await storage.scrub() is True

    assert there_before == set(hidden)
    assert await asyncio.to_thread(_in_files, path, hidden) == set()


def _in_files(path: Path, canaries: Sequence[bytes]) -> set[bytes]:
    content = b"".join(one.read_bytes() for one in sorted(path.parent.glob(f"{path.name}*")))
    return {one for one in canaries if one in content}


async def _times(session: AsyncSession) -> Sequence[Slot]:
    return await appointments.free_slots(
        session,
        "legal",
        after=MONDAY,
        before=MONDAY + timedelta(weeks=4),
        languages=["en"],
    )


async def _live_a_full_life(
    session: AsyncSession,
    bureau: Bureau,
    visitor: Visitor,
    staff: Staff,
    times: Sequence[Slot],
) -> list[bytes]:
    """Leave a trace wherever a visitor can leave one. What the traces look like, the key last."""
    past = await visited(session, bureau, visitor, times[0], staff)
    await ratings.rate(session, bureau, visitor, past.id, RatingOf.SERVICE, 5, now=MONDAY)
    await booked(session, bureau, visitor, times[1])
    await asked(session, bureau, visitor)
    case = (await cases.pass_on(session, bureau, visitor, WORDS, now=MONDAY)).case
    await cases.take(session, staff, case.id, now=MONDAY)
    await cases.answer(session, staff, case.id, WORDS, now=MONDAY)
    sealed.set_name(session, visitor, NAME)
    await keep_chat_while_needed(session, visitor, CHAT, now=MONDAY)
    await people.keep_draft(session, visitor.key, {"text": DRAFT}, now=MONDAY)
    await handled.note(
        session, visitor.id, presser=visitor.key, serial=f"{visitor.id:09}", page="m", now=MONDAY
    )
    await session.flush()
    draft = (await session.scalars(select(Draft.content).where(Draft.key == visitor.key))).one()
    words = await session.scalars(select(CaseMessage.content).where(CaseMessage.case_id == case.id))
    assert visitor.chat is not None
    assert visitor.name is not None
    return [visitor.chat, visitor.name, draft, *words.all(), visitor.key.encode()]


async def _found(session: AsyncSession, canaries: Sequence[bytes]) -> set[str]:
    """The tables in which any field of any row holds a canary, or a visitor's number."""
    await session.flush()
    [*_, key] = canaries
    number = await session.scalar(select(Visitor.id).where(Visitor.key == key.decode()))
    found = set()
    for table in Base.metadata.sorted_tables:
        for row in (await session.execute(select(table))).mappings():
            holds = any(one in held for held in _fields(row) for one in canaries)
            if holds or (number is not None and row.get("visitor_id") == number):
                found.add(table.name)
    return found


def _fields(row: Any) -> Iterator[bytes]:
    for value in row.values():
        yield bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode()


async def _counts(session: AsyncSession) -> list[tuple[Any, ...]]:
    await session.flush()
    table = Count.__table__
    return [tuple(one) for one in await session.execute(select(table).order_by(*table.primary_key))]


def test_every_table_with_a_visitor_is_known_to_the_erasure() -> None:
    """A new table with a visitor in it must be thought of: the list is compared by hand."""
    tables = {one.name for one in Base.metadata.sorted_tables if "visitor_id" in one.columns}

    assert tables == {one.__tablename__ for one in (Appointment, Awaiting, Request, Delivery)} | {
        "cases"
    }
