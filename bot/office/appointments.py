"""Holding, booking and cancelling a time, and who of the staff takes care of it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from bot.office import hours, references
from storage import appointments, audit, counts, deliveries
from storage.bureau import Bureau
from storage.deliveries import CARD
from storage.tables import Appointment, AppointmentState, Slot, Staff, Visitor

HOLD = timedelta(minutes=10)
MOST_OPEN = 3
"""How many times a visitor may have booked ahead at once."""

_OUTCOME_AFTER = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Held:
    """The time is kept for the visitor until ``appointment.held_until``."""

    appointment: Appointment


@dataclass(frozen=True, slots=True)
class SlotTaken:
    """Somebody else was faster, or the time is over."""


@dataclass(frozen=True, slots=True)
class TooMany:
    """The visitor has as many times ahead as one person may have."""


@dataclass(frozen=True, slots=True)
class Booked:
    """The seat is the visitor's; the confirmation is on its way."""

    appointment: Appointment


@dataclass(frozen=True, slots=True)
class HoldExpired:
    """The time was released before it was confirmed."""


@dataclass(frozen=True, slots=True)
class Done:
    """It is done."""


@dataclass(frozen=True, slots=True)
class Overtaken:
    """Something changed since the button was drawn; nothing was done."""


async def hold(
    session: AsyncSession, visitor: Visitor, slot_id: int, *, now: datetime
) -> Held | SlotTaken | TooMany:
    """Keep a seat for some minutes. Once it is, an earlier hold of the same visitor is let go."""
    slot = await appointments.slot(session, slot_id)
    if slot is None or slot.starts_at <= now:
        return SlotTaken()
    mine = await appointments.of_visitor(session, visitor.id, after=now)
    held = [one for one in mine if one.state is AppointmentState.HELD]
    for one in mine:
        if one.slot_id == slot_id:
            return Held(one) if one in held else SlotTaken()
    if len(mine) - len(held) >= MOST_OPEN:
        return TooMany()
    taken = await _take_seat(session, visitor, slot, now)
    if isinstance(taken, Held):
        for one in held:
            await _let_go(session, one)
    return taken


async def _take_seat(
    session: AsyncSession, visitor: Visitor, slot: Slot, now: datetime
) -> Held | SlotTaken:
    """The table decides who gets the seat; whoever loses tries the next seat of the slot."""
    while seat := await appointments.free_seat(session, slot.id):
        made = Appointment(
            await references.unused(session, Appointment.reference),
            visitor.id,
            slot.id,
            seat.id,
            visitor.language,
            AppointmentState.HELD,
            now,
            held_until=now + HOLD,
        )
        try:
            async with session.begin_nested():
                session.add(made)
        except IntegrityError:
            if await appointments.has_taken(session, visitor.id, slot.id):
                break  # this visitor's other phone was faster
        else:
            return Held(made)
    return SlotTaken()


async def let_go_of_holds(session: AsyncSession, visitor: Visitor, *, now: datetime) -> None:
    """Whoever stops half-way gives the held time back at once."""
    for one in await appointments.of_visitor(session, visitor.id, after=now):
        if one.state is AppointmentState.HELD:
            await _let_go(session, one)


async def _let_go(session: AsyncSession, appointment: Appointment) -> None:
    appointment.state = AppointmentState.RELEASED
    appointment.version += 1
    await session.flush()


async def book(
    session: AsyncSession, bureau: Bureau, visitor: Visitor, appointment_id: int, *, now: datetime
) -> Booked | HoldExpired:
    """Turn the visitor's own hold into an appointment, with everything that follows from it."""
    taken = await session.scalar(
        update(Appointment)
        .where(Appointment.id == appointment_id, Appointment.visitor_id == visitor.id)
        .where(Appointment.state == AppointmentState.HELD, Appointment.held_until > now)
        .values(state=AppointmentState.BOOKED, held_until=None, version=Appointment.version + 1)
        .returning(Appointment.id)
    )
    found = await appointments.appointment(session, appointment_id) if taken else None
    if found is None:
        return HoldExpired()
    await session.refresh(found, ["state", "version", "held_until"])
    await announce(session, bureau, found, now=now)
    return Booked(found)


async def announce(
    session: AsyncSession, bureau: Bureau, appointment: Appointment, *, now: datetime
) -> None:
    """Write what a booked appointment brings with it: confirmation, card, reminders, outcome."""
    visitor, slot = appointment.visitor, appointment.slot
    name = f"{appointment.id}:v{appointment.version}"
    await deliveries.write(
        session,
        f"booked:{name}",
        "booked",
        visitor,
        due=now,
        appointment=appointment.id,
        version=appointment.version,
    )
    await deliveries.write(
        session,
        appointments.card_key(appointment.id),
        "card_appointment",
        None,
        due=now,
        rank=CARD,
        appointment=appointment.id,
    )
    for hours_before in (48, 2):
        await _remind(session, bureau, appointment, hours_before, now=now)
    await deliveries.write(
        session,
        f"outcome:{name}",
        "card_outcome",
        None,
        due=slot.starts_at + _OUTCOME_AFTER,
        rank=CARD,
        appointment=appointment.id,
        version=appointment.version,
    )
    await counts.add(
        session,
        bureau.today(now),
        "booked",
        language=appointment.language,
        service=slot.service.code,
    )


async def _remind(
    session: AsyncSession,
    bureau: Bureau,
    appointment: Appointment,
    hours_before: int,
    *,
    now: datetime,
) -> None:
    """A reminder bound to this version: two days before at the same wall time, or two hours.

    One that could not arrive is of use until the next one.
    """
    starts_at = appointment.slot.starts_at
    last = hours.earlier(bureau, starts_at - timedelta(hours=2))
    is_last = hours_before < 24
    before = hours.wall_before(bureau, starts_at, days=hours_before // 24)
    due = last if is_last else hours.earlier(bureau, before)
    if due <= now:
        return
    await deliveries.write(
        session,
        f"reminder:{appointment.id}:v{appointment.version}:{hours_before}h",
        "reminder",
        appointment.visitor,
        due=due,
        useless_after=starts_at if is_last else last,
        appointment=appointment.id,
        version=appointment.version,
        hours=hours_before,
    )


async def cancel(
    session: AsyncSession, visitor: Visitor, appointment_id: int, *, version: int, now: datetime
) -> Done | Overtaken:
    """Give the visitor's own seat back. Its reminders are called back, its card redrawn."""
    found = await appointments.appointment(session, appointment_id, to_change=True)
    if found is None or found.visitor_id != visitor.id or found.version != version:
        return Overtaken()
    if found.state not in appointments.TAKEN or found.slot.ends_at <= now:
        return Overtaken()
    await withdraw(session, found, now=now)
    return Done()


async def withdraw(session: AsyncSession, appointment: Appointment, *, now: datetime) -> None:
    """Cancel an appointment, or let a hold go; what was written for it is called back."""
    booked = appointment.state is AppointmentState.BOOKED
    appointment.state = AppointmentState.CANCELLED if booked else AppointmentState.RELEASED
    appointment.version += 1
    await session.flush()
    kinds = ("reminder", "outcome", "booked")
    await deliveries.drop(session, *(f"{kind}:{appointment.id}:" for kind in kinds))
    if booked:
        await deliveries.again(session, appointments.card_key(appointment.id), due=now)


async def confirm_coming(
    session: AsyncSession, visitor: Visitor, appointment_id: int, *, version: int, now: datetime
) -> Done | Overtaken:
    """The visitor says they will come; staff see it on the card."""
    found = await appointments.appointment(session, appointment_id, to_change=True)
    if found is None or found.visitor_id != visitor.id or found.version != version:
        return Overtaken()
    if found.state is not AppointmentState.BOOKED:
        return Overtaken()
    found.confirmed = True
    await deliveries.again(session, appointments.card_key(found.id), due=now)
    return Done()


async def release(session: AsyncSession, appointment_id: int, *, now: datetime) -> None:
    """End a hold whose time is up, and tell its visitor. Asked twice it does nothing."""
    found = await appointments.appointment(session, appointment_id, to_change=True)
    if found is None or found.state is not AppointmentState.HELD:
        return
    if found.held_until is not None and found.held_until > now:
        return
    await _let_go(session, found)
    if found.visitor is not None:
        await deliveries.write(
            session,
            f"released:{found.id}",
            "released",
            found.visitor,
            due=now,
            useless_after=now + timedelta(hours=1),
            service=found.slot.service.code,
        )


async def take(
    session: AsyncSession, staff: Staff, appointment_id: int, *, now: datetime
) -> Done | Overtaken:
    """One of the staff takes care of an appointment; the first press decides."""
    taken = await session.scalar(
        update(Appointment)
        .where(Appointment.id == appointment_id, Appointment.taken_by.is_(None))
        .where(Appointment.state == AppointmentState.BOOKED)
        .values(taken_by=staff.id)
        .returning(Appointment.reference)
    )
    if taken is None:
        return Overtaken()
    audit.note(session, staff, "take", taken, "taken", now=now)
    await deliveries.again(session, appointments.card_key(appointment_id), due=now)
    await deliveries.write(
        session,
        f"details:appointment:{appointment_id}:{staff.id}",
        "appointment_details",
        staff,
        due=now,
        appointment=appointment_id,
    )
    return Done()
