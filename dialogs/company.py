"""A visitor asks for somebody to come along: where to, which day, when, in which language."""

from datetime import date, datetime, timedelta

from bot.address import Action, Menu, Page
from bot.desk import Desk
from bot.office import requests as office
from bot.office.requests import AlreadyAsked, TooManyAsked, Wish
from bot.office.requests import Asked as WasAsked
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
from dialogs.first import first_questions
from dialogs.mine import Asked, CompanyCancelled, Mine
from storage import appointments
from storage.tables import Institution, RequestState

_DAYS_AHEAD = 10
_MOST_LANGUAGES = 12


class Institutions(Page, prefix="k1"): ...


class WhichDay(Page, prefix="k2"):
    institution: str


class WhichPart(Page, prefix="k3"):
    institution: str
    day: int


class WhichLanguage(Page, prefix="k4"):
    institution: str
    day: int
    part: str


class Confirm(Page, prefix="k5"):
    institution: str
    day: int
    part: str
    language: str


class Ask(Action, prefix="k6"):
    institution: str
    day: int
    part: str
    language: str


@page(Institutions)
async def institutions(desk: Desk) -> Screen:
    service = await appointments.service(desk.session, "company")
    return Screen(
        paragraphs(
            desk.say("<b>🤝 Someone to go with me</b>"),
            desk.pick(service.about),
            desk.say("Where do you need to go?"),
        ),
        [
            Button(with_icon(one.icon, desk.pick(one.titles)), WhichDay(one.code))
            for one in await appointments.institutions(desk.session)
        ],
        back=Menu(),
        flow=True,
    )


async def _institution(desk: Desk, code: str) -> Institution:
    found = await desk.session.get(Institution, code)
    if found is None:
        raise OutdatedError(page=Institutions())
    return found


def _working_days(desk: Desk) -> list[date]:
    """The coming working days, tomorrow first."""
    today = desk.bureau.today(desk.now)
    days = [today + timedelta(days=ahead) for ahead in range(1, 3 * _DAYS_AHEAD)]
    return [day for day in days if desk.bureau.is_working_day(day)][:_DAYS_AHEAD]


def _day(desk: Desk, day: int) -> date:
    """The day in an address, as long as one may still ask for it."""
    try:
        asked = datetime.strptime(str(day), "%Y%m%d").date()  # noqa: DTZ007  # a day has no zone
    except ValueError as nonsense:
        raise OutdatedError(page=Institutions()) from nonsense
    if asked not in _working_days(desk):
        raise OutdatedError(page=Institutions())
    return asked


@page(WhichDay)
async def which_day(desk: Desk, at: WhichDay) -> Screen:
    institution = await _institution(desk, at.institution)
    return Screen(
        paragraphs(
            desk.say("<b>{institution}</b>", institution=desk.pick(institution.titles)),
            desk.say("Which day? If they have given you a date there, choose that one."),
        ),
        [
            Button(
                desk.label("📅 {day}", day=desk.language.dated(day, desk.now)),
                WhichPart(at.institution, int(f"{day:%Y%m%d}")),
            )
            for day in _working_days(desk)
        ],
        back=Institutions(),
        flow=True,
    )


@page(WhichPart)
async def which_part(desk: Desk, at: WhichPart) -> Screen:
    day = _day(desk, at.day)
    return Screen(
        desk.say("<b>{day}</b>\nAt what time of day?", day=desk.language.dated(day, desk.now)),
        [
            Button(
                with_icon(one.icon, desk.pick(one.titles)),
                WhichLanguage(at.institution, at.day, one.code),
            )
            for one in desk.bureau.parts
        ],
        back=WhichDay(at.institution),
        flow=True,
    )


@page(WhichLanguage)
async def which_language(desk: Desk, at: WhichLanguage) -> Screen:
    """Only languages somebody of ours speaks; the visitor's own one first."""
    _day(desk, at.day)
    spoken = await appointments.languages_of(desk.session, "company")
    mine = desk.language.code
    ordered = sorted(spoken, key=lambda code: (code != mine, list(desk.languages.all).index(code)))
    return Screen(
        paragraphs(
            ""
            if mine in spoken
            else desk.say(
                "Nobody who goes along speaks your language yet. Please choose another language."
            ),
            desk.say("Which language should the person speak?"),
        ),
        [
            Button(
                with_icon("🗣", desk.languages.get(code).name),
                Confirm(at.institution, at.day, at.part, code),
            )
            for code in ordered[:_MOST_LANGUAGES]
        ],
        back=WhichPart(at.institution, at.day),
        flow=True,
    )


async def _wish(desk: Desk, at: Confirm | Ask) -> Wish:
    """The wish in an address, if it can still be granted."""
    institution = await _institution(desk, at.institution)
    spoken = await appointments.languages_of(desk.session, "company")
    if desk.bureau.part(at.part) is None or at.language not in spoken:
        raise OutdatedError(page=Institutions())
    return Wish(institution.code, _day(desk, at.day), at.part, at.language)


@page(Confirm)
async def confirm(desk: Desk, at: Confirm) -> Screen:
    wish = await _wish(desk, at)
    asked = first_questions(desk)
    if asked is not None:
        return asked
    institution = await _institution(desk, at.institution)
    part = desk.bureau.part(at.part)
    return Screen(
        paragraphs(
            desk.say("<b>{institution}</b>", institution=desk.pick(institution.titles)),
            lines(
                desk.say("📅 {day}", day=desk.language.dated(wish.day, desk.now)),
                with_icon(part.icon, desk.pick(part.titles)) if part else "",
                desk.say("🗣 {language}", language=desk.languages.get(wish.language).name),
            ),
            desk.say("We will look for somebody and answer you here. Shall we send the request?"),
        ),
        [
            Button(
                desk.label("📨 Send the request"),
                Ask(at.institution, at.day, at.part, at.language),
                "success",
            )
        ],
        back=WhichLanguage(at.institution, at.day, at.part),
        flow=True,
    )


@action(Ask)
async def ask(desk: Desk, at: Ask) -> GoTo:
    wish = await _wish(desk, at)
    match await office.ask(desk.session, desk.bureau, desk.visitor, wish, now=desk.now):
        case WasAsked(request):
            desk.draft.forget()
            return GoTo(Asked(request.id))
        case AlreadyAsked():
            return GoTo(Mine(), notice=desk.say("You have asked for this already."))
        case TooManyAsked():
            return GoTo(
                Mine(),
                notice=desk.say("You have three requests waiting. Please wait for our answer."),
            )


@delivers("requested")
async def requested(desk: Desk, request: int) -> Screen | None:
    """Says "requested", never "booked": that word waits until it is true."""
    found = await appointments.request(desk.session, request)
    if found is None or found.state is not RequestState.ASKED:
        return None
    return Screen(
        desk.say(
            "Requested ⏳ Your request {reference} is with us. It is not confirmed yet. You will"
            " hear from us by {moment}",
            reference=found.reference,
            moment=desk.moment(found.answer_by),
        ),
        [Button(desk.label("🗂 My appointments"), Mine())],
    )


@delivers("request_refused")
async def refused(desk: Desk, request: int) -> Screen | None:
    found = await appointments.request(desk.session, request)
    if found is None:
        return None
    return Screen(
        desk.say(
            "We are sorry: for your request {reference} nobody is free. You can ask for another"
            " day, or come to us.",
            reference=found.reference,
        ),
        [Button(desk.label("📅 Another day"), WhichDay(found.institution_code))],
    )


@delivers("request_expired")
async def expired(desk: Desk, request: int) -> Screen | None:
    found = await appointments.request(desk.session, request)
    if found is None:
        return None
    return Screen(
        desk.say(
            "We are sorry: we did not manage to answer your request {reference} in time. Please"
            " ask for another day, or come to us.",
            reference=found.reference,
        ),
        [Button(desk.label("📅 Another day"), WhichDay(found.institution_code))],
    )


@page(CompanyCancelled)
async def company_cancelled(desk: Desk) -> Screen:
    return Screen(
        desk.say("The appointment is cancelled. Thank you for telling us."),
        [Button(desk.label("📅 Another day"), Institutions())],
    )
