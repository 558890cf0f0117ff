"""Somebody blocked us or came back; somebody put us into a group."""

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from aiogram import Bot
from aiogram.exceptions import TelegramAPIError
from aiogram.types import ChatMemberUpdated

from bot.office import people as office_people
from bot.showing import SHOW_SECONDS
from bot.told import Told
from storage import people
from storage.engine import Storage

_GONE = {"left", "kicked"}

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Comings:
    """Receives what Telegram tells about our own membership."""

    storage: Storage
    told: Told
    now: Callable[[], datetime]

    async def met(self, change: ChatMemberUpdated, bot: Bot) -> None:
        key = self.storage.vault.recognise(change.from_user.id)
        gone = change.new_chat_member.status in _GONE
        if change.chat.id == self.told.staff_chat:
            await (self.told.group_shut("kicked") if gone else self.told.group_open())
            return
        if change.chat.type != "private":
            if not gone:
                await self._leave(change.chat.id, key, bot)
            return
        async with self.storage.locks.hold(key), self.storage.begin() as session:
            visitor = await people.visitor(session, key)
            if visitor is not None:
                now = self.now()
                since = now if gone else None
                await office_people.reach(session, visitor, unreachable_since=since, now=now)

    async def _leave(self, chat_id: int, key: str, bot: Bot) -> None:
        """Leave a strange group, unless staff brought us: theirs may just be getting a new id."""
        async with self.storage.read() as session:
            if await people.staff(session, key) is not None:
                return
        with suppress(TimeoutError, TelegramAPIError):
            async with asyncio.timeout(SHOW_SECONDS):
                logger.warning("left a strange place")
                await bot.leave_chat(chat_id)
