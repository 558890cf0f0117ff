"""Opening a desk for one person, and turning an address into what to show them."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot.address import Address, Page, new_serial, pack
from bot.desk import Desk, Draft, House, Person
from bot.office import people as office_people
from bot.screen import Drawn, GoTo, OutdatedError, Screen, draw, paragraphs
from bot.texts import Languages
from storage import people
from storage.bureau import Bureau


@dataclass(frozen=True, slots=True)
class Visit:
    """What a visit led to, after commit: a screen to show, a notice to pop up, a draft to keep."""

    drawn: Drawn | None
    notice: str
    draft: Draft
    before: Draft
    page: Page | None = None
    link: str | None = None
    greeted: bool = False
    anew: bool = False
    known: bool = False
    posted: bool = False


@dataclass(frozen=True, slots=True)
class Counter:
    """The place where desks are opened; the door behind it is for staff."""

    house: House
    languages: Languages
    bureau: Bureau
    now: Callable[[], datetime]

    async def desk(self, session: AsyncSession, person: Person) -> Desk:
        known = await people.known(session, person.key, now=datetime.now(UTC))
        found = known.visitor
        language = (
            self.languages.get(found.language)
            if found
            else self.languages.closest(person.app_language) or self.languages.get("en")
        )
        return Desk(
            session,
            self.now(),
            language,
            self.languages,
            self.bureau,
            person,
            Draft.of(known.draft),
            self.house,
            found,
            known.staff,
        )

    async def outcome(self, desk: Desk, before: Draft, goto: GoTo) -> Visit:
        news = desk.found is not None and office_people.is_news(
            desk.found, self.bureau, now=desk.now
        )
        if goto.page is None:
            return Visit(
                None, goto.notice, desk.draft, before, None, goto.link, news, known=_known(desk)
            )
        screen, page = await self.screen(desk, goto.page)
        desk.draft.asks = screen.asks
        if screen.flow:
            desk.draft.at = pack(page)
        drawn = draw(screen, desk.language, serial=new_serial(datetime.now(UTC)))
        return Visit(
            drawn,
            goto.notice,
            desk.draft,
            before,
            page,
            goto.link,
            news,
            anew=screen.asks is not None,
            known=_known(desk),
        )

    async def screen(self, desk: Desk, page: Page) -> tuple[Screen, Page]:
        """The screen of a page, or of the page it says is today's; a closed door shows the menu."""
        try:
            return await self.view(desk, page), page
        except OutdatedError as outdated:
            screen = await self.view(desk, outdated.page)
            sentence = desk.say(outdated.sentence)
            return replace(screen, text=paragraphs(sentence, screen.text)), outdated.page

    async def view(self, desk: Desk, page: Page) -> Screen:
        self._mind_the_door(desk, page)
        screen: Screen = await self.house.table.view(desk, page)
        return screen

    async def do(self, desk: Desk, address: Address) -> GoTo:
        self._mind_the_door(desk, address)
        goto: GoTo = await self.house.table.view(desk, address)
        return goto

    def _mind_the_door(self, desk: Desk, address: Address) -> None:
        """Staff addresses answer staff with the right role only, and in Bulgarian."""
        if address.roles is None:
            return
        if desk.staff is None or desk.staff.role not in address.roles:
            raise OutdatedError
        desk.language = self.languages.get("bg")


def _known(desk: Desk) -> bool:
    """Whether there is somebody a draft may be kept of, or a delivery written to."""
    return desk.found is not None or desk.staff is not None


def with_late_notice(outcome: Visit, late: str) -> Visit:
    """A notice that came too late to pop up becomes the first lines of the screen."""
    if not late or outcome.drawn is None:
        return outcome
    return replace(outcome, drawn=Drawn(paragraphs(late, outcome.drawn.text), outcome.drawn.rows))
