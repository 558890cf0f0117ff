"""Showing where a visit led to, at once or by the postman, and noting what the person saw."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.address import Pressed, pack
from bot.delivery import Postman
from bot.desk import Draft, Person
from bot.office import people as office_people
from bot.serving import Visit
from bot.showing import Phone
from storage import late_screens, people
from storage.bureau import Bureau
from storage.engine import Storage


class NotShownError(Exception):
    """Telegram did not take the screen of somebody we could not deliver it to later."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """Where one update comes from: its number, its person, the button's data, the words."""

    update_id: int
    person: Person
    pressed: Pressed | None = None


class Presenter:
    """Knows of whom a late screen may still be on its way; ``now`` is business time."""

    def __init__(
        self, storage: Storage, postman: Postman, bureau: Bureau, now: Callable[[], datetime]
    ) -> None:
        self._storage, self._postman = storage, postman
        self._bureau, self._now = bureau, now
        self._up_to_date: set[str] = set()

    async def show(self, arrival: Arrival, phone: Phone, outcome: Visit) -> None:
        draft, before = outcome.draft, outcome.before
        if before.asks and arrival.update_id < (before.asked_by or 0):
            return  # it came once more, or late: a younger question stands on the screen
        # An update that comes once more, or the same question again, keeps its place in time:
        # what was written after the first drawing is an answer.
        is_new = arrival.update_id > (before.asked_by or 0) and draft.asks != before.asks
        asked_now = draft.asks and outcome.known and is_new
        if asked_now:
            # Noted before the question is shown: a death in between must not lose its answer.
            draft.asked_by, draft.asked_after = arrival.update_id, arrival.person.message_id
            await self._note(arrival, draft)
            before = draft.copy()
        if outcome.drawn is not None:
            shown = None
            if not self._postman.told.is_silent:
                shown = await phone.show(outcome.drawn, anew=outcome.anew)
            if shown is None:
                await self._deliver_instead(arrival, outcome)
                before = draft.copy()
            else:
                await self._call_back_late_ones(arrival)
                draft.asked_after = shown if asked_now else draft.asked_after
        if outcome.known and (draft != before or outcome.greeted):
            await self._note(arrival, draft, greeted=outcome.greeted)

    async def _note(self, arrival: Arrival, draft: Draft, *, greeted: bool = False) -> None:
        """What a visit leaves in passing, in a short transaction of its own."""
        async with self._storage.begin() as session:
            key = arrival.person.key
            await people.keep_draft(session, key, draft.as_dict(), now=datetime.now(UTC))
            visitor = await people.visitor(session, key) if greeted else None
            if visitor is not None:
                await office_people.greet(session, visitor, self._bureau, now=self._now())

    async def _call_back_late_ones(self, arrival: Arrival) -> None:
        """A screen that waits for its turn must not cover a younger one.

        Who has none is remembered, so this costs each person one look after a start.
        """
        key = arrival.person.key
        if key in self._up_to_date:
            return
        async with self._storage.read() as session:
            waits = key in await late_screens.readers(session)
        if waits:
            async with self._storage.begin() as session:
                reader = await people.visitor(session, key) or await people.staff(session, key)
                if reader is not None:
                    await late_screens.drop(session, reader, before=arrival.update_id)
        self._up_to_date.add(key)

    async def _deliver_instead(self, arrival: Arrival, outcome: Visit) -> None:
        """Telegram did not take the screen in time: it follows by the postman.

        Who words it reads the draft, so both are kept at once.
        """
        self._up_to_date.discard(arrival.person.key)
        async with self._storage.begin() as session:
            visitor = await people.visitor(session, arrival.person.key)
            reader = visitor or await people.staff(session, arrival.person.key)
            if reader is None or arrival.person.chat_id is None or outcome.page is None:
                raise NotShownError
            page, due = pack(outcome.page), self._now()
            await late_screens.write(session, arrival.update_id, reader, page, due=due)
            key, draft = arrival.person.key, outcome.draft.as_dict()
            await people.keep_draft(session, key, draft, now=datetime.now(UTC))
            if visitor is not None:
                await office_people.keep_chat_while_needed(
                    session, visitor, arrival.person.chat_id, now=self._now()
                )
        self._postman.wake()
