"""What falls due, as a pure list: asking twice gives the same, doing it twice changes nothing."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.office import appointments as booking
from bot.office import (
    day_lists,
    handing_over,
    kept,
    people,
    ratings,
    requests,
    retention,
    slots,
)
from bot.office.day_lists import Part
from storage import appointments, deliveries, handled
from storage import people as people_storage
from storage.bureau import Bureau
from storage.tables import Appointment, AppointmentState, Memo, Request, RequestState

_LAST_HOUSEKEEPING = "housekeeping"


class Duty(StrEnum):
    """The kinds of things that fall due by themselves."""

    RELEASE = "release"
    EXPIRE = "expire"
    LET_GO = "let_go"
    MORNING = "morning"
    EVENING = "evening"
    HOUSEKEEPING = "housekeeping"


@dataclass(frozen=True, slots=True)
class Due:
    """One thing to do, and since when. ``object_id`` is the row it is about, 0 for none."""

    duty: Duty
    object_id: int
    at: datetime


async def falls_due(session: AsyncSession, bureau: Bureau, *, now: datetime) -> list[Due]:
    """Everything that should have happened by now and has not, oldest first. Reads only."""
    held = await appointments.held_until_passed(session, now=now)
    late = [one for one in await appointments.unanswered_requests(session) if one.answer_by <= now]
    due = [Due(Duty.RELEASE, one.id, one.held_until or now) for one in held]
    due += [Due(Duty.EXPIRE, one.id, one.answer_by) for one in late]
    silent = await handing_over.overdue(session, bureau, now=now)
    due += [Due(Duty.LET_GO, case, at) for case, at in silent]
    listed = await day_lists.due(session, bureau, now=now)
    due += [Due(Duty(listed[0].value), 0, listed[1])] if listed else []
    today = bureau.today(now)
    done = await session.get(Memo, _LAST_HOUSEKEEPING)
    if done is None or done.value != today.isoformat():
        due.append(Due(Duty.HOUSEKEEPING, 0, bureau.at(today, time.min)))
    return sorted(due, key=lambda one: (one.at, one.duty, one.object_id))


async def do(
    session: AsyncSession, bureau: Bureau, due: Due, *, now: datetime, real_now: datetime
) -> None:
    """Do one thing, in one transaction."""
    match due.duty:
        case Duty.RELEASE:
            await booking.release(session, due.object_id, now=now)
        case Duty.EXPIRE:
            await requests.expire(session, bureau, due.object_id, now=now)
        case Duty.LET_GO:
            await handing_over.let_go(session, bureau, due.object_id, now=now)
        case Duty.MORNING | Duty.EVENING:
            await day_lists.write(session, bureau, Part(due.duty.value), now=now)
        case Duty.HOUSEKEEPING:
            await _keep_house(session, bureau, now=now, real_now=real_now)


async def _keep_house(
    session: AsyncSession, bureau: Bureau, *, now: datetime, real_now: datetime
) -> None:
    """Once a day: lay out the coming weeks, forget what has had its time."""
    await slots.lay_out_slots(session, bureau, now)
    await ratings.cut_links(session, now=now)
    await kept.forget_old(session, bureau, now=now)
    await people.forget_unneeded(session, now=now)
    await retention.forget_old(session, bureau, now=now)
    await people_storage.forget_old_drafts(session, now=real_now)
    await handled.forget_old(session, now=real_now)
    await session.merge(Memo(_LAST_HOUSEKEEPING, bureau.today(now).isoformat()))


async def next_moment(session: AsyncSession, bureau: Bureau, *, after: datetime) -> datetime | None:
    """The next moment at which something falls due or a delivery should leave."""
    released = await session.scalar(
        select(func.min(Appointment.held_until)).where(
            Appointment.state == AppointmentState.HELD, Appointment.held_until > after
        )
    )
    expired = await session.scalar(
        select(func.min(Request.answer_by)).where(
            Request.state == RequestState.ASKED, Request.answer_by > after
        )
    )
    moments = (
        released,
        expired,
        await handing_over.next_moment(session, bureau, after=after),
        await deliveries.next_due(session, after=after),
        day_lists.next_moment(bureau, after=after),
        bureau.at(bureau.today(after) + timedelta(days=1), time.min),
    )
    return min((one for one in moments if one is not None), default=None)
