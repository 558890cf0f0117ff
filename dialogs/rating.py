"""After a visit: how was the service, how were the people; each one tap, each can be left out."""

from bot.address import Action, Menu, Page
from bot.desk import Desk
from bot.office import ratings as office
from bot.office.appointments import Done, Overtaken
from bot.office.ratings import TooLate
from bot.screen import Button, GoTo, OutdatedError, Screen, action, delivers, page, paragraphs
from bot.texts import N_
from storage import appointments
from storage.tables import Appointment, AppointmentState, RatingOf

TOO_LATE = N_("It is too late to rate this visit. Thank you all the same!")


class RateService(Page, prefix="r1"):
    appointment: int


class RateStaff(Page, prefix="r2"):
    appointment: int


class Score(Action, prefix="r3"):
    appointment: int
    of: str
    score: int


class Thanks(Page, prefix="r4"):
    appointment: int


def _stars(desk: Desk, appointment: int, of: RatingOf) -> tuple[Button, ...]:
    """Numbers, because Telegram draws buttons from left to right in every language."""
    return tuple(
        Button(desk.label("⭐ {score}", score=score), Score(appointment, of.value, score))
        for score in range(1, 6)
    )


def _meaning(desk: Desk) -> str:
    return desk.say("1 means very bad, 5 means very good.")


@delivers("rating")
async def rating(desk: Desk, appointment: int) -> Screen | None:
    found = await appointments.appointment(desk.session, appointment)
    if found is None or found.state is not AppointmentState.CAME:
        return None
    return Screen(
        paragraphs(
            desk.say("You were with us. How well did we help you?"),
            _meaning(desk),
            desk.say("The people who helped you do not see your answer."),
        ),
        [
            _stars(desk, appointment, RatingOf.SERVICE),
            Button(desk.label("➡️ Skip"), RateStaff(appointment)),
        ],
    )


@page(RateService)
async def rate_service(desk: Desk, at: RateService) -> Screen:
    await _open(desk, at.appointment)
    return Screen(
        paragraphs(desk.say("How well did we help you?"), _meaning(desk)),
        [
            _stars(desk, at.appointment, RatingOf.SERVICE),
            Button(desk.label("➡️ Skip"), RateStaff(at.appointment)),
        ],
    )


@page(RateStaff)
async def rate_staff(desk: Desk, at: RateStaff) -> Screen:
    await _open(desk, at.appointment)
    return Screen(
        paragraphs(desk.say("And how were the people who helped you?"), _meaning(desk)),
        [
            _stars(desk, at.appointment, RatingOf.STAFF),
            Button(desk.label("➡️ Skip"), Thanks(at.appointment)),
        ],
        back=RateService(at.appointment),
    )


async def _own(desk: Desk, appointment_id: int) -> Appointment:
    found = await appointments.appointment(desk.session, appointment_id)
    if found is None or found.visitor_id != desk.visitor.id:
        raise OutdatedError
    if found.state is not AppointmentState.CAME:
        raise OutdatedError
    return found


async def _open(desk: Desk, appointment_id: int) -> None:
    """Stars are only shown as long as they can be given."""
    if not office.is_open(await _own(desk, appointment_id), now=desk.now):
        raise OutdatedError(TOO_LATE)


@action(Score)
async def score(desk: Desk, at: Score) -> GoTo:
    if at.of not in set(RatingOf):
        raise OutdatedError
    of = RatingOf(at.of)
    match await office.rate(
        desk.session, desk.bureau, desk.visitor, at.appointment, of, at.score, now=desk.now
    ):
        case Done() if of is RatingOf.SERVICE:
            return GoTo(RateStaff(at.appointment))
        case Done():
            return GoTo(Thanks(at.appointment))
        case TooLate():
            raise OutdatedError(TOO_LATE)
        case Overtaken():
            raise OutdatedError


@page(Thanks)
async def thanks(desk: Desk, at: Thanks) -> Screen:
    """Ends in words: what was understood, and that it can be changed for a day."""
    changeable = office.is_open(await _own(desk, at.appointment), now=desk.now)
    service = await office.given(desk.session, at.appointment, RatingOf.SERVICE)
    staff = await office.given(desk.session, at.appointment, RatingOf.STAFF)
    return Screen(
        paragraphs(
            desk.say("Thank you!"),
            desk.say("The help: {score} of 5.", score=service.score) if service else "",
            desk.say("The people: {score} of 5.", score=staff.score) if staff else "",
            desk.say("You can change your answer within one day.") if changeable else "",
        ),
        [Button(desk.label("✏️ Change my answer"), RateService(at.appointment))]
        if changeable
        else [],
        back=Menu(),
    )
