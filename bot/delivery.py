"""The postman: takes what is due from the outbox, words it last, carries it, notes how it went."""

import asyncio
import logging
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
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
from bot.desk import Desk, Draft, House, Person
from bot.screen import Drawn, OutdatedError, Screen, draw, new_serial
from bot.texts import Languages
from storage import deliveries, sealed
from storage.bureau import Bureau
from storage.engine import Storage
from storage.tables import Delivery, DeliveryState, Memo, Staff, Visitor

IN_FLIGHT = 4
_ROUND = 32
_LEASE = timedelta(seconds=20)
_RENEW_SECONDS = 5.0
_IDLE_SECONDS = 1.0
_MOST_TRIES = 5
_BACKOFF = (2, 5, 15, 60, 300)
STAFF_CHAT_MEMO = "staff_chat"

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Letter:
    """A delivery with its words, ready to be carried."""

    delivery: Delivery
    chat_id: int
    drawn: Drawn


class Postman:
    """One fenced sender. Nothing is locked in the database while it walks."""

    def __init__(
        self,
        storage: Storage,
        house: House,
        languages: Languages,
        bureau: Bureau,
        now: Callable[[], datetime],
        carrier: Carrier,
        *,
        staff_chat: int | None,
    ) -> None:
        self.storage, self.languages, self.bureau = storage, languages, bureau
        self.house, self.table = house, house.table
        self.now, self.carrier = now, carrier
        self.staff_chat = staff_chat
        self._holder = secrets.token_hex(8)
        self._fence: int | None = None
        self._renew_at = datetime.min.replace(tzinfo=UTC)
        self._bell = asyncio.Event()
        self._stopping = False
        self._paused_until = datetime.min.replace(tzinfo=UTC)

    def wake(self) -> None:
        """Something was written that may be due now."""
        self._bell.set()

    def stop(self) -> None:
        self._stopping = True
        self._bell.set()

    async def run(self) -> None:
        """Walk until stopped; what is in hand then is carried to its end."""
        await self._remember_staff_chat()
        await self._honour_silence()
        while not self._stopping:
            self._bell.clear()
            try:
                carried = await self.round()
            except (SQLAlchemyError, OSError) as away:
                logger.error("the outbox cannot be read: %s", type(away).__name__)  # noqa: TRY400  # a trace would hold parameters
                carried = 0
            if not carried:
                await self._rest()
        async with self.storage.begin() as session:
            await deliveries.give_up_lease(session, self._holder, now=datetime.now(UTC))

    async def _rest(self) -> None:
        try:
            async with asyncio.timeout(_IDLE_SECONDS):
                await self._bell.wait()
        except TimeoutError:
            return

    async def _remember_staff_chat(self) -> None:
        """Telegram moved the group to a new id once: the memo beats the setting it came from."""
        async with self.storage.read() as session:
            memo = await session.get(Memo, STAFF_CHAT_MEMO)
        old, _, new = memo.value.partition(">") if memo else ("", "", "")
        if new and old == str(self.staff_chat):
            self.staff_chat = int(new)

    async def round(self) -> int:
        """Carry what is due, a handful at once. How many were taken."""
        real_now = datetime.now(UTC)
        if real_now < self._paused_until or not await self._may_send(real_now):
            return 0
        async with self.storage.begin() as session:
            taken = await deliveries.take_due(
                session,
                fence=self._fence or 0,
                now=self.now(),
                real_now=real_now,
                most=_ROUND,
            )
        queues: dict[object, list[Delivery]] = {}
        for one in taken:
            queues.setdefault((one.visitor_id, one.staff_id), []).append(one)
        flight = asyncio.Semaphore(IN_FLIGHT)
        await asyncio.gather(*(self._carry_in_turn(queue, flight) for queue in queues.values()))
        return len(taken)

    async def _may_send(self, real_now: datetime) -> bool:
        if real_now >= self._renew_at:
            async with self.storage.begin() as session:
                self._fence = await deliveries.hold_lease(
                    session, self._holder, now=real_now, length=_LEASE
                )
            if self._fence is not None:
                self._renew_at = real_now + timedelta(seconds=_RENEW_SECONDS)
        return self._fence is not None

    async def _carry_in_turn(self, queue: Sequence[Delivery], flight: asyncio.Semaphore) -> None:
        """One person's deliveries one after the other, in the order they were written."""
        for at, one in enumerate(queue):
            async with flight:
                outcome = await self._carry(one)
            if isinstance(outcome, TryLater | Misconfigured):
                await self._put_back(queue[at:], outcome)
                return

    async def _carry(self, delivery: Delivery) -> Outcome | None:
        try:
            letter = await self._word(delivery)
        except Exception as broken:  # noqa: BLE001  # one delivery nobody can word must not stop the others
            logger.error("delivery %s cannot be worded: %s", delivery.id, type(broken).__name__)  # noqa: TRY400  # a trace would hold names
            await self._settle(delivery, DeliveryState.PARKED, reason="wording")
            return None
        if letter is None:
            return None
        markup = letter.drawn.markup
        if delivery.message_id is None:
            outcome = await self.carrier.send(
                letter.chat_id, letter.drawn.text, markup, bulk=delivery.rank == deliveries.BULK
            )
        else:
            outcome = await self.carrier.edit(
                letter.chat_id, delivery.message_id, letter.drawn.text, markup
            )
        await self._note(delivery, outcome)
        return outcome

    async def _word(self, delivery: Delivery) -> Letter | None:
        """Find the words, in the language the reader has by now; None if it is not to be sent."""
        async with self.storage.read() as session:
            reader = await self._reader(session, delivery)
            chat_id = self._chat(session, delivery, reader)
            state, reason = self._still_wanted(delivery, reader, chat_id)
            drawn = None
            if state is None:
                drawn = await self._drawn(session, delivery, reader)
        if state is None and drawn is not None and chat_id is not None:
            return Letter(delivery, chat_id, drawn)
        await self._settle(delivery, state or DeliveryState.DROPPED, reason=reason or "untrue")
        return None

    async def _reader(self, session: AsyncSession, delivery: Delivery) -> Visitor | Staff | None:
        if delivery.visitor_id is not None:
            return await session.get(Visitor, delivery.visitor_id)
        if delivery.staff_id is not None:
            return await session.get(Staff, delivery.staff_id)
        return None

    def _chat(
        self, session: AsyncSession, delivery: Delivery, reader: Visitor | Staff | None
    ) -> int | None:
        if reader is not None:
            return sealed.chat_of(session, reader)
        to_group = delivery.visitor_id is None and delivery.staff_id is None
        return self.staff_chat if to_group else None

    def _still_wanted(
        self, delivery: Delivery, reader: Visitor | Staff | None, chat_id: int | None
    ) -> tuple[DeliveryState | None, str]:
        if delivery.useless_after is not None and self.now() > delivery.useless_after:
            return DeliveryState.DROPPED, "too_late"
        if isinstance(reader, Visitor) and reader.unreachable_since is not None:
            return DeliveryState.UNREACHABLE, "before"
        if isinstance(reader, Staff) and not reader.active:
            return DeliveryState.DROPPED, "left"
        if chat_id is None:
            return DeliveryState.PARKED, "no_chat"
        return None, ""

    async def _drawn(
        self, session: AsyncSession, delivery: Delivery, reader: Visitor | Staff | None
    ) -> Drawn | None:
        params = sealed.params_of(session, delivery)
        params.pop("tell_staff", None)
        visitor = reader if isinstance(reader, Visitor) else None
        desk = Desk(
            session,
            self.now(),
            self.languages.get(visitor.language if visitor else "bg"),
            self.languages,
            self.bureau,
            Person(reader.key if reader else ""),
            Draft(),
            self.house,
            visitor,
            reader if isinstance(reader, Staff) else None,
        )
        screen = await self._screen(desk, delivery.kind, params)
        if screen is None:
            return None
        stays = delivery.kind != "screen"
        return draw(screen, desk.language, serial=new_serial(datetime.now(UTC)), stays=stays)

    async def _screen(self, desk: Desk, kind: str, params: dict[str, Any]) -> Screen | None:
        try:
            screen: Screen | None
            if kind == "screen":
                screen = await self.table.view(desk, self.table.read_page(params["page"]))
            else:
                screen = await self.table.deliveries[kind](desk, **params)
        except OutdatedError:
            return None
        return screen

    async def _note(self, delivery: Delivery, outcome: Outcome) -> None:
        match outcome:
            case Delivered(message_id):
                await self._settle(delivery, DeliveryState.SENT, message_id=message_id)
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
        if delivery.tries >= _MOST_TRIES:
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
        """The reader blocked us or is gone. That is not the same as not wanting to hear from us."""
        logger.info("delivery %s cannot arrive: %s", delivery.id, reason)
        if delivery.visitor_id is not None:
            async with self.storage.begin() as session:
                visitor = await session.get(Visitor, delivery.visitor_id)
                if visitor is not None:
                    visitor.unreachable_since = self.now()
        await self._settle(delivery, DeliveryState.UNREACHABLE, reason=reason)

    async def _moved(self, delivery: Delivery, new_chat_id: int) -> None:
        logger.warning("the staff group has a new id; it is remembered")
        async with self.storage.begin() as session:
            await session.merge(Memo(STAFF_CHAT_MEMO, f"{self.staff_chat}>{new_chat_id}"))
        self.staff_chat = new_chat_id
        await self._settle(delivery, DeliveryState.WAITING)
        self.wake()

    async def _put_back(self, left: Sequence[Delivery], outcome: TryLater | Misconfigured) -> None:
        """Not sent, for certain: back into the outbox, until a moment that a restart remembers."""
        seconds = outcome.seconds if isinstance(outcome, TryLater) else 60
        everything = isinstance(outcome, Misconfigured) or outcome.everything
        until = datetime.now(UTC) + timedelta(seconds=seconds)
        logger.warning("deliveries wait %s s: %s", seconds, outcome.reason)
        async with self.storage.begin() as session:
            await deliveries.postpone(
                session, [one.id for one in left], fence=self._fence or 0, until=until
            )
            if everything:
                await session.merge(Memo("silence", until.isoformat()))
        if everything:
            self._paused_until = max(self._paused_until, until)

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
        staff_id = sealed.params_of(session, delivery).get("tell_staff")
        staff = await session.get(Staff, staff_id) if staff_id else None
        if staff is not None:
            arrived = state is DeliveryState.SENT
            await deliveries.write(
                session, f"tick:{delivery.key}", "tick", staff, due=self.now(), arrived=arrived
            )
            self.wake()

    async def is_idle(self) -> bool:
        """Whether nothing is due; what waits for Telegram's patience is still due."""
        async with self.storage.read() as session:
            return await deliveries.waiting(session, now=self.now()) == 0

    async def _honour_silence(self) -> None:
        """After a restart: keep the silence Telegram asked for before it."""
        async with self.storage.read() as session:
            memo = await session.get(Memo, "silence")
        if memo is not None:
            self._paused_until = datetime.fromisoformat(memo.value)
