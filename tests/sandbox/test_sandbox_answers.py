"""Every answer is understood by two libraries written by others, without a field left over."""

from typing import Any

import pytest
import telegram
from telegram.constants import (
    BotCommandLimit,
    CallbackQueryLimit,
    FileSizeLimit,
    ForumIconColor,
    ForumTopicLimit,
    InlineKeyboardMarkupLimit,
    MediaGroupLimit,
    MessageLimit,
)

from bot.sandbox import Chat, Message, Person, Sandbox, files, keyboards, texts, topics
from bot.sandbox.form import load_schema
from bot.sandbox.methods import METHODS
from tests.sandbox.asked import ASKED, filled, standing
from tests.sandbox.decoding import read_by_aiogram, read_by_ptb, strange_to_aiogram, strange_to_ptb


@pytest.fixture
def known(sandbox: Sandbox, olena: Person, staff: Chat, question: Message) -> dict[str, Any]:
    return standing(sandbox.town, olena, staff, question)


@pytest.mark.parametrize(("method", "params"), ASKED, ids=[method for method, _ in ASKED])
async def test_both_libraries_read_every_answer(
    call: Any, known: dict[str, Any], method: str, params: dict[str, Any]
) -> None:
    result = await call.result(method, **filled(params, known))
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
        methods["sendMediaGroup"]["media"][2][:2],
        methods["createForumTopic"]["name"][2][1],
        files.MOST_BYTES_DOWN,
        files.MOST_BYTES_UP,
        files.MOST_BYTES_OF_A_PHOTO,
        topics.COLORS,
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
        [MediaGroupLimit.MIN_MEDIA_LENGTH, MediaGroupLimit.MAX_MEDIA_LENGTH],
        ForumTopicLimit.MAX_NAME_LENGTH,
        *(
            round(one / 1e6) * 1024 * 1024
            for one in (
                FileSizeLimit.FILESIZE_DOWNLOAD,
                FileSizeLimit.FILESIZE_UPLOAD,
                FileSizeLimit.PHOTOSIZE_UPLOAD,
            )
        ),
        tuple(ForumIconColor),
    )
