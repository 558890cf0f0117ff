"""What Telegram told us and a restart must not forget: where the group is now, how long to wait."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import SystemRandom

from sqlalchemy import select, update

from bot.office import alarms, colleagues, people
from bot.pace import LONGEST_SILENCE, Chat, Pace, is_group
from storage.deliveries import Reader
from storage.engine import Storage
from storage.late_screens import SCREEN
from storage.tables import Delivery, DeliveryState, Memo, Staff, Visitor

_STAFF_CHAT, _SILENCE = "staff_chat", "silence"
_TO_GROUP = Delivery.visitor_id.is_(None) & Delivery.staff_id.is_(None)
_WAITING = Delivery.state == DeliveryState.WAITING

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Rests:
    """How many seconds of real time what did not arrive rests before it is tried again.

    The tries of a delivery together outlast ten bad minutes of Telegram's. ``shut`` is for what
    somebody has to mend: our key, or our place in the group.
    """

    unclear: tuple[float, ...] = (2.0, 15.0, 90.0, 600.0)
    shut: float = 60.0
    spread: float = 0.25  # so much longer at most, by chance: not everything comes back at once

    def after(self, tries: int) -> float:
        usual = self.unclear[min(tries, len(self.unclear)) - 1]
        return usual * (1 + SystemRandom().random() * self.spread)


class Told:
    """Kept in memory and in the database. All times here are real time, but for ``now``."""

    def __init__(
        self,
        storage: Storage,
        pace: Pace,
        now: Callable[[], datetime],
        *,
        staff_chat: int | None,
    ) -> None:
        self._storage, self._pace, self._now = storage, pace, now
        self._configured_chat = self.staff_chat = staff_chat
        self._silent_until = datetime.min.replace(tzinfo=UTC)
        self.rests = Rests()

    async def remember(self) -> None:
        """Learn what this or another process was told."""
        async with self._storage.read() as session:
            moved = await session.get(Memo, _STAFF_CHAT)
            silence = await session.get(Memo, _SILENCE)
        old, _, new = moved.value.partition(">") if moved else ("", "", "")
        if new and old == str(self._configured_chat):
            self.staff_chat = int(new)
        if silence is not None:
            self._halt(datetime.fromisoformat(silence.value))

    # Silence

    @property
    def is_silent(self) -> bool:
        """Whether Telegram has asked us to say nothing at all for a while."""
        return self.silent_seconds > 0

    @property
    def silent_seconds(self) -> float:
        """How long nothing may leave any more."""
        return max(0.0, (self._silent_until - datetime.now(UTC)).total_seconds())

    async def silence_over(self, most: float) -> None:
        """Wait until something may be said again, if that is no more than ``most`` seconds away."""
        while 0 < (rest := self.silent_seconds) <= most:  # noqa: ASYNC110  # it may be prolonged
            await asyncio.sleep(rest)

    async def flooded(self, chat: Chat | None, seconds: float) -> float:
        """Telegram asked for silence: in a group that group rests, else everything does.

        How long we really wait; beyond an hour we ask again then, and coordinators are warned.
        """
        kept = min(max(seconds, 1), LONGEST_SILENCE)
        if chat is not None and is_group(chat):
            self._pace.flooded(chat, kept)
        else:
            await self.be_silent(kept)
        if seconds > LONGEST_SILENCE:
            await self._sound("long_silence")
        return kept

    async def be_silent(self, seconds: float) -> None:
        """Nothing leaves for a while; a silence is never cut short, whoever was told of it."""
        self._halt(datetime.now(UTC) + timedelta(seconds=seconds))
        async with self._storage.begin() as session:
            kept = await session.get(Memo, _SILENCE, with_for_update=True)
            if kept is not None:
                self._halt(datetime.fromisoformat(kept.value))
            await session.merge(Memo(_SILENCE, self._silent_until.isoformat()))

    def _halt(self, until: datetime) -> None:
        self._silent_until = max(self._silent_until, until)
        if self.is_silent:
            self._pace.halt(asyncio.get_running_loop().time() + self.silent_seconds)

    async def refused(self, reason: str) -> None:
        """Telegram will not have our key; everything waits until somebody has mended that."""
        logger.error("Telegram refuses us: %s", reason)
        await self.be_silent(self.rests.shut)
        await self._sound("token_refused")

    async def resting(self, real_now: datetime) -> Sequence[Reader]:
        """Readers for whom something rests: what was written later waits behind it.

        But not behind a screen: nobody waits for that one any more, if something else comes.
        """
        rests = _WAITING & (Delivery.not_before > real_now) & (Delivery.kind != SCREEN)
        async with self._storage.read() as session:
            found = await session.execute(
                select(Delivery.visitor_id, Delivery.staff_id).where(rests).distinct()
            )
            return [(visitor, staff) for visitor, staff in found]

    # Readers

    async def reader_gone(self, delivery: Delivery, reason: str) -> None:
        """The reader blocked us or is gone; that is not the same as not wanting to hear from us."""
        logger.info("delivery %s cannot arrive: %s", delivery.id, reason)
        now = self._now()
        async with self._storage.begin() as session:
            if delivery.visitor_id is not None:
                visitor = await session.get(Visitor, delivery.visitor_id)
                if visitor is not None:
                    await people.reach(session, visitor, unreachable_since=now, now=now)
            elif delivery.staff_id is not None:
                staff = await session.get(Staff, delivery.staff_id)
                if staff is not None:
                    await colleagues.hand_back(session, staff, now=now)

    # The staff group

    async def group_moved(self, new_chat_id: int) -> None:
        """The staff group became a supergroup and has a new id; told twice, it moves once.

        Messages have other numbers there, so a card that changes is shown anew.
        """
        if new_chat_id == self.staff_chat:
            return
        logger.warning("the staff group has a new id; it is remembered")
        async with self._storage.begin() as session:
            await session.merge(Memo(_STAFF_CHAT, f"{self._configured_chat}>{new_chat_id}"))
            await session.execute(update(Delivery).where(_TO_GROUP).values(message_id=None))
        self.staff_chat = new_chat_id

    async def group_shut(self, reason: str) -> None:
        """We may not write to the staff group: cards are held, coordinators told in private."""
        logger.error("the staff group cannot be reached: %s", reason)
        await self._sound("group_unreachable")

    async def group_open(self) -> None:
        """We may be back in the staff group: cards that were held need not rest any longer."""
        async with self._storage.begin() as session:
            held = update(Delivery).where(_TO_GROUP, _WAITING)
            await session.execute(held.values(not_before=None))

    async def _sound(self, code: str) -> None:
        async with self._storage.begin() as session:
            await alarms.sound(session, code, now=self._now())
