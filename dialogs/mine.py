"""A visitor looks at what is booked or asked for, and may cancel it."""

from bot.address import Action, Menu, Page
from bot.desk import Desk
from bot.office import appointments as office
from bot.office import requests as office_requests
from bot.office.appointments import Done, Overtaken
from bot.screen import Button, GoTo, Link, OutdatedError, Screen, action, page, paragraphs
from storage import appointments
from storage.bureau import Bureau
from storage.tables import Appointment, AppointmentState, Request, RequestState


class Mine(Page, prefix="w"): ...


class Appointed(Page, prefix="wa"):
    appointment: int


class AskCancel(Page, prefix="wc"):
    appointment: int


class Cancel(Action, prefix="wx"):
    appointment: int
    version: int


class Asked(Page, prefix="wr"):
    request: int


class Withdraw(Action, prefix="wy"):
    request: int
    version: int


class NextFree(Page, prefix="wn"):
    """What is free next, after an appointment of the clinic was cancelled; drawn there."""


class CompanyCancelled(Page, prefix="wk"):
    """Another day instead, after company was cancelled; drawn by the dialog about company."""


def map_link(bureau: Bureau) -> Link:
    spot = f"{bureau.latitude}/{bureau.longitude}"
    at = f"mlat={bureau.latitude}&mlon={bureau.longitude}"
    return Link(f"https://www.openstreetmap.org/?{at}#map=18/{spot}")


@page(Mine)
async def mine(desk: Desk) -> Screen:
    booked = await appointments.of_visitor(desk.session, desk.visitor.id, after=desk.now)
    asked = await appointments.requests_of_visitor(desk.session, desk.visitor.id)
    if not booked and not asked:
        return Screen(desk.say("You have no appointments or requests at the moment."))
    return Screen(
        desk.say("Your appointments and requests:"),
        [
            *(
                Button(
                    desk.label("📅 {moment}", moment=desk.moment(one.slot.starts_at)),
                    Appointed(one.id),
                )
                for one in booked
            ),
            *(
                Button(
                    desk.label("⏳ {institution}", institution=desk.pick(one.institution.titles)),
                    Asked(one.id),
                )
                for one in asked
            ),
        ],
    )


async def _own(desk: Desk, appointment_id: int) -> Appointment:
    """The visitor's own appointment; another's and none at all are answered alike."""
    found = await appointments.appointment(desk.session, appointment_id)
    if found is None or found.visitor_id != desk.visitor.id:
        raise OutdatedError
    return found


@page(Appointed)
async def appointed(desk: Desk, at: Appointed) -> Screen:
    found = await _own(desk, at.appointment)
    if found.state is not AppointmentState.BOOKED:
        return Screen(_ended(desk, found), back=Mine())
    return Screen(
        paragraphs(
            desk.say("Your appointment <b>{reference}</b>", reference=found.reference),
            await _where(desk, found),
            desk.say("Ask for {worker}.", worker=desk.pick(found.slot.worker.name)),
        ),
        [
            Button(desk.label("🗺 Show the bureau on a map"), map_link(desk.bureau)),
            Button(desk.label("✖️ Cancel it"), AskCancel(found.id)),
        ],
        back=Mine(),
    )


async def _where(desk: Desk, found: Appointment) -> str:
    """Company begins at the institution of the request, everything else at the bureau."""
    request = await appointments.request_of_appointment(desk.session, found.id)
    if request is not None:
        return desk.say(
            "{moment}\nSomebody goes with you to: {institution}."
            " Meeting point: the bureau, {address}",
            moment=desk.moment(found.slot.starts_at),
            institution=desk.pick(request.institution.titles),
            address=desk.pick(desk.bureau.address),
        )
    return desk.say(
        "{moment}, at the bureau: {address}",
        moment=desk.moment(found.slot.starts_at),
        address=desk.pick(desk.bureau.address),
    )


def _ended(desk: Desk, found: Appointment) -> str:
    moment = desk.moment(found.slot.starts_at)
    match found.state:
        case AppointmentState.CAME | AppointmentState.MISSED:
            return desk.say("This appointment is over: {moment}", moment=moment)
        case AppointmentState.HELD:
            return desk.say(
                "This time is kept for you, but not booked yet: {moment}", moment=moment
            )
        case _:
            return desk.say("This appointment is cancelled: {moment}", moment=moment)


@page(AskCancel)
async def ask_cancel(desk: Desk, at: AskCancel) -> Screen:
    found = await _own(desk, at.appointment)
    if found.state not in appointments.TAKEN:
        raise OutdatedError(page=Appointed(found.id))
    return Screen(
        desk.say("Cancel this appointment? {moment}", moment=desk.moment(found.slot.starts_at)),
        [
            Button(desk.label("✖️ Yes, cancel it"), Cancel(found.id, found.version), "danger"),
            Button(desk.label("📅 No, keep it"), Appointed(found.id)),
        ],
        back=Appointed(found.id),
    )


@action(Cancel)
async def cancel(desk: Desk, at: Cancel) -> GoTo:
    match await office.cancel(
        desk.session, desk.visitor, at.appointment, version=at.version, now=desk.now
    ):
        case Done():
            request = await appointments.request_of_appointment(desk.session, at.appointment)
            return GoTo(CompanyCancelled() if request else NextFree())
        case Overtaken():
            raise OutdatedError(page=Mine())


async def _own_request(desk: Desk, request_id: int) -> Request:
    found = await appointments.request(desk.session, request_id)
    if found is None or found.visitor_id != desk.visitor.id:
        raise OutdatedError
    return found


@page(Asked)
async def asked(desk: Desk, at: Asked) -> Screen:
    found = await _own_request(desk, at.request)
    if found.appointment_id is not None and found.state is RequestState.APPROVED:
        raise OutdatedError(page=Appointed(found.appointment_id))
    if found.state is not RequestState.ASKED:
        return Screen(
            desk.say("The request {reference} is closed.", reference=found.reference),
            back=Mine(),
        )
    return Screen(
        paragraphs(
            desk.say("Requested ⏳ <b>{reference}</b>", reference=found.reference),
            desk.say(
                "{institution}, {day}. It is not confirmed yet. You will hear from us by {moment}",
                institution=desk.pick(found.institution.titles),
                day=desk.language.day(found.day, desk.now),
                moment=desk.moment(found.answer_by),
            ),
        ),
        [Button(desk.label("✖️ Cancel the request"), Withdraw(found.id, found.version), "danger")],
        back=Mine(),
    )


@action(Withdraw)
async def withdraw(desk: Desk, at: Withdraw) -> GoTo:
    match await office_requests.withdraw(
        desk.session, desk.visitor, at.request, version=at.version, now=desk.now
    ):
        case Done():
            return GoTo(Menu(), notice=desk.say("The request is cancelled."))
        case Overtaken():
            raise OutdatedError(page=Mine())
