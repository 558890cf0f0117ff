"""Those who write in groups and are no persons: hidden administrators, channels, other bots.

Each is the part of a message that says who sent it; `town.say_as(voice, …)` lets it speak.
"""

from typing import Any

from bot.sandbox.people import Chat

Wire = dict[str, Any]

# These accounts are the same everywhere in Telegram.
GROUP_BOT = {
    "id": 1087968824, "is_bot": True, "first_name": "Group", "username": "GroupAnonymousBot"
}  # fmt: skip
CHANNEL_BOT = {
    "id": 136817688, "is_bot": True, "first_name": "Channel", "username": "Channel_Bot"
}  # fmt: skip
TELEGRAM = {"id": 777000, "is_bot": False, "first_name": "Telegram"}

FIRST_CHANNEL = -1_002_000_000_001


def hidden_administrator(chat: Chat) -> Wire:
    """An administrator who writes in the name of the group."""
    return {"from": GROUP_BOT, "sender_chat": chat.wire()}


def channel(title: str, number: int = FIRST_CHANNEL) -> Wire:
    """Somebody who writes in the name of a channel of theirs."""
    return {"from": CHANNEL_BOT, "sender_chat": channel_wire(title, number)}


def linked_channel(title: str, date: int, number: int = FIRST_CHANNEL) -> Wire:
    """A post of the channel linked to the group, forwarded there by Telegram itself."""
    shown = channel_wire(title, number)
    origin = {"type": "channel", "chat": shown, "message_id": 1, "date": date}
    return {
        "from": TELEGRAM,
        "sender_chat": shown,
        "is_automatic_forward": True,
        "forward_origin": origin,
    }


def channel_wire(title: str, number: int) -> Wire:
    return {"id": number, "title": title, "type": "channel"}


def another_bot(name: str, number: int = 42) -> Wire:
    bot = {"id": number, "is_bot": True, "first_name": name, "username": f"{name.lower()}_bot"}
    return {"from": bot}


def origin(sender: Wire, date: int, *, hidden: bool = False) -> Wire:
    """Where a forwarded message comes from; some hide their accounts."""
    if hidden:
        name = " ".join(sender[key] for key in ("first_name", "last_name") if key in sender)
        return {"type": "hidden_user", "sender_user_name": name, "date": date}
    return {"type": "user", "sender_user": sender, "date": date}
