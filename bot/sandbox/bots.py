"""A bot as its maker set it up: name, descriptions, commands, menu button, queue of updates."""

from dataclasses import dataclass, field
from typing import Any

from bot.sandbox.mailbox import Mailbox
from bot.sandbox.webhook import Webhook

Scope = tuple[Any, ...]
Commands = list[dict[str, str]]

DEFAULT: Scope = ("default",)


@dataclass
class Bot:
    token: str
    username: str
    name: str
    names: dict[str, str] = field(default_factory=dict)
    descriptions: dict[str, str] = field(default_factory=dict)
    short_descriptions: dict[str, str] = field(default_factory=dict)
    commands: dict[tuple[Scope, str], Commands] = field(default_factory=dict)
    menu_buttons: dict[int | None, dict[str, Any]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.id = int(self.token.partition(":")[0])
        self.names.setdefault("", self.name)
        self.mailbox = Mailbox(first_id=700_000_001)
        self.webhook = Webhook(self.mailbox)

    def wire(self) -> dict[str, Any]:
        name = self.names[""]
        return {"id": self.id, "is_bot": True, "first_name": name, "username": self.username}

    def commands_for(self, scopes: list[Scope], language: str) -> Commands:
        """What a person sees: the narrowest scope wins, then their language."""
        for scope in scopes:
            for code in (language.partition("-")[0], ""):
                found = self.commands.get((scope, code))
                if found:
                    return found
        return []

    def view(self) -> dict[str, Any]:
        return {
            **self.wire(),
            "name": self.names[""],
            "names": self.names,
            "description": self.descriptions.get("", ""),
            "descriptions": self.descriptions,
            "short_description": self.short_descriptions.get("", ""),
            "menu_button": self.menu_buttons.get(None, {"type": "commands"}),
        }

    def commands_view(self) -> list[dict[str, Any]]:
        return [
            {"scope": scope_wire(scope), "language_code": code, "commands": commands}
            for (scope, code), commands in self.commands.items()
        ]


def scope_key(scope: dict[str, Any] | None) -> Scope:
    if scope is None:
        return DEFAULT
    return tuple(scope[key] for key in ("type", "chat_id", "user_id") if key in scope)


def scope_wire(scope: Scope) -> dict[str, Any]:
    return dict(zip(("type", "chat_id", "user_id"), scope, strict=False))
