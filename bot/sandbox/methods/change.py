"""What the bot does to messages that stand already: edit, delete, pin."""

from bot.sandbox import keyboards, media, texts
from bot.sandbox.errors import bad
from bot.sandbox.messages import CONTENT, Message, Wire
from bot.sandbox.methods.files import ABOVE, part
from bot.sandbox.methods.registry import Methods, Params
from bot.sandbox.methods.talk import captioned, refuse_parts
from bot.sandbox.people import Chat
from bot.sandbox.town import Town

CHANGE = Methods()

DELETABLE_FOR = 48 * 3600
NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly "
    "the same as a current content and reply markup of the message"
)
WORDS = ("text", "entities", "link_preview_options")
# Kinds that stay what they are.
FIXED_MEDIA = ("voice", *media.UNCAPTIONED)


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
    wire = {key: value for key, value in message.wire.items() if key not in WORDS}
    wire["text"] = text
    if entities:
        wire["entities"] = entities
    if "link_preview_options" in params:
        wire["link_preview_options"] = params["link_preview_options"]
    return changed(town, message, wire, params)


@CHANGE.offer
def edit_message_caption(town: Town, params: Params) -> Wire:
    words = captioned(params)
    message = to_edit(town, params)
    kind = media.kind_of(message.wire)
    if kind not in media.CAPTIONED:
        raise bad("there is no caption in the message to edit")
    wire = {key: value for key, value in message.wire.items() if key not in media.CAPTION}
    above = {ABOVE: True} if params.get(ABOVE) and kind in {"photo", "video"} else {}
    return changed(town, message, {**wire, **words, **above}, params)


@CHANGE.offer
def edit_message_media(town: Town, params: Params) -> Wire:
    file, content = part(town, params["media"])
    message = to_edit(town, params)
    kind = media.kind_of(message.wire)
    if kind in FIXED_MEDIA or (kind is None and message.text is None):
        raise bad("message media can't be edited")
    if "media_group_id" in message.wire and kind != file.kind:
        raise bad("can't change media type in the album")
    wire = {key: value for key, value in message.wire.items() if key not in CONTENT}
    edited = changed(town, message, {**wire, **content}, params)
    town.files.keep(file)
    return edited


@CHANGE.offer
def edit_message_reply_markup(town: Town, params: Params) -> Wire:
    message = to_edit(town, params)
    return changed(town, message, message.wire, params)


def changed(town: Town, message: Message, wire: Wire, params: Params) -> Wire:
    """Without reply_markup the buttons go, as with Telegram."""
    markup = keyboards.checked(params.get("reply_markup"), private=message.chat_id > 0)
    same = all(wire.get(key) == message.wire.get(key) for key in CONTENT)
    if same and markup == message.markup:
        raise bad(NOT_MODIFIED)
    town.change(message, wire, markup)
    return message.wire


def may_delete(town: Town, chat: Chat, message: Message) -> bool:
    if town.clock.stamp() - message.date >= DELETABLE_FOR:
        return False
    own = bool(message.sender["id"] == town.bot.id)
    return own or chat.private or chat.bot_may("can_delete_messages")


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
    town.pin(chat, message, town.bot.wire())
    return True


@CHANGE.offer
def unpin_chat_message(town: Town, params: Params) -> bool:
    """Without a message the one pinned last."""
    refuse_parts(params)
    chat = pinnable(town, params)
    wanted = params.get("message_id", chat.pinned[-1] if chat.pinned else None)
    if wanted not in chat.pinned:
        raise bad("message to unpin not found")
    town.unpin(chat, wanted)
    return True


def pinnable(town: Town, params: Params) -> Chat:
    chat = town.open_chat(params["chat_id"])
    if not chat.private and not chat.bot_may("can_pin_messages"):
        raise bad("not enough rights to manage pinned messages in the chat")
    return chat
