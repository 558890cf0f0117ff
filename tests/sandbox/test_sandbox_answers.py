"""Every answer is understood by two libraries written by others, without a field left over."""

from collections.abc import Callable, Iterator
from typing import Any

import aiogram.methods
import pytest
import telegram
from aiogram import Bot
from aiogram.types import Update
from pydantic import BaseModel, TypeAdapter
from telegram.constants import (
    BotCommandLimit,
    CallbackQueryLimit,
    InlineKeyboardMarkupLimit,
    MessageLimit,
)

from bot.sandbox import Chat, Message, Person, Sandbox, keyboards, texts
from bot.sandbox.api import method_names
from bot.sandbox.form import load_schema
from bot.sandbox.methods import METHODS
from bot.sandbox.values import Upload

CHAT = "the private chat"
GROUP = "the group"
QUESTION = "a message of the bot"
QUERY = "a press"
FILE = "a file"

COMMANDS = [{"command": "start", "description": "Begin"}]
PLACE = {"latitude": 42.69, "longitude": 23.32}
# Each method with parameters that make its answer as full as it gets.
ASKED: list[tuple[str, dict[str, Any]]] = [
    ("getMe", {}),
    ("getUpdates", {}),
    ("deleteWebhook", {"drop_pending_updates": True}),
    ("getWebhookInfo", {}),
    ("setMyCommands", {"commands": COMMANDS, "language_code": "bg"}),
    ("setMyCommands", {"commands": COMMANDS, "scope": {"type": "chat", "chat_id": CHAT}}),
    ("getMyCommands", {}),
    ("deleteMyCommands", {}),
    ("setMyName", {"name": "Бюро", "language_code": "bg"}),
    ("getMyName", {}),
    ("setMyDescription", {"description": "d"}),
    ("getMyDescription", {}),
    ("setMyShortDescription", {"short_description": "d"}),
    ("getMyShortDescription", {}),
    ("setChatMenuButton", {"chat_id": CHAT, "menu_button": {"type": "commands"}}),
    ("getChatMenuButton", {}),
    ("sendMessage", {"chat_id": CHAT, "text": "<b>a</b> /start", "parse_mode": "HTML"}),
    (
        "sendMessage",
        {
            "chat_id": CHAT,
            "text": "a",
            "reply_parameters": {"message_id": QUESTION, "quote": "Com"},
            "reply_markup": {"inline_keyboard": [[{"text": "a", "callback_data": "a"}]]},
            "link_preview_options": {"is_disabled": True},
            "protect_content": True,
        },
    ),
    ("sendMessage", {"chat_id": GROUP, "text": "a"}),
    ("sendVenue", {"chat_id": CHAT, **PLACE, "title": "Бюро", "address": "София"}),
    ("sendLocation", {"chat_id": CHAT, **PLACE, "live_period": 60, "heading": 1}),
    ("sendContact", {"chat_id": CHAT, "phone_number": "1", "first_name": "a", "last_name": "b"}),
    ("sendDocument", {"chat_id": CHAT, "document": FILE, "caption": "a /b"}),
    ("sendChatAction", {"chat_id": CHAT, "action": "typing"}),
    ("copyMessage", {"chat_id": CHAT, "from_chat_id": CHAT, "message_id": QUESTION}),
    ("editMessageText", {"chat_id": CHAT, "message_id": QUESTION, "text": "b"}),
    ("editMessageReplyMarkup", {"chat_id": CHAT, "message_id": QUESTION}),
    ("deleteMessage", {"chat_id": CHAT, "message_id": QUESTION}),
    ("deleteMessages", {"chat_id": CHAT, "message_ids": [QUESTION, 1]}),
    ("answerCallbackQuery", {"callback_query_id": QUERY, "text": "a", "show_alert": True}),
    ("pinChatMessage", {"chat_id": CHAT, "message_id": QUESTION}),
    ("unpinChatMessage", {"chat_id": GROUP}),
    ("getFile", {"file_id": FILE}),
    ("getChat", {"chat_id": CHAT}),
    ("getChat", {"chat_id": GROUP}),
    ("getChatMember", {"chat_id": GROUP, "user_id": CHAT}),
    ("getChatMemberCount", {"chat_id": GROUP}),
    ("getChatAdministrators", {"chat_id": GROUP}),
    ("leaveChat", {"chat_id": GROUP}),
]
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
    **{name: telegram.Message for name in method_names() if name.startswith("editMessage")},
    **{
        f"send{kind}": telegram.Message
        for kind in ("Message", "Venue", "Location", "Contact", "Document")
    },
}
# Fields of Bot API 10.1-10.3, newer than what python-telegram-bot 22.8 knows.
NEWER = {"supports_guest_queries", "can_manage_bots", "can_send_welcome_messages"}


@pytest.fixture
def filled(sandbox: Sandbox, olena: Person, staff: Chat, question: Message) -> Callable[[Any], Any]:
    """Puts what stands in this town where the table names it."""
    town = sandbox.town
    staff.pinned.append(town.post(staff, town.bot.wire(), {"text": "pinned"}).message_id)
    file = town.files.keep(Upload("ж.pdf", "application/pdf", b"%PDF"))
    known = {
        CHAT: olena.id,
        GROUP: staff.id,
        QUESTION: question.message_id,
        QUERY: town.press(olena.id, question.message_id, label="Yes"),
        FILE: file.file_id,
    }

    def fill(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: fill(one) for key, one in value.items()}
        if isinstance(value, list):
            return [fill(one) for one in value]
        return known.get(value, value) if isinstance(value, str) else value

    return fill


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


@pytest.mark.parametrize(("method", "params"), ASKED, ids=[method for method, _ in ASKED])
async def test_both_libraries_read_every_answer(
    call: Any, filled: Callable[[Any], Any], method: str, params: dict[str, Any]
) -> None:
    result = await call.result(method, **filled(params))
    left_over = {
        "aiogram": set(strange_to_aiogram(read_by_aiogram(method, result))),
        "ptb": set(strange_to_ptb(read_by_ptb(method, result))),
    }
    assert left_over == {"aiogram": set(), "ptb": set()}


def test_every_method_is_asked() -> None:
    assert {method for method, _ in ASKED} == set(METHODS) == set(load_schema()["methods"])


def test_a_strange_field_would_be_noticed(question: Message) -> None:
    odd = {**question.wire, "chat": {**question.chat, "colour": "red"}}
    seen = [
        set(strange_to_aiogram(read_by_aiogram("sendMessage", odd))),
        set(strange_to_ptb(read_by_ptb("sendMessage", odd))),
    ]
    assert seen == [{"colour"}, {"colour"}]


def live_a_little(sandbox: Sandbox, olena: Person, staff: Chat, question: Message) -> None:
    """Something of every kind the town can tell."""
    town = sandbox.town
    town.bot.mailbox.allowed = ["message", "edited_message", "callback_query", "my_chat_member",
                                "chat_member"]  # fmt: skip
    said = town.type(olena.id, "hello /help", reply_to=question.message_id)
    town.edit(olena.id, said.message_id, "hello again")
    town.share_contact(olena.id)
    town.press(olena.id, question.message_id, data="n")
    town.join(staff.id, olena.id)
    town.type(olena.id, "hi", chat_id=staff.id)
    town.leave(staff.id, olena.id)
    town.block(olena.id)
    town.unblock(olena.id)
    town.set_bot_status(staff.id, "kicked")


async def test_both_libraries_read_every_update(
    sandbox: Sandbox, call: Any, olena: Person, staff: Chat, question: Message
) -> None:
    live_a_little(sandbox, olena, staff, question)
    updates = await call.result("getUpdates")
    kinds = [key for update in updates for key in update if key != "update_id"]
    assert kinds == [
        "message", "edited_message", "message", "callback_query", "message", "chat_member",
        "message", "message", "chat_member", "my_chat_member", "my_chat_member", "my_chat_member",
    ]  # fmt: skip
    for update in updates:
        assert set(strange_to_aiogram(Update.model_validate(update))) == set()
        read = telegram.Update.de_json(update, telegram.Bot("1:x"))
        assert set(strange_to_ptb(read)) == set()


def test_limits_agree_with_a_second_source() -> None:
    methods, types = load_schema()["methods"], load_schema()["types"]
    ours = (
        texts.LONGEST_TEXT,
        texts.LONGEST_CAPTION,
        keyboards.MOST_BUTTONS,
        keyboards.MOST_IN_A_ROW,
        methods["setMyCommands"]["commands"][2][1],
        types["BotCommand"]["description"][2][1],
        types["InlineKeyboardButton"]["callback_data"][2][1],
        methods["answerCallbackQuery"]["text"][2][1],
    )
    assert ours == (
        MessageLimit.MAX_TEXT_LENGTH,
        MessageLimit.CAPTION_LENGTH,
        InlineKeyboardMarkupLimit.TOTAL_BUTTON_NUMBER,
        InlineKeyboardMarkupLimit.BUTTONS_PER_ROW,
        BotCommandLimit.MAX_COMMAND_NUMBER,
        BotCommandLimit.MAX_DESCRIPTION,
        telegram.constants.InlineKeyboardButtonLimit.MAX_CALLBACK_DATA,
        CallbackQueryLimit.ANSWER_CALLBACK_QUERY_TEXT_LENGTH,
    )
