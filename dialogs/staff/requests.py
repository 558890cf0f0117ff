"""Whoever took a request sees what it is about, chooses a colleague and an hour, or says no."""

from datetime import datetime, timedelta

from bot.address import DESK_STAFF, Action, Page
from bot.desk import Desk
from bot.office import requests as office
from bot.office.appointments import Done, Overtaken
from bot.office.requests import WorkerBusy
from bot.screen import (
    Button,
    GoTo,
    OutdatedError,
    Screen,
    action,
    delivers,
    lines,
    page,
    paragraphs,
    with_icon,
)
from dialogs.staff.home import Decide, Desks
from storage import appointments, sealed
from storage.tables import Request, RequestState, Worker


class WhichHour(Page, prefix="sr3", roles=DESK_STAFF):
    request: int
    worker: int


class Approve(Action, prefix="sr4", roles=DESK_STAFF):
    request: int
    worker: int
    minute: int


class Refuse(Action, prefix="sr5", roles=DESK_STAFF):
    request: int


class AskRefuse(Page, prefix="sr6", roles=DESK_STAFF):
    request: int


@delivers("request_details")
async def request_details(desk: Desk, request: int) -> Screen | None:
    """Only for the private chat of the one who took it."""
    found = await appointments.request(desk.session, request)
    if found is None or found.taken_by != desk.colleague.id:
        return None
    if found.visitor_id is None or found.state is not RequestState.ASKED:
        return Screen(desk.say("Request {reference} is decided.", reference=found.reference))
    return Screen(await _details(desk, found), [Button(desk.label("🧭 Decide"), Decide(found.id))])


async def _details(desk: Desk, found: Request) -> str:
    part = desk.bureau.part(found.part)
    name = sealed.name_of(desk.session, found.visitor) if found.visitor else None
    return paragraphs(
        desk.say("<b>⏳ Request {reference}</b>", reference=found.reference),
        lines(
            desk.say("Where to: {institution}", institution=desk.pick(found.institution.titles)),
            desk.say("When: {day}", day=desk.language.dated(found.day, desk.now)),
            with_icon(part.icon, desk.pick(part.titles)) if part else "",
            desk.say("Language: {language}", language=desk.language.called(found.language)),
            desk.say("Name: {name}", name=name) if name else desk.say("Name: none"),
            desk.say("Answer by {moment}", moment=desk.moment(found.answer_by)),
        ),
    )


async def _mine(desk: Desk, request_id: int) -> Request:
    found = await appointments.request(desk.session, request_id)
    if found is None or found.taken_by != desk.colleague.id:
        raise OutdatedError(page=Desks())
    return found


@page(Decide)
async def decide(desk: Desk, at: Decide) -> Screen:
    found = await _mine(desk, at.request)
    if found.state is not RequestState.ASKED:
        return Screen(
            desk.say("Request {reference} is decided.", reference=found.reference), back=Desks()
        )
    speakers = await appointments.companions(desk.session, "company", language=found.language)
    return Screen(
        paragraphs(
            await _details(desk, found),
            desk.say("Who goes along?")
            if speakers
            else desk.say("Nobody who goes along speaks this language."),
        ),
        [
            *(
                Button(
                    desk.label("👤 {name}", name=desk.pick(one.name)), WhichHour(found.id, one.id)
                )
                for one in speakers
            ),
            Button(desk.label("✖️ Refuse"), AskRefuse(found.id), "danger"),
        ],
        back=Desks(),
    )


def _hours(desk: Desk, found: Request) -> list[datetime]:
    """Full hours within the part of the day the visitor wished for."""
    part = desk.bureau.part(found.part)
    if part is None:
        return []
    at, end = desk.bureau.at(found.day, part.starts), desk.bureau.at(found.day, part.ends)
    hours = []
    while at < end:
        hours.append(at)
        at += timedelta(hours=1)
    return hours


@page(WhichHour)
async def which_hour(desk: Desk, at: WhichHour) -> Screen:
    """The hours of that part of the day at which this colleague has nothing else."""
    found = await _mine(desk, at.request)
    if found.state is not RequestState.ASKED:
        raise OutdatedError(page=Decide(found.id))
    worker = await desk.session.get(Worker, at.worker)
    if worker is None:
        raise OutdatedError(page=Decide(found.id))
    length = timedelta(minutes=found.service.minutes)
    free = [
        one
        for one in _hours(desk, found)
        if not await appointments.busy_between(desk.session, worker.id, start=one, end=one + length)
    ]
    return Screen(
        desk.say(
            "{day}: at what time does {name} meet the visitor at the bureau?",
            day=desk.language.dated(found.day, desk.now),
            name=desk.pick(worker.name),
        )
        if free
        else desk.say("{name} is busy at that time.", name=desk.pick(worker.name)),
        [
            Button(
                desk.label("✅ {time}", time=desk.language.time(one)),
                Approve(found.id, worker.id, _minute(desk, one)),
            )
            for one in free
        ],
        back=Decide(found.id),
    )


def _minute(desk: Desk, moment: datetime) -> int:
    here = moment.astimezone(desk.bureau.zone)
    return here.hour * 60 + here.minute


@action(Approve)
async def approve(desk: Desk, at: Approve) -> GoTo:
    found = await _mine(desk, at.request)
    moment = next((one for one in _hours(desk, found) if _minute(desk, one) == at.minute), None)
    worker = await desk.session.get(Worker, at.worker)
    if moment is None or worker is None or "company" not in worker.services:
        raise OutdatedError(page=Decide(found.id))
    match await office.approve(
        desk.session, desk.bureau, desk.colleague, found.id, worker.id, moment, now=desk.now
    ):
        case Done():
            return GoTo(Decide(found.id), notice=desk.say("Approved. The visitor has been told."))
        case WorkerBusy():
            return GoTo(
                WhichHour(found.id, worker.id),
                notice=desk.say("{name} is busy at that time.", name=desk.pick(worker.name)),
            )
        case Overtaken():
            raise OutdatedError(page=Decide(found.id))


@page(AskRefuse)
async def ask_refuse(desk: Desk, at: AskRefuse) -> Screen:
    """Says what the visitor will read before it leaves."""
    found = await _mine(desk, at.request)
    return Screen(
        desk.say(
            "Refuse {reference}? The visitor reads in their language that nobody is free, and can"
            " ask for another day.",
            reference=found.reference,
        ),
        [Button(desk.label("✖️ Yes, refuse"), Refuse(found.id), "danger")],
        back=Decide(found.id),
    )


@action(Refuse)
async def refuse(desk: Desk, at: Refuse) -> GoTo:
    found = await _mine(desk, at.request)
    match await office.refuse(desk.session, desk.bureau, desk.colleague, found.id, now=desk.now):
        case Done():
            return GoTo(Decide(found.id), notice=desk.say("Refused. The visitor has been told."))
        case Overtaken():
            raise OutdatedError(page=Decide(found.id))
