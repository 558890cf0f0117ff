"""A visitor writes in their own words: an answer, a choice, another screen, or a person."""

from collections.abc import Callable

from bot.address import Page
from bot.desk import Desk
from bot.office import cases as office_cases
from bot.office import finding
from bot.screen import (
    Button,
    GoTo,
    Link,
    OutdatedError,
    Screen,
    lines,
    page,
    paragraphs,
    words,
)
from dialogs.answers import Read, Topics, resume, title_button
from dialogs.company import Institutions
from dialogs.legal import Days
from dialogs.mine import Mine
from dialogs.person import KEPT, AskPerson, PassOn
from dialogs.programme import Programme
from dialogs.reading import map_link
from dialogs.welcome import Languages
from storage import articles, cases, counts

_MISSES = 3
_MOST_CHOICES = 3


class Choices(Page, prefix="ac"):
    articles: str


class NotFound(Page, prefix="an"):
    time: int


class Booking(Page, prefix="i1"): ...


class Contact(Page, prefix="i2"): ...


class Somebody(Page, prefix="i3"): ...


class SmallTalk(Page, prefix="i4"): ...


class HowToRate(Page, prefix="i5"): ...


_WISHES: dict[str, Callable[[], Page]] = {
    "booking": Booking,
    "programme": Programme,
    "rating": HowToRate,
    "contact": Contact,
    "person": Somebody,
    "mine": Mine,
    "language": Languages,
    "smalltalk": SmallTalk,
}
"""Where words lead that ask for something besides an answer."""


@words("words")
async def asked(desk: Desk, said: str) -> GoTo:
    """Words out of the blue: to the person who has our case, or a question we look up."""
    if await cases.open_case_of(desk.session, desk.visitor.id) is not None:
        return await _pass_on(desk, said)
    found = desk.house.search.find(said, desk.language.code)
    if found.action == finding.ANSWER:
        return await _answer(desk, said, found)
    if found.action in _WISHES:
        desk.draft.misses = 0
        return GoTo(_WISHES[found.action]())
    since = desk.now - office_cases.FOLLOWS
    if await cases.closed_lately(desk.session, desk.visitor.id, since=since) is not None:
        return await _pass_on(desk, said)
    if found.action == finding.CHOICES:
        return await _offer(desk, said, found)
    return await _miss(desk, said)


async def _answer(desk: Desk, said: str, found: finding.Found) -> GoTo:
    """In the language of the question, if it is one of ours and we have the text in it."""
    there = await articles.by_codes(desk.session, [one.code for one in found.hits])
    if not there:
        return GoTo(Topics())
    article = there[0]
    desk.draft.misses = 0
    _remember(desk, said)  # for the case that it does not help
    own = found.language == desk.language.code or found.language not in articles.bodies(article)
    return GoTo(Read(article.id, "" if own else found.language))


async def _offer(desk: Desk, said: str, found: finding.Found) -> GoTo:
    there = await articles.by_codes(desk.session, [one.code for one in found.hits])
    if not there:
        return await _miss(desk, said)
    _remember(desk, said)
    return GoTo(Choices(".".join(str(one.id) for one in there[:_MOST_CHOICES])))


async def _pass_on(desk: Desk, said: str) -> GoTo:
    passed = await office_cases.pass_on(
        desk.session,
        desk.bureau,
        desk.visitor,
        said,
        now=desk.now,
        told_in=desk.person.message_id,
    )
    return GoTo(PassOn(passed.case.id))


def _remember(desk: Desk, said: str) -> None:
    """The words stay in the draft for a day, so that a person can be given them."""
    desk.draft.choices["question"] = said[: office_cases.LONGEST]
    desk.draft.choices.pop(KEPT, None)


async def _miss(desk: Desk, said: str) -> GoTo:
    """Never the same words twice in a row: after the second miss they take turns."""
    if not desk.house.search.is_ready:
        return GoTo(Topics(), notice=just_started(desk))
    desk.draft.misses += 1
    _remember(desk, said)
    await counts.add(
        desk.session, desk.bureau.today(desk.now), "not_found", language=desk.language.code
    )
    time = desk.draft.misses
    return GoTo(NotFound(time if time <= _MISSES else _MISSES - (time - _MISSES) % 2))


def just_started(desk: Desk) -> str:
    """In its first minute after an upgrade the bot has not learned the answers yet."""
    return desk.say("I have just been started. Please write again in a minute, or look by topic.")


@page(Choices)
async def choices(desk: Desk, at: Choices) -> Screen:
    ids = [int(one) for one in at.articles.split(".") if one.isdecimal() and len(one) < 10]
    found = await articles.some(desk.session, ids[:_MOST_CHOICES])
    if not found:
        raise OutdatedError(page=Topics())
    return Screen(
        desk.say("Perhaps one of these answers your question?"),
        [
            *(title_button(desk, one) for one in found),
            Button(desk.label("💬 None of these: ask a person"), AskPerson()),
            *resume(desk),
        ],
        back=Topics(),
    )


@page(NotFound)
async def not_found(desk: Desk, at: NotFound) -> Screen:
    """The first time other ways are shown; then a person, and the bureau itself."""
    to_person = Button(desk.label("💬 Give it to a person"), AskPerson())
    if at.time == 1:
        return Screen(
            desk.say("I did not find an answer to that. You can look by topic, or ask a person."),
            [
                Button(desk.label("❓ Questions and answers"), Topics()),
                Button(desk.label("💬 Ask a person"), AskPerson()),
                *resume(desk),
            ],
        )
    if at.time == _MISSES - 1:
        return Screen(
            desk.say("I still have no answer to that. A person can read your question and answer."),
            [to_person, *resume(desk)],
        )
    return Screen(
        paragraphs(
            desk.say("I do not know that. You can also come to us and ask."), _where_we_are(desk)
        ),
        [to_person, *resume(desk)],
    )


# What people want besides an answer


@page(Booking)
async def booking(desk: Desk) -> Screen:
    return Screen(
        desk.say("What do you need an appointment for?"),
        [
            Button(desk.label("⚖️ Legal help"), Days(0)),
            Button(desk.label("🤝 Someone to go with me"), Institutions()),
            Button(desk.label("🗂 My appointments"), Mine()),
            Button(desk.label("💬 Something else: ask a person"), AskPerson()),
            *resume(desk),
        ],
    )


@page(Contact)
async def contact(desk: Desk) -> Screen:
    address = desk.bureau.address
    return Screen(
        paragraphs(
            desk.say("<b>{name}</b>", name=desk.pick(dict(desk.bureau.name))), _where_we_are(desk)
        ),
        [
            Button(desk.label("🗺 Map"), Link(map_link(address.get("bg", desk.pick(address))))),
            Button(desk.label("💬 Ask a person"), AskPerson()),
            *resume(desk),
        ],
    )


def _where_we_are(desk: Desk) -> str:
    today = desk.bureau.today(desk.now)
    return lines(
        desk.say("📍 {address}", address=desk.pick(desk.bureau.address)),
        desk.say(
            "🕙 On working days, {opens}–{closes}",
            opens=desk.language.time(desk.bureau.at(today, desk.bureau.opens)),
            closes=desk.language.time(desk.bureau.at(today, desk.bureau.closes)),
        ),
    )


@page(Somebody)
async def somebody(desk: Desk) -> Screen:
    """Who asks for a person, or just for help, need not say it better."""
    return Screen(
        desk.say("We are here to help. A person of the bureau can read your question and answer."),
        [
            Button(desk.label("💬 Ask a person"), AskPerson()),
            Button(desk.label("❓ Questions and answers"), Topics()),
            Button(desk.label("⚖️ Legal help"), Days(0)),
            Button(desk.label("🤝 Someone to go with me"), Institutions()),
            *resume(desk),
        ],
    )


@page(SmallTalk)
async def small_talk(desk: Desk) -> Screen:
    return Screen(
        desk.say(
            "Thank you for writing. This bot knows about papers, work, health and life in Sofia."
            " Write your question, or press a button."
        ),
        [
            Button(desk.label("❓ Questions and answers"), Topics()),
            Button(desk.label("💬 Ask a person"), AskPerson()),
            *resume(desk),
        ],
    )


@page(HowToRate)
async def how_to_rate(desk: Desk) -> Screen:
    return Screen(
        desk.say(
            "After each appointment we ask you how it was. If you want to tell us something now,"
            " write to a person of the bureau."
        ),
        [
            Button(desk.label("🗂 My appointments"), Mine()),
            Button(desk.label("💬 Ask a person"), AskPerson()),
            *resume(desk),
        ],
    )
