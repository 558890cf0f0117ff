"""What the bot says: messages of every kind, typing, answers to presses."""

from typing import Any

from bot.sandbox import keyboards, media, texts
from bot.sandbox.errors import bad
from bot.sandbox.messages import Wire, as_reply, content_of
from bot.sandbox.methods.registry import Methods, Params
from bot.sandbox.people import Chat, Topic
from bot.sandbox.records import Popup
from bot.sandbox.town import Town

TALK = Methods()

ACTIONS = {
    "typing", "upload_photo", "record_video", "upload_video", "record_voice", "upload_voice",
    "upload_document", "choose_sticker", "find_location", "record_video_note",
    "upload_video_note",
}  # fmt: skip
NOT_OFFERED = {
    "business_connection_id": "business connection not found",
    "direct_messages_topic_id": "the sandbox has no direct messages topics",
    "ephemeral_message_parameters": "the sandbox has no ephemeral messages",
    "suggested_post_parameters": "the sandbox has no suggested posts",
    "thumbnail": "the sandbox makes no thumbnails",
    "rich_message": "the sandbox has no rich messages",
    "allow_paid_broadcast": "the sandbox takes no Stars",
    "inline_message_id": "MESSAGE_ID_INVALID",
}


def refuse_parts(params: Params) -> None:
    """Parts of the Bot API the sandbox leaves out are refused, never ignored."""
    for name, answer in NOT_OFFERED.items():
        if params.get(name):
            raise bad(answer)


def send(town: Town, params: Params, content: Wire) -> Wire:
    """Posts what the bot says; the content is already checked."""
    refuse_parts(params)
    chat = town.open_chat(params["chat_id"], content)
    markup = keyboards.checked(params.get("reply_markup"), private=chat.private)
    place = where(town, chat, params)
    if params.get("protect_content"):
        place["has_protected_content"] = True
    if params.get("message_effect_id"):
        place["effect_id"] = params["message_effect_id"]
    return town.post(chat, town.bot.wire(), {**place, **content}, markup).wire


def where(town: Town, chat: Chat, params: Params) -> Wire:
    """What the message answers, and the topic it goes to: that of what it answers."""
    answer = replied(town, chat, params.get("reply_parameters"))
    above = answer.get("reply_to_message", {}).get("message_thread_id")
    thread = params.get("message_thread_id") or above
    if not thread:
        return answer
    topic = writable(town, chat, thread)
    if answer and above != thread:
        raise bad("the sandbox does not reply across topics")
    return {**town.in_topic(chat, topic), **answer}


def writable(town: Town, chat: Chat, thread: int) -> Topic:
    """A topic the bot may write to; raises Refusal."""
    topic = chat.topics.get(thread)
    if topic is None:
        raise bad("message thread not found")
    may = chat.bot_may("can_manage_topics") or topic.creator == town.bot.id
    if topic.closed and not may:
        raise bad("TOPIC_CLOSED")
    return topic


def replied(town: Town, chat: Chat, reply: Params | None) -> Wire:
    if reply is None:
        return {}
    if reply.get("chat_id", chat.id) != chat.id:
        raise bad("the sandbox does not reply across chats")
    message = town.message(chat.id, reply.get("message_id", 0))
    if message is None:
        if reply.get("allow_sending_without_reply"):
            return {}
        raise bad("message to be replied not found")
    answer: Wire = {"reply_to_message": as_reply(message)}
    if "quote" in reply:
        text = message.text or message.wire.get("caption", "")
        answer["quote"] = quoted(text, reply)
    return answer


def quoted(text: str, reply: Params) -> Wire:
    quote, _entities = texts.parsed(reply["quote"], reply.get("quote_parse_mode"), None)
    position = text.find(quote)
    if not quote or position < 0:
        raise bad("QUOTE_TEXT_INVALID")
    return {"text": quote, "position": len(text[:position].encode("utf-16-le")) // 2}


@TALK.offer
def send_message(town: Town, params: Params) -> Wire:
    text, entities = texts.message_text(params)
    content: Wire = {"text": text}
    if entities:
        content["entities"] = entities
    if "link_preview_options" in params:
        content["link_preview_options"] = params["link_preview_options"]
    return send(town, params, content)


def place(params: Params) -> Wire:
    latitude, longitude = params["latitude"], params["longitude"]
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        raise bad("wrong latitude or longitude specified")
    return {"latitude": latitude, "longitude": longitude}


@TALK.offer
def send_location(town: Town, params: Params) -> Wire:
    live = params.get("live_period")
    if live is not None and not (60 <= live <= 86400 or live == 0x7FFFFFFF):
        raise bad("wrong live location period specified")
    more = {key: params[key] for key in LIVE if key in params}
    return send(town, params, {"location": {**place(params), **more}})


LIVE = ("horizontal_accuracy", "live_period", "heading", "proximity_alert_radius")
PLACES = ("foursquare_id", "foursquare_type", "google_place_id", "google_place_type")


@TALK.offer
def send_venue(town: Town, params: Params) -> Wire:
    for name in ("title", "address"):
        if not params[name].strip():
            raise bad(f"venue {name} must be non-empty")
    venue = {"location": place(params), "title": params["title"], "address": params["address"]}
    venue |= {key: params[key] for key in PLACES if key in params}
    return send(town, params, {"location": venue["location"], "venue": venue})


@TALK.offer
def send_contact(town: Town, params: Params) -> Wire:
    if not params["phone_number"] or not params["first_name"]:
        raise bad("phone number and first name must be non-empty")
    names = ("phone_number", "first_name", "last_name", "vcard")
    return send(town, params, {"contact": {key: params[key] for key in names if key in params}})


@TALK.offer
def copy_message(town: Town, params: Params) -> dict[str, int]:
    origin = town.known_chat(params["from_chat_id"])
    message = town.message(origin.id, params["message_id"])
    if message is None:
        raise bad("message to copy not found")
    content = content_of(message)
    if not content or message.wire.get("has_protected_content"):
        raise bad("message can't be copied")
    if "caption" in params and any(kind in content for kind in media.CAPTIONED):
        content = {key: value for key, value in content.items() if key not in media.CAPTION}
        content |= captioned(params)
    return {"message_id": send(town, params, content)["message_id"]}


def captioned(params: Params) -> Wire:
    text, entities = texts.caption(params)
    if not text:
        return {}
    return {"caption": text, "caption_entities": entities} if entities else {"caption": text}


@TALK.offer
def send_chat_action(town: Town, params: Params) -> bool:
    refuse_parts(params)
    if params["action"] not in ACTIONS:
        raise bad("wrong parameter action in request")
    chat = town.open_chat(params["chat_id"])
    thread = params.get("message_thread_id")
    if thread and thread not in chat.topics:
        raise bad("message thread not found")
    shown = {"chat_id": chat.id, "action": params["action"], "message_thread_id": thread}
    town.emit("action", shown)
    return True


@TALK.offer
def answer_callback_query(town: Town, params: Params) -> bool:
    query = town.queries.get(params["callback_query_id"])
    if query is None or query.stale:
        raise bad("query is too old and response timeout expired or query ID is invalid")
    if not params.get("url", "https://t.me/").startswith(("https://t.me/", "t.me/", "tg://")):
        raise bad("URL_INVALID")
    query.answered = True
    text, alert = params.get("text", ""), params.get("show_alert", False)
    town.popups.append(Popup(query.id, query.person, text, alert, params.get("url")))
    shown: dict[str, Any] = {"person": query.person, "text": text, "show_alert": alert}
    town.emit("popup", {**shown, "query": query.id})
    return True
