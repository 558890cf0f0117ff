"""What visitors thought of us."""

from collections.abc import Sequence
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.office import ratings
from bot.office.appointments import Done, Overtaken
from bot.office.ratings import CHANGEABLE, OPEN, TooLate, rate
from storage.bureau import Bureau
from storage.tables import Rating, RatingOf, Slot, Staff, Visitor
from tests.office.acts import booked, visited
from tests.world import MONDAY

SERVICE, STAFF = RatingOf.SERVICE, RatingOf.STAFF


async def test_the_service_and_the_staff_are_rated_apart(
    session: AsyncSession, bureau: Bureau, olena: Visitor, maria: Staff, times: Sequence[Slot]
) -> None:
    visit = await visited(session, bureau, olena, times[0], maria)

    await rate(session, bureau, olena, visit.id, SERVICE, 5, now=MONDAY)
    await rate(session, bureau, olena, visit.id, STAFF, 4, now=MONDAY)

    assert await _scores(session) == [(SERVICE, 5, "2026-12"), (STAFF, 4, "2026-12")]


async def test_a_score_can_be_changed_for_a_day(
    session: AsyncSession, bureau: Bureau, olena: Visitor, maria: Staff, times: Sequence[Slot]
) -> None:
    visit = await visited(session, bureau, olena, times[0], maria)
    await rate(session, bureau, olena, visit.id, SERVICE, 1, now=MONDAY)
    day, second = timedelta(hours=24), timedelta(seconds=1)

    in_time = await rate(session, bureau, olena, visit.id, SERVICE, 2, now=MONDAY + day)
    late = await rate(session, bureau, olena, visit.id, SERVICE, 3, now=MONDAY + day + second)

    assert (in_time, late) == (Done(), TooLate())
    assert await _scores(session) == [(SERVICE, 2, "2026-12")]


async def test_how_it_was_is_asked_for_some_days_and_then_no_more(
    session: AsyncSession, bureau: Bureau, olena: Visitor, maria: Staff, times: Sequence[Slot]
) -> None:
    visit = await visited(session, bureau, olena, times[0], maria)
    last = times[0].ends_at + OPEN

    late = await rate(session, bureau, olena, visit.id, SERVICE, 5, now=last + timedelta(seconds=1))
    in_time = await rate(session, bureau, olena, visit.id, SERVICE, 5, now=last)

    assert (late, in_time) == (TooLate(), Done())


async def test_a_visit_that_did_not_take_place_is_not_rated(
    session: AsyncSession, bureau: Bureau, olena: Visitor, times: Sequence[Slot]
) -> None:
    ahead = await booked(session, bureau, olena, times[0])

    assert await rate(session, bureau, olena, ahead.id, SERVICE, 5, now=MONDAY) == Overtaken()


async def test_nobody_rates_the_visit_of_another(
    session: AsyncSession,
    bureau: Bureau,
    olena: Visitor,
    omar: Visitor,
    maria: Staff,
    times: Sequence[Slot],
) -> None:
    visit = await visited(session, bureau, olena, times[0], maria)

    assert await rate(session, bureau, omar, visit.id, SERVICE, 1, now=MONDAY) == Overtaken()
    assert await _scores(session) == []


@pytest.mark.parametrize("score", [-1, 0, 6, 2**40])
async def test_a_score_is_one_to_five(
    session: AsyncSession,
    bureau: Bureau,
    olena: Visitor,
    maria: Staff,
    times: Sequence[Slot],
    score: int,
) -> None:
    visit = await visited(session, bureau, olena, times[0], maria)

    assert await rate(session, bureau, olena, visit.id, SERVICE, score, now=MONDAY) == Overtaken()


async def test_a_day_later_nothing_leads_from_the_score_to_the_person(
    session: AsyncSession, bureau: Bureau, olena: Visitor, maria: Staff, times: Sequence[Slot]
) -> None:
    visit = await visited(session, bureau, olena, times[0], maria)
    await rate(session, bureau, olena, visit.id, SERVICE, 5, now=MONDAY)

    await ratings.cut_links(session, now=MONDAY + CHANGEABLE)
    assert await ratings.given(session, visit.id, SERVICE) is not None
    await ratings.cut_links(session, now=MONDAY + CHANGEABLE + timedelta(seconds=1))

    assert await ratings.given(session, visit.id, SERVICE) is None
    assert await _scores(session) == [(SERVICE, 5, "2026-12")]


async def test_who_has_rated_does_not_rate_a_second_time_after_the_link_is_cut(
    session: AsyncSession, bureau: Bureau, olena: Visitor, maria: Staff, times: Sequence[Slot]
) -> None:
    visit = await visited(session, bureau, olena, times[0], maria)
    await rate(session, bureau, olena, visit.id, SERVICE, 5, now=MONDAY)
    later = MONDAY + timedelta(days=2)
    await ratings.cut_links(session, now=later)

    second = await rate(session, bureau, olena, visit.id, SERVICE, 1, now=later)

    assert second == TooLate()
    assert await _scores(session) == [(SERVICE, 5, "2026-12")]


async def _scores(session: AsyncSession) -> list[tuple[RatingOf, int, str]]:
    found = await session.scalars(select(Rating).order_by(Rating.of))
    return [(one.of, one.score, one.month) for one in found]
