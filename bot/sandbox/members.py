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


PERMISSIONS = (
    "can_send_messages", "can_send_audios", "can_send_documents", "can_send_photos",
    "can_send_videos", "can_send_video_notes", "can_send_voice_notes", "can_send_polls",
    "can_send_other_messages", "can_add_web_page_previews", "can_react_to_messages",
    "can_edit_tag", "can_change_info", "can_invite_users", "can_pin_messages",
    "can_manage_topics",
)  # fmt: skip
STATUSES = {"creator", "administrator", "member", "restricted", "left", "kicked"}


def member_wire(user: Wire, status: str, rights: dict[str, bool] | None = None) -> Wire:
    """`rights` says where an administrator's are not those of most."""
    place: Wire = {"user": user, "status": status}
    match status:
        case "creator":
            return {**place, "is_anonymous": False}
        case "administrator":
            return {**place, **RIGHTS, **(rights or {})}
        case "restricted":
            muted = dict.fromkeys(PERMISSIONS, False)
            return {**place, "is_member": True, **muted, "until_date": 0}
        case "kicked":
            return {**place, "until_date": 0}
        case _:
            return place


def is_admin(status: str) -> bool:
    return status in {"creator", "administrator"}
