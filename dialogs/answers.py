"""A visitor looks for an answer: by drawer, or in their own words."""

from datetime import date

from bot.address import Action, Continue, Page
from bot.desk import Desk
from bot.office import cases as office_cases
from bot.office.search import SURE
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
from bot.texts import SOURCE
from dialogs.company import Institutions
from dialogs.legal import Days
from dialogs.markdown import html_of
from dialogs.person import AskPerson, PassOn
from storage import articles, cases, counts
from storage.tables import Article

_MOST_RELATED = 2


class Topics(Page, prefix="t"): ...


class InTopic(Page, prefix="tt"):
    topic: str


class Read(Page, prefix="a"):
    article: int
    language: str


class Choices(Page, prefix="ac"):
    articles: str


class NotFound(Page, prefix="an"):
    time: int


class Helped(Action, prefix="ah"):
    article: int


class NotHelped(Action, prefix="aw"):
    article: int


@page(Topics)
async def topics(desk: Desk) -> Screen:
    return Screen(
        desk.say("What is your question about? You can also write it in your own words."),
        [
            Button(with_icon(one.icon, desk.pick(one.titles)), InTopic(one.code))
            for one in await articles.topics(desk.session)
        ],
    )


@page(InTopic)
async def in_topic(desk: Desk, at: InTopic) -> Screen:
    topic = await articles.topic(desk.session, at.topic)
    if topic is None:
        raise OutdatedError(page=Topics())
    found = await articles.of_topic(desk.session, at.topic)
    return Screen(
        desk.say("<b>{topic}</b>", topic=with_icon(topic.icon, desk.pick(topic.titles))),
        [_title_button(desk, one) for one in found],
        back=Topics(),
    )


def _title_button(desk: Desk, article: Article) -> Button:
    return Button(with_icon("📄", desk.pick(articles.titles(article))), Read(article.id, ""))


@page(Read)
async def read(desk: Desk, at: Read) -> Screen:
    """An answer: what to do, where to go, where it comes from, and a person if it did not help."""
    article = await articles.article(desk.session, at.article)
    if article is None:
        raise OutdatedError(page=Topics())
    bodies = articles.bodies(article)
    told_in = at.language if at.language in bodies else desk.language.speaks(bodies)
    text = paragraphs(
        desk.say("<b>{title}</b>", title=articles.titles(article)[told_in]),
        _in_place(desk, told_in),
        html_of(bodies[told_in]),
        _institution(desk, article),
        _source(desk, article),
    )
    return Screen(text, await _below(desk, article, told_in), back=InTopic(article.topic_code))


def _in_place(desk: Desk, told_in: str) -> str:
    """Say honestly what this text is: another language, or a translation nobody has signed."""
    language = desk.languages.get(told_in)
    if told_in != desk.language.code:
        return desk.say("This text is in {language}.", language=language.name)
    if language.signed_by is None and told_in not in {SOURCE, "bg"}:
        return desk.say("<i>Translation not yet checked by a native speaker.</i>")
    return ""


def _institution(desk: Desk, article: Article) -> str:
    names = {code: name for code, name in article.institution.items() if len(code) == 2}
    if not names:
        return ""
    bulgarian = names.get("bg", "")
    own = desk.pick(names)
    if own == bulgarian:
        return desk.say("🏛 {institution}", institution=own)
    return desk.say("🏛 {institution} ({bulgarian})", institution=own, bulgarian=bulgarian)


def _source(desk: Desk, article: Article) -> str:
    if article.confirmed_on is not None:
        return desk.say(
            "🔎 Source: {source}\nThe bureau confirmed this text on {day}",
            source=article.source,
            day=desk.language.day(article.confirmed_on),
        )
    year, month = map(int, article.seen_on.split("-")[:2])
    return desk.say(
        "🔎 Source: {source}\nWe read it in {month}. The bureau has not confirmed it yet.",
        source=article.source,
        month=desk.language.month(date(year, month, 1)),
    )


async def _below(desk: Desk, article: Article, told_in: str) -> list[Button | tuple[Button, ...]]:
    related = await articles.by_codes(desk.session, article.related[:_MOST_RELATED])
    rows: list[Button | tuple[Button, ...]] = [_title_button(desk, one) for one in related]
    if article.service == "legal":
        rows.append(Button(desk.label("⚖️ Legal help"), Days(0)))
    if article.service == "company":
        rows.append(Button(desk.label("🤝 Someone to go with me"), Institutions()))
    if desk.language.code not in {SOURCE, "bg"}:
        originals = [one for one in ("bg", SOURCE, desk.language.code) if one != told_in]
        rows.append(
            tuple(
                Button(with_icon("🌐", desk.languages.get(one).name), Read(article.id, one))
                for one in originals[:2]
            )
        )
    rows.append(
        (
            Button(desk.label("👍 It helped"), Helped(article.id)),
            Button(desk.label("👎 No"), NotHelped(article.id)),
        )
    )
    rows.append(Button(desk.label("💬 Ask a person"), AskPerson()))
    rows.extend(_resume(desk))
    return rows


def _resume(desk: Desk) -> list[Button]:
    """Words in the middle of a flow are answered; the way back into it stays open."""
    if not desk.draft.at:
        return []
    return [Button(desk.label("▶️ Continue where I stopped"), Continue())]


@action(Helped)
async def helped(desk: Desk, at: Helped) -> GoTo:
    await _count(desk, at.article, "helped")
    return GoTo(Read(at.article, ""), notice=desk.say("Thank you. Good luck!"))


@action(NotHelped)
async def not_helped(desk: Desk, at: NotHelped) -> GoTo:
    await _count(desk, at.article, "not_helped")
    return GoTo(AskPerson())


async def _count(desk: Desk, article_id: int, what: str) -> None:
    article = await articles.article(desk.session, article_id)
    if article is None:
        raise OutdatedError(page=Topics())
    day = desk.bureau.today(desk.now)
    await counts.add(desk.session, day, f"{what}:{article.code}", language=desk.language.code)


@words("words")
async def asked(desk: Desk, said: str) -> GoTo:
    """Words out of the blue: to the person who has our case, or a question we look up."""
    if await cases.open_case_of(desk.session, desk.visitor.id) is not None:
        return await _pass_on(desk, said)
    hits = desk.house.index.find(said)
    if hits and hits[0].score >= SURE:
        desk.draft.misses = 0
        return GoTo(Read(hits[0].article_id, ""))
    since = desk.now - office_cases.FOLLOWS
    if await cases.closed_lately(desk.session, desk.visitor.id, since=since) is not None:
        return await _pass_on(desk, said)
    if not hits:
        return await _miss(desk, said)
    desk.draft.misses = 0
    return GoTo(Choices(".".join(str(one.article_id) for one in hits)))


async def _pass_on(desk: Desk, said: str) -> GoTo:
    passed = await office_cases.pass_on(desk.session, desk.bureau, desk.visitor, said, now=desk.now)
    return GoTo(PassOn(passed.case.id))


async def _miss(desk: Desk, said: str) -> GoTo:
    """The words are kept in the draft for a day, so that a person can be given them."""
    desk.draft.misses += 1
    desk.draft.choices["question"] = said[: office_cases.LONGEST]
    await counts.add(
        desk.session, desk.bureau.today(desk.now), "not_found", language=desk.language.code
    )
    return GoTo(NotFound(min(desk.draft.misses, 2)))


@page(Choices)
async def choices(desk: Desk, at: Choices) -> Screen:
    ids = [int(one) for one in at.articles.split(".") if one.isdecimal() and len(one) < 10][:3]
    found = await articles.some(desk.session, ids)
    if not found:
        raise OutdatedError(page=Topics())
    return Screen(
        desk.say("Perhaps one of these answers your question?"),
        [
            *(_title_button(desk, one) for one in found),
            Button(desk.label("💬 None of these: ask a person"), AskPerson()),
            *_resume(desk),
        ],
        back=Topics(),
    )


@page(NotFound)
async def not_found(desk: Desk, at: NotFound) -> Screen:
    """The first time other ways are shown; the second time a person is offered at once."""
    if at.time > 1:
        return Screen(
            desk.say("I still have no answer to that. A person can read your question and answer."),
            [Button(desk.label("💬 Give it to a person"), AskPerson()), *_resume(desk)],
        )
    return Screen(
        desk.say("I did not find an answer to that. You can look by topic, or ask a person."),
        [
            Button(desk.label("❓ Questions and answers"), Topics()),
            Button(desk.label("💬 Ask a person"), AskPerson()),
            *_resume(desk),
        ],
    )
