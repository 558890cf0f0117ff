"""How the Bot API shows somebody's place in a chat."""

from typing import Any

Wire = dict[str, Any]

RIGHTS = {
    "can_be_edited": False,
    "is_anonymous": False,
    "can_manage_chat": True,
    "can_delete_messages": True,
    "can_manage_video_chats": True,
    "can_restrict_members": True,
    "can_promote_members": False,
    "can_change_info": True,
    "can_invite_users": True,
    "can_post_stories": False,
    "can_edit_stories": False,
    "can_delete_stories": False,
    "can_pin_messages": True,
    "can_manage_topics": True,
    "can_send_welcome_messages": False,
}


def member_wire(user: Wire, status: str) -> Wire:
    match status:
        case "creator":
            return {"user": user, "status": status, "is_anonymous": False}
        case "administrator":
            return {"user": user, "status": status, **RIGHTS}
        case "kicked":
            return {"user": user, "status": status, "until_date": 0}
        case _:
            return {"user": user, "status": status}


def is_admin(status: str) -> bool:
    return status in {"creator", "administrator"}
