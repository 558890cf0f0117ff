"""What we keep of a visitor, shown and deleted on their word."""

from datetime import date

from bot.address import Action, Page
from bot.desk import Desk
from bot.office import cases as office_cases
from bot.office import erasure
from bot.office import ratings as office_ratings
from bot.screen import Button, GoTo, Screen, action, lines, page, paragraphs, with_icon
from storage import appointments, cases, kept, sealed
from storage.tables import Case

ORIGINALS = ("bg", "en")
"""The languages the notice was written in."""


class Privacy(Page, prefix="v"): ...


class FullNotice(Page, prefix="vf"):
    language: str


class MyData(Page, prefix="vd"): ...


class AskErase(Page, prefix="ve"): ...


class Erase(Action, prefix="vx"): ...


class Erased(Page, prefix="vg"): ...


@page(Privacy)
async def privacy(desk: Desk) -> Screen:
    """The first two tiers of the notice; the third is one tap away, the originals beside it."""
    return Screen(
        _short(desk),
        [
            Button(desk.label("📄 Show my data"), MyData()),
            Button(desk.label("🗑 Delete my data"), AskErase()),
            Button(desk.label("🔎 More about this"), FullNotice("")),
            *_originals(desk),
        ],
    )


def _short(desk: Desk) -> str:
    return paragraphs(
        desk.say("<b>🔒 Your data</b>"),
        desk.say(
            "We keep your language. When you book or write to a person, we also keep your"
            " appointment, the name you gave, your messages, and how to reach you in this"
            " chat. Names, messages and chat are stored encrypted, so that others cannot read"
            " them."
        ),
        desk.say(
            "We never ask for your nationality, religion, health or document numbers. What you"
            " look up is not stored."
        ),
    )


def _originals(desk: Desk) -> list[tuple[Button, ...]]:
    """A translation nobody has signed stands beside the texts it was made from."""
    if desk.language.code in ORIGINALS or desk.language.signed_by is not None:
        return []
    originals = [desk.languages.get(code) for code in ORIGINALS]
    return [tuple(Button(with_icon("🌐", one.name), FullNotice(one.code)) for one in originals)]


@page(FullNotice)
async def full_notice(desk: Desk, at: FullNotice) -> Screen:
    """How long what is kept, what we cannot promise, and whom to ask."""
    if at.language in ORIGINALS:
        desk.language = desk.languages.get(at.language)
    return Screen(
        paragraphs(
            _short(desk) if at.language else "",
            desk.say("<b>🔒 How long we keep your data</b>"),
            lines(
                desk.say("• What you have begun here: 24 hours."),
                desk.say("• Your name and chat: 30 days after your last appointment or question."),
                desk.say("• Your messages to the bureau: 7 days after the question is closed."),
                desk.say("• Which rating you gave: 24 hours."),
                desk.say("• A question you let us keep, without your name: 90 days."),
            ),
            desk.say(
                "What we cannot promise: Telegram itself sees this chat, and messages stay on your"
                " own phone until you delete them there."
            ),
            desk.say(
                "Questions about your data: ask us at the bureau, {address}.",
                address=desk.pick(desk.bureau.address),
            ),
        ),
        back=Privacy(),
    )


@page(MyData)
async def my_data(desk: Desk) -> Screen:
    """Everything there is, to the visitor's own chat only."""
    visitor = desk.visitor
    name = sealed.name_of(desk.session, visitor)
    return Screen(
        paragraphs(
            desk.say("<b>📄 This is all we know about you</b>"),
            lines(
                desk.say("• Language: {language}", language=desk.language.name),
                desk.say("• You last wrote to us in: {month}", month=_month(desk)),
                desk.say("• Name: {name}", name=name) if name else desk.say("• Name: none"),
                desk.say("• 14 or older: yes") if visitor.grown else "",
                desk.say("• How to reach you in this chat: stored")
                if visitor.chat is not None
                else desk.say("• How to reach you in this chat: not stored"),
                *await _with_us(desk),
            ),
        ),
        [Button(desk.label("🗑 Delete my data"), AskErase())],
        back=Privacy(),
    )


async def _with_us(desk: Desk) -> list[str]:
    """What is booked, asked for, over, and being answered."""
    session, visitor_id = desk.session, desk.visitor.id
    told: list[str] = [
        desk.say(
            "• Appointment {reference}: {moment}",
            reference=one.reference,
            moment=desk.moment(one.slot.starts_at),
        )
        for one in await appointments.of_visitor(session, visitor_id, after=desk.now)
    ]
    told += [
        desk.say(
            "• Request {reference}: {institution}",
            reference=one.reference,
            institution=desk.pick(one.institution.titles),
        )
        for one in await appointments.requests_of_visitor(session, visitor_id)
    ]
    if earlier := await appointments.earlier(session, visitor_id, now=desk.now):
        told.append(
            desk.say("• Earlier appointments and requests, kept for 30 days: {n}", n=earlier)
        )
    if await office_ratings.is_linked(session, visitor_id):
        told.append(desk.say("• Your latest rating, linked to you for 24 hours"))
    if awaited := await kept.awaited_by(session, visitor_id):
        told.append(desk.say("• Answers you want to be told about: {n}", n=awaited))
    if case := await _case(desk):
        told.append(desk.say("• Question to a person: {reference}", reference=case.reference))
    return told


async def _case(desk: Desk) -> Case | None:
    """The question whose words are still kept: an open one, or one closed within a week."""
    since = desk.now - office_cases.WORDS_KEPT
    return await cases.open_case_of(desk.session, desk.visitor.id) or await cases.closed_lately(
        desk.session, desk.visitor.id, since=since
    )


def _month(desk: Desk) -> str:
    year, month = map(int, desk.visitor.seen_month.split("-"))
    return desk.language.month(date(year, month, 1))


@page(AskErase)
async def ask_erase(desk: Desk) -> Screen:
    _ = desk.visitor
    return Screen(
        desk.say(
            "Delete everything we know about you? Appointments and requests that lie ahead are"
            " cancelled first. This cannot be undone."
        ),
        [Button(desk.label("🗑 Yes, delete everything"), Erase(), "danger")],
        back=Privacy(),
    )


@action(Erase)
async def erase(desk: Desk) -> GoTo:
    await erasure.erase(desk.session, desk.visitor, now=desk.now)
    desk.found = None
    return GoTo(Erased())


@page(Erased)
async def erased(desk: Desk) -> Screen:
    return Screen(
        desk.say(
            "Everything is deleted. Messages already in this chat stay on your phone until you"
            " delete them. You are always welcome again: {command}",
            command="/start",
        ),
    )
