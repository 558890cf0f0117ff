"""What a message holds that is not words, and what it says of the chat, in one short line."""

from collections.abc import Callable
from typing import Any

Wire = dict[str, Any]


def things(message: Wire) -> list[str]:
    """A venue holds a location too: only the first that fits is told."""
    found = next((tell(message[key]) for key, tell in THINGS.items() if key in message), None)
    return [f"({found})"] if found else []


def named(file: Wire) -> str:
    return f"file {file['file_name']}" if "file_name" in file else "file"


THINGS: dict[str, Callable[[Any], str]] = {
    "venue": lambda _venue: "place",
    "location": lambda _location: "place",
    "contact": lambda contact: f"contact {contact['first_name']}",
    "document": named,
    "photo": lambda _photo: "photo",
    "voice": lambda _voice: "voice message",
    "video": lambda _video: "video",
    "video_note": lambda _video_note: "video message",
    "audio": lambda _audio: "music",
    "sticker": lambda _sticker: "sticker",
    "pinned_message": lambda pinned: f"pinned “{beginning(pinned)}”",
    "forum_topic_created": lambda topic: f"topic “{topic['name']}” opened",
    "forum_topic_edited": lambda topic: f"topic renamed “{topic['name']}”",
    "forum_topic_closed": lambda _topic: "topic closed",
    "forum_topic_reopened": lambda _topic: "topic opened again",
    "migrate_to_chat_id": lambda _number: "this group became a supergroup",
    "migrate_from_chat_id": lambda _number: "this supergroup was a group",
}
SERVICE = (
    "pinned_message", "forum_topic_created", "forum_topic_edited", "forum_topic_closed",
    "forum_topic_reopened", "migrate_to_chat_id", "migrate_from_chat_id",
)  # fmt: skip


def beginning(message: Wire) -> str:
    words: str = message.get("text") or message.get("caption") or "".join(things(message))
    return words.partition("\n")[0]


def of_service(message: Wire) -> bool:
    """Told to everybody in the chat, whoever did it."""
    return any(key in message for key in SERVICE)
