"""How we stand with Telegram: what it was told about us, compared with what we need."""

from collections.abc import Iterator
from datetime import UTC, datetime

from aiogram import Bot
from aiogram.enums import ChatMemberStatus, ChatType
from aiogram.exceptions import (
    AiogramError,
    TelegramBadRequest,
    TelegramForbiddenError,
    TelegramNotFound,
    TelegramUnauthorizedError,
)
from aiogram.types import ChatFullInfo, ResultChatMemberUnion, User, WebhookInfo

from bot.intake import ALLOWED
from bot.settings import Settings

_MANY = 100
_GONE = {ChatMemberStatus.LEFT, ChatMemberStatus.KICKED}


async def problems(bot: Bot, settings: Settings) -> list[str]:
    """Each with the setting it is about and the mend; empty is right. Changes nothing."""
    try:
        me = await bot.me()
        webhook = await bot.get_webhook_info()
        return [*_of_me(me), *_of_webhook(webhook, settings), *await _of_group(bot, me, settings)]
    except (TelegramUnauthorizedError, TelegramNotFound):
        return ["BUREAU_TOKEN: Telegram does not know this token. BotFather shows the right one."]
    except (AiogramError, TimeoutError) as away:
        return [f"BUREAU_API_URL: Telegram cannot be reached ({type(away).__name__})."]


def _of_me(me: User) -> Iterator[str]:
    if me.can_read_all_group_messages:
        yield (
            "BotFather: the bot is sent everything people say in its groups. It needs none of it:"
            " switch it off with /setprivacy, Enable."
        )


def _of_webhook(told: WebhookInfo, settings: Settings) -> Iterator[str]:
    wanted = settings.webhook_url or ""
    if told.url and not wanted:
        yield (
            "BUREAU_WEBHOOK_URL is not set, but Telegram brings updates to a web address."
            " `bureau-bot run` would take that address away and ask for updates itself."
        )
    elif told.url != wanted:
        yield (
            "BUREAU_WEBHOOK_URL: Telegram brings updates elsewhere, or nowhere."
            " `bureau-bot run` tells it this address."
        )
    missing = sorted(set(ALLOWED) - set(told.allowed_updates or ALLOWED))
    if missing:
        yield f"Telegram does not send {', '.join(missing)}. `bureau-bot run` asks for it."
    if told.pending_update_count > _MANY:
        yield f"{told.pending_update_count} updates wait at Telegram: is the bot running?"
    if wanted and told.last_error_date is not None:
        yield (
            f"BUREAU_WEBHOOK_URL: at {_moment(told.last_error_date)} Telegram could not bring an"
            f" update: {told.last_error_message}."
        )


async def _of_group(bot: Bot, me: User, settings: Settings) -> list[str]:
    if settings.staff_chat is None:
        return ["BUREAU_STAFF_CHAT is missing: the id of the staff group."]
    try:
        group = await bot.get_chat(settings.staff_chat)
        ours = await bot.get_chat_member(settings.staff_chat, me.id)
    except (TelegramBadRequest, TelegramForbiddenError):
        return ["BUREAU_STAFF_CHAT: the bot is not in this group. Add it there."]
    return [f"BUREAU_STAFF_CHAT: {one}" for one in _of_place(group, ours)]


def _of_place(group: ChatFullInfo, ours: ResultChatMemberUnion) -> Iterator[str]:
    if group.type not in {ChatType.GROUP, ChatType.SUPERGROUP}:
        yield "this is no group. Cards would go to somebody's private chat or to a channel."
        return
    if group.username:
        yield "this group is public. Make it private: strangers could read the cards."
    permissions = group.permissions
    may_write = permissions is None or permissions.can_send_messages
    if ours.status in _GONE:
        yield "the bot is not in this group. Add it there."
    elif ours.status == ChatMemberStatus.RESTRICTED and not ours.can_send_messages:
        yield "the bot may not write in this group. Let it."
    elif ours.status == ChatMemberStatus.MEMBER and not may_write:
        yield "only administrators may write in this group. Make the bot one."


def _moment(moment: datetime | int) -> str:
    known = moment if isinstance(moment, datetime) else datetime.fromtimestamp(moment, UTC)
    return known.astimezone(UTC).isoformat(timespec="minutes")
