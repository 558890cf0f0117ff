"""Wording a delivery, last: in the language its reader has by then, if it is still true."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from html import unescape
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from bot.address import Page, new_serial
from bot.bidi import FSI, PDI, RLM
from bot.desk import Desk, Draft, Person
from bot.screen import Drawn, OutdatedError, Screen, draw
from bot.serving import Counter
from bot.texts import TAG
from storage import inhand, people, sealed
from storage.engine import Storage
from storage.inhand import InHand
from storage.late_screens import SCREEN
from storage.tables import Delivery, DeliveryState, Staff, Visitor

_LONGEST = 4096
_MARKS = dict.fromkeys(map(ord, (FSI, PDI, RLM)))


@dataclass(frozen=True, slots=True)
class Letter:
    """A delivery with its words, ready to be carried; with a ``message_id`` it is an edit."""

    chat_id: int
    to_group: bool
    message_id: int | None
    drawn: Drawn
    worded: str


@dataclass(frozen=True, slots=True)
class Unwanted:
    """There is nothing to carry: too late, no longer true, nobody there, or the same words."""

    state: DeliveryState
    reason: str


@dataclass(frozen=True, slots=True)
class Wording:
    """Finds the words for any delivery. ``staff_chat`` says where the group is by now."""

    storage: Storage
    counter: Counter
    staff_chat: Callable[[], int | None]

    async def word(self, delivery: Delivery) -> Letter | Unwanted | None:
        """The letter, or why there is none; None if the delivery is in other hands by now."""
        group = self.staff_chat()  # asked first: a new id is told only after it stands in the books
        async with self.storage.read() as session:
            found = await inhand.find(session, delivery)
            if found is None:
                return None
            reader = found.visitor or found.staff
            to_group = delivery.visitor_id is None and delivery.staff_id is None
            chat_id = group if to_group else None
            if reader is not None:
                chat_id = sealed.chat_of(session, reader)
            unwanted = self._unwanted(delivery, reader)
            if unwanted is not None:
                return unwanted
            if chat_id is None:
                return Unwanted(DeliveryState.PARKED, "no_chat")
            drawn = await self._drawn(session, delivery, found)
        # The group may have moved since the delivery was taken: there is nothing to change then.
        place = found.message_id if delivery.message_id is not None else None
        if drawn is None:
            return Unwanted(DeliveryState.DROPPED, "untrue")
        worded = self.storage.vault.fingerprint(drawn.words)
        if place is not None and delivery.worded == worded:
            return Unwanted(DeliveryState.SENT, "same")
        return Letter(chat_id, to_group, place, drawn, worded)

    def _unwanted(self, delivery: Delivery, reader: Visitor | Staff | None) -> Unwanted | None:
        if delivery.useless_after is not None and self.counter.now() > delivery.useless_after:
            return Unwanted(DeliveryState.DROPPED, "too_late")
        if isinstance(reader, Visitor) and reader.unreachable_since is not None:
            return Unwanted(DeliveryState.UNREACHABLE, "before")
        if isinstance(reader, Staff) and not reader.active:
            return Unwanted(DeliveryState.DROPPED, "left")
        return None

    async def _drawn(
        self, session: AsyncSession, delivery: Delivery, found: InHand
    ) -> Drawn | None:
        params = sealed.params_of(session, delivery)
        params.pop("tell_staff", None)
        desk = self._desk(session, found)
        screen = await self._screen(desk, delivery.kind, params)
        if screen is None:
            return None
        serial = new_serial(datetime.now(UTC))
        drawn = draw(screen, desk.language, serial=serial, stays=delivery.kind != SCREEN)
        return replace(drawn, text=_fitting(drawn.text))

    def _desk(self, session: AsyncSession, found: InHand) -> Desk:
        counter, visitor, staff = self.counter, found.visitor, found.staff
        reader = visitor or staff
        return Desk(
            session,
            counter.now(),
            counter.languages.get(visitor.language if visitor else "bg"),
            counter.languages,
            counter.bureau,
            Person(reader.key if reader else ""),
            Draft(),
            counter.house,
            visitor,
            staff,
        )

    async def _late_screen(self, desk: Desk, page: Page) -> Screen | None:
        """With what its reader had half said. It must not cover a younger question, nor ask what
        nobody listens to now.
        """
        known = await people.known(desk.session, desk.person.key, now=datetime.now(UTC))
        desk.draft = Draft.of(known.draft)
        asked = desk.draft.asks
        screen, _ = await self.counter.screen(desk, page)
        return screen if screen.asks == asked else None

    async def _screen(self, desk: Desk, kind: str, params: dict[str, Any]) -> Screen | None:
        table = self.counter.house.table
        if kind == SCREEN:
            return await self._late_screen(desk, table.read_page(params["page"]))
        try:
            worded: Screen | None = await table.deliveries[kind](desk, **params)
        except OutdatedError:
            return None
        return worded


def _fitting(text: str) -> str:
    """The text as long as Telegram takes it, counted as it is read.

    What people wrote is limited where it is kept; only the marks of direction around each of very
    many lines can still make it too long, and words go before marks.
    """
    if len(text) > _LONGEST and len(unescape(TAG.sub("", text))) > _LONGEST:
        return text.translate(_MARKS)
    return text
