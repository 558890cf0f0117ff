"""What Telegram refuses is refused, in Telegram's words."""

from datetime import timedelta
from typing import Any

import pytest

from bot.sandbox import Chat, Message, Person, Sandbox

ODD_SHAPES = [
    ("sendMessage", {"text": "a"}, "chat_id is empty"),
    ("sendMessage", {"chat_id": 1}, "message text is empty"),
    ("sendMessage", {"chat_id": 1, "text": 5}, 'field "text" must be of type String'),
    ("sendMessage", {"chat_id": [1], "text": "a"}, 'field "chat_id" must be of type'),
    ("sendMessage", {"chat_id": 1, "text": "a", "colour": "red"}, 'unknown parameter "colour"'),
    ("sendMessage", {"chat_id": 1, "text": "a", "reply_to_message_id": 1}, "unknown parameter"),
    (
        "sendMessage",
        {"chat_id": 1, "text": "a", "reply_markup": "{"},
        "can't parse reply keyboard markup",
    ),
    ("sendMessage", {"chat_id": 1, "text": "a", "reply_markup": {}}, "object expected as reply"),
    ("sendMessage", {"chat_id": 1, "text": "a", "reply_markup": None}, "object expected as reply"),
    ("sendMessage", {"chat_id": 1, "text": "a", "protect_content": "maybe"}, "of type Boolean"),
    ("sendVenue", {"chat_id": 1, "latitude": "x"}, 'field "latitude" must be of type Float'),
    ("sendVenue", {"chat_id": 1, "latitude": "nan"}, 'field "latitude" must be of type Float'),
    ("sendVenue", {"chat_id": 1, "latitude": "1e999"}, 'field "latitude" must be of type Float'),
    ("getUpdates", {"limit": 10**400}, 'field "limit" must be within 1-100'),
    ("sendVenue", {"chat_id": 1, "latitude": 1, "longitude": 1, "title": "a"}, '"address" is'),
    ("getUpdates", {"limit": 101}, 'field "limit" must be within 1-100'),
    ("getUpdates", {"allowed_updates": ["message", 1]}, 'field "allowed_updates" must be of'),
    ("deleteMessages", {"chat_id": 1, "message_ids": []}, "within 1-100 items"),
    ("deleteMessage", {"chat_id": 1}, "message to delete not found"),
    (
        "setMyCommands",
        {"commands": [{"command": "a"}]},
        'parse BotCommand: Can\'t find field "description"',
    ),
    (
        "setMyCommands",
        {"commands": [], "scope": {"type": "all"}},
        "can't parse BotCommandScope: Unsupported type",
    ),
    ("setMyName", {"name": "a" * 65}, "bot name is too long"),
    ("answerCallbackQuery", {"callback_query_id": "1", "text": "a" * 201}, "MESSAGE_TOO_LONG"),
]


@pytest.mark.parametrize(("method", "params", "words"), ODD_SHAPES)
async def test_a_request_of_the_wrong_shape_is_refused(
    call: Any, method: str, params: dict[str, Any], words: str
) -> None:
    refusal = await call.refusal(method, **params)
    assert refusal.startswith("400 Bad Request: ")
    assert words in refusal


BUTTON = {"text": "a", "callback_data": "a"}
ODD_KEYBOARDS: list[tuple[dict[str, Any], str]] = [
    ({"inline_keyboard": [[{"text": "a"}]]}, "Text buttons are unallowed"),
    ({"inline_keyboard": [[{**BUTTON, "url": "https://x.bg"}]]}, "exactly one action"),
    ({"inline_keyboard": [[{"text": "a", "callback_data": "я" * 33}]]}, "BUTTON_DATA_INVALID"),
    ({"inline_keyboard": [[{"text": "a", "callback_data": ""}]]}, "BUTTON_DATA_INVALID"),
    ({"inline_keyboard": [[BUTTON] * 9]}, "too many buttons in a row"),
    ({"inline_keyboard": [[BUTTON] * 8] * 13}, "reply markup is too long"),
    ({"inline_keyboard": [[{"text": " ", "callback_data": "a"}]]}, "BUTTON_TEXT_INVALID"),
    ({"inline_keyboard": [[{**BUTTON, "style": "red"}]]}, "invalid button style specified"),
    ({"inline_keyboard": [[{"text": "a", "url": "nowhere"}]]}, "Wrong HTTP URL"),
    ({"inline_keyboard": [BUTTON]}, 'field "inline_keyboard" must be an Array of Arrays'),
    ({"inline_keyboard": [[5]]}, "button: InlineKeyboardButton must be an Object"),
    ({"inline_keyboard": [[{**BUTTON, "text": 5}]]}, 'Field "text" must be of type String'),
    ({"inline_keyboard": [[{**BUTTON, "size": 1}]]}, 'Unknown field "size"'),
    ({"inline_keyboard": [[{"text": "a", "copy_text": {"text": "a" * 257}}]]}, "COPY_TEXT"),
    ({"keyboard": []}, "reply keyboard markup must be non-empty"),
    ({"force_reply": True, "input_field_placeholder": "a" * 65}, "within 1-64"),
]


@pytest.mark.parametrize(("markup", "words"), ODD_KEYBOARDS)
async def test_an_impossible_keyboard_is_refused(
    call: Any, olena: Person, markup: dict[str, Any], words: str
) -> None:
    refusal = await call.refusal("sendMessage", chat_id=olena.id, text="a", reply_markup=markup)
    assert words in refusal


@pytest.mark.parametrize(
    "markup",
    [
        {"inline_keyboard": [[BUTTON] * 8] * 12},
        {"inline_keyboard": [[{"text": "a", "callback_data": "я" * 32}]]},
        {"inline_keyboard": [[{"text": "a", "url": "tg://user?id=1"}]]},
        {
            "inline_keyboard": [
                [{"text": "a", "url": "example.org/x"}, {"text": "b", "disabled": {}}]
            ]
        },
        {"keyboard": [["plain word"], [{"text": "a", "request_contact": True}]]},
        {"remove_keyboard": True},
        {"force_reply": True, "selective": True},
    ],
)
async def test_a_possible_keyboard_is_taken(call: Any, olena: Person, markup: Any) -> None:
    sent = await call.result("sendMessage", chat_id=olena.id, text="a", reply_markup=markup)
    assert ("reply_markup" in sent) == ("inline_keyboard" in markup)


async def test_a_phone_is_asked_for_in_private_only(call: Any, staff: Chat) -> None:
    markup = {"keyboard": [[{"text": "a", "request_contact": True}]]}
    refusal = await call.refusal("sendMessage", chat_id=staff.id, text="a", reply_markup=markup)
    assert refusal == "400 Bad Request: phone number can be requested in private chats only"


async def test_unknown_tokens_methods_and_chats(call: Any, sandbox: Sandbox) -> None:
    silent = sandbox.town.add_person("Ана", "bg")
    call_of_another = type(call)(call.address, call.session, "1:wrong")
    assert [
        await call_of_another.refusal("getMe"),
        await call.refusal("sendDice", chat_id=1),
        await call.refusal("forwardMessage", chat_id=1),
        await call.refusal("sendMessage", chat_id=404, text="a"),
        await call.refusal("sendMessage", chat_id="@nobody", text="a"),
        await call.refusal("sendMessage", chat_id=silent.id, text="a"),
    ] == [
        "401 Unauthorized",
        "404 Not Found: method not found",
        "404 Not Found: method not found",
        "400 Bad Request: chat not found",
        "400 Bad Request: chat not found",
        "400 Bad Request: chat not found",
    ]


async def test_closed_doors(call: Any, sandbox: Sandbox, olena: Person, staff: Chat) -> None:
    sandbox.town.block(olena.id)
    sandbox.town.mute_bot(staff.id)
    muted = await call.refusal("sendMessage", chat_id=staff.id, text="a")
    sandbox.town.set_bot_status(staff.id, "kicked")
    assert [
        await call.refusal("sendMessage", chat_id=olena.id, text="a"),
        muted,
        await call.refusal("sendMessage", chat_id=staff.id, text="a"),
    ] == [
        "403 Forbidden: bot was blocked by the user",
        "400 Bad Request: not enough rights to send text messages to the chat",
        "403 Forbidden: bot was kicked from the supergroup chat",
    ]


async def test_a_bot_that_left_is_outside(call: Any, staff: Chat) -> None:
    await call.result("leaveChat", chat_id=staff.id)
    refusal = await call.refusal("getChat", chat_id=staff.id)
    assert refusal == "403 Forbidden: bot is not a member of the supergroup chat"


async def test_edits_that_cannot_be(call: Any, sandbox: Sandbox, question: Message) -> None:
    town, chat_id = sandbox.town, question.chat_id
    theirs = town.type(chat_id, "mine")
    keyboard = await call.result(
        "sendMessage", chat_id=chat_id, text="a", reply_markup={"keyboard": [["b"]]}
    )

    async def edit(message_id: int, **params: Any) -> str:
        given = {"chat_id": chat_id, "message_id": message_id, **params}
        return str(await call.refusal("editMessageText", **given)).removeprefix("400 Bad Request: ")

    assert [
        await edit(1, text="b"),
        await edit(theirs.message_id, text="b"),
        await edit(keyboard["message_id"], text="b"),
        await edit(question.message_id, text="Coming?", reply_markup=question.markup),
        await edit(question.message_id),
        await call.refusal("editMessageText", text="b"),
        await call.refusal("editMessageText", text="b", message_id=1),
        await call.refusal("editMessageText", text="b", chat_id=chat_id),
    ] == [
        "message to edit not found",
        "message can't be edited",
        "message can't be edited",
        (
            "message is not modified: specified new message content and reply markup are "
            "exactly the same as a current content and reply markup of the message"
        ),
        "message text is empty",
        "400 Bad Request: message identifier is not specified",
        "400 Bad Request: chat_id is empty",
        "400 Bad Request: message to edit not found",
    ]


async def test_an_edit_without_buttons_takes_them_away(call: Any, question: Message) -> None:
    edited = await call.result(
        "editMessageText", chat_id=question.chat_id, message_id=question.message_id, text="Coming?"
    )
    assert ("reply_markup" in edited, question.labels(), len(question.versions)) == (False, [], 1)


async def test_old_messages_stay(call: Any, sandbox: Sandbox, question: Message) -> None:
    given = {"chat_id": question.chat_id, "message_id": question.message_id}
    sandbox.clock.set(sandbox.clock.now() + timedelta(hours=48, seconds=1))
    refusal = await call.refusal("deleteMessage", **given)
    assert refusal == "400 Bad Request: message can't be deleted for everyone"
    sandbox.clock.set(sandbox.clock.now() - timedelta(minutes=1))
    assert await call.result("deleteMessage", **given) is True
    refusal = await call.refusal("deleteMessage", **given)
    assert refusal == "400 Bad Request: message to delete not found"


TOO_OLD = "400 Bad Request: query is too old and response timeout expired or query ID is invalid"


async def test_a_press_is_answered_once_and_soon(
    call: Any, sandbox: Sandbox, question: Message
) -> None:
    first, late = (
        sandbox.town.press(question.chat_id, question.message_id, label=label)
        for label in ("Yes", "No")
    )
    assert await call.result("answerCallbackQuery", callback_query_id=first, text="Ok") is True
    sandbox.town.age(31)
    assert [
        await call.refusal("answerCallbackQuery", callback_query_id=one)
        for one in (first, late, "no such")
    ] == [TOO_OLD] * 3
    assert [(one.query, one.text) for one in sandbox.town.popups] == [(first, "Ok")]
    assert [one.id for one in sandbox.town.unanswered] == [late]


async def test_telegrams_pace_is_kept_when_asked_for(
    call: Any, sandbox: Sandbox, olena: Person
) -> None:
    sandbox.limits = True
    answers = [await call("sendMessage", chat_id=olena.id, text="a") for _ in range(6)]
    assert [one["ok"] for one in answers] == [True] * 4 + [False] * 2
    seconds = answers[-1]["parameters"]["retry_after"]
    assert answers[-1]["description"] == f"Too Many Requests: retry after {seconds}"


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("business_connection_id", "business connection not found"),
        ("message_thread_id", "message thread not found"),
    ],
)
async def test_parts_left_out_are_refused_not_ignored(
    call: Any, olena: Person, name: str, said: str
) -> None:
    params = {"chat_id": olena.id, "text": "a", name: 1 if name == "message_thread_id" else "x"}
    assert await call.refusal("sendMessage", **params) == f"400 Bad Request: {said}"
