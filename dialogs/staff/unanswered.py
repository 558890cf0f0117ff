"""What visitors asked in vain and let us keep: most asked first, and what becomes of it."""

from bot.address import DESK_STAFF, Action, Page
from bot.desk import Desk
from bot.office import kept as office
from bot.office.finding import PERHAPS
from bot.office.kept import Asked
from bot.screen import (
    Button,
    GoTo,
    OutdatedError,
    Screen,
    action,
    lines,
    page,
    pager,
    paragraphs,
    part_of,
    with_icon,
)
from dialogs.staff.cases import Compose
from dialogs.staff.home import Desks, Unanswered
from storage import articles, audit, kept
from storage.tables import Article

_ON_A_PAGE = 5
_SHOWN = 5
_LONGEST = 300
_NEAREST = 3


class KeptQuestion(Page, prefix="su1", roles=DESK_STAFF):
    question: int


class AnsweredBy(Action, prefix="su2", roles=DESK_STAFF):
    question: int
    article: int


class DropQuestion(Action, prefix="su3", roles=DESK_STAFF):
    question: int


@page(Unanswered)
async def unanswered(desk: Desk, at: Unanswered) -> Screen:
    found = await office.ranked(desk.session)
    shown, earlier, later = part_of(found, at.start, _ON_A_PAGE)
    return Screen(
        paragraphs(
            desk.say("<b>❔ Questions without an answer</b>"),
            *(_line(desk, number, one) for number, one in enumerate(shown, at.start + 1)),
            "" if found else desk.say("There are none just now."),
        ),
        [
            *(
                Button(desk.label("❔ Question {n}", n=number), KeptQuestion(one.ids[0]))
                for number, one in enumerate(shown, at.start + 1)
            ),
            *pager(
                desk.language,
                None if earlier is None else Unanswered(earlier),
                None if later is None else Unanswered(later),
            ),
        ],
        back=Desks(),
        home=False,
    )


def _line(desk: Desk, number: int, asked: Asked) -> str:
    return desk.count(
        "{number}. {language}, asked {n} time: {words}",
        "{number}. {language}, asked {n} times: {words}",
        len(asked.ids),
        number=number,
        language=desk.language.called(asked.language),
        words=asked.words[-1][:_LONGEST],
    )


async def _asked(desk: Desk, question: int) -> Asked:
    found = await office.like(desk.session, question)
    if found is None:
        raise OutdatedError(page=Unanswered(0))
    return found


@page(KeptQuestion)
async def kept_question(desk: Desk, at: KeptQuestion) -> Screen:
    """All ways it was asked; the answers that come nearest; or a new one."""
    asked = await _asked(desk, at.question)
    return Screen(
        paragraphs(
            desk.say("<b>❔ {language}</b>", language=desk.language.called(asked.language)),
            lines(*(desk.say("• {words}", words=one[:_LONGEST]) for one in asked.words[:_SHOWN])),
            desk.say("If an answer is there already, choose it: those who wait for it are told."),
        ),
        [
            *(
                Button(
                    with_icon("📄", desk.pick(articles.titles(one))),
                    AnsweredBy(at.question, one.id),
                )
                for one in await _nearest(desk, asked)
            ),
            Button(desk.label("✍️ Make this an answer"), Compose(f"q{at.question}")),
            Button(desk.label("🗑 Not for us, delete"), DropQuestion(at.question), "danger"),
        ],
        back=Unanswered(0),
        home=False,
    )


async def _nearest(desk: Desk, asked: Asked) -> list[Article]:
    hits = desk.house.search.find(asked.words[-1], asked.language).hits
    near = [one.code for one in hits if one.score >= PERHAPS]
    return list((await articles.by_codes(desk.session, near))[:_NEAREST])


@action(AnsweredBy)
async def answered_by(desk: Desk, at: AnsweredBy) -> GoTo:
    asked = await _asked(desk, at.question)
    if await articles.article(desk.session, at.article) is None:
        raise OutdatedError(page=Unanswered(0))
    told = await office.answered(desk.session, desk.bureau, asked, at.article, now=desk.now)
    audit.note(desk.session, desk.colleague, "answer_kept", str(at.question), "found", now=desk.now)
    return GoTo(
        Unanswered(0),
        notice=desk.count("{n} visitor is told.", "{n} visitors are told.", told),
    )


@action(DropQuestion)
async def drop_question(desk: Desk, at: DropQuestion) -> GoTo:
    asked = await _asked(desk, at.question)
    await kept.forget(desk.session, asked.ids)
    audit.note(desk.session, desk.colleague, "drop_kept", str(at.question), "deleted", now=desk.now)
    return GoTo(Unanswered(0), notice=desk.say("Deleted."))
