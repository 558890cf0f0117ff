"""A visitor writes to a person of the bureau, and gets the answer in the same chat."""

from bot.address import Action, Menu, Page
from bot.desk import Desk
from bot.office import cases as office
from bot.office import changing, replies
from bot.office.appointments import Done, Overtaken
from bot.office.taking_back import take_back
from bot.screen import (
    Button,
    GoTo,
    OutdatedError,
    Screen,
    action,
    delivers,
    page,
    paragraphs,
    words,
)
from bot.texts import Language
from dialogs import danger
from dialogs.first import age_question
from storage import cases, sealed


class AskPerson(Page, prefix="p"): ...


class PassOn(Page, prefix="pc"):
    case: int


class TakeBack(Action, prefix="pt"):
    case: int
    message: int


class GiveQuestion(Action, prefix="pq"): ...


class Danger(Page, prefix="pd"): ...


class AskToKeep(Page, prefix="pk"):
    """Drawn by the dialog about keeping questions."""


KEPT = "kept"
"""Notes in a draft that its question has been kept: it is not offered twice."""


@page(AskPerson)
async def ask_person(desk: Desk) -> Screen:
    """Where a person is: here in writing, or at the bureau."""
    there = await cases.open_case_of(desk.session, desk.visitor.id)
    if there is not None:
        return await passed_on(desk, PassOn(there.id))
    asked = age_question(desk)
    if asked is not None:
        return asked
    return Screen(
        paragraphs(
            desk.say(
                "💬 Write your question here. A person of the bureau reads it and answers here."
            ),
            _when(desk),
            desk.say("Please do not write document numbers."),
            desk.say("📍 {address}", address=desk.pick(desk.bureau.address)),
        ),
        [
            *_last_question(desk),
            Button(desk.label("🆘 I am in danger"), Danger()),
        ],
        flow=True,
        asks="question",
    )


def _last_question(desk: Desk) -> list[Button]:
    """What was asked in vain can be given to a person, or to those who write the answers."""
    if "question" not in desk.draft.choices:
        return []
    send = Button(desk.label("📨 Send my last question"), GiveQuestion())
    if KEPT in desk.draft.choices:
        return [send]
    return [send, Button(desk.label("📝 You may keep my question"), AskToKeep())]


def _hours(desk: Desk, language: Language) -> dict[str, str]:
    opens, closes = desk.bureau.opens, desk.bureau.closes
    today = desk.bureau.today(desk.now)
    return {
        "opens": language.time(desk.bureau.at(today, opens)),
        "closes": language.time(desk.bureau.at(today, closes)),
    }


def _when(desk: Desk) -> str:
    fill = _hours(desk, desk.language)
    if desk.bureau.is_open(desk.now):
        return desk.say("We will answer today, before {closes}", closes=fill["closes"])
    return desk.say("The bureau is closed now. We answer on working days, {opens}–{closes}", **fill)


@words("question")
async def question(desk: Desk, said: str) -> GoTo:
    return await _give(desk, said, told_in=desk.person.message_id)


@words("edited")
async def edited(desk: Desk, said: str) -> GoTo:
    """What the other side reads changes with it; other words have had their answer."""
    number = desk.person.message_id or 0
    if desk.staff is not None:
        await changing.change_answer(desk.session, desk.staff, number, said, now=desk.now)
    if desk.found is not None:
        await changing.change_words(desk.session, desk.found, number, said, now=desk.now)
    return GoTo(None)


@action(GiveQuestion)
async def give_question(desk: Desk) -> GoTo:
    said = desk.draft.choices.get("question")
    if said is None:
        raise OutdatedError(page=AskPerson())
    return await _give(desk, said)


async def _give(desk: Desk, said: str, *, told_in: int | None = None) -> GoTo:
    if not desk.visitor.grown:
        return GoTo(AskPerson())
    passed = await office.pass_on(
        desk.session, desk.bureau, desk.visitor, said, now=desk.now, told_in=told_in
    )
    desk.draft.forget()
    return GoTo(PassOn(passed.case.id))


@page(PassOn)
async def passed_on(desk: Desk, at: PassOn) -> Screen:
    found = await cases.case(desk.session, at.case)
    if found is None or found.visitor_id != desk.visitor.id:
        raise OutdatedError
    if found.closed_at is not None:
        return Screen(desk.say("Your question {reference} is closed.", reference=found.reference))
    return Screen(
        paragraphs(
            desk.say(
                "✓ Sent to the bureau. Your number: <b>{reference}</b>", reference=found.reference
            ),
            _when(desk),
            desk.say("If you write more, we add it to this question. You can still use the menu."),
        ),
        await _way_back(desk, found.id),
    )


async def _way_back(desk: Desk, case_id: int) -> list[Button]:
    waiting = await cases.unanswered(desk.session, case_id)
    if not waiting:
        return []
    return [Button(desk.label("↩️ Take back"), TakeBack(case_id, waiting[-1].id))]


@action(TakeBack)
async def withdraw_words(desk: Desk, at: TakeBack) -> GoTo:
    match await take_back(desk.session, desk.visitor, at.case, up_to=at.message, now=desk.now):
        case Done():
            return GoTo(Menu(), notice=desk.say("We have deleted what nobody had answered."))
        case Overtaken():
            return GoTo(Menu(), notice=desk.say("This was answered or deleted already."))


@delivers("case_reply")
async def case_reply(desk: Desk, message: int, ready: str = "") -> Screen | None:
    """A person's words, as they were written; a ready answer in the language of its reader."""
    kept = await cases.message(desk.session, message)
    if kept is None:
        return None
    told = replies.known().get(ready)
    said = spoken(desk, told, desk.language) if told else sealed.words_of(desk.session, kept)
    return Screen(
        paragraphs(desk.say("<b>💬 The bureau answers:</b>"), desk.say("{words}", words=said))
    )


def spoken(desk: Desk, told: replies.Reply, language: Language) -> str:
    """A ready answer in a language, with what it says of the bureau filled in."""
    address = language.pick(desk.bureau.address)
    return told.said(language.speaks(told.texts), **_hours(desk, language), address=address)


@delivers("case_closed")
async def case_closed(desk: Desk, case: int, version: int) -> Screen | None:
    found = await cases.case(desk.session, case)
    if found is None or found.version != version:
        return None
    return Screen(
        desk.say(
            "Your question {reference} is closed. Was it solved? If not, write again: for three"
            " days your words go to the same person.",
            reference=found.reference,
        ),
        [Button(desk.label("💬 Not solved, I write again"), AskPerson())],
    )


@words("danger")
async def cried_for_help(desk: Desk, said: str) -> GoTo:
    """The numbers were shown already; now the staff are told, and whoever we know is answered."""
    await office.cry_for_help(
        desk.session,
        desk.bureau,
        desk.found,
        said,
        now=desk.now,
        told_in=desk.person.message_id,
    )
    return GoTo(None)


@page(Danger)
async def danger_now(desk: Desk) -> Screen:
    return Screen(
        danger.numbers(desk.language, desk.bureau),
        [Button(desk.label("💬 Ask a person"), AskPerson())],
    )
