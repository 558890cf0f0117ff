"""Webhook: Telegram brings the updates, and is told "received" only when they are done with."""

import asyncio
import hmac
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from aiogram import Bot
from aiogram.exceptions import (
    AiogramError,
    TelegramNotFound,
    TelegramRetryAfter,
    TelegramUnauthorizedError,
)
from aiogram.types import WebhookInfo
from aiohttp import web
from sqlalchemy.exc import SQLAlchemyError

from bot.intake import ALLOWED, Intake, TokenRefusedError
from bot.pulse import Pulse
from bot.reading import is_update, read_json

LARGEST_UPDATE = 256 * 1024
_BODY_SECONDS = 5.0
_AGAIN_AFTER = {"Retry-After": "30"}
_HEADER = "X-Telegram-Bot-Api-Secret-Token"
_CONNECTIONS = 40
_MOST_AT_ONCE = 100
_BAD_LOOKS = 3  # in a row, before people are told that updates pile up at Telegram
_TRY_AGAIN_SECONDS = 3.0

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Entrance:
    """Where Telegram brings updates, and the word that proves that it is Telegram.

    Every ``look_seconds`` we look whether it still does.
    """

    url: str
    secret: str
    look_seconds: float = 60.0


class Webhook:
    """Receives for one process; several may stand behind one address, over one PostgreSQL.

    ``alarm`` is rung when Telegram was told to bring the updates elsewhere, or cannot bring them.
    """

    def __init__(
        self,
        bot: Bot,
        intake: Intake,
        pulse: Pulse,
        at: Entrance,
        *,
        alarm: Callable[[], Awaitable[None]],
    ) -> None:
        self._bot, self._intake, self._pulse = bot, intake, pulse
        self._at, self._alarm = at, alarm
        self._inside = 0
        self._is_to_ring = False
        self._bad_looks, self._waited = 0, 0
        self._failed_at: datetime | int | None = None

    # Receiving

    async def receive(self, request: web.Request) -> web.Response:
        """One update. 200: done with. 503: to be brought again. Everything else: not Telegram's."""
        given = request.headers.get(_HEADER, "").encode(errors="surrogateescape")
        if not hmac.compare_digest(given, self._at.secret.encode()):
            return _closing(401)
        if (request.content_length or 0) > LARGEST_UPDATE:
            return _closing(413)
        if self._intake.is_stopping or self._inside >= _MOST_AT_ONCE:
            return web.Response(status=503, headers=_AGAIN_AFTER)
        self._inside += 1
        try:
            return await self._received(request)
        finally:
            self._inside -= 1

    async def _received(self, request: web.Request) -> web.Response:
        try:
            async with asyncio.timeout(_BODY_SECONDS):
                body = await request.read()
            raw: Any = read_json(body)
        except TimeoutError:
            return _closing(408)
        except web.HTTPRequestEntityTooLarge:
            return _closing(413)
        except ValueError:
            return web.Response(status=400)
        if not is_update(raw):
            return web.Response(status=400)
        self._pulse.heard()
        if await self._intake.serve(raw, waits=False):
            return web.Response()
        return web.Response(status=503, headers=_AGAIN_AFTER)

    # Telling Telegram where we are

    async def run(self) -> None:
        """Say where we are, then see every minute that it is still so, until stopped.

        Raises TokenRefusedError if Telegram does not know us.
        """
        await self._say_where_we_are()
        while not await self._is_stopped_within(self._at.look_seconds):
            await self._look()

    async def _say_where_we_are(self) -> None:
        while not self._intake.is_stopping:
            try:
                await self._bot.set_webhook(
                    self._at.url,
                    secret_token=self._at.secret,
                    allowed_updates=list(ALLOWED),
                    max_connections=_CONNECTIONS,
                )
            except (TelegramUnauthorizedError, TelegramNotFound) as refused:
                raise TokenRefusedError(
                    "Telegram does not know this token. Check BUREAU_TOKEN."
                ) from refused
            except (AiogramError, TimeoutError) as away:
                logger.warning("Telegram was not told where we are: %s", type(away).__name__)
                flood = away.retry_after if isinstance(away, TelegramRetryAfter) else 0
                await self._is_stopped_within(max(flood, _TRY_AGAIN_SECONDS))
            else:
                self._pulse.heard()
                self._pulse.is_right = True
                return

    async def _look(self) -> None:
        """Whether Telegram still brings everything here; if not, ring, and say it once more."""
        try:
            told = await self._bot.get_webhook_info()
        except (AiogramError, TimeoutError) as away:
            logger.warning("Telegram cannot be reached: %s", type(away).__name__)
            return
        self._pulse.heard()
        self._pulse.webhook_pending.set(told.pending_update_count)
        sends = set(told.allowed_updates or ())
        self._pulse.is_right = told.url == self._at.url and set(ALLOWED) <= sends
        self._pulse.is_reached = self._does_reach_us(told)
        self._is_to_ring |= not (self._pulse.is_right and self._pulse.is_reached)
        await self._ring()
        if not self._pulse.is_right:
            logger.error("Telegram was told to bring updates elsewhere; it is told again")
            await self._say_where_we_are()

    def _does_reach_us(self, told: WebhookInfo) -> bool:
        """Not if, one look after the other, more waits than before or something was refused."""
        waits, failed_at = told.pending_update_count, told.last_error_date
        is_bad = waits > self._waited or (waits > 0 and failed_at != self._failed_at)
        self._bad_looks = self._bad_looks + 1 if is_bad else 0
        self._waited, self._failed_at = waits, failed_at
        return self._bad_looks < _BAD_LOOKS

    async def _ring(self) -> None:
        """What cannot be rung because the database is away is rung when it is back."""
        if not self._is_to_ring:
            return
        try:
            await self._alarm()
        except (SQLAlchemyError, OSError) as away:
            logger.error("nobody could be warned: %s", type(away).__name__)  # noqa: TRY400  # a trace would hold parameters
        else:
            self._is_to_ring = False

    async def _is_stopped_within(self, seconds: float) -> bool:
        try:
            async with asyncio.timeout(seconds):
                await self._intake.stopped()
        except TimeoutError:
            return False
        return True


def _closing(status: int) -> web.Response:
    """An answer to whom we do not listen any longer; what they still send is not read."""
    response = web.Response(status=status)
    response.force_close()
    return response
