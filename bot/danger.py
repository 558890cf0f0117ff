"""Words of danger are answered at once, before and without the database."""

from collections import OrderedDict
from collections.abc import Collection

from aiogram import Bot
from aiogram.types import Message

from bot.screen import draw
from bot.serving import Counter
from bot.showing import Phone
from bot.texts import Language
from bot.told import Told
from dialogs import danger

SEEN, UNSEEN = "danger", "danger unseen"
_MOST_REMEMBERED = 10_000
_SILENCE_WAITED_FOR = 5.0


class Lookout:
    """Looks at every word before anybody else does. Staff are not looked at: they quote others."""

    def __init__(self, counter: Counter, told: Told, staff: Collection[int] = ()) -> None:
        self._counter, self._told, self.staff = counter, told, frozenset(staff)
        self._shown: OrderedDict[int, None] = OrderedDict()

    async def heard(self, message: Message, bot: Bot, update_id: int) -> str | None:
        """How words that speak of danger are to be heard; None for all others.

        The numbers are shown once for each update. ``unseen``: Telegram did not take them.
        """
        words = message.text or ""
        house = self._counter.house
        kind = house.danger.kind(words, lambda said: house.search.find(said, None))
        if kind is None or (message.from_user and message.from_user.id in self.staff):
            return None
        if update_id not in self._shown:
            if not await self._show(message, bot, kind):
                return UNSEEN
            self._remember(update_id)
        return SEEN

    async def _show(self, message: Message, bot: Bot, kind: str) -> bool:
        language = self._language(message)
        drawn = draw(danger.now(language, self._counter.bureau, kind), language, serial="")
        await self._told.silence_over(_SILENCE_WAITED_FOR)
        return await Phone(bot, message.chat.id, None).show(drawn) is not None

    def _language(self, message: Message) -> Language:
        """The language of the words, if we speak it: nothing is looked up for that."""
        languages = self._counter.languages
        phone = languages.closest(message.from_user.language_code if message.from_user else None)
        own = phone.code if phone else None
        code = self._counter.house.search.find(message.text or "", own).language
        found = languages.get(code)
        return found if found in languages.offered() else phone or languages.get("en")

    def _remember(self, update_id: int) -> None:
        self._shown[update_id] = None
        if len(self._shown) > _MOST_REMEMBERED:
            self._shown.popitem(last=False)
