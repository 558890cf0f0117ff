"""One answer in all its languages: what is there, what is missing, what is older than Bulgarian."""

from bot.address import DESK_STAFF, Action, Page, drawn_for
from bot.desk import Desk
from bot.office import writing
from bot.office.writing import ORIGINAL
from bot.screen import (
    Button,
    GoTo,
    OutdatedError,
    Screen,
    action,
    lines,
    page,
    paragraphs,
    with_icon,
)
from bot.texts import Language
from dialogs.answers import Read
from dialogs.markdown import html_of
from dialogs.staff.cases import Compose
from dialogs.staff.home import AnswerDesk, Desks
from storage import articles
from storage.tables import Article


class AnswerIn(Page, prefix="sw4", roles=DESK_STAFF):
    article: int
    language: str


class StillRight(Action, prefix="sw6", roles=DESK_STAFF):
    """``beside`` is the Bulgarian text the translation was compared with."""

    article: int
    language: str
    beside: str


class Withdraw(Action, prefix="sw7", roles=DESK_STAFF):
    article: int


async def _article(desk: Desk, article_id: int) -> Article:
    found = await articles.article(desk.session, article_id)
    if found is None:
        raise OutdatedError(page=Desks())
    return found


@page(AnswerDesk)
async def answer_desk(desk: Desk, at: AnswerDesk) -> Screen:
    """Which languages there are, which are missing, which are older than the Bulgarian text."""
    found = await _article(desk, at.article)
    offered = list(desk.languages.offered())
    rows = [
        Button(_with_mark(found, one), AnswerIn(found.id, one.code)) for one in _ours_first(offered)
    ]
    return Screen(
        paragraphs(
            desk.say("<b>{title}</b>", title=desk.pick(articles.titles(found))),
            lines(
                desk.say("✓ can be read"),
                desk.say("⚠️ older than the Bulgarian text"),
                desk.say("✗ missing: visitors read it in another language"),
            ),
        ),
        [
            *(tuple(rows[at : at + 2]) for at in range(0, len(rows), 2)),
            Button(desk.label("👁 As a visitor"), Read(found.id, "")),
            *(
                [Button(desk.label("🗑 Withdraw this answer"), Withdraw(found.id), "danger")]
                if writing.is_own(found)
                else []
            ),
        ],
        back=Desks(),
        home=False,
    )


def _ours_first(offered: list[Language]) -> list[Language]:
    return sorted(offered, key=lambda one: one.code != ORIGINAL)


def _with_mark(found: Article, language: Language) -> str:
    if language.code not in articles.bodies(found):
        return with_icon("✗", language.name)
    return with_icon("⚠️" if language.code in articles.stale(found) else "✓", language.name)


@page(AnswerIn)
async def answer_in(desk: Desk, at: AnswerIn) -> Screen:
    found = await _article(desk, at.article)
    if at.language not in desk.languages.all:
        raise OutdatedError(page=AnswerDesk(found.id))
    body = articles.bodies(found).get(at.language)
    still = StillRight(found.id, at.language, _beside(found))
    return Screen(
        paragraphs(
            desk.say("<b>{title}</b>", title=articles.titles(found).get(at.language, "")),
            html_of(body) if body else desk.say("This answer is missing in this language."),
        ),
        [
            Button(desk.label("✏️ Write it again"), Compose(f"a{found.id}.{at.language}")),
            *(
                [Button(desk.label("✅ Still right"), still)]
                if at.language in articles.stale(found)
                else []
            ),
        ],
        back=AnswerDesk(found.id),
        home=False,
    )


def _beside(found: Article) -> str:
    return drawn_for(articles.bodies(found).get(ORIGINAL, ""))


@action(StillRight)
async def still_right(desk: Desk, at: StillRight) -> GoTo:
    found = await _article(desk, at.article)
    if at.beside != _beside(found):
        raise OutdatedError(page=AnswerIn(at.article, at.language))
    await writing.still_right(desk.session, desk.colleague, found, at.language, now=desk.now)
    return GoTo(AnswerDesk(at.article))


@action(Withdraw)
async def withdraw(desk: Desk, at: Withdraw) -> GoTo:
    await writing.withdraw(desk.session, desk.colleague, at.article, now=desk.now)
    return GoTo(Desks(), notice=desk.say("Withdrawn. Nobody finds this answer any more."))
