"""Whoever took a question reads it in their own chat and answers with Telegram's reply."""

from bot.address import DESK_STAFF, Action, Page
from bot.desk import Desk
from bot.office import cases as office
from bot.office.appointments import Done, Overtaken
from bot.office.finding import PERHAPS
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
from dialogs.asking import asked, just_started
from dialogs.staff.home import AnswerDesk, Desks
from dialogs.staff.phrases import name_of
from storage import articles, cases, deliveries, sealed
from storage.tables import Case, CaseMessage, CaseState, DeliveryState


class Close(Action, prefix="sc2", roles=DESK_STAFF):
    case: int


class Written(Page, prefix="sc3", roles=DESK_STAFF):
    case: int


class WhichCase(Page, prefix="sc4", roles=DESK_STAFF): ...


class SendTo(Action, prefix="sc5", roles=DESK_STAFF):
    case: int


class ToWhom(Page, prefix="sc6", roles=DESK_STAFF):
    """Drawn by the dialog about handing over."""

    case: int
    start: int


class Release(Action, prefix="sc8", roles=DESK_STAFF):
    """Done by the dialog about handing over."""

    case: int


class Compose(Page, prefix="sw1", roles=DESK_STAFF):
    """Drawn by the dialog in which staff write answers.

    ``source``: ``q`` and a kept question, ``c`` and a case, or ``a7.uk``: an article to change.
    """

    source: str


class ReadyAnswers(Page, prefix="sc9", roles=DESK_STAFF):
    """Drawn by the dialog about ready answers."""

    case: int
    start: int


@delivers("case_message")
async def case_message(desk: Desk, case: int, message: int) -> Screen | None:
    """What was written, as long as this colleague has the case; then only whose it is."""
    found = await cases.case(desk.session, case)
    kept = await cases.message(desk.session, message)
    if found is None:
        return None
    if found.visitor is None or found.taken_by != desk.colleague.id:
        return Screen(await whose(desk, found))
    if kept is None:
        return Screen(
            desk.say("↩️ {reference}: the visitor took these words back.", reference=found.reference)
        )
    if kept.from_staff is not None:
        return await _answered(desk, found, kept)
    return Screen(
        paragraphs(
            desk.say(
                "<b>💬 {reference}</b>, language: {language}",
                reference=found.reference,
                language=desk.language.called(found.language),
            ),
            desk.say("{words}", words=sealed.words_of(desk.session, kept)),
            desk.say("<i>Answer with a reply to this message.</i>"),
        ),
        _ways(desk, found) if found.state is CaseState.TAKEN else [],
    )


async def _answered(desk: Desk, found: Case, kept: CaseMessage) -> Screen:
    """For whoever gets the case from somebody else: what has been said already."""
    return Screen(
        paragraphs(
            desk.say(
                "<b>✉️ {reference}</b>, answer of {name}",
                reference=found.reference,
                name=await name_of(desk, kept.from_staff),
            ),
            desk.say("{words}", words=sealed.words_of(desk.session, kept)),
        )
    )


def _ways(desk: Desk, found: Case) -> list[Button | tuple[Button, ...]]:
    return [
        Button(desk.label("📚 Ready answers"), ReadyAnswers(found.id, 0)),
        (
            Button(desk.label("🤝 Hand over"), ToWhom(found.id, 0)),
            Button(desk.label("↩️ Release"), Release(found.id)),
        ),
        Button(desk.label("✅ Close"), Close(found.id)),
    ]


async def whose(desk: Desk, found: Case) -> str:
    """In whose hands a question is."""
    match found.state:
        case CaseState.CLOSED:
            return desk.say("Question {reference} is closed.", reference=found.reference)
        case CaseState.OPEN:
            return desk.say(
                "Question {reference} is open again: anybody can take it in the group.",
                reference=found.reference,
            )
        case CaseState.TAKEN:
            return desk.say(
                "Question {reference} is with {name} now.",
                reference=found.reference,
                name=await name_of(desk, found.taken_by),
            )


@words("reply")
async def reply(desk: Desk, said: str) -> GoTo:
    """A reply to a message of a case goes to its visitor; a reply to anything else goes nowhere."""
    about = await deliveries.of_message(
        desk.session, desk.person.reply_to or 0, staff_id=desk.colleague.id
    )
    case_id = cases.case_of(about) if about is not None else None
    if case_id is None:
        return GoTo(
            Desks(), notice=desk.say("Nothing was sent: please reply to a visitor's message.")
        )
    match await office.answer(
        desk.session,
        desk.colleague,
        case_id,
        said,
        now=desk.now,
        told_in=desk.person.message_id,
    ):
        case Done():
            return GoTo(None)
        case Overtaken():
            return GoTo(
                Desks(), notice=desk.say("Nothing was sent: you do not have this question now.")
            )


@words("unaddressed")
async def unaddressed(desk: Desk, said: str) -> GoTo:
    """Words of staff that are a reply to nothing: which case do they mean? Nothing is sent yet."""
    mine = await cases.taken_by(desk.session, desk.colleague.id)
    if mine:
        desk.draft.choices["unaddressed"] = said[:3000]
        return GoTo(WhichCase())
    return await asked(desk, said) if desk.found is not None else await _look_up(desk, said)


async def _look_up(desk: Desk, said: str) -> GoTo:
    """Who of the staff has never been a visitor here finds the answer itself, to change it."""
    if not desk.house.search.is_ready:
        return GoTo(Desks(), notice=just_started(desk))
    hits = desk.house.search.find(said, desk.language.code).hits
    there = await articles.by_codes(
        desk.session, [one.code for one in hits if one.score >= PERHAPS]
    )
    return GoTo(AnswerDesk(there[0].id) if there else Desks())


@page(WhichCase)
async def which_case(desk: Desk) -> Screen:
    return Screen(
        desk.say("Nothing has been sent yet. Which question do you mean?"),
        [
            Button(
                desk.label(
                    "💬 {reference} · {language}",
                    reference=one.reference,
                    language=desk.language.called(one.language),
                ),
                SendTo(one.id),
            )
            for one in (await cases.taken_by(desk.session, desk.colleague.id))[:6]
        ],
        back=Desks(),
        home=False,
    )


@action(SendTo)
async def send_to(desk: Desk, at: SendTo) -> GoTo:
    said = desk.draft.choices.get("unaddressed")
    if said is None:
        raise OutdatedError(page=Desks())
    match await office.answer(desk.session, desk.colleague, at.case, said, now=desk.now):
        case Done():
            del desk.draft.choices["unaddressed"]
            return GoTo(Desks(), notice=desk.say("Sent."))
        case Overtaken():
            return GoTo(
                Desks(), notice=desk.say("Nothing was sent: you do not have this question now.")
            )


@delivers("tick")
async def tick(desk: Desk, state: str) -> Screen:
    """Whether a reply arrived, for the one who wrote it."""
    match state:
        case DeliveryState.SENT:
            return Screen(desk.say("✓ Delivered"))
        case DeliveryState.UNREACHABLE:
            return Screen(desk.say("✗ Not delivered: the visitor has blocked the bot."))
        case _:
            return Screen(desk.say("✗ Not delivered. Please try another way."))


@action(Close)
async def close(desk: Desk, at: Close) -> GoTo:
    match await office.close(desk.session, desk.colleague, at.case, now=desk.now):
        case Done():
            return GoTo(Written(at.case))
        case Overtaken():
            return GoTo(Desks(), notice=desk.say("This is closed already."))


@page(Written)
async def written(desk: Desk, at: Written) -> Screen:
    found = await cases.case(desk.session, at.case)
    if found is None:
        return Screen(desk.say("This question has been deleted."), back=Desks(), home=False)
    return Screen(
        await whose(desk, found),
        [Button(desk.label("✍️ Make this an answer"), Compose(f"c{found.id}"))]
        if found.taken_by == desk.colleague.id
        else [],
        back=Desks(),
        home=False,
    )
