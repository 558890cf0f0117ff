"""Who and what there is in the town: persons and chats."""

from dataclasses import dataclass, field
from typing import Any

from bot.sandbox.members import RIGHTS, is_admin


@dataclass
class Person:
    id: int
    first_name: str
    language_code: str
    last_name: str | None = None
    username: str | None = None
    phone: str | None = None
    blocked: bool = False
    started: bool = False

    def wire(self) -> dict[str, Any]:
        """As the Bot API shows a person: no phone."""
        shown = {"id": self.id, "is_bot": False, "first_name": self.first_name}
        return {**shown, **self._names(), "language_code": self.language_code}

    def _names(self) -> dict[str, str]:
        names = {"last_name": self.last_name, "username": self.username}
        return {key: value for key, value in names.items() if value}

    def chat_wire(self) -> dict[str, Any]:
        named = {"id": self.id, "first_name": self.first_name, **self._names()}
        return {**named, "type": "private"}

    def view(self) -> dict[str, Any]:
        return {
            **self.wire(),
            "last_name": self.last_name,
            "username": self.username,
            "phone": self.phone,
            "blocked": self.blocked,
            "started": self.started,
        }


@dataclass
class Topic:
    """A topic of a forum; its id is that of the message that opened it."""

    id: int
    name: str
    icon_color: int
    creator: int
    closed: bool = False

    def wire(self) -> dict[str, Any]:
        told = {"name": self.name, "icon_color": self.icon_color}
        return {"message_thread_id": self.id, **told}

    def view(self) -> dict[str, Any]:
        return {**self.wire(), "closed": self.closed}


@dataclass
class Chat:
    """A private chat has the id of its person; groups have negative ids."""

    id: int
    type: str
    title: str | None = None
    person: Person | None = None
    forum: bool = False
    status: dict[int, str] = field(default_factory=dict)  # of persons: creator, member, …
    bot_status: str = "member"
    bot_rights: dict[str, bool] = field(default_factory=dict)  # where not those of most
    pinned: list[int] = field(default_factory=list)
    topics: dict[int, Topic] = field(default_factory=dict)
    migrated_to: int | None = None
    next_message_id: int = 1

    @property
    def private(self) -> bool:
        return self.person is not None

    @property
    def members(self) -> list[int]:
        return [one for one, status in self.status.items() if status not in {"left", "kicked"}]

    @property
    def administrators(self) -> list[int]:
        return [one for one, status in self.status.items() if is_admin(status)]

    @property
    def bot_may_write(self) -> bool:
        return self.bot_status != "restricted"

    def bot_may(self, right: str) -> bool:
        """Whether the bot is an administrator with this right."""
        return is_admin(self.bot_status) and self.bot_rights.get(right, RIGHTS[right])

    def wire(self) -> dict[str, Any]:
        if self.person is not None:
            return self.person.chat_wire()
        shown: dict[str, Any] = {"id": self.id, "title": self.title, "type": self.type}
        return {**shown, "is_forum": True} if self.forum else shown

    def view(self) -> dict[str, Any]:
        return {
            **self.wire(),
            "members": self.members,
            "administrators": self.administrators,
            "bot_status": self.bot_status,
            "topics": [one.view() for one in self.topics.values()],
            "pinned": list(self.pinned),
            "migrated_to": self.migrated_to,
        }
