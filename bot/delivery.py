"""The postman: takes what is due from the outbox, words it last, carries it, notes how it went."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
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
from bot.office import colleagues, people
from bot.told import Told
from bot.wording import Letter, Unwanted, Wording
from storage import deliveries, sealed
from storage.deliveries import Reader
from storage.engine import Storage
from storage.tables import Delivery, DeliveryState, Staff, Visitor

_READERS = 16  # served side by side; only four calls are on the wire at once (see bot.pace)
_ROUND = 32
_IDLE_SECONDS = 1.0
_GOODBYE_SECONDS = 5.0
_BACKOFF = (2, 5, 15, 60, 300)
_MISCONFIGURED_SECONDS = 60

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
        self.told = Told(storage, carrier.pace, staff_chat=staff_chat)
        self.wording: Wording | None = None
        self.lease = SenderLease(storage)
        self._bell = asyncio.Event()
        self._stopping = False
        self._walks: dict[Reader, asyncio.Task[None]] = {}
        self._calls: set[asyncio.Task[Outcome]] = set()

    def wake(self) -> None:
        """Something was written that may be due now."""
        self._bell.set()

    def stop(self) -> None:
        self._stopping = True
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
        await self.lease.give_up()

    async def _set_out(self) -> None:
        """Take what is due for readers nobody is walking to, and walk to each of them."""
        real_now = datetime.now(UTC)
        free = _READERS - len(self._walks)
        if not free or not await self.lease.hold(real_now):
            return
        if self.lease.is_new():
            await self.told.remember()
        if self.told.is_silent:
            return
        recover = self.lease.renewed
        if not await self._anything_to_carry(real_now, recover=recover):
            return
        async with self.storage.begin() as session:
            taken = await deliveries.take_due(
                session,
                fence=self.lease.fence or 0,
                now=self.now(),
                real_now=real_now,
                most=_ROUND,
                but_for=list(self._walks),
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

        What a broken-off walk leaves behind is found again by the next round.
        """
        try:
            for at, one in enumerate(queue):
                if self._stopping:
                    await self._put_back(queue[at:], 0)
                    return
                outcome = await self._carry(one)
                if isinstance(outcome, TryLater):
                    await self._put_back(queue[at:], outcome.seconds)
                    if outcome.everything:
                        await self.told.be_silent(outcome.seconds)
                    return
        except Exception as broken:  # noqa: BLE001  # one reader's trouble must not be everybody's
            logger.error("a walk was broken off: %s", type(broken).__name__)  # noqa: TRY400  # a trace would hold parameters
            await asyncio.sleep(_IDLE_SECONDS)
        finally:
            self._walks.pop(reader, None)
            self.wake()

    async def _carry(self, delivery: Delivery) -> Outcome | None:
        if self.wording is None:
            raise RuntimeError("the postman has nobody to word his letters")
        try:
            letter = await self.wording.word(delivery)
        except (SQLAlchemyError, OSError):
            raise  # the database is away, the words are not to blame
        except Exception as broken:  # noqa: BLE001  # one delivery nobody can word must not stop the others
            logger.error("delivery %s cannot be worded: %s", delivery.id, type(broken).__name__)  # noqa: TRY400  # a trace would hold names
            letter = Unwanted(DeliveryState.PARKED, "wording")
        if letter is None:
            return None
        if isinstance(letter, Unwanted):
            await self._settle(delivery, letter.state, reason=letter.reason)
            return None
        outcome = _as_it_matters(delivery, await self._call(delivery, letter))
        await self._note(delivery, outcome, letter.worded)
        return outcome

    async def _call(self, delivery: Delivery, letter: Letter) -> Outcome:
        text, markup = letter.drawn.text, letter.drawn.markup
        if delivery.message_id is None:
            bulk = delivery.rank == deliveries.BULK
            # What staff see must not be passed on, wherever they see it.
            sending = self.carrier.send(
                letter.chat_id, text, markup, bulk=bulk, protect=delivery.visitor_id is None
            )
        else:
            sending = self.carrier.edit(letter.chat_id, delivery.message_id, text, markup)
        call = asyncio.ensure_future(sending)
        self._calls.add(call)
        try:
            return await call
        except asyncio.CancelledError:
            return Unclear("stopped")
        finally:
            self._calls.discard(call)

    async def _note(self, delivery: Delivery, outcome: Outcome, worded: str) -> None:
        match outcome:
            case Delivered(message_id):
                await self._settle(
                    delivery, DeliveryState.SENT, message_id=message_id, worded=worded
                )
            case Gone():
                await self._settle(delivery, DeliveryState.DROPPED, reason="gone")
            case Unreachable(reason):
                await self._unreachable(delivery, reason)
            case Refused(reason):
                logger.error("delivery %s was refused: %s", delivery.id, reason)
                await self._settle(delivery, DeliveryState.PARKED, reason=reason)
            case Moved(new_chat_id):
                await self._moved(delivery, new_chat_id)
            case Unclear(reason):
                await self._unclear(delivery, reason)
            case TryLater() | Misconfigured():
                return  # put back together with what waits behind it

    async def _unclear(self, delivery: Delivery, reason: str) -> None:
        """Perhaps it arrived: try again later and say so in the ledger; after some tries, stop."""
        if delivery.tries >= deliveries.MOST_TRIES:
            await self._settle(delivery, DeliveryState.PARKED, perhaps_sent=True, reason=reason)
            return
        pause = timedelta(seconds=_BACKOFF[min(delivery.tries, len(_BACKOFF)) - 1])
        await self._settle(
            delivery,
            DeliveryState.WAITING,
            perhaps_sent=True,
            not_before=datetime.now(UTC) + pause,
            reason=reason,
        )

    async def _unreachable(self, delivery: Delivery, reason: str) -> None:
        """The reader blocked us or is gone; that is not the same as not wanting to hear from us."""
        logger.info("delivery %s cannot arrive: %s", delivery.id, reason)
        now = self.now()
        async with self.storage.begin() as session:
            if delivery.visitor_id is not None:
                visitor = await session.get(Visitor, delivery.visitor_id)
                if visitor is not None:
                    await people.reach(session, visitor, unreachable_since=now, now=now)
            elif delivery.staff_id is not None:
                staff = await session.get(Staff, delivery.staff_id)
                if staff is not None:
                    await colleagues.hand_back(session, staff, now=now)
        await self._settle(delivery, DeliveryState.UNREACHABLE, reason=reason)

    async def _moved(self, delivery: Delivery, new_chat_id: int) -> None:
        await self.told.group_moved(new_chat_id)
        await self._settle(delivery, DeliveryState.WAITING)

    async def _put_back(self, left: Sequence[Delivery], seconds: float) -> None:
        """Not sent, for certain: back into the outbox, until a moment that a restart remembers."""
        if seconds:
            logger.warning("%s deliveries wait %s s", len(left), seconds)
        until = datetime.now(UTC) + timedelta(seconds=seconds)
        async with self.storage.begin() as session:
            await deliveries.postpone(
                session, [one.id for one in left], fence=self.lease.fence or 0, until=until
            )

    async def _settle(self, delivery: Delivery, state: DeliveryState, **values: Any) -> None:
        values.setdefault("settled_at", self.now())
        async with self.storage.begin() as session:
            settled = await deliveries.settle(
                session, delivery, fence=delivery.fence, state=state, **values
            )
            if settled and state is not DeliveryState.WAITING:
                await self._tell(session, delivery, state)

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


def _as_it_matters(delivery: Delivery, outcome: Outcome) -> Outcome:
    """Settings are not mended by trying at once; the group's cards wait until we are back in."""
    if isinstance(outcome, Misconfigured):
        logger.error("Telegram refuses us: %s", outcome.reason)
        return TryLater(_MISCONFIGURED_SECONDS, everything=True, reason=outcome.reason)
    to_group = delivery.visitor_id is None and delivery.staff_id is None
    if to_group and isinstance(outcome, Unreachable):
        logger.error("the staff group cannot be reached: %s", outcome.reason)
        return TryLater(_MISCONFIGURED_SECONDS, everything=False, reason=outcome.reason)
    return outcome
