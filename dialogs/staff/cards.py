"""Cards in the staff group: never a name, never a reason; whoever takes one gets the details."""

from collections.abc import Awaitable, Callable
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot.address import DESK_STAFF, Action
from bot.desk import Desk
from bot.office import appointments as office_appointments
from bot.office import cases as office_cases
from bot.office import outcomes
from bot.office import requests as office_requests
from bot.office.appointments import Done, Overtaken
from bot.screen import Button, GoTo, Screen, action, delivers, lines, paragraphs
from storage import appointments, cases, sealed
from storage.tables import (
    Appointment,
    AppointmentState,
    CaseState,
    RequestState,
    Staff,
)


class TakeAppointment(Action, prefix="sa1", roles=DESK_STAFF):
    appointment: int


class TakeRequest(Action, prefix="sr1", roles=DESK_STAFF):
    request: int


class TakeCase(Action, prefix="sc1", roles=DESK_STAFF):
    case: int


class SayOutcome(Action, prefix="so1", roles=DESK_STAFF):
    appointment: int
    version: int
    outcome: str


@delivers("card_appointment")
async def card_appointment(desk: Desk, appointment: int) -> Screen | None:
    found = await appointments.appointment(desk.session, appointment)
    if found is None:
        return None
    buttons = []
    if found.state is AppointmentState.BOOKED and found.taken_by is None:
        buttons = [Button(desk.label("✋ Take"), TakeAppointment(found.id))]
    return Screen(
        lines(
            _headline(desk, found),
            _state(desk, found),
            await _owner(desk, found.taken_by),
        ),
        buttons,
    )


def _headline(desk: Desk, found: Appointment) -> str:
    return desk.say(
        "📅 {reference} · {moment} · {service} · {language}",
        reference=found.reference,
        moment=desk.moment(found.slot.starts_at),
        service=desk.pick(found.slot.service.neutral),
        language=desk.language.called(found.language),
    )


def _state(desk: Desk, found: Appointment) -> str:
    match found.state:
        case AppointmentState.BOOKED if found.visitor and found.visitor.unreachable_since:
            return desk.say("Booked. We cannot reach the visitor in Telegram.")
        case AppointmentState.BOOKED if found.confirmed:
            return desk.say("Booked. The visitor has said they will come.")
        case AppointmentState.BOOKED:
            return desk.say("Booked.")
        case AppointmentState.CAME:
            return desk.say("The visitor came.")
        case AppointmentState.MISSED:
            return desk.say("The visitor did not come.")
        case _:
            return desk.say("Cancelled.")


async def _owner(desk: Desk, staff_id: int | None) -> str:
    if staff_id is None:
        return ""
    name = await _name(desk, staff_id)
    return desk.say("✋ Taken by {name}", name=name)


async def _name(desk: Desk, staff_id: int | None) -> str:
    staff = await desk.session.get(Staff, staff_id) if staff_id else None
    name = sealed.name_of(desk.session, staff) if staff else None
    return name or desk.label("a colleague")


@delivers("card_request")
async def card_request(desk: Desk, request: int) -> Screen | None:
    return await _request_card(desk, request, hurry=False)


@delivers("hurry_request")
async def hurry_request(desk: Desk, request: int) -> Screen | None:
    """Half of the time is gone: once more, if nobody has decided."""
    found = await appointments.request(desk.session, request)
    if found is None or found.state is not RequestState.ASKED:
        return None
    return await _request_card(desk, request, hurry=True)


async def _request_card(desk: Desk, request: int, *, hurry: bool) -> Screen | None:
    found = await appointments.request(desk.session, request)
    if found is None:
        return None
    free = found.state is RequestState.ASKED and found.taken_by is None
    return Screen(
        lines(
            desk.say("⏰ Half of the time to answer is over.") if hurry else "",
            desk.say(
                "⏳ {reference} · {day} · {service} · {language}",
                reference=found.reference,
                day=desk.language.dated(found.day, desk.now),
                service=desk.pick(found.service.neutral),
                language=desk.language.called(found.language),
            ),
            _request_state(desk, found.state, found.answer_by),
            await _owner(desk, found.taken_by),
        ),
        [Button(desk.label("✋ Take"), TakeRequest(found.id))] if free else [],
    )


def _request_state(desk: Desk, state: RequestState, answer_by: datetime) -> str:
    match state:
        case RequestState.ASKED:
            return desk.say("Requested. Answer by {moment}", moment=desk.moment(answer_by))
        case RequestState.APPROVED:
            return desk.say("Request approved.")
        case RequestState.REFUSED:
            return desk.say("Request refused.")
        case RequestState.EXPIRED:
            return desk.say("We did not answer in time. We told the visitor we are sorry.")
        case RequestState.WITHDRAWN:
            return desk.say("Withdrawn by the visitor.")


@delivers("card_case")
async def card_case(desk: Desk, case: int) -> Screen | None:
    found = await cases.case(desk.session, case)
    if found is None:
        return None
    states = {
        CaseState.OPEN: desk.say("Waiting for an answer."),
        CaseState.TAKEN: desk.say("Being answered."),
        CaseState.CLOSED: desk.say("Question closed."),
    }
    free = found.state is CaseState.OPEN
    return Screen(
        lines(
            desk.say(
                "💬 {reference} · question · {language} · since {moment}",
                reference=found.reference,
                language=desk.language.called(found.language),
                moment=desk.moment(found.opened_at),
            ),
            states[found.state],
            await _owner(desk, found.taken_by),
        ),
        [Button(desk.label("✋ Take"), TakeCase(found.id))] if free else [],
    )


Take = Callable[..., Awaitable[Done | Overtaken]]


async def _take(desk: Desk, take: Take, thing: int, owner: int | None) -> GoTo:
    """The first press decides; whoever cannot be written to yet opens the chat first."""
    if desk.colleague.chat is None:
        return GoTo(
            None,
            notice=desk.say("Please open our private chat first and press Start."),
            link=desk.bot_link("staff"),
            again=True,
        )
    session: AsyncSession = desk.session
    match await take(session, desk.colleague, thing, now=desk.now):
        case Done():
            return GoTo(None, notice=desk.say("It is yours. Details are in your private chat."))
        case Overtaken() if owner is not None:
            name = await _name(desk, owner)
            return GoTo(None, notice=desk.say("{name} has taken this already.", name=name))
        case _:
            return GoTo(None, notice=desk.say("This is closed already."))


@action(TakeAppointment)
async def take_appointment(desk: Desk, at: TakeAppointment) -> GoTo:
    found = await appointments.appointment(desk.session, at.appointment)
    owner = found.taken_by if found else None
    return await _take(desk, office_appointments.take, at.appointment, owner)


@action(TakeRequest)
async def take_request(desk: Desk, at: TakeRequest) -> GoTo:
    found = await appointments.request(desk.session, at.request)
    owner = found.taken_by if found else None
    return await _take(desk, office_requests.take, at.request, owner)


@action(TakeCase)
async def take_case(desk: Desk, at: TakeCase) -> GoTo:
    found = await cases.case(desk.session, at.case)
    owner = found.taken_by if found else None
    return await _take(desk, office_cases.take, at.case, owner)


@delivers("card_outcome")
async def outcome(desk: Desk, appointment: int, version: int) -> Screen | None:
    """Half an hour after the start: came or not. Nobody guesses."""
    found = await appointments.appointment(desk.session, appointment)
    if found is None or found.version != version:
        return None
    if found.state is not AppointmentState.BOOKED:
        return Screen(lines(_headline(desk, found), _state(desk, found)))
    return Screen(
        paragraphs(_headline(desk, found), desk.say("Did the visitor come?")),
        [
            Button(
                desk.label("✅ Came"),
                SayOutcome(found.id, found.version, AppointmentState.CAME.value),
            ),
            Button(
                desk.label("❌ Did not come"),
                SayOutcome(found.id, found.version, AppointmentState.MISSED.value),
            ),
        ],
    )


@action(SayOutcome)
async def say_outcome(desk: Desk, at: SayOutcome) -> GoTo:
    ends = {one.value: one for one in (AppointmentState.CAME, AppointmentState.MISSED)}
    if at.outcome not in ends:
        return GoTo(None, notice=desk.say("This is closed already."))
    match await outcomes.say_outcome(
        desk.session,
        desk.bureau,
        desk.colleague,
        at.appointment,
        ends[at.outcome],
        version=at.version,
        now=desk.now,
    ):
        case Done():
            return GoTo(None, notice=desk.say("Noted. Thank you."))
        case Overtaken():
            return GoTo(None, notice=desk.say("This is closed already."))
