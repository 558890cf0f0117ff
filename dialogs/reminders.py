"""Before an appointment: a reminder that tells nothing to others, and a word back."""

from bot.address import Action
from bot.desk import Desk
from bot.office import appointments as office
from bot.office.appointments import Done, Overtaken
from bot.screen import Button, GoTo, OutdatedError, Screen, action, delivers, paragraphs
from dialogs.mine import Appointed, AskCancel, Mine, map_link
from storage import appointments
from storage.tables import Appointment, AppointmentState


class Coming(Action, prefix="n1"):
    appointment: int
    version: int


@delivers("reminder")
async def reminder(desk: Desk, appointment: int, version: int, hours: int) -> Screen | None:
    """Bound to the version of the appointment: what was moved or cancelled reminds of nothing."""
    found = await appointments.appointment(desk.session, appointment)
    if found is None or found.version != version or found.state is not AppointmentState.BOOKED:
        return None
    near = hours < 24
    buttons = [] if found.confirmed else [_coming(desk, found)]
    if near:
        buttons.append(Button(desk.label("🗺 Show the bureau on a map"), map_link(desk.bureau)))
    buttons.append(Button(desk.label("✖️ I cannot come"), AskCancel(found.id)))
    return Screen(paragraphs(_when(desk, found), _whom(desk, found) if near else ""), buttons)


def _coming(desk: Desk, found: Appointment) -> Button:
    return Button(desk.label("👍 I will come"), Coming(found.id, found.version), "success")


def _when(desk: Desk, found: Appointment) -> str:
    """The lock screen shows this: it names no service and no reason."""
    starts_at = found.slot.starts_at
    return desk.say(
        "⏰ Appointment at the bureau, {day}, {time}",
        day=desk.language.day(starts_at, desk.now),
        time=desk.language.time(starts_at),
    )


def _whom(desk: Desk, found: Appointment) -> str:
    return desk.say(
        "📍 {address}. Ask for {worker}. Bring your papers.",
        address=desk.pick(desk.bureau.address),
        worker=desk.pick(found.slot.worker.name),
    )


@action(Coming)
async def coming(desk: Desk, at: Coming) -> GoTo:
    match await office.confirm_coming(
        desk.session, desk.visitor, at.appointment, version=at.version, now=desk.now
    ):
        case Done():
            return GoTo(Appointed(at.appointment), notice=desk.say("Thank you. See you soon!"))
        case Overtaken():
            raise OutdatedError(page=Mine())
