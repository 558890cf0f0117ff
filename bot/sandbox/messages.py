"""Messages as they are kept, with every version they had."""

from dataclasses import dataclass, field
from typing import Any

Wire = dict[str, Any]

# What of a message goes along when it is copied or forwarded.
CONTENT = {
    "text", "entities", "link_preview_options", "location", "venue", "contact", "photo", "voice",
    "document", "video", "video_note", "audio", "sticker", "caption", "caption_entities",
    "show_caption_above_media", "has_media_spoiler",
}  # fmt: skip


@dataclass
class Message:
    """`wire` is what the bot sees; `markup` any keyboard: the bot is shown only inline ones."""

    wire: Wire
    markup: Wire | None = None
    deleted: bool = False
    versions: list[Wire] = field(default_factory=list)

    @property
    def message_id(self) -> int:
        number: int = self.wire["message_id"]
        return number

    @property
    def chat_id(self) -> int:
        number: int = self.wire["chat"]["id"]
        return number

    @property
    def chat(self) -> Wire:
        shown: Wire = self.wire["chat"]
        return shown

    @property
    def sender(self) -> Wire:
        shown: Wire = self.wire["from"]
        return shown

    @property
    def date(self) -> int:
        stamp: int = self.wire["date"]
        return stamp

    @property
    def edit_date(self) -> int | None:
        return self.wire.get("edit_date")

    @property
    def text(self) -> str | None:
        return self.wire.get("text")

    @property
    def entities(self) -> list[Wire]:
        found: list[Wire] = self.wire.get("entities", [])
        return found

    @property
    def reply_markup(self) -> Wire | None:
        return self.markup

    @property
    def inline(self) -> bool:
        return self.markup is not None and "inline_keyboard" in self.markup

    @property
    def editable(self) -> bool:
        """Telegram lets a bot edit only messages with an inline keyboard or none."""
        return self.markup is None or self.inline

    def buttons(self) -> list[Wire]:
        """All inline buttons in reading order."""
        rows = (self.markup or {}).get("inline_keyboard", [])
        return [button for row in rows for button in row]

    def labels(self) -> list[str]:
        return [button["text"] for button in self.buttons()]

    def view(self) -> Wire:
        """For the page, which also draws keyboards the bot is not shown again."""
        return {**self.wire, "reply_markup": self.markup} if self.markup else self.wire

    def becomes(self, wire: Wire, markup: Wire | None) -> None:
        self.versions.append(self.view())
        self.markup = markup
        self.wire = with_keyboard(wire, markup)


def with_keyboard(wire: Wire, markup: Wire | None) -> Wire:
    bare = {key: value for key, value in wire.items() if key != "reply_markup"}
    if markup is not None and "inline_keyboard" in markup:
        bare["reply_markup"] = {"inline_keyboard": markup["inline_keyboard"]}
    return bare


def as_reply(message: Message) -> Wire:
    """A replied message is shown without the one it replied to itself."""
    return {key: value for key, value in message.wire.items() if key != "reply_to_message"}


def content_of(message: Message) -> Wire:
    """Empty for messages of service, which cannot be copied."""
    return {key: value for key, value in message.wire.items() if key in CONTENT}


def thread_of(message: Message) -> int | None:
    """The topic a message stands in."""
    return message.wire.get("message_thread_id")
