"""Staff write answers in the chat: a reply becomes an answer for everybody, a text is changed."""

from bot.address import DESK_STAFF, Action, Page
from bot.desk import Desk
from bot.office import kept as office
from bot.office import writing
from bot.office.writing import ORIGINAL, Composed
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
    words,
)
from bot.texts import Language
from dialogs.answers import Read
from dialogs.markdown import html_of
from dialogs.staff.cases import Compose
from dialogs.staff.home import AnswerDesk, Desks
from storage import articles, cases, sealed
from storage.tables import Article


class Look(Page, prefix="sw2", roles=DESK_STAFF):
    source: str


class Publish(Action, prefix="sw3", roles=DESK_STAFF):
    topic: str


class AnswerIn(Page, prefix="sw4", roles=DESK_STAFF):
    article: int
    language: str


class Save(Action, prefix="sw5", roles=DESK_STAFF):
    article: int
    language: str


class StillRight(Action, prefix="sw6", roles=DESK_STAFF):
    article: int
    language: str


class Withdraw(Action, prefix="sw7", roles=DESK_STAFF):
    article: int


@page(Compose)
async def compose(desk: Desk, at: Compose) -> Screen:
    """One message is enough: its first line is the title."""
    last = await _last_answer(desk, at.source)
    return Screen(
        paragraphs(
            desk.say("✍️ Write the answer for everybody, in one message, without names or numbers."),
            desk.say("The first line is the title, the lines below it are the text."),
            desk.say("If you write only the title, your last answer is the text:") if last else "",
            desk.say("<blockquote>{words}</blockquote>", words=last) if last else "",
        ),
        back=_before(at.source),
        home=False,
        flow=True,
        asks="answer_words",
    )


def _before(source: str) -> Page:
    article = _article_of(source)
    return AnswerIn(*article) if article else Desks()


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
    desk.draft.choices.update(answer_title=text.title, answer_body=text.body)
    return GoTo(Look(at.source))


def _composed(desk: Desk) -> Composed:
    kept = desk.draft.choices
    if "answer_title" not in kept or "answer_body" not in kept:
        raise OutdatedError(page=Desks())
    return Composed(kept["answer_title"], kept["answer_body"])


@page(Look)
async def look(desk: Desk, at: Look) -> Screen:
    """As readers see it, before anybody does."""
    text, article = _composed(desk), _article_of(at.source)
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
                [Button(desk.label("📢 Publish"), Save(*article), "success")]
                if article
                else [
                    Button(with_icon(one.icon, desk.pick(one.titles)), Publish(one.code))
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
    text, drawer = _composed(desk), await articles.topic(desk.session, at.topic)
    if drawer is None:
        raise OutdatedError(page=Desks())
    source = _source(desk)
    made = await writing.publish(
        desk.session, desk.bureau, desk.colleague, drawer, text, now=desk.now
    )
    told = await _tell(desk, source, made)
    desk.draft.forget()
    return GoTo(
        AnswerDesk(made.id),
        notice=desk.count(
            "Published. {n} visitor is told.", "Published. {n} visitors are told.", told
        ),
    )


def _source(desk: Desk) -> str:
    at = desk.where_we_were()
    return at.source if isinstance(at, Look) else ""


async def _tell(desk: Desk, source: str, made: Article) -> int:
    if not source.startswith("q") or not source[1:].isdecimal():
        return 0
    asked = await office.like(desk.session, int(source[1:]))
    if asked is None:
        return 0
    await writing.learn(desk.session, made.id, asked.language, *asked.words)
    return await office.answered(desk.session, desk.bureau, asked, made.id, now=desk.now)


@action(Save)
async def save(desk: Desk, at: Save) -> GoTo:
    done = await writing.change(
        desk.session,
        desk.bureau,
        desk.colleague,
        at.article,
        at.language,
        _composed(desk),
        now=desk.now,
    )
    desk.draft.forget()
    if not done:
        return GoTo(Desks(), notice=desk.say("This answer is there no more."))
    return GoTo(AnswerDesk(at.article), notice=desk.say("Published."))


# One answer in all its languages


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
    body = articles.bodies(found).get(at.language)
    is_stale = at.language in articles.stale(found)
    return Screen(
        paragraphs(
            desk.say("<b>{title}</b>", title=articles.titles(found).get(at.language, "")),
            html_of(body) if body else desk.say("This answer is missing in this language."),
        ),
        [
            Button(desk.label("✏️ Write it again"), Compose(f"a{found.id}.{at.language}")),
            *(
                [Button(desk.label("✅ Still right"), StillRight(found.id, at.language))]
                if is_stale
                else []
            ),
        ],
        back=AnswerDesk(found.id),
        home=False,
    )


@action(StillRight)
async def still_right(desk: Desk, at: StillRight) -> GoTo:
    found = await _article(desk, at.article)
    await writing.still_right(desk.session, desk.colleague, found, at.language, now=desk.now)
    return GoTo(AnswerDesk(at.article))


@action(Withdraw)
async def withdraw(desk: Desk, at: Withdraw) -> GoTo:
    await writing.withdraw(desk.session, desk.colleague, at.article, now=desk.now)
    return GoTo(Desks(), notice=desk.say("Withdrawn. Nobody finds this answer any more."))
