"""Ready answers: chosen in Bulgarian, read by the visitor in their own language."""

from bot.address import DESK_STAFF, Action, Page
from bot.desk import Desk
from bot.office import cases as office
from bot.office import replies
from bot.office.appointments import Done, Overtaken
from bot.screen import (
    Button,
    GoTo,
    OutdatedError,
    Screen,
    action,
    page,
    pager,
    paragraphs,
    part_of,
    with_icon,
)
from dialogs.person import spoken
from dialogs.staff.cases import ReadyAnswers, Written
from dialogs.staff.home import Desks
from storage import cases
from storage.tables import Case

_ON_A_PAGE = 5


class ReadyAnswer(Page, prefix="sca", roles=DESK_STAFF):
    case: int
    reply: str


class SendReady(Action, prefix="scb", roles=DESK_STAFF):
    case: int
    reply: str


async def _mine(desk: Desk, case_id: int) -> Case:
    found = await cases.case(desk.session, case_id)
    if found is None or not office.is_with(found, desk.colleague):
        raise OutdatedError(page=Written(case_id))
    return found


def _known(code: str, case_id: int) -> replies.Reply:
    told = replies.known().get(code)
    if told is None:
        raise OutdatedError(page=ReadyAnswers(case_id, 0))
    return told


@page(ReadyAnswers)
async def ready_answers(desk: Desk, at: ReadyAnswers) -> Screen:
    found = await _mine(desk, at.case)
    shown, earlier, later = part_of(list(replies.known().values()), at.start, _ON_A_PAGE)
    return Screen(
        desk.say("Choose an answer for question {reference}.", reference=found.reference),
        [
            *[
                Button(with_icon("📄", one.titles["bg"]), ReadyAnswer(found.id, one.code))
                for one in shown
            ],
            *pager(
                desk.language,
                None if earlier is None else ReadyAnswers(found.id, earlier),
                None if later is None else ReadyAnswers(found.id, later),
            ),
        ],
        back=Desks(),
        home=False,
    )


@page(ReadyAnswer)
async def ready_answer(desk: Desk, at: ReadyAnswer) -> Screen:
    found = await _mine(desk, at.case)
    told = _known(at.reply, at.case)
    return Screen(
        paragraphs(
            desk.say("{words}", words=_in_bulgarian(desk, told)),
            desk.say(
                "<i>The visitor reads it in their language: {language}.</i>",
                language=desk.language.called(
                    desk.languages.get(found.language).speaks(told.texts)
                ),
            ),
        ),
        [Button(desk.label("📨 Send"), SendReady(found.id, told.code))],
        back=ReadyAnswers(found.id, 0),
        home=False,
    )


def _in_bulgarian(desk: Desk, told: replies.Reply) -> str:
    return spoken(desk, told, desk.languages.get("bg"))


@action(SendReady)
async def send_ready(desk: Desk, at: SendReady) -> GoTo:
    told = _known(at.reply, at.case)
    match await office.answer(
        desk.session,
        desk.colleague,
        at.case,
        _in_bulgarian(desk, told),
        now=desk.now,
        ready=told.code,
    ):
        case Done():
            return GoTo(Desks(), notice=desk.say("Sent."))
        case Overtaken():
            return GoTo(Desks(), notice=desk.say("You do not have this question now."))
