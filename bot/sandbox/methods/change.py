"""What the bot does to messages that stand already: edit, delete, pin."""

from bot.sandbox import keyboards, texts
from bot.sandbox.errors import bad
from bot.sandbox.members import is_admin
from bot.sandbox.messages import Message, Wire
from bot.sandbox.methods.registry import Methods, Params
from bot.sandbox.methods.talk import refuse_parts
from bot.sandbox.people import Chat
from bot.sandbox.town import Town

CHANGE = Methods()

DELETABLE_FOR = 48 * 3600
NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly "
    "the same as a current content and reply markup of the message"
)
COMPARED = ("text", "entities", "link_preview_options")


def to_edit(town: Town, params: Params) -> Message:
    refuse_parts(params)
    if "chat_id" not in params:
        alone = "message_id" not in params
        raise bad("message identifier is not specified" if alone else "chat_id is empty")
    chat = town.open_chat(params["chat_id"])
    message = town.message(chat.id, params.get("message_id", 0))
    if message is None:
        raise bad("message to edit not found")
    if message.sender["id"] != town.bot.id or not message.editable:
        raise bad("message can't be edited")
    return message


@CHANGE.offer
def edit_message_text(town: Town, params: Params) -> Wire:
    if "rich_message" not in params and "text" not in params:
        raise bad("message text is empty")
    message = to_edit(town, params)
    text, entities = texts.message_text(params)
    if message.text is None:
        raise bad("there is no text in the message to edit")
    wire = {key: value for key, value in message.wire.items() if key not in COMPARED}
    wire["text"] = text
    if entities:
        wire["entities"] = entities
    if "link_preview_options" in params:
        wire["link_preview_options"] = params["link_preview_options"]
    return changed(town, message, wire, params)


@CHANGE.offer
def edit_message_reply_markup(town: Town, params: Params) -> Wire:
    message = to_edit(town, params)
    return changed(town, message, message.wire, params)


def changed(town: Town, message: Message, wire: Wire, params: Params) -> Wire:
    """Without reply_markup the buttons go, as with Telegram."""
    markup = keyboards.checked(params.get("reply_markup"), private=message.chat_id > 0)
    same = all(wire.get(key) == message.wire.get(key) for key in COMPARED)
    if same and markup == message.markup:
        raise bad(NOT_MODIFIED)
    town.change(message, wire, markup)
    return message.wire


def may_delete(town: Town, chat: Chat, message: Message) -> bool:
    if town.clock.stamp() - message.date >= DELETABLE_FOR:
        return False
    own = bool(message.sender["id"] == town.bot.id)
    return own or chat.private or is_admin(chat.bot_status)


@CHANGE.offer
def delete_message(town: Town, params: Params) -> bool:
    chat = town.known_chat(params["chat_id"])
    message = town.message(chat.id, params["message_id"])
    if message is None:
        raise bad("message to delete not found")
    if not may_delete(town, chat, message):
        raise bad("message can't be deleted for everyone")
    town.remove(chat, [message])
    return True


@CHANGE.offer
def delete_messages(town: Town, params: Params) -> bool:
    """Those that are not found or too old are skipped."""
    chat = town.known_chat(params["chat_id"])
    found = [town.message(chat.id, one) for one in params["message_ids"]]
    town.remove(chat, [one for one in found if one and may_delete(town, chat, one)])
    return True


@CHANGE.offer
def pin_chat_message(town: Town, params: Params) -> bool:
    refuse_parts(params)
    chat = pinnable(town, params)
    message = town.message(chat.id, params["message_id"])
    if message is None:
        raise bad("message to pin not found")
    if message.message_id in chat.pinned:
        return True
    chat.pinned.append(message.message_id)
    town.emit("chat", {"chat": chat.view()})
    return True


@CHANGE.offer
def unpin_chat_message(town: Town, params: Params) -> bool:
    """Without a message the one pinned last."""
    refuse_parts(params)
    chat = pinnable(town, params)
    wanted = params.get("message_id", chat.pinned[-1] if chat.pinned else None)
    if wanted not in chat.pinned:
        raise bad("message to unpin not found")
    chat.pinned.remove(wanted)
    town.emit("chat", {"chat": chat.view()})
    return True


def pinnable(town: Town, params: Params) -> Chat:
    chat = town.open_chat(params["chat_id"])
    if not chat.private and not is_admin(chat.bot_status):
        raise bad("not enough rights to manage pinned messages in the chat")
    return chat
