"""Serving one update, however it came: understood, in its turn, tried again, or set aside."""

import asyncio
import logging
from datetime import timedelta
from time import monotonic
from typing import Any

from aiogram import Bot, Dispatcher
from aiogram.types import CallbackQuery, ChatMemberUpdated, Message, Update
from pydantic import ValidationError

from bot.comings import Comings
from bot.middleware import Reception
from bot.presenting import NotShownError
from bot.pulse import Pulse
from bot.regrets import Regrets
from bot.turnstile import Turnstile
from storage.engine import is_outage, is_passing
from storage.sqlite import TookTooLongError

ALLOWED = ("message", "edited_message", "callback_query", "my_chat_member")
"""The kinds of update we ask Telegram for."""

_KINDS = frozenset(Update.model_fields) - {"update_id"}
_TRIES = 3
_LONG_TRIES = 2  # of what took all its time
_PATIENCE_SECONDS = 20.0
_PAUSES = (0.2, 1.0, 3.0, 10.0)
_LATE = timedelta(minutes=1)

logger = logging.getLogger(__name__)

Raw = dict[str, Any]


class TokenRefusedError(Exception):
    """Telegram does not know this bot, or somebody else receives for it. One line for people."""


def dispatcher(reception: Reception, comings: Comings) -> Dispatcher:
    """Aiogram's table of who serves what; its state machine is switched off."""
    made = Dispatcher(disable_fsm=True)
    made.callback_query.register(_pressed)
    made.message.register(_wrote)
    made.edited_message.register(_edited)
    made.my_chat_member.register(_met)
    made["reception"], made["comings"] = reception, comings
    return made


async def _pressed(
    query: CallbackQuery, bot: Bot, event_update: Update, reception: Reception
) -> None:
    await reception.pressed(query, bot, event_update)


async def _wrote(message: Message, bot: Bot, event_update: Update, reception: Reception) -> None:
    await reception.wrote(message, bot, event_update)


async def _edited(message: Message, bot: Bot, event_update: Update, reception: Reception) -> None:
    await reception.edited(message, bot, event_update)


async def _met(change: ChatMemberUpdated, bot: Bot, comings: Comings) -> None:
    await comings.met(change, bot)


class Intake:
    """What polling and webhook have in common. ``stop`` ends all waiting."""

    def __init__(
        self,
        bot: Bot,
        reception: Reception,
        comings: Comings,
        *,
        turnstile: Turnstile,
        pulse: Pulse,
    ) -> None:
        self._bot, self._reception = bot, reception
        self._dispatcher = dispatcher(reception, comings)
        self._turnstile, self._pulse = turnstile, pulse
        self._regrets = Regrets(reception)
        self._stopping = asyncio.Event()

    def stop(self) -> None:
        self._stopping.set()

    @property
    def is_stopping(self) -> bool:
        return self._stopping.is_set()

    async def stopped(self) -> None:
        await self._stopping.wait()

    async def serve(self, raw: Raw, *, waits: bool) -> bool:
        """Whether the update is done with: it had its effect, is not for us, or was set aside.

        Without the database it is not done with: whoever ``waits`` tries on until stopped, anybody
        else is told at once. Never raises.
        """
        kind = next((one for one in ALLOWED if one in raw), "other")
        with self._pulse.serving(kind) as served:
            done, served.outcome = await self._received(raw, kind, waits=waits)
            return done

    async def _received(self, raw: Raw, kind: str, *, waits: bool) -> tuple[bool, str]:
        if kind == "other":
            # Only Telegram's own names are written down: the rest could be anybody's words.
            logger.info("update of kind %s is not for us", sorted(set(raw) & _KINDS) or "unknown")
            return True, "not_for_us"
        update = self._understood(raw)
        if update is None:
            return True, "not_understood"
        if not await self._may_pass(update):
            return True, "turned_away"
        await self._keep_late_ones_slow(update)
        done, outcome = await self._serve(update, waits=waits)
        if not done:
            self._take_back(update)
        return done, outcome

    def _understood(self, raw: Raw) -> Update | None:
        try:
            return Update.model_validate(raw, context={"bot": self._bot})
        except (ValidationError, RecursionError) as unknown:
            # A new kind of value must not deafen everybody; only its kind may be named.
            kind, name = sorted(set(raw) & _KINDS), type(unknown).__name__
            logger.warning("update of kind %s not understood: %s", kind, name)
            return None

    async def _may_pass(self, update: Update) -> bool:
        """One person may not take everybody's time: after too much, one notice, then silence."""
        person = _counted(update)
        if person is None:
            return True
        words = update.message or update.edited_message
        at = _written_at(words) if words else monotonic()
        if self._turnstile.passes(person, at, presses=update.callback_query is not None):
            return True
        try:
            tells = self._turnstile.tells(person, monotonic())
            await self._regrets.too_much(update, self._bot, tells=tells)
        except Exception as broken:  # noqa: BLE001  # a notice that fails is no reason to stop
            logger.warning("somebody was turned away without a word: %s", where(broken))
        return False

    def _take_back(self, update: Update) -> None:
        person = _counted(update)
        if person is not None:
            self._turnstile.takes_back(person, presses=update.callback_query is not None)

    async def _keep_late_ones_slow(self, update: Update) -> None:
        message = update.message
        if message is not None and self._reception.now() - message.date > _LATE:
            await self._pause(self._turnstile.late_one_waits(monotonic()))

    async def _serve(self, update: Update, *, waits: bool) -> tuple[bool, str]:
        failures, broken_since = 0, monotonic()
        while True:
            try:
                await self._dispatcher.feed_update(self._bot, update)
            except Exception as broken:  # noqa: BLE001  # whatever a view does, the next person is served
                failures += 1
                logger.error("update failed, try %s: %s", failures, where(broken))  # noqa: TRY400  # a trace would hold what people wrote
                if is_outage(broken):
                    self._pulse.stumbled()
                    if failures > 1 or not is_passing(broken):
                        await self._regrets.no_memory(update, self._bot)
                        if not waits:
                            return False, "put_off"
                elif self._is_hopeless(broken, failures, monotonic() - broken_since):
                    return await self._park(update), "set_aside"
            else:
                return True, "served"
            await self._pause(_PAUSES[min(failures - 1, len(_PAUSES) - 1)])
            if self.is_stopping:
                return False, "put_off"

    @staticmethod
    def _is_hopeless(broken: BaseException, failures: int, seconds: float) -> bool:
        """For Telegram we wait a while; what a view cannot do it will hardly ever do."""
        if isinstance(broken, NotShownError):
            return seconds > _PATIENCE_SECONDS
        return failures >= (_LONG_TRIES if isinstance(broken, TookTooLongError) else _TRIES)

    async def _park(self, update: Update) -> bool:
        """Set an update aside and say so to its person; not while the database is away."""
        try:
            await self._regrets.broken(update, self._bot)
        except Exception as broken:  # noqa: BLE001  # even the apology may fail; the loop goes on
            logger.error("update could not be set aside: %s", where(broken))  # noqa: TRY400  # the same
            return not is_outage(broken)
        return True

    async def _pause(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._stopping.wait()
        except TimeoutError:
            return


def _counted(update: Update) -> int | None:
    """Whose allowance this takes: presses, and words in private. Groups talk as they like."""
    event = update.callback_query or update.message or update.edited_message
    if event is None or event.from_user is None:
        return None
    in_group = isinstance(event, Message) and event.chat.type != "private"
    return None if in_group else event.from_user.id


def _written_at(message: Message) -> float:
    """Seconds of real time; of words that were changed, when they were."""
    return float(message.edit_date or message.date.timestamp())


def where(broken: BaseException) -> str:
    """The kind of an error and the line of ours it came from; never its words."""
    trace, place = broken.__traceback__, "?"
    while trace is not None:
        code = trace.tb_frame.f_code
        if "site-packages" not in code.co_filename:
            place = f"{code.co_qualname}:{trace.tb_lineno}"
        trace = trace.tb_next
    return f"{type(broken).__name__} in {place}"
