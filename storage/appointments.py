"""Services, free times, appointments and requests, as questions with their answers."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Select, bindparam, exists, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import joinedload

from storage.tables import (
    Appointment,
    AppointmentState,
    Institution,
    Request,
    RequestState,
    Seat,
    Service,
    Slot,
    Worker,
    WorkerLanguage,
)

TAKEN = (AppointmentState.HELD, AppointmentState.BOOKED)


def card_key(appointment_id: int) -> str:
    """The key of the delivery that shows this appointment in the staff group."""
    return f"card:appointment:{appointment_id}"


async def service(session: AsyncSession, code: str) -> Service:
    """The service with this code; the seed files make sure there is one."""
    return (await session.scalars(select(Service).where(Service.code == code))).one()


async def institutions(session: AsyncSession) -> Sequence[Institution]:
    found = await session.scalars(select(Institution).order_by(Institution.position))
    return found.all()


_IS_TAKEN = or_(*(Appointment.state == one for one in TAKEN))
_FREE_SLOTS = (
    select(Slot)
    .join(Service)
    .where(Service.code == bindparam("service_code"))
    .where(Slot.starts_at > bindparam("after"), Slot.starts_at < bindparam("before"))
    .where(
        exists().where(
            Seat.slot_id == Slot.id, ~exists().where(Appointment.seat_id == Seat.id, _IS_TAKEN)
        )
    )
    .where(
        exists().where(
            WorkerLanguage.worker_id == Slot.worker_id,
            WorkerLanguage.language.in_(bindparam("languages", expanding=True)),
        )
    )
    .order_by(Slot.starts_at, Slot.id)
    .options(joinedload(Slot.worker), joinedload(Slot.service))
)


async def free_slots(
    session: AsyncSession,
    service_code: str,
    *,
    after: datetime,
    before: datetime,
    languages: Sequence[str],
) -> Sequence[Slot]:
    """Slots with a free seat and a worker who speaks one of these languages, soonest first."""
    wanted = {"service_code": service_code, "after": after, "before": before}
    found = await session.scalars(_FREE_SLOTS, {**wanted, "languages": languages})
    return found.all()


_SLOT = (
    select(Slot)
    .where(Slot.id == bindparam("slot_id"))
    .options(joinedload(Slot.worker), joinedload(Slot.service))
)


async def slot(session: AsyncSession, slot_id: int) -> Slot | None:
    return await session.scalar(_SLOT, {"slot_id": slot_id})


async def slot_of_worker(session: AsyncSession, worker_id: int, starts_at: datetime) -> Slot | None:
    """The worker's slot that begins then; the table allows one."""
    return await session.scalar(
        select(Slot).where(Slot.worker_id == worker_id, Slot.starts_at == starts_at)
    )


_FREE_SEAT = (
    select(Seat)
    .where(Seat.slot_id == bindparam("slot_id"))
    .where(~exists().where(Appointment.seat_id == Seat.id, _IS_TAKEN))
    .order_by(Seat.number)
    .limit(1)
)


async def free_seat(session: AsyncSession, slot_id: int) -> Seat | None:
    return await session.scalar(_FREE_SEAT, {"slot_id": slot_id})


async def has_taken(session: AsyncSession, visitor_id: int, slot_id: int) -> bool:
    """Whether this visitor holds or has booked a seat of this slot."""
    mine = (Appointment.visitor_id == visitor_id, Appointment.slot_id == slot_id)
    return bool(await session.scalar(select(exists().where(*mine, _IS_TAKEN))))


_WHOLE = select(Appointment).options(
    joinedload(Appointment.slot).joinedload(Slot.worker),
    joinedload(Appointment.slot).joinedload(Slot.service),
    joinedload(Appointment.visitor),
)
_ONE = _WHOLE.where(Appointment.id == bindparam("appointment_id"))
_ONE_TO_CHANGE = _ONE.with_for_update(of=Appointment).execution_options(populate_existing=True)
_OF_VISITOR = (
    _WHOLE.join(Appointment.slot)
    .where(Appointment.visitor_id == bindparam("visitor_id"), _IS_TAKEN)
    .where(Slot.ends_at > bindparam("after"))
    .order_by(Slot.starts_at, Appointment.id)
)


async def appointment(
    session: AsyncSession, appointment_id: int, *, to_change: bool = False
) -> Appointment | None:
    """An appointment with its slot, worker, service and visitor, whoever it belongs to.

    ``to_change`` keeps others from changing it until this transaction ends.
    """
    asked = _ONE_TO_CHANGE if to_change else _ONE
    return await session.scalar(asked, {"appointment_id": appointment_id})


async def of_visitor(
    session: AsyncSession, visitor_id: int, *, after: datetime
) -> Sequence[Appointment]:
    """What this visitor holds or has booked and is not over yet, soonest first."""
    found = await session.scalars(_OF_VISITOR, {"visitor_id": visitor_id, "after": after})
    return found.all()


async def between(
    session: AsyncSession, *, start: datetime, end: datetime
) -> Sequence[Appointment]:
    """Booked appointments that begin within this time, soonest first."""
    found = await session.scalars(
        _WHOLE.join(Appointment.slot)
        .where(Slot.starts_at >= start, Slot.starts_at < end)
        .where(Appointment.state == AppointmentState.BOOKED)
        .order_by(Slot.starts_at, Appointment.id)
    )
    return found.all()


async def earlier(session: AsyncSession, visitor_id: int, *, now: datetime) -> int:
    """How many appointments and requests of this visitor are over, and still linked to them."""
    over = (
        select(func.count())
        .select_from(Appointment)
        .join(Slot)
        .where(Appointment.visitor_id == visitor_id)
        .where(or_(Appointment.state.not_in(TAKEN), Slot.ends_at <= now))
    )
    decided = (
        select(func.count())
        .select_from(Request)
        .where(Request.visitor_id == visitor_id, Request.state != RequestState.ASKED)
        .where(Request.appointment_id.is_(None))  # one that was approved is counted above
    )
    return (await session.scalar(over) or 0) + (await session.scalar(decided) or 0)


async def held_until_passed(session: AsyncSession, *, now: datetime) -> Sequence[Appointment]:
    found = await session.scalars(
        _WHOLE.where(
            Appointment.state == AppointmentState.HELD, Appointment.held_until <= now
        ).order_by(Appointment.held_until, Appointment.id)
    )
    return found.all()


async def request(
    session: AsyncSession, request_id: int, *, to_change: bool = False
) -> Request | None:
    """A request with its service, institution and visitor, whoever it belongs to.

    ``to_change`` keeps others from changing it until this transaction ends.
    """
    asked = _whole_request().where(Request.id == request_id)
    if to_change:
        asked = asked.with_for_update(of=Request).execution_options(populate_existing=True)
    return await session.scalar(asked)


def _whole_request() -> Select[Request]:
    return select(Request).options(
        joinedload(Request.service), joinedload(Request.institution), joinedload(Request.visitor)
    )


async def requests_of_visitor(session: AsyncSession, visitor_id: int) -> Sequence[Request]:
    """What this visitor has asked for and nobody has decided yet, oldest first."""
    found = await session.scalars(
        _whole_request()
        .where(Request.visitor_id == visitor_id, Request.state == RequestState.ASKED)
        .order_by(Request.id)
    )
    return found.all()


async def unanswered_requests(session: AsyncSession) -> Sequence[Request]:
    found = await session.scalars(
        _whole_request().where(Request.state == RequestState.ASKED).order_by(Request.answer_by)
    )
    return found.all()


async def request_of_appointment(session: AsyncSession, appointment_id: int) -> Request | None:
    return await session.scalar(_whole_request().where(Request.appointment_id == appointment_id))


async def companions(
    session: AsyncSession, service_code: str, *, language: str
) -> Sequence[Worker]:
    """Workers who give this service and speak this language."""
    found = await session.scalars(
        select(Worker)
        .join(WorkerLanguage)
        .where(WorkerLanguage.language == language)
        .order_by(Worker.id)
    )
    return [one for one in found if service_code in one.services]


async def languages_of(session: AsyncSession, service_code: str) -> Sequence[str]:
    """The languages somebody who gives this service speaks."""
    found = await session.execute(select(WorkerLanguage.language, Worker.services).join(Worker))
    return sorted({language for language, services in found if service_code in services})


_SPOKEN_BY = select(WorkerLanguage.language).where(
    WorkerLanguage.worker_id == bindparam("worker_id")
)


async def languages_of_worker(session: AsyncSession, worker_id: int) -> Sequence[str]:
    """What this worker speaks."""
    return (await session.scalars(_SPOKEN_BY, {"worker_id": worker_id})).all()


async def lock_worker(session: AsyncSession, worker_id: int) -> None:
    """Until this transaction ends nobody else gives this worker's time away."""
    await session.execute(select(Worker.id).where(Worker.id == worker_id).with_for_update())


async def busy_between(
    session: AsyncSession, worker_id: int, *, start: datetime, end: datetime
) -> bool:
    """Whether this worker has a taken slot that overlaps."""
    taken = exists().where(Appointment.slot_id == Slot.id, Appointment.state.in_(TAKEN))
    return bool(
        await session.scalar(
            select(
                exists().where(
                    Slot.worker_id == worker_id, Slot.starts_at < end, Slot.ends_at > start, taken
                )
            )
        )
    )
