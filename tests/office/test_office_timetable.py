"""What falls due by itself: a pure list, and doing it twice changes nothing."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot import timetable
from bot.office import cases
from bot.office.appointments import HOLD
from bot.timetable import Due, Duty, do, falls_due, next_moment
from storage import deliveries, people
from storage.bureau import Bureau
from storage.tables import AppointmentState, CaseState, Memo, RequestState, Slot, Staff, Visitor
from tests.office.acts import again, asked, counted, held, outbox
from tests.world import MONDAY

MIDNIGHT = datetime.combine(MONDAY.date(), time.min, MONDAY.tzinfo)
HOUSE = Due(Duty.HOUSEKEEPING, 0, MIDNIGHT)
LIST = Due(Duty.MORNING, 0, datetime.combine(MONDAY.date(), time(8, 30), MONDAY.tzinfo))


async def test_what_is_due_is_listed_oldest_first(
    session: AsyncSession, bureau: Bureau, olena: Visitor, omar: Visitor, times: Sequence[Slot]
) -> None:
    wish = await asked(session, bureau, omar)
    first = await held(session, olena, times[0])
    second = await held(session, omar, times[1], now=MONDAY + timedelta(minutes=1))

    due = await falls_due(session, bureau, now=MONDAY + timedelta(minutes=11))
    later = await falls_due(session, bureau, now=wish.answer_by)

    assert due == [
        HOUSE,
        LIST,
        Due(Duty.RELEASE, first.id, MONDAY + HOLD),
        Due(Duty.RELEASE, second.id, MONDAY + timedelta(minutes=11)),
    ]
    assert [one.duty for one in later] == [
        Duty.RELEASE,
        Duty.RELEASE,
        Duty.HOUSEKEEPING,
        Duty.MORNING,
        Duty.EXPIRE,
    ]


async def test_nothing_is_due_a_moment_too_early(
    session: AsyncSession, bureau: Bureau, olena: Visitor, omar: Visitor, times: Sequence[Slot]
) -> None:
    await held(session, olena, times[0])
    await asked(session, bureau, omar)

    assert await falls_due(session, bureau, now=MONDAY + HOLD - timedelta(seconds=1)) == [
        HOUSE,
        LIST,
    ]


async def test_looking_changes_nothing(
    session: AsyncSession, bureau: Bureau, olena: Visitor, times: Sequence[Slot]
) -> None:
    await held(session, olena, times[0])
    await session.flush()

    first = await falls_due(session, bureau, now=MONDAY + HOLD)
    second = await falls_due(session, bureau, now=MONDAY + HOLD)

    assert first == second
    assert (list(session.dirty), list(session.new)) == ([], [])


async def test_doing_it_once_is_enough_and_twice_changes_nothing(
    session: AsyncSession, bureau: Bureau, olena: Visitor, omar: Visitor, times: Sequence[Slot]
) -> None:
    kept = await held(session, olena, times[0])
    wish = await asked(session, bureau, omar)
    now = wish.answer_by
    due = await falls_due(session, bureau, now=now)

    for one in [*due, *due]:
        await do(session, bureau, one, now=now, real_now=now)

    assert await falls_due(session, bureau, now=now) == []
    assert (kept.state, kept.version) == (AppointmentState.RELEASED, 2)
    assert (wish.state, wish.version) == (RequestState.EXPIRED, 2)
    assert await counted(session) == {"asked": 1, "unmet_request_expired": 1}
    assert {f"released:{kept.id}", f"request_expired:{wish.id}"} <= set(await outbox(session))


async def test_the_house_is_kept_once_a_day(session: AsyncSession, bureau: Bureau) -> None:
    await do(session, bureau, HOUSE, now=MONDAY, real_now=MONDAY)
    tomorrow = MIDNIGHT + timedelta(days=1)

    last = await falls_due(session, bureau, now=tomorrow - timedelta(seconds=1))
    assert [one.duty for one in last] == [Duty.EVENING]
    assert await falls_due(session, bureau, now=tomorrow) == [Due(Duty.HOUSEKEEPING, 0, tomorrow)]


async def test_keeping_the_house_lays_out_times_and_forgets_old_drafts(
    session: AsyncSession, bureau: Bureau, olena: Visitor
) -> None:
    await people.keep_draft(session, olena.key, {"shown": 1}, now=MONDAY)
    before = await _slots(session)
    later = MONDAY + timedelta(weeks=1)

    await do(session, bureau, HOUSE, now=later, real_now=later)

    assert await _slots(session) == before + 8
    assert await people.draft(session, olena.key, now=MONDAY) is None
    assert await session.get(Memo, timetable._LAST_HOUSEKEEPING) is not None


async def test_the_next_moment_is_the_first_of_all_that_comes(
    session: AsyncSession, bureau: Bureau, olena: Visitor, omar: Visitor, times: Sequence[Slot]
) -> None:
    tonight = MIDNIGHT + timedelta(hours=17)
    quiet = await next_moment(session, bureau, after=MONDAY)

    await asked(session, bureau, omar)
    hurry = bureau.after_working_hours(MONDAY, 4)
    with_a_wish = await next_moment(session, bureau, after=MONDAY)
    await held(session, olena, times[0])
    with_a_hold = await next_moment(session, bureau, after=MONDAY)

    assert (quiet, with_a_wish, with_a_hold) == (tonight, min(hurry, tonight), MONDAY + HOLD)


async def test_walking_from_moment_to_moment_always_moves_forward(
    session: AsyncSession, bureau: Bureau, olena: Visitor, omar: Visitor, times: Sequence[Slot]
) -> None:
    wish = await asked(session, bureau, omar)
    await held(session, olena, times[0])
    visited, now = [], MONDAY

    while now < MONDAY + timedelta(days=2):
        moment = await next_moment(session, bureau, after=now)
        assert moment is not None
        visited.append(moment)
        now = moment

    assert visited == sorted(set(visited))
    assert {MONDAY + HOLD, wish.answer_by, MIDNIGHT + timedelta(days=1)} < set(visited)


async def test_a_silent_case_is_let_go_and_the_clock_stops_for_it(
    session: AsyncSession, bureau: Bureau, olena: Visitor, maria: Staff
) -> None:
    case = (await cases.pass_on(session, bureau, olena, "Hello", now=MONDAY)).case
    await cases.take(session, maria, case.id, now=MONDAY)
    await deliveries.drop(session, "")
    silent = MONDAY + timedelta(hours=5)  # it opens at ten

    coming = await next_moment(session, bureau, after=MONDAY)
    early = await falls_due(session, bureau, now=silent - timedelta(seconds=1))
    due = await falls_due(session, bureau, now=silent)
    for one in [*due, *due]:
        await do(session, bureau, one, now=silent, real_now=silent)

    assert (coming, early, due) == (
        silent,
        [HOUSE, LIST],
        [HOUSE, LIST, Due(Duty.LET_GO, case.id, silent)],
    )
    assert await falls_due(session, bureau, now=silent) == []
    assert ((await again(session, case)).state, case.version) == (CaseState.OPEN, 3)


async def _slots(session: AsyncSession) -> int:
    return (await session.scalars(select(func.count()).select_from(Slot))).one()
