"""What Telegram told us and a restart must not forget: where the group is now, how long to wait."""

import asyncio
import logging
from datetime import UTC, datetime, timedelta

from bot.pace import Pace
from storage.engine import Storage
from storage.tables import Memo

_STAFF_CHAT, _SILENCE = "staff_chat", "silence"

logger = logging.getLogger(__name__)


class Told:
    """Kept in memory and in the database. All times here are real time."""

    def __init__(self, storage: Storage, pace: Pace, *, staff_chat: int | None) -> None:
        self._storage, self._pace = storage, pace
        self._configured_chat = self.staff_chat = staff_chat
        self._silent_until = datetime.min.replace(tzinfo=UTC)

    async def remember(self) -> None:
        async with self._storage.read() as session:
            moved = await session.get(Memo, _STAFF_CHAT)
            silence = await session.get(Memo, _SILENCE)
        old, _, new = moved.value.partition(">") if moved else ("", "", "")
        if new and old == str(self._configured_chat):
            self.staff_chat = int(new)
        if silence is not None:
            self._silent_until = datetime.fromisoformat(silence.value)

    @property
    def is_silent(self) -> bool:
        """Whether Telegram has asked us to say nothing at all for a while."""
        return datetime.now(UTC) < self._silent_until

    async def be_silent(self, seconds: float) -> None:
        """Nothing leaves for a while; a silence is never cut short."""
        until = max(self._silent_until, datetime.now(UTC) + timedelta(seconds=seconds))
        self._silent_until = until
        self._pace.halt(asyncio.get_running_loop().time() + seconds)
        async with self._storage.begin() as session:
            await session.merge(Memo(_SILENCE, until.isoformat()))

    async def group_moved(self, new_chat_id: int) -> None:
        """The staff group became a supergroup and has a new id."""
        logger.warning("the staff group has a new id; it is remembered")
        async with self._storage.begin() as session:
            await session.merge(Memo(_STAFF_CHAT, f"{self._configured_chat}>{new_chat_id}"))
        self.staff_chat = new_chat_id
