"""Every method, asked so that its answer is as full as it gets, and the town it is asked in."""

from typing import Any

from bot.sandbox import Chat, Message, Person, Town, media
from bot.sandbox.values import Upload
from tests.sandbox import samples

CHAT = "the private chat"
GROUP = "the group"
QUESTION = "a message of the bot"
QUERY = "a press"
FILE = "a file"
PHOTO = "a photo"
VOICE = "a voice message"
PICTURED = "a message of the bot with a photo"
FORUM = "the forum"
TOPIC = "a topic of the forum"
CLOSED = "a closed topic of the forum"

COMMANDS = [{"command": "start", "description": "Begin"}]
PLACE = {"latitude": 42.69, "longitude": 23.32}
# Each method with parameters that make its answer as full as it gets.
ASKED: list[tuple[str, dict[str, Any]]] = [
    ("getMe", {}),
    ("getUpdates", {}),
    ("setWebhook", {"url": "https://bureau.example/hook", "secret_token": "a"}),
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
    ("sendDocument", {"chat_id": FORUM, "document": FILE, "message_thread_id": TOPIC}),
    (
        "sendPhoto",
        {
            "chat_id": CHAT,
            "photo": PHOTO,
            "caption": "<tg-spoiler>a</tg-spoiler>",
            "parse_mode": "HTML",
            "has_spoiler": True,
            "show_caption_above_media": True,
            "reply_parameters": {"message_id": PICTURED},
        },
    ),
    ("sendVoice", {"chat_id": CHAT, "voice": VOICE, "duration": 5, "caption": "a"}),
    (
        "sendMediaGroup",
        {
            "chat_id": FORUM,
            "message_thread_id": TOPIC,
            "media": [
                {"type": "photo", "media": PHOTO, "caption": "a /b"},
                {"type": "photo", "media": PHOTO, "has_spoiler": True},
            ],
        },
    ),
    ("sendChatAction", {"chat_id": CHAT, "action": "typing"}),
    ("sendChatAction", {"chat_id": FORUM, "action": "typing", "message_thread_id": TOPIC}),
    ("copyMessage", {"chat_id": CHAT, "from_chat_id": CHAT, "message_id": QUESTION}),
    ("editMessageText", {"chat_id": CHAT, "message_id": QUESTION, "text": "b"}),
    ("editMessageCaption", {"chat_id": CHAT, "message_id": PICTURED, "caption": "b #c"}),
    (
        "editMessageMedia",
        {
            "chat_id": CHAT,
            "message_id": PICTURED,
            "media": {"type": "document", "media": FILE, "caption": "c"},
        },
    ),
    ("editMessageReplyMarkup", {"chat_id": CHAT, "message_id": QUESTION}),
    ("deleteMessage", {"chat_id": CHAT, "message_id": QUESTION}),
    ("deleteMessages", {"chat_id": CHAT, "message_ids": [QUESTION, 1]}),
    ("answerCallbackQuery", {"callback_query_id": QUERY, "text": "a", "show_alert": True}),
    ("pinChatMessage", {"chat_id": CHAT, "message_id": QUESTION}),
    ("unpinChatMessage", {"chat_id": GROUP}),
    ("getFile", {"file_id": FILE}),
    ("createForumTopic", {"chat_id": FORUM, "name": "Наеми", "icon_color": 0xFB6F5F}),
    ("editForumTopic", {"chat_id": FORUM, "message_thread_id": TOPIC, "name": "Б"}),
    ("closeForumTopic", {"chat_id": FORUM, "message_thread_id": TOPIC}),
    ("reopenForumTopic", {"chat_id": FORUM, "message_thread_id": CLOSED}),
    ("deleteForumTopic", {"chat_id": FORUM, "message_thread_id": TOPIC}),
    ("getChat", {"chat_id": CHAT}),
    ("getChat", {"chat_id": GROUP}),
    ("getChatMember", {"chat_id": GROUP, "user_id": CHAT}),
    ("getChatMemberCount", {"chat_id": GROUP}),
    ("getChatAdministrators", {"chat_id": GROUP}),
    ("getChat", {"chat_id": FORUM}),
    ("leaveChat", {"chat_id": GROUP}),
]


def standing(town: Town, olena: Person, staff: Chat, question: Message) -> dict[str, Any]:
    """Everything the table names stands in this town; where."""
    staff.pinned.append(town.post(staff, town.bot.wire(), {"text": "pinned"}).message_id)
    forum = town.add_group("Форум", staff.members, forum=True)
    pdf = Upload("ж.pdf", "application/pdf", b"%PDF")
    file = town.files.keep(town.files.made(pdf, "document"))
    photo = town.files.keep(town.files.made(samples.picture(), "photo"))
    voice = town.files.keep(town.files.made(samples.recording(), "voice"))
    chat, bot = town.chat(olena.id), town.bot.wire()
    open_topic, closed = (town.open_topic(forum, bot, name) for name in ("Визи", "Старо"))
    town.close_topic(forum, closed, bot)
    return {
        PHOTO: photo.file_id,
        VOICE: voice.file_id,
        PICTURED: town.post(chat, bot, {**media.shown(photo), "caption": "a"}).message_id,
        FORUM: forum.id,
        TOPIC: open_topic.id,
        CLOSED: closed.id,
        CHAT: olena.id,
        GROUP: staff.id,
        QUESTION: question.message_id,
        QUERY: town.press(olena.id, question.message_id, label="Yes"),
        FILE: file.file_id,
    }


def filled(value: Any, known: dict[str, Any]) -> Any:
    """What the table names, put there as it stands."""
    if isinstance(value, dict):
        return {key: filled(one, known) for key, one in value.items()}
    if isinstance(value, list):
        return [filled(one, known) for one in value]
    return known.get(value, value) if isinstance(value, str) else value
