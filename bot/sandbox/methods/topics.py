"""Topics of forums, as the bot opens and changes them."""

from bot.sandbox.errors import bad
from bot.sandbox.messages import Wire
from bot.sandbox.methods.registry import Methods, Params
from bot.sandbox.people import Chat, Topic
from bot.sandbox.topics import COLORS
from bot.sandbox.town import Town

TOPICS = Methods()


def forum(town: Town, params: Params) -> Chat:
    chat = town.open_chat(params["chat_id"])
    if not chat.forum:
        raise bad("the chat is not a forum")
    return chat


@TOPICS.offer
def create_forum_topic(town: Town, params: Params) -> Wire:
    chat = forum(town, params)
    if not chat.bot_may("can_manage_topics"):
        raise bad("not enough rights to create a topic")
    name, color = params["name"].strip(), params.get("icon_color", COLORS[0])
    if not name:
        raise bad("title must be non-empty")
    if color not in COLORS:
        raise bad("invalid icon color specified")
    refuse_emoji(params)
    return town.open_topic(chat, town.bot.wire(), name, color).wire()


def refuse_emoji(params: Params) -> None:
    if params.get("icon_custom_emoji_id"):
        raise bad("DOCUMENT_INVALID")  # the town has no custom emoji


def topic_in(chat: Chat, params: Params) -> Topic:
    thread = params["message_thread_id"]
    if thread <= 0:
        raise bad("invalid forum topic identifier specified")
    if thread not in chat.topics:
        raise bad("TOPIC_ID_INVALID")
    return chat.topics[thread]


def own_topic(town: Town, chat: Chat, params: Params, act: str) -> Topic:
    """A topic the bot may change: with the right to, or because it opened it."""
    topic = topic_in(chat, params)
    if not chat.bot_may("can_manage_topics") and topic.creator != town.bot.id:
        raise bad(f"not enough rights to {act} the topic")
    return topic


@TOPICS.offer
def edit_forum_topic(town: Town, params: Params) -> bool:
    chat = forum(town, params)
    topic = own_topic(town, chat, params, "edit")
    refuse_emoji(params)
    name = params.get("name", "").strip()
    if name == topic.name:
        raise bad("TOPIC_NOT_MODIFIED")
    if name:
        town.rename_topic(chat, topic, town.bot.wire(), name)
    return True


@TOPICS.offer
def close_forum_topic(town: Town, params: Params) -> bool:
    return turn(town, params, closed=True)


@TOPICS.offer
def reopen_forum_topic(town: Town, params: Params) -> bool:
    return turn(town, params, closed=False)


def turn(town: Town, params: Params, *, closed: bool) -> bool:
    chat = forum(town, params)
    topic = own_topic(town, chat, params, "close or open")
    if topic.closed == closed:
        raise bad("TOPIC_NOT_MODIFIED")
    town.close_topic(chat, topic, town.bot.wire(), closed=closed)
    return True


@TOPICS.offer
def delete_forum_topic(town: Town, params: Params) -> bool:
    """Needs the right to delete messages, even for the bot's own topics."""
    chat = forum(town, params)
    topic = topic_in(chat, params)
    if not chat.bot_may("can_delete_messages"):
        raise bad("not enough rights to delete the topic")
    town.delete_topic(chat, topic)
    return True
