"""What people are told when their update cannot be served: too much, broken, or no memory."""

import logging
from collections import OrderedDict
from datetime import UTC, datetime
from time import monotonic

from aiogram import Bot
from aiogram.types import CallbackQuery, Message, Update, User

from bot.address import Menu, pack
from bot.desk import Person
from bot.middleware import Reception
from bot.office import alarms
from bot.presenting import Arrival
from bot.screen import draw
from bot.serving import with_late_notice
from bot.showing import Answer, Phone
from bot.texts import N_
from dialogs import danger
from storage import handled

BROKEN = N_("Something went wrong on our side. Nothing you booked is lost. Please try again.")
TOO_MUCH = N_(
    "That was very much at once. What came last was not read. Please wait one minute, then go on."
    " In danger call 112."
)
_SAID_AGAIN_AFTER = 600.0
_MOST_REMEMBERED = 10_000

logger = logging.getLogger(__name__)


class Regrets:
    """Says it once, and never loses more by saying it."""

    def __init__(self, reception: Reception) -> None:
        self._reception = reception
        self._said: OrderedDict[int, float] = OrderedDict()
        self._put_off: OrderedDict[int, float] = OrderedDict()

    async def too_much(self, update: Update, bot: Bot, *, tells: bool) -> None:
        """Somebody came too often. What they sent is not looked at; one notice a minute."""
        query = update.callback_query
        if query is not None:
            await Answer(bot, query.id, 0).give("", None)
        arrival = self._arrival(update)
        if not tells or arrival is None or not _is_private(update):
            return
        async with self._reception.storage.locks.hold(arrival.person.key):
            await self._menu(arrival, bot, TOO_MUCH)

    async def broken(self, update: Update, bot: Bot) -> None:
        """An update failed again and again: note that it is done with, and say so to its person."""
        arrival = self._arrival(update)
        if arrival is None:
            return
        if update.callback_query is not None:
            await Answer(bot, update.callback_query.id, 0).give("", None)
        storage, key = self._reception.storage, arrival.person.key
        async with storage.locks.hold(key):
            async with storage.begin() as session:
                number, page, now = update.update_id, pack(Menu()), datetime.now(UTC)
                if await handled.page_of(session, number, presser=key, serial=None) is None:
                    await handled.note(
                        session, number, presser=key, serial=None, page=page, now=now
                    )
                await alarms.sound(session, "updates_set_aside", now=self._reception.now())
            self._reception.postman.wake()
            if _is_private(update):
                await self._menu(arrival, bot, BROKEN)

    async def no_memory(self, update: Update, bot: Bot) -> None:
        """Without the database we still know where help is: said once in ten minutes each.

        The update itself is served when the database is back. Never raises.
        """
        event = update.callback_query or update.message
        if event is None or event.from_user is None or not _first(self._put_off, update.update_id):
            return
        try:
            await self._say_that_we_are_away(update, event.from_user, bot)
        except Exception as broken:  # noqa: BLE001  # the update waits for us, whatever comes of this
            logger.warning("nobody was told that we are away: %s", type(broken).__name__)

    async def _say_that_we_are_away(self, update: Update, person: User, bot: Bot) -> None:
        languages, bureau = self._reception.counter.languages, self._reception.bureau
        language = languages.closest(person.language_code) or languages.get("en")
        if update.callback_query is not None:
            answer = Answer(bot, update.callback_query.id, 0)
            await answer.give(language.say(danger.AWAY_BRIEFLY), None)
        if _is_private(update) and self._is_time_to_say(person.id):
            drawn = draw(danger.away(language, bureau), language, serial="")
            await Phone(bot, person.id, None).show(drawn)

    def _is_time_to_say(self, person: int) -> bool:
        now = monotonic()
        if now < self._said.get(person, now):
            return False
        _remember(self._said, person, now + _SAID_AGAIN_AFTER)
        return True

    def _arrival(self, update: Update) -> Arrival | None:
        event = update.callback_query or update.message
        found = event.from_user if event else None
        if found is None:
            return None
        key = self._reception.storage.vault.recognise(found.id)
        return Arrival(update.update_id, Person(key, found.id, found.language_code))

    async def _menu(self, arrival: Arrival, bot: Bot, sentence: str) -> None:
        outcome = await self._reception.page(arrival, Menu(), sentence)
        outcome = with_late_notice(outcome, outcome.notice)
        phone = Phone(bot, arrival.person.chat_id or 0, None)
        await self._reception.show(arrival, phone, outcome)


def _is_private(update: Update) -> bool:
    event: CallbackQuery | Message | None = update.callback_query or update.message
    message = event.message if isinstance(event, CallbackQuery) else event
    return message is None or message.chat.type == "private"


def _first(seen: OrderedDict[int, float], number: int) -> bool:
    if number in seen:
        return False
    _remember(seen, number, 0.0)
    return True


def _remember(there: OrderedDict[int, float], number: int, value: float) -> None:
    there[number] = value
    if len(there) > _MOST_REMEMBERED:
        there.popitem(last=False)
