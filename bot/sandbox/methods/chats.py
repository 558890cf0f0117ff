"""What the bot may know of chats and who is in them."""

from typing import Any

from bot.sandbox.errors import bad
from bot.sandbox.members import PERMISSIONS, is_admin, member_wire
from bot.sandbox.messages import Wire
from bot.sandbox.methods.registry import Methods, Params
from bot.sandbox.people import Chat
from bot.sandbox.town import Town

CHATS = Methods()

ACCEPTED_GIFTS = {
    "unlimited_gifts": False,
    "limited_gifts": False,
    "unique_gifts": False,
    "premium_subscription": False,
    "gifts_from_channels": False,
}


@CHATS.offer
def get_chat(town: Town, params: Params) -> Wire:
    chat = town.known_chat(params["chat_id"])
    full: dict[str, Any] = {
        **chat.wire(),
        "accent_color_id": abs(chat.id) % 7,
        "max_reaction_count": 11,
        "accepted_gift_types": ACCEPTED_GIFTS,
    }
    if not chat.private:
        full["permissions"] = dict.fromkeys(PERMISSIONS, True)
    if chat.pinned and (pinned := town.message(chat.id, chat.pinned[-1])):
        full["pinned_message"] = pinned.wire
    return full


def place_of(town: Town, chat: Chat, person_id: int) -> Wire:
    if person_id == town.bot.id:
        status = "member" if chat.private else chat.bot_status
        return member_wire(town.bot.wire(), status, chat.bot_rights)
    if person_id not in town.people:
        raise bad("user not found")
    status = chat.status.get(person_id, "left")
    return member_wire(town.people[person_id].wire(), status)


@CHATS.offer
def get_chat_member(town: Town, params: Params) -> Wire:
    return place_of(town, town.known_chat(params["chat_id"]), params["user_id"])


@CHATS.offer
def get_chat_member_count(town: Town, params: Params) -> int:
    return len(town.known_chat(params["chat_id"]).members) + 1


@CHATS.offer
def get_chat_administrators(town: Town, params: Params) -> list[Wire]:
    chat = town.known_chat(params["chat_id"])
    if chat.private:
        raise bad("there are no administrators in the private chat")
    ids = list(chat.administrators)
    if is_admin(chat.bot_status):
        ids.append(town.bot.id)
    return [place_of(town, chat, one) for one in ids]


@CHATS.offer
def leave_chat(town: Town, params: Params) -> bool:
    chat = town.known_chat(params["chat_id"])
    if chat.private:
        raise bad("chat member status can't be changed in private chats")
    town.set_bot_status(chat.id, "left")
    return True
