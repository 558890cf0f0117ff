"""Carries one message to Telegram with python-telegram-bot and says plainly how it went."""

import json
import logging
import re
from collections.abc import Awaitable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any, Self

import httpx
from telegram import LinkPreviewOptions, Message, MessageId, ReplyParameters, error
from telegram.constants import ParseMode
from telegram.ext import ExtBot
from telegram.request import HTTPXRequest

from bot.pace import HeldBackError, Pace, Priority, is_group, seconds_asked

logger = logging.getLogger(__name__)

Markup = dict[str, Any]

PAUSE = 3  # seconds until Telegram may be back, if it cannot be reached at all
UNSAID = 5  # seconds of silence after a 429 that does not say how long
ASKED = re.compile(rb'retry[_ ]after[":\s]*(-?\d{1,9})', re.IGNORECASE)
NO_PREVIEW = LinkPreviewOptions(is_disabled=True)
# Said with every text, and not by PTB's Defaults: with those an empty text is sent as "[]".
SPOKEN: dict[str, Any] = {"parse_mode": ParseMode.HTML, "link_preview_options": NO_PREVIEW}


# How it went. Reasons are short codes of ours, never words of people or of Telegram.


@dataclass(frozen=True)
class Delivered:
    message_id: int


@dataclass(frozen=True)
class Gone:
    """The message it was about is not there any more, or may not be touched any more."""


@dataclass(frozen=True)
class Unreachable:
    reason: str  # the recipient cannot be written to: trying again would be rude


@dataclass(frozen=True)
class Refused:
    reason: str  # the message itself is wrong, for everybody it would go to


@dataclass(frozen=True)
class Moved:
    new_chat_id: int  # the group is a supergroup now


@dataclass(frozen=True)
class TryLater:
    seconds: int  # certainly not sent; as long as Telegram asked, which may be for days
    everything: bool  # all chats have to wait, not only this one
    reason: str = "flood"


@dataclass(frozen=True)
class Unclear:
    reason: str  # perhaps sent, perhaps not: trying again may say it twice


@dataclass(frozen=True)
class Misconfigured:
    reason: str  # no message will get through until somebody mends the settings


Outcome = Delivered | Gone | Unreachable | Refused | Moved | TryLater | Unclear | Misconfigured

# Our codes, and the parts of Telegram's sentences (in small letters) we know them by.
GONE = {"gone": ("to edit not found", "to copy not found", "be edited", "be copied", "message_id")}
UNREACHABLE = {
    "blocked": ("blocked by the user", "user_is_blocked"),
    "deactivated": ("deactivated",),
    "kicked": ("kicked",),
    "not_member": ("not a member",),
    "not_started": ("initiate conversation",),
    "deleted": ("chat was deleted",),
    "not_found": ("chat not found", "user not found", "peer_id_invalid"),
    "no_rights": ("rights", "chat_write_forbidden", "chat_admin_required"),
    "topic": ("topic_closed", "topic_deleted", "thread not found"),
}
REFUSED = {
    "same": ("not modified",),
    "markup": ("parse", "entit"),
    "too_long": ("too long", "too_long"),
    "too_big": ("too big", "too large"),
    "empty": ("empty",),
    "buttons": ("button", "keyboard", "reply markup"),
    "file": ("file",),
}
SAME = Refused("same")


@dataclass(frozen=True)
class Patience:
    """Seconds we wait for what, and over how many connections, in PTB's words."""

    connect_timeout: float = 5.0
    read_timeout: float = 20.0  # long: giving up leaves a message nobody knows about
    write_timeout: float = 10.0
    media_write_timeout: float = 30.0
    pool_timeout: float = 10.0
    connection_pool_size: int = 8


class Wire(HTTPXRequest):
    """PTB's way to Telegram; what PTB tells only in prose is told by type, and nothing logged."""

    def __init__(self, patience: Patience) -> None:
        # aiogram takes no proxy from the environment; both must leave by the same door.
        super().__init__(**asdict(patience), httpx_kwargs={"trust_env": False})

    async def do_request(self, *args: Any, **kwargs: Any) -> tuple[int, bytes]:
        status, body = await super().do_request(*args, **kwargs)
        if status == 429:  # with `parameters`, without them, or as a web page
            asked = ASKED.search(body)
            raise error.RetryAfter(timedelta(seconds=int(asked[1]) if asked else UNSAID))
        if status == 413:
            raise error.BadRequest("file is too big")
        if status in {400, 403} and not body.lstrip().startswith(b"{"):
            raise error.NetworkError("not the Bot API")  # some proxy's page condemns nobody
        return status, body

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """Like PTB's, which writes what it cannot read into the log, words of people and all."""
        try:
            return dict(json.loads(payload))
        except (ValueError, TypeError) as problem:
            raise error.TelegramError("not a JSON object") from problem


@dataclass(frozen=True)
class Place:
    latitude: float
    longitude: float
    title: str
    address: str


class Carrier:
    """`async with Carrier(token, api_url) as carrier`: one call, one attempt, one `Outcome`.

    No call raises because of what Telegram or the network did. All keep the same `pace`. With
    `PTB_TIMEDELTA=1` in the environment PTB does not warn at every 429.
    """

    def __init__(
        self, token: str, api_url: str, pace: Pace | None = None, patience: Patience | None = None
    ) -> None:
        self.pace = pace or Pace()
        self._wire = Wire(patience or Patience())
        self._bot: ExtBot[Priority] = ExtBot(
            token,
            base_url=f"{api_url}/bot",
            base_file_url=f"{api_url}/file/bot",
            request=self._wire,
            get_updates_request=self._wire,  # never used; PTB would open a second one
            rate_limiter=self.pace,
        )

    async def __aenter__(self) -> Self:
        # Not the bot's own initialize(): it asks getMe, and we start even if Telegram is away.
        await self._wire.initialize()
        await self.pace.initialize()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.pace.shutdown()
        await self._wire.shutdown()

    async def send(
        self,
        chat_id: int,
        text: str,
        reply_markup: Markup | None = None,
        *,
        bulk: bool = False,
        protect: bool = False,
        reply_to: int | None = None,
        silent: bool = False,
    ) -> Outcome:
        call = self._bot.send_message(
            chat_id,
            text,
            **SPOKEN,
            disable_notification=silent,
            protect_content=protect,
            reply_parameters=_reply(reply_to),
            api_kwargs=_markup(reply_markup),
            rate_limit_args=Priority.BULK if bulk else Priority.PERSONAL,
        )
        return await _carry(call, chat_id)

    async def edit(
        self, chat_id: int, message_id: int, text: str, reply_markup: Markup | None = None
    ) -> Outcome:
        """Change a message of ours; without a markup it loses its buttons."""
        call = self._bot.edit_message_text(
            text, chat_id, message_id, **SPOKEN, api_kwargs=_markup(reply_markup)
        )
        outcome = await _carry(call, chat_id)
        return Delivered(message_id) if outcome == SAME else outcome

    async def copy(
        self, chat_id: int, from_chat_id: int, message_id: int, reply_to: int | None = None
    ) -> Outcome:
        call = self._bot.copy_message(
            chat_id, from_chat_id, message_id, reply_parameters=_reply(reply_to)
        )
        return await _carry(call, chat_id)

    async def venue(
        self, chat_id: int, place: Place, reply_markup: Markup | None = None
    ) -> Outcome:
        call = self._bot.send_venue(chat_id, **asdict(place), api_kwargs=_markup(reply_markup))
        return await _carry(call, chat_id)

    async def document(
        self, chat_id: int, file_name: str, content: bytes, caption: str | None = None
    ) -> Outcome:
        call = self._bot.send_document(
            chat_id, content, caption, parse_mode=ParseMode.HTML, filename=file_name
        )
        return await _carry(call, chat_id)


def _reply(message_id: int | None) -> ReplyParameters | None:  # arrives without its question too
    return ReplyParameters(message_id, allow_sending_without_reply=True) if message_id else None


def _markup(markup: Markup | None) -> dict[str, Any] | None:
    """Buttons as they are: PTB need not know their newest fields."""
    return {"reply_markup": markup} if markup else None


async def _carry(call: Awaitable[Message | MessageId | bool], chat_id: int) -> Outcome:
    try:
        shown = await call
    except Exception as problem:  # noqa: BLE001 - PTB answers `ok: false` with a bare KeyError
        return outcome_of(problem, chat_id)
    return Unclear("answer") if isinstance(shown, bool) else Delivered(shown.message_id)


def outcome_of(problem: Exception, chat_id: int) -> Outcome:
    """What PTB raises, and what it means for the message."""
    match problem:
        case error.RetryAfter():
            return TryLater(seconds_asked(problem), everything=not is_group(chat_id))
        case error.ChatMigrated():
            return Moved(problem.new_chat_id)
        case error.InvalidToken() | error.Conflict():
            return Misconfigured("token" if isinstance(problem, error.InvalidToken) else "conflict")
        case error.Forbidden() | error.BadRequest():
            return _refusal(problem)
        case error.NetworkError():
            return _lost(problem)
        case _:
            logger.warning("an answer was not understood: %s", type(problem).__name__)
            return Unclear("answer")


def _refusal(problem: error.Forbidden | error.BadRequest) -> Gone | Unreachable | Refused:
    if isinstance(problem, error.Forbidden):
        return Unreachable(_code(problem, UNREACHABLE) or "forbidden")
    if bad := _code(problem, REFUSED):  # asked first: it may quote the message
        return Refused(bad)
    if nobody := _code(problem, UNREACHABLE):
        return Unreachable(nobody)
    return Gone() if _code(problem, GONE) else Refused("other")


def _lost(problem: error.NetworkError) -> TryLater | Unclear:
    if isinstance(problem, HeldBackError):
        return TryLater(0, everything=False, reason="crowded")
    match problem.__cause__:
        case httpx.PoolTimeout():
            return TryLater(1, everything=False, reason="crowded")
        case httpx.ConnectError() | httpx.ConnectTimeout():
            return TryLater(PAUSE, everything=True, reason="unreachable")
        case httpx.TimeoutException():
            return Unclear("timeout")
        case httpx.HTTPError():
            return Unclear("closed")
        case _:
            return Unclear("server")


def _code(problem: error.TelegramError, known: Mapping[str, Sequence[str]]) -> str | None:
    said = problem.message.casefold()
    return next((code for code, parts in known.items() if any(p in said for p in parts)), None)
