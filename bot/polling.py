"""Polling: Telegram is asked for updates, and told only of what is done that it is done."""

import asyncio
import logging
from collections import deque
from typing import Any

import aiohttp
from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.exceptions import AiogramError

from bot.intake import ALLOWED, Intake, Raw, TokenRefusedError
from bot.pulse import Pulse
from bot.reading import is_update, read_json, sender

_POLL_SECONDS = 25
_MOST = 100
_CONFLICT = 409
_PAUSES = (0.2, 1.0, 3.0, 10.0)
_LOOK_AGAIN_SECONDS = 1.0  # while somebody is still being served; Telegram slows down who asks more

logger = logging.getLogger(__name__)


class Polling:
    """One person's updates in order, different people side by side, nobody waits for another.

    Telegram is told "received" up to the lowest update that is not done with; what it therefore
    sends again is known by its number. ``run`` ends when the intake is stopped.
    """

    def __init__(self, bot: Bot, intake: Intake, pulse: Pulse) -> None:
        self._bot, self._intake, self._pulse = bot, intake, pulse
        self._offset: int | None = None
        self._done: dict[int, bool] = {}
        self._queues: dict[int, deque[Raw]] = {}
        self._walks: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        """Poll until stopped. Raises TokenRefusedError if Telegram will not have us."""
        await self._take_over()
        failures = 0
        try:
            while not self._intake.is_stopping:
                try:
                    batch = await self._ask(0 if self._walks else _POLL_SECONDS)
                except (aiohttp.ClientError, TimeoutError, ValueError) as problem:
                    logger.warning("Telegram cannot be reached: %s", type(problem).__name__)
                    await self._pause(_PAUSES[min(failures, len(_PAUSES) - 1)])
                    failures += 1
                    continue
                failures = 0
                self.take(batch)
                await self._walked(_LOOK_AGAIN_SECONDS)
        finally:
            await self._walked(None)
        if self._offset is not None:
            await self._confirm()

    async def _take_over(self) -> None:
        """A webhook of earlier times would keep everything from us."""
        try:
            if (await self._bot.get_webhook_info()).url:
                logger.warning("Telegram was told to bring updates elsewhere; now we ask for them")
                await self._bot.delete_webhook()
        except (AiogramError, TimeoutError) as away:
            logger.warning("Telegram cannot be reached: %s", type(away).__name__)

    def take(self, batch: list[Raw]) -> None:
        """Begin to serve what is new in a batch."""
        for raw in batch:
            number = raw["update_id"]
            if number in self._done:
                continue
            self._done[number] = False
            person = sender(raw)
            if person in self._queues:
                self._queues[person].append(raw)
                continue
            self._queues[person] = deque([raw])
            walk = asyncio.create_task(self._walk(person))
            self._walks.add(walk)
            walk.add_done_callback(self._walks.discard)

    async def _walk(self, person: int) -> None:
        """One person's updates in order; what is left when we are stopped comes again."""
        queue = self._queues[person]
        while queue and await self._intake.serve(queue[0], waits=True):
            self._done[queue.popleft()["update_id"]] = True
            if self._intake.is_stopping:
                break
        del self._queues[person]

    async def _walked(self, seconds: float | None) -> None:
        """Wait for whoever is being served, but not for ever for one of them."""
        if self._walks:
            await asyncio.wait(self._walks, timeout=seconds)
        if self._done:
            undone = [number for number, done in self._done.items() if not done]
            self._offset = min(undone, default=max(self._done) + 1)
            kept = self._offset
            self._done = {one: done for one, done in self._done.items() if one >= kept}

    async def _ask(self, seconds: int) -> list[Raw]:
        asked = asyncio.ensure_future(self._get_updates(seconds))
        stopped = asyncio.ensure_future(self._intake.stopped())
        await asyncio.wait({asked, stopped}, return_when=asyncio.FIRST_COMPLETED)
        stopped.cancel()
        if not asked.done():
            asked.cancel()
            return []
        return await asked

    async def _get_updates(self, seconds: int, limit: int = _MOST) -> list[Raw]:
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
            answer = read_json(await response.read())
        return self._understood(answer)

    def _understood(self, answer: Any) -> list[Raw]:
        told = answer if isinstance(answer, dict) else {}
        if told.get("ok") and isinstance(told.get("result"), list):
            self._pulse.heard()
            return [one for one in told["result"] if is_update(one)]
        code = told.get("error_code")
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

    async def _pause(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._intake.stopped()
        except TimeoutError:
            return
