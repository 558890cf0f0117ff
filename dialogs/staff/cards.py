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
from dialogs.staff.phrases import headline, name_of, owner, question, state_of, wish
from storage import appointments, cases
from storage.tables import AppointmentState, CaseState, RequestState


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
            headline(desk, found),
            state_of(desk, found),
            await owner(desk, found.taken_by),
        ),
        buttons,
    )


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
            wish(desk, found),
            _request_state(desk, found.state, found.answer_by),
            await owner(desk, found.taken_by),
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
            question(desk, found),
            states[found.state],
            await owner(desk, found.taken_by),
        ),
        [Button(desk.label("✋ Take"), TakeCase(found.id))] if free else [],
    )


@delivers("hurry_case")
async def hurry_case(desk: Desk, case: int) -> Screen | None:
    """Two working hours have passed, or whoever had it was silent: once more, if it is open."""
    found = await cases.case(desk.session, case)
    if found is None or found.state is not CaseState.OPEN:
        return None
    return Screen(
        lines(desk.say("⏰ This question still waits for somebody."), question(desk, found)),
        [Button(desk.label("✋ Take"), TakeCase(found.id))],
    )


@delivers("card_cry")
async def card_cry(desk: Desk, case: int) -> Screen | None:
    """Somebody may be in danger: before all other cards, and without a word of what was written."""
    found = await cases.case(desk.session, case) if case else None
    if found is None:
        return Screen(
            desk.say(
                "🆘 Somebody without a chosen language wrote words of danger. The bot has shown the"
                " emergency numbers; nobody can answer here."
            )
        )
    return Screen(
        lines(
            desk.say(
                "🆘 URGENT: words of danger. {reference} · {language}",
                reference=found.reference,
                language=desk.language.called(found.language),
            ),
            desk.say("The bot has shown the emergency numbers."),
            await owner(desk, found.taken_by),
        ),
        [Button(desk.label("✋ Take"), TakeCase(found.id))]
        if found.state is CaseState.OPEN
        else [],
    )


Take = Callable[..., Awaitable[Done | Overtaken]]


async def _take(desk: Desk, take: Take, thing: int, taken_by: int | None) -> GoTo:
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
        case Overtaken() if taken_by is not None:
            name = await name_of(desk, taken_by)
            return GoTo(None, notice=desk.say("{name} has taken this already.", name=name))
        case _:
            return GoTo(None, notice=desk.say("This is closed already."))


@action(TakeAppointment)
async def take_appointment(desk: Desk, at: TakeAppointment) -> GoTo:
    found = await appointments.appointment(desk.session, at.appointment)
    taken_by = found.taken_by if found else None
    return await _take(desk, office_appointments.take, at.appointment, taken_by)


@action(TakeRequest)
async def take_request(desk: Desk, at: TakeRequest) -> GoTo:
    found = await appointments.request(desk.session, at.request)
    taken_by = found.taken_by if found else None
    return await _take(desk, office_requests.take, at.request, taken_by)


@action(TakeCase)
async def take_case(desk: Desk, at: TakeCase) -> GoTo:
    found = await cases.case(desk.session, at.case)
    taken_by = found.taken_by if found else None
    return await _take(desk, office_cases.take, at.case, taken_by)


@delivers("card_outcome")
async def outcome(desk: Desk, appointment: int, version: int) -> Screen | None:
    """Half an hour after the start: came or not. Nobody guesses."""
    found = await appointments.appointment(desk.session, appointment)
    if found is None or found.version != version:
        return None
    if found.state is not AppointmentState.BOOKED:
        return Screen(lines(headline(desk, found), state_of(desk, found)))
    return Screen(
        paragraphs(headline(desk, found), desk.say("Did the visitor come?")),
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
