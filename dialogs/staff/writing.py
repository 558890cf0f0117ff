"""Staff write answers in the chat: a reply becomes an answer for everybody, a text is changed."""

from bot.address import DESK_STAFF, Action, Page, drawn_for
from bot.desk import Desk
from bot.office import kept as office
from bot.office import writing
from bot.office.writing import Composed
from bot.screen import (
    Button,
    GoTo,
    OutdatedError,
    Screen,
    action,
    page,
    paragraphs,
    with_icon,
    words,
)
from dialogs.markdown import html_of
from dialogs.staff.answer_desk import AnswerIn
from dialogs.staff.cases import Compose
from dialogs.staff.home import AnswerDesk, Desks
from storage import articles, cases, sealed
from storage.tables import Article


class Look(Page, prefix="sw2", roles=DESK_STAFF):
    source: str


class Publish(Action, prefix="sw3", roles=DESK_STAFF):
    """``shown`` is the text that was looked at: an old button publishes no other one."""

    topic: str
    shown: str


class Save(Action, prefix="sw5", roles=DESK_STAFF):
    article: int
    language: str
    shown: str


@page(Compose)
async def compose(desk: Desk, at: Compose) -> Screen:
    """One message is enough: its first line is the title."""
    article = _article_of(at.source)
    if article and article[1] not in desk.languages.all:
        raise OutdatedError(page=Desks())
    last = await _last_answer(desk, at.source)
    return Screen(
        paragraphs(
            desk.say("✍️ Write the answer for everybody, in one message, without names or numbers."),
            desk.say("The first line is the title, the lines below it are the text."),
            desk.say("If you write only the title, your last answer is the text:") if last else "",
            desk.say("<blockquote>{words}</blockquote>", words=last) if last else "",
        ),
        back=AnswerIn(*article) if article else Desks(),
        home=False,
        flow=True,
        asks="answer_words",
    )


def _article_of(source: str) -> tuple[int, str] | None:
    """``a7.uk``: article 7, in Ukrainian."""
    number, _, language = source[1:].partition(".")
    return (int(number), language) if source[:1] == "a" and number.isdecimal() else None


async def _last_answer(desk: Desk, source: str) -> str:
    """What this colleague answered last in the case the answer comes from."""
    if not source.startswith("c") or not source[1:].isdecimal():
        return ""
    found = await cases.case(desk.session, int(source[1:]))
    if found is None or found.taken_by != desk.colleague.id:
        return ""
    own = [one for one in await cases.messages(desk.session, found.id) if one.from_staff]
    return sealed.words_of(desk.session, own[-1])[: writing.LONGEST_BODY] if own else ""


@words("answer_words")
async def answer_words(desk: Desk, said: str) -> GoTo:
    """Nothing is lost that does not fit: the screen says what to shorten, and shows it again."""
    at = desk.where_we_were()
    if not isinstance(at, Compose):
        return GoTo(Desks())
    text = writing.compose(said, body=await _last_answer(desk, at.source))
    if not text.body:
        return GoTo(at, notice=desk.say("The text is missing: write it below the title."))
    if writing.is_title_too_long(text.title):
        return GoTo(
            at,
            notice=desk.say(
                "The first line is too long for a button: at most {n} letters.",
                n=writing.LONGEST_TITLE,
            ),
        )
    if len(text.body) > writing.LONGEST_BODY:
        most = writing.LONGEST_BODY
        return GoTo(at, notice=desk.say("The text is too long: at most {n} letters.", n=most))
    desk.draft.choices |= {
        "answer_for": at.source,
        "answer_title": text.title,
        "answer_body": text.body,
    }
    return GoTo(Look(at.source))


def _composed(desk: Desk, shown: str | None = None) -> Composed:
    """What was written last; not if a button was drawn for something else."""
    kept = desk.draft.choices
    if "answer_title" not in kept or "answer_body" not in kept:
        raise OutdatedError(page=Desks())
    if shown not in {None, _shown(desk)}:
        raise OutdatedError(page=desk.where_we_were())
    return Composed(kept["answer_title"], kept["answer_body"])


def _shown(desk: Desk) -> str:
    kept = desk.draft.choices
    return drawn_for(kept["answer_for"], kept["answer_title"], kept["answer_body"])


@page(Look)
async def look(desk: Desk, at: Look) -> Screen:
    """As readers see it, before anybody does."""
    text, article, shown = _composed(desk), _article_of(at.source), _shown(desk)
    return Screen(
        paragraphs(
            desk.say("<b>{title}</b>", title=text.title),
            html_of(text.body),
            desk.say("<i>This is how it will be read.</i>")
            if article
            else desk.say("<i>This is how it will be read. In which topic shall it stand?</i>"),
        ),
        [
            *(
                [Button(desk.label("📢 Publish"), Save(*article, shown), "success")]
                if article
                else [
                    Button(
                        with_icon(one.icon, desk.pick(one.titles)), Publish(one.code, _shown(desk))
                    )
                    for one in await articles.topics(desk.session)
                ]
            ),
            Button(desk.label("✏️ Write it again"), Compose(at.source)),
        ],
        home=False,
        flow=True,
    )


@action(Publish)
async def publish(desk: Desk, at: Publish) -> GoTo:
    """Everybody can read it at once; who asked for it and wants to know is told."""
    text, drawer = _composed(desk, at.shown), await articles.topic(desk.session, at.topic)
    if drawer is None:
        raise OutdatedError(page=Desks())
    made = await writing.publish(
        desk.session, desk.bureau, desk.colleague, drawer, text, now=desk.now
    )
    told = await _tell(desk, desk.draft.choices["answer_for"], made)
    desk.draft.forget()
    return GoTo(
        AnswerDesk(made.id),
        notice=desk.count(
            "Published. {n} visitor is told.", "Published. {n} visitors are told.", told
        ),
    )


async def _tell(desk: Desk, source: str, made: Article) -> int:
    if not source.startswith("q") or not source[1:].isdecimal():
        return 0
    asked = await office.like(desk.session, int(source[1:]))
    if asked is None:
        return 0
    return await office.answered(desk.session, desk.bureau, asked, made.id, now=desk.now)


@action(Save)
async def save(desk: Desk, at: Save) -> GoTo:
    done = await writing.change(
        desk.session,
        desk.bureau,
        desk.colleague,
        at.article,
        at.language,
        _composed(desk, at.shown),
        now=desk.now,
    )
    desk.draft.forget()
    if not done:
        return GoTo(Desks(), notice=desk.say("This answer is there no more."))
    return GoTo(AnswerDesk(at.article), notice=desk.say("Published."))
