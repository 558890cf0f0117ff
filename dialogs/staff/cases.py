"""Whoever took a question reads it in their own chat and answers with Telegram's reply."""

from bot.address import DESK_STAFF, Action, Page
from bot.desk import Desk
from bot.office import cases as office
from bot.office.appointments import Done, Overtaken
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
from dialogs.answers import asked
from dialogs.staff.home import Desks
from storage import cases, deliveries, sealed
from storage.tables import CaseState, DeliveryState


class Close(Action, prefix="sc2", roles=DESK_STAFF):
    case: int


class Written(Page, prefix="sc3", roles=DESK_STAFF):
    case: int


class WhichCase(Page, prefix="sc4", roles=DESK_STAFF): ...


class SendTo(Action, prefix="sc5", roles=DESK_STAFF):
    case: int


@delivers("case_message")
async def case_message(desk: Desk, case: int, message: int) -> Screen | None:
    """What the visitor wrote, without what looks like a document number."""
    found = await cases.case(desk.session, case)
    kept = await cases.message(desk.session, message)
    if found is None or found.taken_by not in {None, desk.colleague.id}:
        return None
    if kept is None or found.visitor is None:
        return Screen(desk.say("Question {reference} is closed.", reference=found.reference))
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
        [Button(desk.label("✅ Close"), Close(found.id))] if found.state is CaseState.TAKEN else [],
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
    match await office.answer(desk.session, desk.colleague, case_id, said, now=desk.now):
        case Done():
            return GoTo(None)
        case Overtaken():
            return GoTo(Desks(), notice=desk.say("Nothing was sent: this question is closed."))


@words("unaddressed")
async def unaddressed(desk: Desk, said: str) -> GoTo:
    """Words of staff that are a reply to nothing: which case do they mean? Nothing is sent yet."""
    mine = await cases.taken_by(desk.session, desk.colleague.id)
    if mine:
        desk.draft.choices["unaddressed"] = said[:3000]
        return GoTo(WhichCase())
    return await asked(desk, said) if desk.found is not None else GoTo(Desks())


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
            return GoTo(Desks(), notice=desk.say("Nothing was sent: this question is closed."))


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
        desk.say("Question {reference} is closed.", reference=found.reference),
        back=Desks(),
        home=False,
    )
