"""The postman: takes what is due from the outbox, words it last, carries it, notes how it went."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession

from bot.carrier import (
    Carrier,
    Delivered,
    Gone,
    Misconfigured,
    Moved,
    Outcome,
    Refused,
    TryLater,
    Unclear,
    Unreachable,
)
from bot.lease import SenderLease
from bot.told import Told
from bot.wording import Letter, Unwanted, Wording
from storage import deliveries, sealed
from storage.deliveries import Reader
from storage.engine import Storage, is_outage
from storage.late_screens import SCREEN
from storage.ledger import Ledger
from storage.tables import Delivery, DeliveryState, Staff

_READERS = 16  # served side by side; only four calls are on the wire at once (see bot.pace)
_ROUND = 32
_IDLE_SECONDS = 1.0
_GOODBYE_SECONDS = 5.0

logger = logging.getLogger(__name__)


class Postman:
    """One fenced sender. Nothing is locked in the database while it walks.

    Every reader has a queue of their own, so a chat that must wait holds nobody else back.
    """

    def __init__(
        self,
        storage: Storage,
        now: Callable[[], datetime],
        carrier: Carrier,
        *,
        staff_chat: int | None,
    ) -> None:
        self.storage, self.now, self.carrier = storage, now, carrier
        self.told = Told(storage, carrier.pace, now, staff_chat=staff_chat)
        self.wording: Wording | None = None
        self.lease = SenderLease(storage)
        self._ledger = Ledger(storage)
        self._bell = asyncio.Event()
        self._stopping = False
        self._walks: dict[Reader, asyncio.Task[None]] = {}
        self._calls: set[asyncio.Task[Outcome]] = set()

    def wake(self) -> None:
        """Something was written that may be due now."""
        self._bell.set()

    def stop(self) -> None:
        self._stopping = True
        self._ledger.close()
        self._bell.set()

    async def run(self) -> None:
        """Walk until stopped; what is in hand then is carried to its end."""
        await self.told.remember()
        while not self._stopping:
            self._bell.clear()
            try:
                await self._set_out()
            except (SQLAlchemyError, OSError) as away:
                logger.error("the outbox cannot be read: %s", type(away).__name__)  # noqa: TRY400  # a trace would hold parameters
            await self._rest()
        await self._come_home()

    async def _rest(self) -> None:
        try:
            async with asyncio.timeout(_IDLE_SECONDS):
                await self._bell.wait()
        except TimeoutError:
            return

    async def _come_home(self) -> None:
        """Let the walks end. Only calls on the wire are ever cancelled, never running SQL."""
        if self._walks:
            await asyncio.wait(self._walks.values(), timeout=_GOODBYE_SECONDS)
        for call in list(self._calls):
            call.cancel()
        await asyncio.gather(*self._walks.values(), return_exceptions=True)
        try:
            await self.lease.give_up()
        except (SQLAlchemyError, OSError) as away:
            logger.warning("the right to send ends by itself: %s", type(away).__name__)

    async def _set_out(self) -> None:
        """Take what is due for readers nobody is walking to, and walk to each of them."""
        real_now = datetime.now(UTC)
        free = _READERS - len(self._walks)
        holds = await self.lease.hold(real_now)
        if self.lease.asked:
            await self.told.remember()  # another process may have been told something
        if not free or not holds or self.told.is_silent:
            return
        recover = self.lease.asked
        if not await self._anything_to_carry(real_now, recover=recover):
            return
        busy = {*self._walks, *await self.told.resting(real_now)}
        async with self.storage.begin() as session:
            taken = await deliveries.take_due(
                session,
                fence=self.lease.fence or 0,
                now=self.now(),
                real_now=real_now,
                most=_ROUND,
                but_for=list(busy),
                recover=recover,
            )
        queues: dict[Reader, list[Delivery]] = {}
        for one in taken:
            queues.setdefault((one.visitor_id, one.staff_id), []).append(one)
        for reader, queue in queues.items():
            self._walks[reader] = asyncio.create_task(self._walk(reader, queue))

    async def _anything_to_carry(self, real_now: datetime, *, recover: bool) -> bool:
        """Look before asking for the write lock: most seconds there is nothing to carry."""
        fence, busy = self.lease.fence if recover else None, list(self._walks)
        async with self.storage.read() as session:
            return await deliveries.is_any_due(
                session, now=self.now(), real_now=real_now, fence=fence, but_for=busy
            )

    async def _walk(self, reader: Reader, queue: Sequence[Delivery]) -> None:
        """One reader's deliveries one after the other, in the order they were written.

        While one rests, those behind it wait, unless it is a screen. What a broken-off walk leaves
        behind is found again by the next round.
        """
        try:
            for at, one in enumerate(queue):
                rest = 0.0 if self._stopping else await self._carry(one)
                if rest is None:
                    continue
                if one.kind != SCREEN or self._stopping:
                    await self._put_back(queue[at:], rest)
                    return
                await self._put_back([one], rest)
        except Exception as broken:  # noqa: BLE001  # one reader's trouble must not be everybody's
            logger.error("a walk was broken off: %s", type(broken).__name__)  # noqa: TRY400  # a trace would hold parameters
            await asyncio.sleep(_IDLE_SECONDS)
        finally:
            self._walks.pop(reader, None)
            self.wake()

    async def _carry(self, delivery: Delivery) -> float | None:
        """Word and carry one; if it has to go again, how many seconds it rests until then."""
        if self.wording is None:
            raise RuntimeError("the postman has nobody to word his letters")
        try:
            letter = await self.wording.word(delivery)
        except Exception as broken:  # noqa: BLE001  # one delivery nobody can word must not stop the others
            if is_outage(broken):
                return _IDLE_SECONDS  # the words are not to blame, and nothing was sent
            logger.error("delivery %s cannot be worded: %s", delivery.id, type(broken).__name__)  # noqa: TRY400  # a trace would hold names
            if isinstance(broken, SQLAlchemyError):
                return await self._again(delivery, "wording")
            letter = Unwanted(DeliveryState.PARKED, "wording")
        if letter is None:
            return None
        if isinstance(letter, Unwanted):
            await self._settle(delivery, letter.state, reason=letter.reason)
            return None
        return await self._note(delivery, letter, await self._call(delivery, letter))

    async def _call(self, delivery: Delivery, letter: Letter) -> Outcome:
        text, markup = letter.drawn.text, letter.drawn.markup
        if letter.message_id is None:
            bulk = delivery.rank == deliveries.BULK
            # What staff see must not be passed on, wherever they see it.
            sending = self.carrier.send(
                letter.chat_id, text, markup, bulk=bulk, protect=delivery.visitor_id is None
            )
        else:
            sending = self.carrier.edit(letter.chat_id, letter.message_id, text, markup)
        call = asyncio.ensure_future(sending)
        self._calls.add(call)
        try:
            return await call
        except asyncio.CancelledError:
            return Unclear("stopped")
        finally:
            self._calls.discard(call)

    async def _note(self, delivery: Delivery, letter: Letter, outcome: Outcome) -> float | None:
        """Note how it went; if it has to go again, how many seconds it rests until then."""
        match outcome:
            case Delivered(message_id):
                await self._arrived(delivery, letter, message_id)
            case Gone():
                await self._settle(delivery, DeliveryState.DROPPED, reason="gone")
            case Unreachable(reason) if not letter.to_group:
                await self.told.reader_gone(delivery, reason)
                await self._settle(delivery, DeliveryState.UNREACHABLE, reason=reason)
            case Refused(reason):
                logger.error("delivery %s was refused: %s", delivery.id, reason)
                await self._settle(delivery, DeliveryState.PARKED, reason=reason)
            case Unclear(reason):
                return await self._again(delivery, reason, perhaps_sent=True)
            case _:
                return await self._not_sent(letter, outcome)
        return None

    async def _not_sent(
        self, letter: Letter, outcome: Moved | Unreachable | Misconfigured | TryLater
    ) -> float:
        """It has not left, for certain: how many seconds its reader rests."""
        match outcome:
            case Moved(new_chat_id):
                await self.told.group_moved(new_chat_id)
                return 0
            case Unreachable(reason):
                await self.told.group_shut(reason)
                return self.told.rests.shut
            case Misconfigured(reason):
                await self.told.refused(reason)
                return self.told.rests.shut
            case TryLater(seconds, reason="crowded"):
                return seconds
            case TryLater(seconds, everything):
                return await self.told.flooded(None if everything else letter.chat_id, seconds)

    async def _arrived(self, delivery: Delivery, letter: Letter, message_id: int) -> None:
        # In a group that moved meanwhile the message has another number, which nobody tells.
        moved = letter.to_group and letter.chat_id != self.told.staff_chat
        place = None if moved else message_id
        await self._settle(delivery, DeliveryState.SENT, message_id=place, worded=letter.worded)

    async def _again(self, delivery: Delivery, reason: str, **values: Any) -> float | None:
        """Try again later, after a rest that grows; after some tries somebody has to look."""
        if delivery.tries >= deliveries.MOST_TRIES:
            await self._settle(delivery, DeliveryState.PARKED, reason=reason, **values)
            return None
        rest = self.told.rests.after(delivery.tries)
        until = datetime.now(UTC) + timedelta(seconds=rest)
        await self._settle(
            delivery, DeliveryState.WAITING, not_before=until, reason=reason, **values
        )
        return rest

    async def _put_back(self, left: Sequence[Delivery], seconds: float) -> None:
        """What is still in our hands goes back, until a moment that a restart remembers."""
        if seconds:
            logger.warning("%s deliveries wait %.0f s", len(left), seconds)
        until = datetime.now(UTC) + timedelta(seconds=seconds)
        ids, fence = [one.id for one in left], self.lease.fence or 0
        await self._ledger.write(partial(deliveries.postpone, ids=ids, fence=fence, until=until))

    async def _settle(self, delivery: Delivery, state: DeliveryState, **values: Any) -> None:
        values.setdefault("settled_at", self.now())

        async def settle(session: AsyncSession) -> None:
            fence = delivery.fence
            kept = await deliveries.settle(session, delivery, fence=fence, state=state, **values)
            if kept and state is not DeliveryState.WAITING:
                await self._tell(session, delivery, state)

        await self._ledger.write(settle)

    async def _tell(self, session: AsyncSession, delivery: Delivery, state: DeliveryState) -> None:
        """Who sent a reply learns whether it arrived."""
        if delivery.kind != "case_reply":
            return
        staff_id = sealed.params_of(session, delivery).get("tell_staff")
        staff = await session.get(Staff, staff_id) if staff_id else None
        if staff is not None:
            await deliveries.write(
                session, f"tick:{delivery.key}", "tick", staff, due=self.now(), state=state.value
            )

    async def is_idle(self) -> bool:
        """Whether nothing is due; what waits for Telegram's patience is still due."""
        async with self.storage.read() as session:
            return await deliveries.waiting(session, now=self.now()) == 0
