"""A case leaves the hands it is in: to a colleague, back to everybody, or after a long silence."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from bot.office import cases as office
from bot.office.appointments import Done, Overtaken
from storage import audit, cases, details
from storage.bureau import Bureau
from storage.tables import Case, CaseState, Staff

LET_GO_AFTER = 4
"""Working hours without an answer after which a taken case is everybody's again."""


async def hand_over(
    session: AsyncSession,
    staff: Staff,
    case_id: int,
    to: Staff,
    *,
    version: int,
    now: datetime,
) -> Done | Overtaken:
    """Give a case to a colleague, who is shown all of it; here its words disappear."""
    case = await cases.case(session, case_id, to_change=True)
    if case is None or case.version != version or not office.is_with(case, staff):
        return Overtaken()
    if not to.active or to.chat is None or to.id == staff.id:
        return Overtaken()
    case.taken_by, case.waits_since = to.id, now
    case.version += 1
    await session.flush()
    audit.note(session, staff, "hand_over", case.reference, f"staff {to.id}", now=now)
    await _redraw(session, case, now=now)
    await office.hand_everything(session, case, to, now=now)
    return Done()


async def release(
    session: AsyncSession, bureau: Bureau, staff: Staff, case_id: int, *, now: datetime
) -> Done | Overtaken:
    """Give a case back to everybody; the group is reminded if nobody takes it."""
    case = await cases.case(session, case_id, to_change=True)
    if case is None or not office.is_with(case, staff):
        return Overtaken()
    await _open_again(session, case, now=now)
    audit.note(session, staff, "release", case.reference, "released", now=now)
    due = bureau.after_working_hours(now, office.REMINDED_AFTER)
    await office.remind(session, case, due=due)
    return Done()


async def let_go(session: AsyncSession, bureau: Bureau, case_id: int, *, now: datetime) -> None:
    """Whoever has the case has not answered for too long. Asked twice it does nothing."""
    case = await cases.case(session, case_id, to_change=True)
    if case is None or case.state is not CaseState.TAKEN or case.waits_since is None:
        return
    if _is_let_go_at(bureau, case.waits_since) > now:
        return
    await _open_again(session, case, now=now)
    await office.remind(session, case, due=now)


async def overdue(
    session: AsyncSession, bureau: Bureau, *, now: datetime
) -> Sequence[tuple[int, datetime]]:
    """The cases that should have been let go by now, each with its moment."""
    moments = await _moments(session, bureau, before=now - timedelta(hours=LET_GO_AFTER))
    return [(case, at) for case, at in moments if at <= now]


async def next_moment(session: AsyncSession, bureau: Bureau, *, after: datetime) -> datetime | None:
    """The next moment at which a case is let go if nobody answers."""
    moments = await _moments(session, bureau, before=after)
    return min((at for _, at in moments if at > after), default=None)


async def _moments(
    session: AsyncSession, bureau: Bureau, *, before: datetime
) -> Sequence[tuple[int, datetime]]:
    waiting = await cases.taken_and_waiting(session, before=before)
    return [(one.id, _is_let_go_at(bureau, one.waits_since)) for one in waiting if one.waits_since]


def _is_let_go_at(bureau: Bureau, waits_since: datetime) -> datetime:
    return bureau.after_working_hours(waits_since, LET_GO_AFTER)


async def _open_again(session: AsyncSession, case: Case, *, now: datetime) -> None:
    case.state, case.taken_by = CaseState.OPEN, None
    case.version += 1
    await session.flush()
    await _redraw(session, case, now=now)


async def _redraw(session: AsyncSession, case: Case, *, now: datetime) -> None:
    """Card and private copies say whose it is now."""
    await office.redraw_cards(session, case.id, now=now)
    await details.redraw_details(session, f"case:{case.id}:", due=now)
