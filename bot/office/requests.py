"""Asking for company, and what staff make of it: yes with a time, no, or too late."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from bot.office import references
from bot.office.appointments import Done, Overtaken, announce
from storage import appointments, audit, counts, deliveries, details
from storage.bureau import Bureau
from storage.deliveries import CARD
from storage.tables import (
    Appointment,
    AppointmentState,
    Request,
    RequestState,
    Seat,
    Slot,
    Staff,
    Visitor,
)

MOST_ASKED = 3
"""How many requests a visitor may have waiting at once."""


@dataclass(frozen=True, slots=True)
class Asked:
    """The request waits for staff."""

    request: Request


@dataclass(frozen=True, slots=True)
class AlreadyAsked:
    """The visitor asked for the same institution and day before."""


@dataclass(frozen=True, slots=True)
class TooManyAsked:
    """The visitor has as many requests waiting as one person may have."""


@dataclass(frozen=True, slots=True)
class WorkerBusy:
    """The worker has something else at that time."""


@dataclass(frozen=True, slots=True)
class Wish:
    """Where to, on which day and part of it, in which language."""

    institution: str
    day: date
    part: str
    language: str


def card_key(request_id: int) -> str:
    return f"card:request:{request_id}"


async def ask(
    session: AsyncSession, bureau: Bureau, visitor: Visitor, wish: Wish, *, now: datetime
) -> Asked | AlreadyAsked | TooManyAsked:
    """Ask for company. Staff see a card at once, and a second one when half of the time is gone."""
    waiting = await appointments.requests_of_visitor(session, visitor.id)
    if len(waiting) >= MOST_ASKED:
        return TooManyAsked()
    service = await appointments.service(session, "company")
    answer_by = bureau.after_working_hours(now, bureau.answer_hours[service.code])
    part = bureau.part(wish.part)
    if part is not None:
        answer_by = min(answer_by, bureau.at(wish.day, part.starts))  # later helps nobody
    made = Request(
        await references.unused(session, Request.reference),
        visitor.id,
        service.id,
        wish.institution,
        wish.day,
        wish.part,
        wish.language,
        now,
        answer_by,
    )
    try:
        async with session.begin_nested():
            session.add(made)
    except IntegrityError:
        return AlreadyAsked()
    await _tell_staff(session, bureau, made, now=now)
    await deliveries.write(
        session, f"requested:{made.id}", "requested", visitor, due=now, request=made.id
    )
    await counts.add(
        session, bureau.today(now), "asked", language=wish.language, service=service.code
    )
    return Asked(made)


async def _tell_staff(
    session: AsyncSession, bureau: Bureau, request: Request, *, now: datetime
) -> None:
    await deliveries.write(
        session, card_key(request.id), "card_request", None, due=now, rank=CARD, request=request.id
    )
    half = bureau.after_working_hours(now, bureau.answer_hours["company"] / 2)
    half = min(half, now + (request.answer_by - now) / 2) if half > request.answer_by else half
    await deliveries.write(
        session,
        f"hurry:request:{request.id}:half",
        "hurry_request",
        None,
        due=half,
        rank=CARD,
        request=request.id,
    )


async def take(
    session: AsyncSession, staff: Staff, request_id: int, *, now: datetime
) -> Done | Overtaken:
    """One of the staff takes the request; the details go to whoever pressed first."""
    taken = await session.scalar(
        update(Request)
        .where(Request.id == request_id, Request.taken_by.is_(None))
        .where(Request.state == RequestState.ASKED)
        .values(taken_by=staff.id)
        .returning(Request.reference)
    )
    if taken is None:
        return Overtaken()
    audit.note(session, staff, "take", taken, "taken", now=now)
    await deliveries.again(session, card_key(request_id), due=now)
    await deliveries.write(
        session,
        f"details:request:{request_id}:{staff.id}",
        "request_details",
        staff,
        due=now,
        request=request_id,
    )
    return Done()


async def approve(
    session: AsyncSession,
    bureau: Bureau,
    staff: Staff,
    request_id: int,
    worker_id: int,
    starts_at: datetime,
    *,
    now: datetime,
) -> Done | Overtaken | WorkerBusy:
    """Say yes: the worker's time is taken in the same transaction, and the visitor is told."""
    found = await appointments.request(session, request_id, to_change=True)
    if found is None or found.state is not RequestState.ASKED or found.taken_by != staff.id:
        return Overtaken()
    if starts_at <= now:
        return Overtaken()
    ends_at = starts_at + timedelta(minutes=found.service.minutes)
    await appointments.lock_worker(session, worker_id)
    if await appointments.busy_between(session, worker_id, start=starts_at, end=ends_at):
        return WorkerBusy()
    appointment = await _appoint(session, found, worker_id, starts_at, ends_at, now=now)
    if appointment is None:
        return WorkerBusy()
    found.state, found.appointment_id = RequestState.APPROVED, appointment.id
    await _decided(session, staff, found, now=now)
    whole = await appointments.appointment(session, appointment.id)
    if whole is not None:
        await announce(session, bureau, whole, now=now)
    return Done()


async def _appoint(
    session: AsyncSession,
    request: Request,
    worker_id: int,
    starts_at: datetime,
    ends_at: datetime,
    *,
    now: datetime,
) -> Appointment | None:
    """A slot with one seat, its own or one given back; no worker is in two places at once."""
    slot = await appointments.slot_of_worker(session, worker_id, starts_at)
    try:
        async with session.begin_nested():
            if slot is None:
                slot = Slot(request.service_id, worker_id, starts_at, ends_at)
                session.add(slot)
                await session.flush()
                session.add(Seat(slot.id, 1))
                await session.flush()
            seat = await appointments.free_seat(session, slot.id)
            if seat is None or slot.service_id != request.service_id:
                return None
            made = Appointment(
                request.reference,  # one thing, one number, before and after the yes
                request.visitor_id,
                slot.id,
                seat.id,
                request.language,
                AppointmentState.BOOKED,
                now,
                taken_by=request.taken_by,
            )
            session.add(made)
    except IntegrityError:
        return None
    return made


async def _decided(session: AsyncSession, staff: Staff, request: Request, *, now: datetime) -> None:
    request.version += 1
    await session.flush()
    audit.note(session, staff, "decide", request.reference, request.state.value, now=now)
    await _redraw(session, request, now=now)


async def _redraw(session: AsyncSession, request: Request, *, now: datetime) -> None:
    """The request is decided: nobody is hurried any more, card and details say so."""
    await deliveries.drop(session, f"hurry:request:{request.id}:")
    await deliveries.again(session, card_key(request.id), due=now)
    await details.redraw_details(session, f"details:request:{request.id}:", due=now)


async def refuse(
    session: AsyncSession, bureau: Bureau, staff: Staff, request_id: int, *, now: datetime
) -> Done | Overtaken:
    """Say no: the visitor is told kindly, and the wish is counted as unmet."""
    found = await appointments.request(session, request_id, to_change=True)
    if found is None or found.state is not RequestState.ASKED or found.taken_by != staff.id:
        return Overtaken()
    found.state = RequestState.REFUSED
    await _decided(session, staff, found, now=now)
    await _not_met(session, bureau, found, "request_refused", now=now)
    return Done()


async def expire(session: AsyncSession, bureau: Bureau, request_id: int, *, now: datetime) -> None:
    """Nobody answered in time: we say sorry, and count it. Asked twice it does nothing."""
    found = await appointments.request(session, request_id, to_change=True)
    if found is None or found.state is not RequestState.ASKED or found.answer_by > now:
        return
    found.state = RequestState.EXPIRED
    found.version += 1
    await _redraw(session, found, now=now)
    await _not_met(session, bureau, found, "request_expired", now=now)


async def _not_met(
    session: AsyncSession, bureau: Bureau, request: Request, kind: str, *, now: datetime
) -> None:
    await counts.add(
        session,
        bureau.today(now),
        f"unmet_{kind}",
        language=request.language,
        service=request.service.code,
    )
    if request.visitor is not None:
        await deliveries.write(
            session, f"{kind}:{request.id}", kind, request.visitor, due=now, request=request.id
        )


async def withdraw(
    session: AsyncSession, visitor: Visitor, request_id: int, *, version: int, now: datetime
) -> Done | Overtaken:
    """The visitor takes the wish back."""
    found = await appointments.request(session, request_id, to_change=True)
    if found is None or found.visitor_id != visitor.id or found.version != version:
        return Overtaken()
    if found.state is not RequestState.ASKED:
        return Overtaken()
    found.state = RequestState.WITHDRAWN
    found.version += 1
    await _redraw(session, found, now=now)
    return Done()
