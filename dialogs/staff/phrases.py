"""What cards, lists and private messages say alike of an appointment, a request, a question."""

from bot.desk import Desk
from storage import sealed
from storage.tables import Appointment, AppointmentState, Case, Request, Staff


def headline(desk: Desk, found: Appointment) -> str:
    return desk.say(
        "📅 {reference} · {moment} · {service} · {language}",
        reference=found.reference,
        moment=desk.moment(found.slot.starts_at),
        service=desk.pick(found.slot.service.neutral),
        language=desk.language.called(found.language),
    )


def state_of(desk: Desk, found: Appointment) -> str:
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


def wish(desk: Desk, found: Request) -> str:
    return desk.say(
        "⏳ {reference} · {day} · {service} · {language}",
        reference=found.reference,
        day=desk.language.dated(found.day, desk.now),
        service=desk.pick(found.service.neutral),
        language=desk.language.called(found.language),
    )


def question(desk: Desk, found: Case) -> str:
    return desk.say(
        "💬 {reference} · question · {language} · since {moment}",
        reference=found.reference,
        language=desk.language.called(found.language),
        moment=desk.moment(found.opened_at),
    )


async def owner(desk: Desk, staff_id: int | None) -> str:
    if staff_id is None:
        return ""
    return desk.say("✋ Taken by {name}", name=await name_of(desk, staff_id))


async def name_of(desk: Desk, staff_id: int | None) -> str:
    staff = await desk.session.get(Staff, staff_id) if staff_id else None
    name = sealed.name_of(desk.session, staff) if staff else None
    return name or desk.label("a colleague")
