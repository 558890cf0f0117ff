"""What two libraries make of an answer, and whatever in it they do not know."""

from collections.abc import Iterator
from typing import Any

import aiogram.methods
import telegram
from aiogram import Bot
from aiogram.types import Update
from pydantic import BaseModel, TypeAdapter

from bot.sandbox.methods import METHODS

# What python-telegram-bot makes of each answer; what is not here is a plain value.
TYPES: dict[str, type[telegram.TelegramObject]] = {
    "getMe": telegram.User,
    "getUpdates": telegram.Update,
    "getWebhookInfo": telegram.WebhookInfo,
    "getMyCommands": telegram.BotCommand,
    "getMyName": telegram.BotName,
    "getMyDescription": telegram.BotDescription,
    "getMyShortDescription": telegram.BotShortDescription,
    "getChatMenuButton": telegram.MenuButton,
    "copyMessage": telegram.MessageId,
    "getFile": telegram.File,
    "getChat": telegram.ChatFullInfo,
    "getChatMember": telegram.ChatMember,
    "getChatAdministrators": telegram.ChatMember,
    "createForumTopic": telegram.ForumTopic,
    **{name: telegram.Message for name in METHODS if name.startswith("editMessage")},
    **{
        f"send{kind}": telegram.Message
        for kind in (
            "Message",
            "Venue",
            "Location",
            "Contact",
            "Document",
            "Photo",
            "Voice",
            "MediaGroup",
        )
    },
}
# Fields of Bot API 10.1-10.3, newer than what python-telegram-bot 22.8 knows.
NEWER = {"supports_guest_queries", "can_manage_bots", "can_send_welcome_messages"}


def strange_to_aiogram(value: Any) -> Iterator[str]:
    """Fields the library did not expect."""
    if isinstance(value, BaseModel):
        yield from value.model_extra or {}
        for name in type(value).model_fields:
            yield from strange_to_aiogram(getattr(value, name, None))
    elif isinstance(value, list):
        for one in value:
            yield from strange_to_aiogram(one)


def strange_to_ptb(value: Any) -> Iterator[str]:
    if isinstance(value, telegram.TelegramObject):
        yield from value.api_kwargs.keys() - NEWER
        for one in value.to_dict(recursive=False).values():
            yield from strange_to_ptb(one)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from strange_to_ptb(one)


def read_by_aiogram(method: str, result: Any) -> Any:
    asked = getattr(aiogram.methods, method[0].upper() + method[1:])
    return TypeAdapter(asked.__returning__).validate_python(result, context={"bot": Bot("1:x")})


def read_by_ptb(method: str, result: Any) -> Any:
    kind = TYPES.get(method)
    if kind is None:
        return result
    if isinstance(result, list):
        return list(kind.de_list(result, telegram.Bot("1:x")))
    return kind.de_json(result, telegram.Bot("1:x"))


def left_over(updates: list[Any]) -> set[str]:
    """Whatever either library does not know in these updates."""
    strange: set[str] = set()
    for update in updates:
        strange |= set(strange_to_aiogram(Update.model_validate(update)))
        read = telegram.Update.de_json(update, telegram.Bot("1:x"))
        strange |= set(strange_to_ptb(read))
    return strange
