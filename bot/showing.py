"""Showing a screen on one phone, and answering one press, whatever Telegram says to it."""

import asyncio
import html
import logging
from types import TracebackType
from typing import Self

from aiogram import Bot
from aiogram.client.session.middlewares.base import (
    BaseRequestMiddleware,
    NextRequestMiddlewareType,
)
from aiogram.exceptions import (
    AiogramError,
    ClientDecodeError,
    TelegramAPIError,
    TelegramBadRequest,
    TelegramForbiddenError,
    TelegramRetryAfter,
)
from aiogram.methods import (
    AnswerCallbackQuery,
    EditMessageReplyMarkup,
    EditMessageText,
    Response,
    SendMessage,
    TelegramMethod,
)
from aiogram.methods.base import TelegramType
from aiogram.types import InlineKeyboardMarkup, LinkPreviewOptions

from bot.carrier import ASKED, UNSAID
from bot.screen import Drawn
from bot.told import Told

# Aiogram reads every answer with a class pydantic makes for it and forgets at once; making it again
# costs more than all else it does. These are held, so they are made once.
HELD = tuple(
    Response[one.__returning__]  # type: ignore[name-defined]  # as aiogram itself says it
    for one in (SendMessage, EditMessageText, EditMessageReplyMarkup, AnswerCallbackQuery)
)

SHOW_SECONDS = 5.0
_LONGEST_NOTICE = 200
_NO_PREVIEW = LinkPreviewOptions(is_disabled=True)

logger = logging.getLogger(__name__)


class SilentError(TelegramAPIError):
    """Nothing was sent: Telegram has asked us to say nothing for a while."""


class Manners(BaseRequestMiddleware):
    """What aiogram sends keeps the silence the postman was told of, and tells him of its own."""

    def __init__(self, told: Told) -> None:
        self._told = told

    async def __call__(
        self,
        make_request: NextRequestMiddlewareType[TelegramType],
        bot: Bot,
        method: TelegramMethod[TelegramType],
    ) -> Response[TelegramType]:
        if self._told.is_silent:
            raise SilentError(method, "we were asked to be silent")
        try:
            return await make_request(bot, method)
        except AiogramError as refused:
            seconds = _seconds_asked(refused)
            if seconds is not None:
                await self._told.flooded(getattr(method, "chat_id", None), seconds)
            raise


def _seconds_asked(refused: AiogramError) -> int | None:
    """How long to be silent, if it is a 429 in any form: told in a field, in words, or as a page.

    Aiogram keeps no status of what it cannot read, so a page is known by its words.
    """
    match refused:
        case TelegramRetryAfter():
            return refused.retry_after
        case TelegramAPIError(message=str(words)) | ClientDecodeError(data=str(words)):
            if "too many requests" not in words.casefold():
                return None
            asked = ASKED.search(words.encode())
            return int(asked[1]) if asked else UNSAID
        case _:
            return None


class Phone:
    """One private chat. ``message_id`` is the message to change; None shows a new one."""

    def __init__(self, bot: Bot, chat_id: int, message_id: int | None) -> None:
        self._bot, self._chat_id, self._message_id = bot, chat_id, message_id

    async def show(self, drawn: Drawn, *, anew: bool = False) -> int | None:
        """The id of the message that now shows the screen; None if it was not taken in time.

        Whoever has blocked us is as good as served: there is nobody to show it to.
        """
        try:
            async with asyncio.timeout(SHOW_SECONDS):
                if self._message_id is not None and not anew:
                    return await self._change(self._message_id, drawn)
                return await self._send(drawn)
        except TelegramForbiddenError:
            return self._message_id or 0
        except TelegramBadRequest:
            raise  # the screen itself is wrong: sending it once more would not help
        except (TimeoutError, AiogramError) as refused:
            logger.warning("a screen was not taken: %s", type(refused).__name__)
            return None

    async def _change(self, message_id: int, drawn: Drawn) -> int:
        try:
            await self._bot.edit_message_text(
                text=drawn.text,
                chat_id=self._chat_id,
                message_id=message_id,
                reply_markup=_markup(drawn),
                link_preview_options=_NO_PREVIEW,
            )
        except TelegramBadRequest as refused:
            if "message is not modified" in refused.message:
                return message_id
            return await self._send(drawn)  # it was deleted, or may not be changed any more
        return message_id

    async def _send(self, drawn: Drawn) -> int:
        sent = await self._bot.send_message(
            chat_id=self._chat_id,
            text=drawn.text,
            reply_markup=_markup(drawn),
            link_preview_options=_NO_PREVIEW,
        )
        return sent.message_id

    async def take_buttons_away(self, message_id: int | None) -> None:
        """What was decided under a delivery is decided; failing to tidy up harms nobody."""
        if message_id is None:
            return
        try:
            async with asyncio.timeout(SHOW_SECONDS):
                await self._bot.edit_message_reply_markup(
                    chat_id=self._chat_id, message_id=message_id, reply_markup=None
                )
        except (TimeoutError, AiogramError) as refused:
            logger.info("buttons stay where they are: %s", type(refused).__name__)


def _markup(drawn: Drawn) -> InlineKeyboardMarkup | None:
    return InlineKeyboardMarkup.model_validate(drawn.markup) if drawn.markup else None


class Answer:
    """A press is answered once: with its notice after commit, or empty when patience ends.

    What failed is left to whoever tries again or says so.
    """

    def __init__(self, bot: Bot, query_id: str, patience: float) -> None:
        self._bot, self._query_id, self._patience = bot, query_id, patience
        self._timer: asyncio.Task[None] | None = None
        self._given = False

    async def __aenter__(self) -> Self:
        self._timer = asyncio.ensure_future(self._later())
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._timer is not None:
            self._timer.cancel()
        if error is None:
            await self.give("", None)

    async def _later(self) -> None:
        await asyncio.sleep(self._patience)
        await self.give("", None)

    async def give(self, notice: str, link: str | None) -> str:
        """Answer, if that has not happened. What could not be said this way comes back."""
        if self._given:
            return notice
        self._given = True
        try:
            async with asyncio.timeout(SHOW_SECONDS):
                await self._bot.answer_callback_query(
                    callback_query_id=self._query_id,
                    text=html.unescape(notice)[:_LONGEST_NOTICE] or None,
                    show_alert=bool(notice) or None,
                    url=link,
                )
        except SilentError:
            self._given = False  # nothing has left: who waits for the silence to end may try again
            return notice
        except (TimeoutError, AiogramError) as refused:
            logger.info("a press was answered too late: %s", type(refused).__name__)
            return notice
        return ""
