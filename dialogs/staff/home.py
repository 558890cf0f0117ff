"""A member of staff opens the bot: what waits, what is booked today."""

from datetime import time, timedelta

from bot.address import DESK_STAFF, Menu, Page
from bot.desk import Desk
from bot.screen import (
    Button,
    GoTo,
    Screen,
    command,
    delivers,
    lines,
    page,
    paragraphs,
)
from storage import appointments, cases, sealed
from storage.tables import AppointmentState


class Desks(Page, prefix="s", roles=DESK_STAFF): ...


class Unanswered(Page, prefix="su", roles=DESK_STAFF):
    """Drawn by the dialog about questions without an answer."""

    start: int


class AnswerDesk(Page, prefix="sw", roles=DESK_STAFF):
    """Drawn by the dialog in which staff write answers."""

    article: int


class Decide(Page, prefix="sr2", roles=DESK_STAFF):
    """Drawn by the dialog about requests."""

    request: int


def works_at_desk(desk: Desk) -> bool:
    """Whether this person may open the desk; partners and translators may not."""
    return desk.staff is not None and desk.staff.role in DESK_STAFF


@command("staff")
async def staff_command(desk: Desk, rest: str) -> GoTo:
    """For visitors this is a word like any other: it leads to the menu."""
    del rest
    return GoTo(Desks() if works_at_desk(desk) else Menu())


@page(Desks)
async def desks(desk: Desk) -> Screen:
    today = desk.bureau.today(desk.now)
    start = desk.bureau.at(today, time.min)
    booked = await appointments.between(desk.session, start=start, end=start + timedelta(days=1))
    waiting = await appointments.unanswered_requests(desk.session)
    asking = await cases.open_cases(desk.session)
    return Screen(
        paragraphs(
            desk.say("<b>The bureau today, {day}</b>", day=desk.language.day(today)),
            lines(
                *(
                    desk.say(
                        "📅 {time} · {reference} · {service} · {language}",
                        time=desk.language.time(one.slot.starts_at),
                        reference=one.reference,
                        service=desk.pick(one.slot.service.neutral),
                        language=desk.language.called(one.language),
                    )
                    for one in booked
                )
            )
            or desk.say("No appointments today."),
            lines(
                desk.count("{n} request waits", "{n} requests wait", len(waiting)),
                desk.count("{n} question is open", "{n} questions are open", len(asking)),
            ),
            desk.say(
                "New requests and questions appear as cards in the group. Press “Take” there."
            ),
            desk.say("To find or change an answer, write here what it is about."),
        ),
        [
            *[
                Button(desk.label("⏳ {reference}", reference=one.reference), Decide(one.id))
                for one in waiting
                if one.taken_by == desk.colleague.id
            ][:6],
            Button(desk.label("❔ Without an answer"), Unanswered(0)),
            Button(desk.label("👁 What visitors see"), Menu()),
        ],
        home=False,
    )


@delivers("appointment_details")
async def appointment_details(desk: Desk, appointment: int) -> Screen | None:
    """Only for the private chat of the one who took it."""
    found = await appointments.appointment(desk.session, appointment)
    if found is None or found.taken_by != desk.colleague.id:
        return None
    if found.state is not AppointmentState.BOOKED or found.visitor_id is None:
        return Screen(desk.say("Appointment {reference} is closed.", reference=found.reference))
    name = sealed.name_of(desk.session, found.visitor) if found.visitor is not None else None
    return Screen(
        paragraphs(
            desk.say("<b>📅 Appointment {reference}</b>", reference=found.reference),
            lines(
                desk.say("When: {moment}", moment=desk.moment(found.slot.starts_at)),
                desk.say("Service: {service}", service=desk.pick(found.slot.service.titles)),
                desk.say("With: {name}", name=desk.pick(found.slot.worker.name)),
                desk.say("Language: {language}", language=desk.language.called(found.language)),
                desk.say("Name: {name}", name=name) if name else desk.say("Name: none"),
            ),
        )
    )
