"""A visitor looks for an answer: by drawer, or in their own words."""

from collections.abc import Iterator

from bot.address import Action, Continue, Page
from bot.desk import Desk
from bot.screen import (
    MOST_CHOICES,
    Button,
    GoTo,
    Link,
    OutdatedError,
    Screen,
    action,
    page,
    pager,
    part_of,
    with_icon,
)
from bot.texts import SOURCE
from dialogs.company import Institutions
from dialogs.leaflets import Note, Notes, Paths
from dialogs.legal import Days
from dialogs.person import AskPerson
from dialogs.reading import article_text, map_link
from dialogs.staff.home import AnswerDesk, works_at_desk
from storage import articles, counts
from storage.tables import Article

_MOST_RELATED = 2


class Topics(Page, prefix="t"): ...


class InTopic(Page, prefix="tt"):
    topic: str


class MoreInTopic(Page, prefix="tm"):
    topic: str
    start: int


class Read(Page, prefix="a"):
    article: int
    language: str


class Helped(Action, prefix="ah"):
    article: int


class NotHelped(Action, prefix="aw"):
    article: int


@page(Topics)
async def topics(desk: Desk) -> Screen:
    return Screen(
        desk.say("What is your question about? You can also write it in your own words."),
        [
            *(
                Button(with_icon(one.icon, desk.pick(one.titles)), InTopic(one.code))
                for one in await articles.topics(desk.session)
            ),
            (
                Button(desk.label("🧭 First days"), Paths()),
                Button(desk.label("🪧 Texts to show"), Notes(0)),
            ),
        ],
    )


@page(InTopic)
async def in_topic(desk: Desk, at: InTopic) -> Screen:
    return await more_in_topic(desk, MoreInTopic(at.topic, 0))


@page(MoreInTopic)
async def more_in_topic(desk: Desk, at: MoreInTopic) -> Screen:
    topic = await articles.topic(desk.session, at.topic)
    if topic is None:
        raise OutdatedError(page=Topics())
    found = await articles.of_topic(desk.session, at.topic)
    shown, earlier, later = part_of(found, at.start, MOST_CHOICES)
    return Screen(
        desk.say("<b>{topic}</b>", topic=with_icon(topic.icon, desk.pick(topic.titles))),
        [
            *(title_button(desk, one) for one in shown),
            *pager(
                desk.language,
                None if earlier is None else MoreInTopic(at.topic, earlier),
                None if later is None else MoreInTopic(at.topic, later),
            ),
        ],
        back=Topics(),
    )


def title_button(desk: Desk, article: Article) -> Button:
    return Button(with_icon("📄", desk.pick(articles.titles(article))), Read(article.id, ""))


@page(Read)
async def read(desk: Desk, at: Read) -> Screen:
    """An answer: what to do, where to go, where it comes from, and a person if it did not help."""
    article = await articles.article(desk.session, at.article)
    if article is None:
        raise OutdatedError(page=Topics())
    text, told_in = article_text(desk, article, at.language)
    back = Topics() if article.stub else InTopic(article.topic_code)
    return Screen(text, await _below(desk, article, told_in), back=back)


async def _below(desk: Desk, article: Article, told_in: str) -> list[Button | tuple[Button, ...]]:
    """What somebody does next comes first; related answers take the room that is left."""
    helps = list(_in_person(desk, article))
    leads = [
        Button(desk.label("👍 It helped"), Helped(article.id)),
        Button(desk.label("👎 No, ask a person"), NotHelped(article.id)),
    ]
    others = list(_in_other_languages(desk, article, told_in))
    at_hand = list(_at_hand(desk, article))
    writes = list(_to_write(desk, article))
    room = MOST_CHOICES - len([*helps, *leads, *others, *at_hand, *writes, *resume(desk)])
    related = await articles.by_codes(desk.session, article.related[: min(_MOST_RELATED, room)])
    return [
        *helps,
        *(title_button(desk, one) for one in related),
        tuple(at_hand),
        tuple(others),
        tuple(leads),
        *writes,
        *resume(desk),
    ]


def _to_write(desk: Desk, article: Article) -> Iterator[Button]:
    """Staff find a text as visitors do, and change it where they stand."""
    if works_at_desk(desk):
        yield Button(desk.label("✏️ Change this answer"), AnswerDesk(article.id))


def _in_person(desk: Desk, article: Article) -> Iterator[Button]:
    if article.service == "legal":
        yield Button(desk.label("⚖️ Legal help"), Days(0))
    if article.service == "company":
        yield Button(desk.label("🤝 Someone to go with me"), Institutions())


def _at_hand(desk: Desk, article: Article) -> Iterator[Button]:
    """What helps on the way there: a text to show, the place on a map."""
    if article.note:
        yield Button(desk.label("🪧 Text to show"), Note(article.note))
    address = article.institution.get("address")
    if address:
        yield Button(desk.label("🗺 Map"), Link(map_link(address)))


def _in_other_languages(desk: Desk, article: Article, told_in: str) -> Iterator[Button]:
    """From a translation to the Bulgarian text, from there to the English one and back."""
    mine, there = desk.language.code, articles.bodies(article)
    if told_in == mine and mine not in {SOURCE, "bg"}:
        yield Button("🌐 Български · English", Read(article.id, "bg"))
    elif told_in != mine:
        for code in [one for one in (mine, "bg", SOURCE) if one != told_in and one in there][:2]:
            yield Button(with_icon("🌐", desk.languages.get(code).name), Read(article.id, code))


def resume(desk: Desk) -> list[Button]:
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
