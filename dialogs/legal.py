"""A visitor picks a day and a time of the legal clinic, and books it at once."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from bot.address import Action, Menu, Page
from bot.desk import Desk
from bot.office import appointments as office
from bot.office.appointments import Booked, Held, HoldExpired, SlotTaken, TooMany
from bot.office.slots import AHEAD
from bot.screen import Button, GoTo, OutdatedError, Screen, action, delivers, page, paragraphs
from dialogs.first import first_questions
from dialogs.mine import Appointed, Mine, NextFree
from storage import appointments, counts, sealed
from storage.tables import Appointment, AppointmentState, Slot

_MOMENT = timedelta(microseconds=1)  # "after" means later than


class Days(Page, prefix="b1"):
    any_language: int


class Times(Page, prefix="b2"):
    day: int
    any_language: int


class Hold(Action, prefix="b3"):
    slot: int


class Waiting(Page, prefix="b4"):
    appointment: int


class Book(Action, prefix="b5"):
    appointment: int


async def free(desk: Desk, any_language: int = 0, day: date | None = None) -> Sequence[Slot]:
    """Free times of the coming weeks, or of a day of theirs, in the visitor's language."""
    spoken = [one.code for one in desk.languages.all.values()]
    after, before = desk.now, desk.now + AHEAD
    if day is not None:
        after = max(after, desk.bureau.at(day, time.min) - _MOMENT)
        before = min(before, desk.bureau.at(day + timedelta(days=1), time.min))
    return await appointments.free_slots(
        desk.session,
        "legal",
        after=after,
        before=before,
        languages=spoken if any_language else [desk.language.code],
    )


@page(Days)
async def days(desk: Desk, at: Days) -> Screen:
    found = await free(desk, at.any_language)
    if not found:
        return _nothing_free(desk, at)
    first_of_day = {desk.bureau.today(one.starts_at): one for one in reversed(found)}
    buttons = [
        Button(
            desk.label(
                "📅 {day} · {organiser}",
                day=desk.language.dated(day, desk.now),
                organiser=desk.pick(one.worker.organiser),
            ),
            Times(int(f"{day:%Y%m%d}"), at.any_language),
        )
        for day, one in sorted(first_of_day.items())[:6]
    ]
    if not at.any_language:
        buttons.append(Button(desk.label("🌐 Times in other languages"), Days(1)))
    return Screen(
        paragraphs(
            desk.say("<b>⚖️ Legal help</b>"),
            desk.pick(found[0].service.about),
            desk.say("Which day suits you?"),
        ),
        buttons,
        flow=True,
    )


def _nothing_free(desk: Desk, at: Days) -> Screen:
    if at.any_language:
        return Screen(
            desk.say("There are no free times at the moment. New ones open every week."),
            back=Menu(),
        )
    return Screen(
        desk.say("There is no free time with somebody who speaks your language at the moment."),
        [Button(desk.label("🌐 Times in other languages"), Days(1))],
        back=Menu(),
    )


def _day(written: int) -> date | None:
    """The day a button says; it may have been written by anybody."""
    try:
        return datetime.strptime(str(written), "%Y%m%d").date()  # noqa: DTZ007  # a day has no zone
    except ValueError:
        return None


@page(Times)
async def times(desk: Desk, at: Times) -> Screen:
    day = _day(at.day)
    found = await free(desk, at.any_language, day) if day else []
    if not found:
        raise OutdatedError(page=Days(at.any_language))
    return Screen(
        desk.say(
            "<b>{day}</b>\nWhich time suits you?",
            day=desk.language.dated(found[0].starts_at, desk.now),
        ),
        [
            Button(desk.label("🕙 {time}", time=desk.language.time(one.starts_at)), Hold(one.id))
            for one in found
        ],
        back=Days(at.any_language),
        flow=True,
    )


@action(Hold)
async def hold(desk: Desk, at: Hold) -> GoTo:
    match await office.hold(desk.session, desk.visitor, at.slot, now=desk.now):
        case Held(appointment):
            return GoTo(Waiting(appointment.id))
        case SlotTaken():
            await counts.add(
                desk.session, desk.bureau.today(desk.now), "slot_taken", service="legal"
            )
            return GoTo(
                await _same_day(desk, at.slot),
                notice=desk.say("This time has just been taken. Please pick another one."),
            )
        case TooMany():
            return GoTo(
                Mine(),
                notice=desk.say("You already have three appointments. Please cancel one first."),
            )


async def own(desk: Desk, appointment_id: int) -> Appointment:
    """The visitor's own appointment; another's and none at all are answered alike."""
    found = await appointments.appointment(desk.session, appointment_id)
    if found is None or found.visitor_id != desk.visitor.id:
        raise OutdatedError
    return found


async def _same_day(desk: Desk, slot_id: int) -> Page:
    """The other times of the day somebody had chosen."""
    slot = await appointments.slot(desk.session, slot_id)
    if slot is None:
        return Days(0)
    spoken = await appointments.languages_of_worker(desk.session, slot.worker_id)
    other_language = int(desk.language.code not in spoken)
    return Times(int(f"{desk.bureau.today(slot.starts_at):%Y%m%d}"), other_language)


@page(Waiting)
async def waiting(desk: Desk, at: Waiting) -> Screen:
    """The time is held; first what has to be asked once, then the one button that books it."""
    found = await own(desk, at.appointment)
    if found.state is AppointmentState.BOOKED:
        raise OutdatedError(page=Appointed(found.id))
    if found.state is not AppointmentState.HELD or _is_over(found, desk.now):
        raise OutdatedError(page=Days(0))
    asked = first_questions(desk)
    if asked is not None:
        return asked
    slot = found.slot
    name = sealed.name_of(desk.session, desk.visitor)
    return Screen(
        paragraphs(
            desk.say("<b>⚖️ Legal help</b>"),
            desk.say("{moment}", moment=desk.moment(slot.starts_at)),
            desk.say("Name: {name}", name=name) if name else "",
            desk.say(
                "Press the button to book it. We keep this time for you until {time}",
                time=desk.language.time(found.held_until or desk.now),
            ),
        ),
        [Button(desk.label("✅ Book"), Book(found.id), "success")],
        back=await _same_day(desk, slot.id),
        flow=True,
    )


def _is_over(appointment: Appointment, now: datetime) -> bool:
    return appointment.held_until is None or appointment.held_until <= now


@action(Book)
async def book(desk: Desk, at: Book) -> GoTo:
    match await office.book(desk.session, desk.bureau, desk.visitor, at.appointment, now=desk.now):
        case Booked(appointment):
            desk.draft.forget()
            return GoTo(Appointed(appointment.id))
        case HoldExpired():
            return GoTo(
                Days(0),
                notice=desk.say(
                    "We can no longer hold this time for you. Please pick another one."
                ),
            )


@delivers("booked")
async def booked(desk: Desk, appointment: int, version: int) -> Screen | None:
    """Said only by a delivery, so only after it is true; it stays in the chat."""
    found = await appointments.appointment(desk.session, appointment)
    if found is None or found.version != version or found.state is not AppointmentState.BOOKED:
        return None
    return Screen(
        paragraphs(
            desk.say("Booked ✅"),
            desk.say(
                "Appointment at the bureau: {moment}\nNumber: <b>{reference}</b>",
                moment=desk.moment(found.slot.starts_at),
                reference=found.reference,
            ),
            desk.say("📍 {address}", address=desk.pick(desk.bureau.address)),
        ),
        [Button(desk.label("🗂 My appointments"), Mine())],
    )


@delivers("released")
async def released(desk: Desk, service: str) -> Screen:
    """The hold is over: say so with the next free times."""
    del service
    found = await free(desk)
    return Screen(
        desk.say("You did not press “Book” in time. The time is free again. The next free times:")
        if found
        else desk.say("You did not press “Book” in time. The time is free again."),
        [
            *(
                Button(desk.label("🕙 {moment}", moment=desk.moment(one.starts_at)), Hold(one.id))
                for one in found[:3]
            ),
            Button(desk.label("📅 All days"), Days(0)),
        ],
    )


@page(NextFree)
async def next_free(desk: Desk) -> Screen:
    """Cancelled, and the next free times right away."""
    found = await free(desk)
    return Screen(
        paragraphs(
            desk.say("The appointment is cancelled. Thank you for telling us."),
            desk.say("Would you like another time?") if found else "",
        ),
        [
            Button(desk.label("🕙 {moment}", moment=desk.moment(one.starts_at)), Hold(one.id))
            for one in found[:3]
        ],
    )
