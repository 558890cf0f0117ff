"""Who is writing, one transaction, show the screen: one update, in order.

lock of the person → begin → visitor and draft → view → commit → show → keep the shown message's id
→ unlock. Only then is the update confirmed to Telegram (in ``bot.intake``).
"""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial

from aiogram import Bot
from aiogram.types import CallbackQuery, Message, Update, User
from sqlalchemy.ext.asyncio import AsyncSession

from bot.address import KEPT, Action, Menu, Page, is_too_old, pack
from bot.danger import SEEN, UNSEEN, Lookout
from bot.delivery import Postman
from bot.desk import Desk, Person
from bot.office import people as office_people
from bot.presenting import Arrival, Presenter
from bot.screen import GoTo, OutdatedError
from bot.serving import Counter, Visit, with_late_notice
from bot.showing import Answer, Phone
from bot.texts import N_
from dialogs.person import Danger
from storage import deliveries, handled, people, sealed
from storage.engine import Storage, within
from storage.tables import Staff

VIEW_SECONDS = 5.0
_IN_GROUP = 5
_SHORT_SILENCE = 10.0  # seconds; after more a press is forgotten, by people and by Telegram
_LATE = timedelta(hours=1)
OLD_PAGE = N_("This button is from an older version. Here is the menu.")
LATE = N_("We could not answer you for some time, we are sorry. Here is the menu.")

PEOPLE_SEND = frozenset(
    {
        *("voice", "photo", "document", "video", "video_note", "audio", "animation", "sticker"),
        *("contact", "location", "venue", "poll", "dice", "story"),
    }
)


class Reception:
    """Receives every visitor's update. Raises what a view raises; intake decides what then."""

    def __init__(
        self,
        storage: Storage,
        counter: Counter,
        *,
        postman: Postman,
        answer_after: float = 1.0,
    ) -> None:
        self.storage, self.counter = storage, counter
        self.bureau, self.now, self.table = counter.bureau, counter.now, counter.house.table
        self.postman, self.told = postman, postman.told
        self.answer_after, self.view_seconds = answer_after, VIEW_SECONDS
        self.lookout = Lookout(counter, self.told)
        self._presenter = Presenter(storage, postman, counter.bureau, counter.now)

    # A button was pressed

    async def pressed(self, query: CallbackQuery, bot: Bot, event_update: Update) -> None:
        message = query.message
        key = self.storage.vault.recognise(query.from_user.id)
        in_private = message is None or message.chat.type == "private"
        if not in_private and message is not None and message.chat.id != self.told.staff_chat:
            async with Answer(bot, query.id, 0):
                return
        person = Person(
            key,
            query.from_user.id,
            query.from_user.language_code,
            query.from_user.first_name,
            message.message_id if message else None,
        )
        arrival = Arrival(event_update.update_id, person, self.table.read(query.data))
        # In the group nothing is drawn that could say what an empty answer left out.
        patience = self.answer_after * (1 if in_private else _IN_GROUP)
        async with self.storage.locks.hold(key), Answer(bot, query.id, patience) as answer:
            outcome = await self._pressed(arrival)
            if not in_private:
                await self.told.silence_over(_SHORT_SILENCE)
            late = await answer.give(outcome.notice, outcome.link)
            if in_private:
                stays = (query.data or "").endswith(KEPT)
                phone = Phone(bot, query.from_user.id, None if stays else person.message_id)
                if stays and isinstance(arrival.pressed and arrival.pressed.address, Action):
                    await phone.take_buttons_away(person.message_id)
                await self.show(arrival, phone, with_late_notice(outcome, late))

    async def _pressed(self, arrival: Arrival) -> Visit:
        if arrival.pressed is None:
            return await self.page(arrival, Menu(), OLD_PAGE)
        address = arrival.pressed.address
        if isinstance(address, Page):
            return await self.page(arrival, address)
        if is_too_old(arrival.pressed.serial or "", datetime.now(UTC)):
            return await self.page(arrival, Menu(), OutdatedError().sentence)
        serial = arrival.pressed.serial
        return await self._act(arrival, lambda desk: self.counter.do(desk, address), serial)

    # Something was written

    async def wrote(self, message: Message, bot: Bot, event_update: Update) -> None:
        if message.migrate_to_chat_id and message.chat.id == self.told.staff_chat:
            await self.told.group_moved(message.migrate_to_chat_id)
        if message.chat.type != "private" or message.from_user is None:
            return  # what people say in a group is never read, logged or kept
        if not message.text and message.content_type not in PEOPLE_SEND:
            return  # Telegram's own notes about the chat
        person = self._writer(message, message.from_user)
        arrival = Arrival(event_update.update_id, person)
        kind, words = ("text", message.text) if message.text else (message.content_type, "")
        in_danger = await self.lookout.heard(message, bot, event_update.update_id)
        async with self.storage.locks.hold(person.key):
            hear = partial(self._hear, kind=in_danger or str(kind), words=words)
            outcome = await self._act(arrival, hear, None)
            if outcome.drawn is not None and outcome.draft.asks and self._is_late(message):
                outcome = await self.page(arrival, Menu(), LATE)
            outcome = with_late_notice(outcome, outcome.notice)
            await self.show(arrival, Phone(bot, message.chat.id, None), outcome)

    async def edited(self, message: Message, bot: Bot, event_update: Update) -> None:
        """Words that were changed count if somebody reads them, or if they speak of danger now."""
        if message.chat.type != "private" or message.from_user is None or not message.text:
            return
        if await self.lookout.heard(message, bot, event_update.update_id):
            await self.wrote(message, bot, event_update)
            return
        person, words = self._writer(message, message.from_user), message.text

        async def change(session: AsyncSession) -> bool:
            desk = await self.counter.desk(session, person)
            if desk.found is not None or desk.staff is not None:
                await self.table.words["edited"](desk, words)
            return deliveries.are_posted(session)

        # Done twice it is no harm, so that it came is not written down.
        async with self.storage.locks.hold(person.key):
            if await within(self.view_seconds, self.storage.begin, change):
                self.postman.wake()

    def _writer(self, message: Message, user: User) -> Person:
        reply = message.reply_to_message
        return Person(
            self.storage.vault.recognise(user.id),
            message.chat.id,
            user.language_code,
            user.first_name,
            message.message_id,
            reply.message_id if reply else None,
            wrote=True,
        )

    def _is_late(self, message: Message) -> bool:
        """Whether it waited so long that nobody remembers what a next question would be about."""
        return self.now() - message.date > _LATE

    async def _hear(self, desk: Desk, *, kind: str, words: str) -> GoTo:
        """Find who answers: a command, the view that asked, or the one for unasked words."""
        name, _, rest = words.replace("\n", " ").partition(" ")
        said = self.table.commands.get(name[1:].split("@")[0]) if name.startswith("/") else None
        if said is not None:
            desk.draft.asks = None
            return await said(desk, rest.strip())
        if kind in {SEEN, UNSEEN}:
            goto = await self.table.words["danger"](desk, words)
            return goto if kind == SEEN else replace(goto, page=Danger())
        if desk.found is None and desk.staff is None:
            return GoTo(Menu())
        if kind != "text":
            return await self.table.words["other"](desk, kind)
        since, written = desk.draft.asked_after, desk.person.message_id
        asked = desk.draft.asks if since and written and written > since else None
        if desk.staff is not None:
            asked = "reply" if desk.person.reply_to else asked or "unaddressed"
        desk.draft.asks = None
        return await self.table.words[asked or "words"](desk, words)

    # What all of them share

    async def page(self, arrival: Arrival, page: Page, notice: str = "") -> Visit:
        async def read(session: AsyncSession) -> Visit:
            desk = await self.counter.desk(session, arrival.person)
            before = desk.draft.copy()
            return await self.counter.outcome(desk, before, GoTo(page, notice and desk.say(notice)))

        return await within(self.view_seconds, self.storage.read, read)

    async def _act(
        self, arrival: Arrival, act: Callable[[Desk], Awaitable[GoTo]], serial: str | None
    ) -> Visit:
        async def write(session: AsyncSession) -> Visit:
            desk = await self.counter.desk(session, arrival.person)
            before = desk.draft.copy()
            key = arrival.person.key
            led_to = await handled.page_of(session, arrival.update_id, presser=key, serial=serial)
            if led_to is not None:
                page = self.table.read_page(led_to) if led_to else None
                return await self.counter.outcome(desk, before, GoTo(page))
            goto = await act(desk)
            outcome = await self.counter.outcome(desk, before, goto)
            await self._keep(desk, outcome)
            posted = deliveries.are_posted(session)
            outcome = replace(outcome, greeted=False, posted=posted)
            await handled.note(
                session,
                arrival.update_id,
                presser=key if desk.found or desk.staff else "",  # an erased person leaves no key
                serial=None if goto.again else serial,
                page=pack(outcome.page) if outcome.page else "",
                now=datetime.now(UTC),
            )
            return outcome

        try:
            outcome = await within(self.view_seconds, self.storage.begin, write)
        except OutdatedError as outdated:
            return await self.page(arrival, outdated.page, outdated.sentence)
        if outcome.posted:
            self.postman.wake()
        return outcome

    async def _keep(self, desk: Desk, outcome: Visit) -> None:
        """In the same transaction: the draft (what we ask for is noted once shown), the chat id."""
        if desk.staff is not None:
            self._know(desk, desk.staff)
        if desk.found is None and desk.staff is None:
            return  # nothing is kept of somebody without a language, or after an erasure
        kept = replace(outcome.draft, asks=None)
        if kept != replace(outcome.before, asks=None):
            await people.keep_draft(
                desk.session, desk.person.key, kept.as_dict(), now=datetime.now(UTC)
            )
        if desk.found is not None and desk.person.chat_id is not None:
            await office_people.greet(desk.session, desk.found, self.bureau, now=desk.now)
            await office_people.keep_chat_while_needed(
                desk.session, desk.found, desk.person.chat_id, now=desk.now
            )

    @staticmethod
    def _know(desk: Desk, staff: Staff) -> None:
        """Staff who write to the bot can be written to; colleagues see who took what."""
        person = desk.person
        if staff.name is None and person.first_name:
            sealed.set_name(desk.session, staff, person.first_name)
        if staff.chat is None and person.wrote:
            sealed.set_chat(desk.session, staff, person.chat_id)

    async def show(self, arrival: Arrival, phone: Phone, outcome: Visit) -> None:
        await self._presenter.show(arrival, phone, outcome)
