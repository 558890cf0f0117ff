"""A walk through the whole conversation: everything happens once, and everything is looked at."""

from dataclasses import dataclass, field
from datetime import timedelta

from sqlalchemy import select

import dialogs
from bot.address import Address, Leave, Menu, Page, pack
from bot.desk import Person
from bot.office import alarms
from bot.screen import Button, Link, Screen
from dialogs import keeping
from dialogs.answers import Helped, NotHelped, Read
from dialogs.asking import Choices, NotFound
from dialogs.company import Ask, Confirm, Institutions, WhichDay, WhichLanguage, WhichPart
from dialogs.first import Grown, Young
from dialogs.legal import Book, Days, Hold, Times
from dialogs.mine import Appointed, AskCancel, Cancel, Mine, Withdraw
from dialogs.person import AskPerson, AskToKeep, TakeBack
from dialogs.privacy import AskErase, Erase, Erased, Privacy
from dialogs.rating import Score
from dialogs.staff import (
    answer_desk,
    cards,
    cases,
    handing,
    home,
    ready,
    requests,
    unanswered,
    writing,
)
from dialogs.welcome import Languages
from storage import handled
from storage.tables import Handled
from tests.core import Town
from tests.world import person

TABLE = dialogs.table()
MOST_OF_A_KIND = 2  # of pages that differ only in their numbers
STEADY = {
    "dialogs.programme",
    "dialogs.answers",
    "dialogs.asking",
    "dialogs.leaflets",
}  # whatever people do, these stay as they are
WISHES = (
    "I want to book an appointment",
    "what is the address of your office",
    "I want to talk to a real person",
    "hello, how are you",
    "I want to give stars for the service",
)
"""Each leads to a screen of its own."""
PHOTO = {"photo": [{"file_id": "p", "file_unique_id": "p", "width": 90, "height": 90}]}


@dataclass
class Walk:
    """What was seen on the way: each screen with its page, and every button under a message."""

    town: Town
    screens: list[tuple[Page, Screen]] = field(default_factory=list)
    kinds: set[str] = field(default_factory=set)

    async def look_around(self, name: str, first: Page) -> None:
        """Draws every page that can be reached from this phone by pressing pages only."""
        shown = [one.to for one in self.town.buttons(person(name))]
        ahead: list[Address] = [first, *await self._led_to(), *shown]
        seen: dict[Address, None] = {}
        known = list(self.screens)
        while ahead:
            one = ahead.pop(0)
            of_a_kind = sum(type(other) is type(one) for other in seen)
            if not isinstance(one, Page) or one in seen or of_a_kind >= MOST_OF_A_KIND:
                continue
            if type(one).__module__ in STEADY and type(one) in {type(page) for page, _ in known}:
                continue
            seen[one] = None
            screen = await self._draw(name, one)
            ahead += [to for to in leads_to(screen) if isinstance(to, Page)]

    async def _led_to(self) -> list[Page]:
        """The pages that acts have led to so far, anybody's."""
        async with self.town.world.app.storage.read() as session:
            updates = await session.scalars(select(Handled.update_id))
            kept = [
                await handled.page_of(session, one, presser="", serial=None)
                for one in updates.all()
            ]
        return [TABLE.read_page(one) for one in kept if one]

    async def _draw(self, name: str, page: Page) -> Screen:
        counter = self.town.reception.counter
        async with self.town.world.app.storage.read() as session:
            desk = await counter.desk(session, Person(self.town.key(name), person(name)))
            screen, page = await counter.screen(desk, page)
        self.screens.append((page, screen))
        return screen

    async def come_home(self) -> "Seen":
        """What there is to say about it all, when the town is closed again."""
        drawn = [one.params.get("reply_markup") for one in self.town.world.sandbox.town.ledger]
        rows = [row for one in drawn if one for row in one["inline_keyboard"]]
        kinds = {one.kind for one in await self.town.outbox()}
        return Seen(self.screens, [button for row in rows for button in row], kinds | self.kinds)


@dataclass(frozen=True)
class Seen:
    """Each page with its screen, all buttons on the wire, the kinds of deliveries."""

    screens: list[tuple[Page, Screen]]
    buttons: list[dict[str, str]]
    kinds: set[str]


def flat(screen: Screen) -> list[Button]:
    rows = [one if isinstance(one, tuple) else (one,) for one in screen.buttons]
    return [button for row in rows for button in row]


def leads_to(screen: Screen) -> list[Address]:
    """Where a screen leads, its ways out included."""
    inside = [one.to for one in flat(screen) if not isinstance(one.to, Link)]
    out = [screen.back] if screen.back else []
    stop = [Leave()] if screen.flow else []
    return [*inside, *out, *stop, *([Menu()] if screen.home else [])]


async def walk_through(town: Town) -> Seen:
    """Everything that can happen, once, with a look around after each thing."""
    walk = Walk(town)
    await _arrive(walk)
    await _ask_questions(walk)
    await _book(walk)
    await _let_questions_be_kept(walk)
    await _ask_for_company(walk)
    await _be_alarmed(walk)
    await _write_to_a_person(walk)
    await _let_time_pass(walk)
    await _leave(walk)
    return await walk.come_home()


async def _arrive(walk: Walk) -> None:
    await walk.town.write("Olena", "/start")
    await walk.look_around("Olena", Languages())
    await walk.town.welcome("Olena")
    await walk.look_around("Olena", Menu())
    for name in ("Maria", "Georgi"):
        await walk.town.write(name, "/staff")
    await walk.look_around("Maria", home.Desks())


async def _ask_questions(walk: Walk) -> None:
    town = walk.town
    for wish in WISHES:
        await town.write("Olena", wish)
    await town.write("Omar", "help, somebody wants to kill me")  # has chosen no language
    await town.write("Olena", "residence permit")
    await town.write("Olena", "qqqq wwww zzzz")
    await town.write("Olena", "qqqq wwww zzzz")
    town.world.sandbox.town.say(person("Olena"), PHOTO)
    await town.settle()
    await walk.look_around("Olena", Menu())
    article = next(one for one, _ in walk.screens if isinstance(one, Read))
    await town.forge("Olena", f"a:{article.article}:")
    await town.press("Olena", Helped)
    await town.press("Olena", NotHelped)
    await walk.look_around("Olena", NotFound(1))
    await walk.look_around("Olena", Choices(str(article.article)))


async def _book(walk: Walk) -> None:
    town = walk.town
    await town.write("Olena", "/menu")
    await town.press("Olena", Days)
    await town.press("Olena", Times)
    await town.press("Olena", Hold)
    await walk.look_around("Olena", Young())
    await town.press("Olena", Grown)
    await walk.look_around("Olena", Menu())
    await town.write("Olena", "Olena")
    await walk.look_around("Olena", Menu())
    await town.press("Olena", Book)
    await town.press("Maria", cards.TakeAppointment)
    await walk.look_around("Olena", Mine())


async def _keep(walk: Walk, kind: type[Address]) -> None:
    """A question asked in vain is kept, and stands before Maria."""
    town = walk.town
    await town.write("Olena", "/menu")
    await town.write("Olena", "qqqq xxxx zzzz bank account")
    await town.press_all("Olena", AskPerson, AskToKeep)
    await walk.look_around("Olena", AskPerson())
    await town.press("Olena", kind)
    await town.write("Maria", "/staff")
    await walk.look_around("Maria", home.Desks())
    await town.press_all("Maria", home.Unanswered, unanswered.KeptQuestion)


async def _let_questions_be_kept(walk: Walk) -> None:
    """One is deleted, one is answered already, one becomes an answer that is changed later."""
    town = walk.town
    await _keep(walk, keeping.Keep)
    await town.press("Maria", unanswered.DropQuestion)
    await _keep(walk, keeping.KeepAndTell)
    await town.press("Maria", unanswered.AnsweredBy)
    await _keep(walk, keeping.Keep)
    await _write(walk, writing.Publish)
    there = next(one for one, _ in walk.screens if isinstance(one, Read))
    await town.forge("Maria", pack(answer_desk.AnswerIn(there.article, "bg")))
    await _write(walk, writing.Save)


async def _write(walk: Walk, finish: type[Address]) -> None:
    town = walk.town
    await town.press("Maria", cases.Compose)
    await town.write("Maria", "Вомбати\nЕлате при нас.")
    await walk.look_around("Maria", home.Desks())
    await town.press("Maria", finish)
    await walk.look_around("Maria", home.Desks())


async def _wish(town: Town) -> None:
    await town.write("Olena", "/menu")
    await town.press_all("Olena", Institutions, WhichDay, WhichPart, WhichLanguage)
    await town.press("Olena", Confirm)
    await town.press("Olena", Ask)


async def _ask_for_company(walk: Walk) -> None:
    town = walk.town
    await _wish(town)
    await town.press("Maria", cards.TakeRequest)
    await walk.look_around("Maria", home.Desks())
    await walk.look_around("Olena", Mine())
    await town.press("Maria", home.Decide)
    await town.press("Maria", requests.WhichHour)
    await town.press("Maria", requests.Approve)
    await walk.look_around("Maria", home.Desks())
    await town.write("Olena", "/mine")
    await town.press_all("Olena", Appointed, AskCancel, Cancel)
    await walk.look_around("Olena", Mine())
    await _wish(town)
    await town.press("Georgi", cards.TakeRequest)
    await town.press("Georgi", home.Decide)
    await town.press("Georgi", requests.AskRefuse)
    await town.press("Georgi", requests.Refuse)
    await _wish(town)
    await walk.look_around("Olena", Mine())
    await town.write("Olena", "/mine")
    await town.forge("Olena", next(iter(_pages_to(walk, Withdraw))))
    await town.press("Olena", Withdraw)
    await _wish(town)


def _pages_to(walk: Walk, kind: type[Address]) -> list[str]:
    return [
        pack(page)
        for page, screen in walk.screens
        if any(isinstance(to, kind) for to in leads_to(screen))
    ][::-1]


async def _write_to_a_person(walk: Walk) -> None:
    town = walk.town
    await town.write("Olena", "/person")
    await walk.look_around("Olena", AskPerson())
    await town.write("Olena", "Where is my card?")
    await town.press("Olena", TakeBack)
    await town.write("Olena", "/person")
    await town.write("Olena", "When do you open tomorrow?")
    await town.press("Maria", cards.TakeCase)
    await walk.look_around("Maria", home.Desks())
    await town.press_all("Maria", cases.ToWhom, handing.HandOver)
    await walk.look_around("Georgi", home.Desks())
    await town.press("Georgi", cases.Release)
    await town.press("Maria", cards.TakeCase)
    await town.press_all("Maria", cases.ReadyAnswers, ready.ReadyAnswer, ready.SendReady)
    question = town.button("Maria", cases.Close)
    town.world.sandbox.town.type(person("Maria"), "At nine.", reply_to=question.message_id)
    await town.settle()
    await town.write("Maria", "And bring your card, please.")
    await walk.look_around("Maria", home.Desks())
    await town.press("Maria", cases.SendTo)
    await town.press("Maria", cases.Close)
    await walk.look_around("Maria", home.Desks())
    await walk.look_around("Olena", Menu())


async def _be_alarmed(walk: Walk) -> None:
    town = walk.town
    async with town.world.app.storage.begin() as session:
        await alarms.sound(session, "long_silence", now=town.world.app.now())
    town.world.app.postman.wake()
    await town.settle()


async def _let_time_pass(walk: Walk) -> None:
    """The reminders, the outcome, the question how it was; a time that is let go."""
    town = walk.town
    await town.welcome("Omar", "ar")
    await town.press("Omar", Days)
    await walk.look_around("Omar", Days(1))
    await town.forge("Omar", "b1:1")
    await town.press("Omar", Times)
    await town.press("Omar", Hold)
    await town.world.move(town.world.app.now() + timedelta(minutes=11))
    for _ in range(40):
        await town.world.move(town.world.app.now() + timedelta(hours=12))
        if any(isinstance(one.to, cards.SayOutcome) for one in town.buttons(town.world.group)):
            await town.press("Maria", cards.SayOutcome)
        if any(isinstance(one.to, Score) for one in town.buttons(person("Olena"))):
            break
    await town.press("Olena", Score)
    await town.press("Olena", Score)
    await walk.look_around("Olena", Menu())


async def _leave(walk: Walk) -> None:
    """Another time is booked and cancelled, then everything is deleted."""
    town = walk.town
    await town.write("Olena", "/menu")
    await town.press_all("Olena", Days, Times, Hold, Book)
    await town.forge("Olena", _pages_to(walk, AskCancel)[0])
    await town.write("Olena", "/mine")
    await walk.look_around("Olena", Mine())
    await town.press_all("Olena", Appointed, AskCancel, Cancel)
    await walk.look_around("Olena", Mine())
    walk.kinds |= {one.kind for one in await town.outbox()}
    await town.write("Olena", "/privacy")
    await walk.look_around("Olena", Privacy())
    await town.press("Olena", AskErase)
    await town.press("Olena", Erase)
    await walk.look_around("Olena", Erased())
