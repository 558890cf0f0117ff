"""What a request must look like, compiled once from the official schema into plain functions."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.sandbox.errors import Refusal, bad
from bot.sandbox.values import MATCHES, Check, Upload, array, fixed, from_outside, limited, simple

Entry = list[Any]

# Telegram has words of its own for some limits; where it has others for too little, those.
TOO_LITTLE = {
    ("sendMediaGroup", "media"): "there are too few messages to send as an album",
}
WORDING = {
    ("InlineKeyboardButton", "callback_data"): "BUTTON_DATA_INVALID",
    ("BotCommand", "command"): "BOT_COMMAND_INVALID",
    ("BotCommand", "description"): "BOT_COMMAND_DESCRIPTION_INVALID",
    ("CopyTextButton", "text"): "BUTTON_COPY_TEXT_INVALID",
    ("answerCallbackQuery", "text"): "MESSAGE_TOO_LONG",
    ("setMyCommands", "commands"): "BOT_COMMANDS_TOO_MUCH",
    ("sendMediaGroup", "media"): "too many messages to send as an album",
    ("setWebhook", "secret_token"): "secret token is too long",
    ("setMyName", "name"): "bot name is too long",
    ("setMyDescription", "description"): "bot description is too long",
    ("setMyShortDescription", "short_description"): "bot short description is too long",
}
SPELT = {
    "InlineKeyboardButton": "inline keyboard button",
    "KeyboardButton": "keyboard button",
}
NOT_NAMED = {
    "InlineKeyboardMarkup", "ReplyKeyboardMarkup", "ReplyKeyboardRemove", "ForceReply",
    "ReplyParameters", "LinkPreviewOptions",
}  # fmt: skip
UNSUPPORTED = {"InputMedia": 'type "{tag}" is unsupported'}
LOST = {"deleteMessage": "delete", "pinChatMessage": "pin", "copyMessage": "copy"}
MISSING = {
    "chat_id": "chat_id is empty",
    "text": "message text is empty",
    "message_ids": "message identifiers are not specified",
    "user_id": "invalid user_id specified",
    "file_id": "file_id not specified",
    "document": "there is no document in the request",
    "photo": "there is no photo in the request",
    "voice": "there is no voice in the request",
    "media": "can't parse media JSON object",
    "message_thread_id": "invalid forum topic identifier specified",
}


@dataclass(frozen=True, slots=True)
class Form:
    """The checks of one method."""

    method: str
    checks: dict[str, Check]
    required: tuple[str, ...]

    def fill(self, raw: dict[str, Any]) -> dict[str, Any]:
        """The request with every value in its type; raises Refusal."""
        filled = {}
        for name, value in raw.items():
            check = self.checks.get(name)
            if check is not None:
                filled[name] = check(value)  # Telegram takes no null for a value left out
            elif not attached(name, raw):
                raise bad(f'unknown parameter "{name}"')
        for name in self.required:
            if name not in filled:
                raise bad(missing(self.method, name))
        return filled


def missing(method: str, name: str) -> str:
    if name == "message_id" and method in LOST:
        return f"message to {LOST[method]} not found"
    return MISSING.get(name, f'parameter "{name}" is required')


def attached(name: str, raw: dict[str, Any]) -> bool:
    """A file may come under any name another parameter points to with `attach://`."""
    mark = f"attach://{name}"
    return isinstance(raw[name], Upload) and any(
        isinstance(value, str) and mark in value for value in raw.values()
    )


def parsing(kind: str) -> str:
    """How a complaint about a part of a request begins."""
    if kind in NOT_NAMED:
        return ""
    return f"can't parse {SPELT.get(kind, kind)}: "


def inside(problem: str, refusal: Refusal) -> Refusal:
    """The complaint of a part, told as one about the whole."""
    said = refusal.description.removeprefix("Bad Request: ")
    if not problem or said.isupper() or said.startswith("can't parse"):
        return refusal
    return bad(f"{problem}{said[0].upper()}{said[1:]}")


def filled_object(
    value: Any, kind: str, checks: dict[str, Check], required: tuple[str, ...]
) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise bad(f"{kind} must be an Object")
    for name in required:
        if value.get(name) is None:
            raise bad(f'can\'t find field "{name}"')
    made = {}
    for name, part in value.items():
        if name not in checks:
            raise bad(f'unknown field "{name}"')
        if part is not None:
            made[name] = checks[name](part)
    return made


def load_schema() -> dict[str, Any]:
    path = Path(__file__).with_name("schema") / "botapi.json"
    loaded: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return loaded


class Compiler:
    def __init__(self, schema: dict[str, Any]) -> None:
        self.schema = schema
        self._named: dict[str, Check] = {}

    def forms(self) -> dict[str, Form]:
        return {name: self.form(name, entries) for name, entries in self.schema["methods"].items()}

    def form(self, method: str, entries: dict[str, Entry]) -> Form:
        checks = {
            name: from_outside(name, one[0], self.entry(method, name, one))
            for name, one in entries.items()
        }
        return Form(method, checks, tuple(name for name, one in entries.items() if one[1]))

    def entry(self, owner: str, name: str, one: Entry) -> Check:
        check = self.kind(name, one[0])
        match one[2:]:
            case [str(word)]:
                return fixed(name, word[1:])
            case [[int(low), int(high), str(unit)]] if unit != "parsed":
                usual = f'field "{name}" must be within {low}-{high} {unit}'
                much = WORDING.get((owner, name), usual)
                words = (TOO_LITTLE.get((owner, name), much), much)
                return limited((low, high), unit, check, words)
        return check

    def kind(self, name: str, kind: str) -> Check:
        if kind.startswith("Array of "):
            return array(name, self.kind(name, kind.removeprefix("Array of ")))
        if kind in MATCHES:
            return simple(name, kind)
        if " or " in kind:
            return self.either(name, kind.split(" or "))
        return self.named(kind)

    def named(self, kind: str) -> Check:
        """Each type is built once; one that is still being built is looked up when called."""
        if kind not in self._named:
            self._named[kind] = self._later(kind)
            self._named[kind] = self.build(kind)
        return self._named[kind]

    def _later(self, kind: str) -> Check:
        def check(value: Any) -> Any:
            return self._named[kind](value)

        return check

    def build(self, kind: str) -> Check:
        if kind in self.schema["unions"]:
            return self.tagged(kind, self.schema["unions"][kind])
        if kind in self.schema["types"]:
            return self.an_object(kind)
        return simple(kind, "Object")

    def an_object(self, kind: str) -> Check:
        entries: dict[str, Entry] = self.schema["types"][kind]
        checks = {name: self.entry(kind, name, one) for name, one in entries.items()}
        required = tuple(name for name, one in entries.items() if one[1])
        problem = parsing(kind)

        def check(value: Any) -> Any:
            if isinstance(value, str) and kind == "KeyboardButton":
                return {"text": value}  # a bare word stands for a button that only has text
            try:
                return filled_object(value, kind, checks, required)
            except Refusal as refusal:
                raise inside(problem, refusal) from None

        return check

    def tagged(self, kind: str, kinds: list[str]) -> Check:
        """A union whose members carry a fixed `type`."""
        members = {self.schema["types"][one]["type"][2][1:]: self.named(one) for one in kinds}

        def check(value: Any) -> Any:
            tag = value.get("type") if isinstance(value, dict) else None
            if not isinstance(tag, str) or tag not in members:
                strange = UNSUPPORTED.get(kind, "Unsupported type specified")
                raise bad(parsing(kind) + strange.format(tag=tag))
            return members[tag](value)

        return check

    def either(self, name: str, kinds: list[str]) -> Check:
        """A union told apart by the first required field of each member."""
        if all(kind.startswith("InputMedia") for kind in kinds):
            return self.tagged("InputMedia", kinds)
        marks = [(self.first_required(kind), self.named(kind)) for kind in kinds]

        def check(value: Any) -> Any:
            if isinstance(value, dict):
                for mark, member in marks:
                    if mark in value:
                        return member(value)
            raise bad(f"object expected as {name.replace('_', ' ')}")

        return check

    def first_required(self, kind: str) -> str:
        entries: dict[str, Entry] = self.schema["types"][kind]
        return next(name for name, one in entries.items() if one[1])
