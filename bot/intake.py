"""Polling: updates in order, each by itself, and confirmed only once it has had its effect."""

import asyncio
import json
import logging
from collections import defaultdict
from collections.abc import Sequence
from time import monotonic
from typing import Any

import aiohttp
from aiogram import Bot, Dispatcher
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.types import CallbackQuery, ChatMemberUpdated, Message, Update
from pydantic import ValidationError

from bot.comings import Comings
from bot.middleware import NotShownError, Reception
from storage.engine import is_outage

ALLOWED = ("message", "callback_query", "my_chat_member")
_POLL_SECONDS = 25
_TRIES = 3
_PATIENCE_SECONDS = 20.0
_CONFLICT = 409
_PAUSES = (0.2, 1.0, 3.0, 10.0)

logger = logging.getLogger(__name__)

Raw = dict[str, Any]


class TokenRefusedError(Exception):
    """Telegram does not know this bot, or somebody else receives for it. One line for people."""


def dispatcher(reception: Reception, comings: Comings) -> Dispatcher:
    """Aiogram's table of who serves what; its state machine is switched off."""
    made = Dispatcher(disable_fsm=True)
    made.callback_query.register(_pressed)
    made.message.register(_wrote)
    made.my_chat_member.register(_met)
    made["reception"], made["comings"] = reception, comings
    return made


async def _pressed(
    query: CallbackQuery, bot: Bot, event_update: Update, reception: Reception
) -> None:
    await reception.pressed(query, bot, event_update)


async def _wrote(message: Message, bot: Bot, event_update: Update, reception: Reception) -> None:
    await reception.wrote(message, bot, event_update)


async def _met(change: ChatMemberUpdated, bot: Bot, comings: Comings) -> None:
    await comings.met(change, bot)


class Intake:
    """Asks Telegram for updates and serves them. ``stop`` lets what was begun come to its end."""

    def __init__(self, bot: Bot, reception: Reception, comings: Comings) -> None:
        self._bot, self._reception = bot, reception
        self._dispatcher = dispatcher(reception, comings)
        self._offset: int | None = None
        self._stopping = asyncio.Event()

    def stop(self) -> None:
        self._stopping.set()

    async def stopped(self) -> None:
        await self._stopping.wait()

    async def run(self) -> None:
        """Poll until stopped. Raises TokenRefusedError if Telegram will not have us."""
        failures = 0
        while not self._stopping.is_set():
            try:
                batch = await self._ask(_POLL_SECONDS)
            except (aiohttp.ClientError, TimeoutError, ValueError) as problem:
                logger.warning("Telegram cannot be reached: %s", type(problem).__name__)
                await self._pause(failures)
                failures += 1
                continue
            failures = 0
            await self.serve(batch)
        if self._offset is not None:
            await self._confirm()

    async def serve(self, batch: Sequence[Raw]) -> None:
        """Serve a batch: one person's updates in order, different people side by side."""
        queues: dict[int, list[Raw]] = defaultdict(list)
        for raw in batch:
            queues[_person(raw)].append(raw)
        walks = [self._one_after_another(queue) for queue in queues.values()]
        left = await asyncio.gather(*walks)
        unserved = [raw["update_id"] for queue in left for raw in queue]
        if batch:
            self._offset = min(unserved, default=max(raw["update_id"] for raw in batch) + 1)

    async def _one_after_another(self, queue: Sequence[Raw]) -> Sequence[Raw]:
        """One person's updates in order; what is left unserved when we are stopped."""
        for at, raw in enumerate(queue):
            if not await self._serve_one(raw):
                return queue[at:]
        return ()

    async def _serve_one(self, raw: Raw) -> bool:
        """Whether the update is done with: it had its effect, is not for us, or was set aside."""
        try:
            update = Update.model_validate(raw, context={"bot": self._bot})
        except ValidationError as unknown:
            # A new kind of value must not deafen everybody; only its kind may be named.
            kinds = sorted(set(raw) - {"update_id"})
            logger.warning("update of kind %s not understood: %s", kinds, unknown.error_count())
            return True
        failures, broken_since = 0, monotonic()
        while True:
            try:
                await self._dispatcher.feed_update(self._bot, update)
            except Exception as broken:  # noqa: BLE001  # whatever a view does, the next person is served
                failures += 1
                logger.error("update failed, try %s: %s", failures, _where(broken))  # noqa: TRY400  # a trace would hold what people wrote
                if self._is_hopeless(broken, failures, monotonic() - broken_since):
                    return await self._park(update)
            else:
                return True
            await self._pause(failures - 1)
            if self._stopping.is_set():
                return False

    @staticmethod
    def _is_hopeless(broken: BaseException, failures: int, seconds: float) -> bool:
        """Without the database we wait for ever, for Telegram a while, else hardly."""
        if is_outage(broken):
            return False
        if isinstance(broken, NotShownError):
            return seconds > _PATIENCE_SECONDS
        return failures >= _TRIES

    async def _park(self, update: Update) -> bool:
        """Set an update aside and say so to its person; not while the database is away."""
        try:
            await self._reception.park(update, self._bot)
        except Exception as broken:  # noqa: BLE001  # even the apology may fail; the loop goes on
            logger.error("update could not be set aside: %s", _where(broken))  # noqa: TRY400  # the same
            return not is_outage(broken)
        return True

    async def _ask(self, seconds: int) -> list[Raw]:
        asked = asyncio.ensure_future(self._get_updates(seconds))
        stopped = asyncio.ensure_future(self._stopping.wait())
        await asyncio.wait({asked, stopped}, return_when=asyncio.FIRST_COMPLETED)
        stopped.cancel()
        if not asked.done():
            asked.cancel()
            return []
        return await asked

    async def _get_updates(self, seconds: int, limit: int = 100) -> list[Raw]:
        """The updates as plain dicts; aiogram would refuse a whole batch for one unknown value."""
        session = self._bot.session
        if not isinstance(session, AiohttpSession):
            raise TypeError("the bot needs aiogram's own session")
        client = await session.create_session()
        wanted: Raw = {"timeout": seconds, "limit": limit, "allowed_updates": list(ALLOWED)}
        if self._offset is not None:
            wanted["offset"] = self._offset
        url = session.api.api_url(self._bot.token, "getUpdates")
        patience = aiohttp.ClientTimeout(total=seconds + 10)
        async with client.post(url, json=wanted, timeout=patience) as response:
            answer = json.loads(await response.read())
        return self._understood(answer)

    def _understood(self, answer: Any) -> list[Raw]:
        if isinstance(answer, dict) and answer.get("ok"):
            return [one for one in answer["result"] if _is_update(one)]
        code = answer.get("error_code") if isinstance(answer, dict) else None
        if code in {401, 404}:
            raise TokenRefusedError("Telegram does not know this token. Check BUREAU_TOKEN.")
        if code == _CONFLICT:
            logger.error("somebody else receives for this bot: another program, or a webhook")
        raise ValueError(f"getUpdates answered {code}")

    async def _confirm(self) -> None:
        """Tell Telegram what was served last, so that a restart does not bring it again."""
        try:
            async with asyncio.timeout(5):
                await self._get_updates(0, limit=1)
        except (aiohttp.ClientError, TimeoutError, ValueError, TokenRefusedError):
            logger.info("the last updates will come once more; they are known already")

    async def _pause(self, failures: int) -> None:
        try:
            async with asyncio.timeout(_PAUSES[min(failures, len(_PAUSES) - 1)]):
                await self._stopping.wait()
        except TimeoutError:
            return


def _is_update(one: Any) -> bool:
    return isinstance(one, dict) and isinstance(one.get("update_id"), int)


def _person(raw: Raw) -> int:
    """Whose queue an update stands in; what nobody understands stands in one of its own."""
    for content in raw.values():
        sender = content.get("from") if isinstance(content, dict) else None
        number = sender.get("id") if isinstance(sender, dict) else None
        if isinstance(number, int):
            return number
    return 0


def _where(broken: BaseException) -> str:
    """The kind of an error and the line of ours it came from; never its words."""
    trace, place = broken.__traceback__, "?"
    while trace is not None:
        code = trace.tb_frame.f_code
        if "site-packages" not in code.co_filename:
            place = f"{code.co_qualname}:{trace.tb_lineno}"
        trace = trace.tb_next
    return f"{type(broken).__name__} in {place}"
