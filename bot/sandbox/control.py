"""The control interface: what the page and tests of other processes may do with the town."""

import json
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from aiohttp import web

from bot.sandbox.api import method_names
from bot.sandbox.faults import Fault
from bot.sandbox.records import Call
from bot.sandbox.town import Town
from bot.sandbox.values import Upload

Body = dict[str, Any]


class Asked(dict[str, Any]):
    """The JSON of a request; says in a sentence what is missing or wrong."""

    def number(self, key: str) -> int:
        value = self.get(key)
        if isinstance(value, int) and not isinstance(value, bool):
            return value
        raise ValueError(f"“{key}” must be a number")

    def maybe(self, key: str) -> int | None:
        return None if self.get(key) is None else self.number(key)

    def word(self, key: str) -> str:
        value = self.get(key)
        if not isinstance(value, str) or not value.strip():
            raise ValueError(f"“{key}” must be some text")
        return value

    def maybe_word(self, key: str) -> str | None:
        return None if not self.get(key) else self.word(key)

    def thing(self, key: str) -> Body:
        value = self.get(key)
        if isinstance(value, dict):
            return value
        raise ValueError(f"“{key}” must be an object")

    def numbers(self, key: str) -> list[int]:
        value = self.get(key, [])
        if not isinstance(value, list) or not all(isinstance(one, int) for one in value):
            raise ValueError(f"“{key}” must be a list of numbers")
        return value


def state(town: Town) -> Body:
    return {
        "now": town.clock.now().isoformat(),
        "frozen": town.clock.frozen,
        "bot": town.bot.view(),
        "commands": town.bot.commands_view(),
        "people": [person.view() for person in town.people.values()],
        "chats": [chat.view() for chat in town.chats.values()],
        "messages": {
            str(chat_id): [one.view() for one in town.messages(chat_id)] for chat_id in town.chats
        },
        "calls": list(town.recent),
        "methods": method_names(),
    }


def add_person(town: Town, asked: Asked) -> Any:
    names = ("last_name", "username", "phone")
    more: dict[str, Any] = {name: asked.maybe_word(name) for name in names}
    person = town.add_person(
        asked.word("first_name"), asked.word("language_code"), id=asked.maybe("id"), **more
    )
    return person.view()


def add_group(town: Town, asked: Asked) -> Any:
    chat = town.add_group(
        asked.word("title"),
        asked.numbers("members"),
        id=asked.maybe("id"),
        forum=bool(asked.get("forum")),
        administrators=asked.numbers("administrators"),
        owner=asked.maybe("owner"),
    )
    return chat.view()


def type_text(town: Town, asked: Asked) -> Any:
    person, text = asked.number("person"), asked.word("text")
    chat, reply = asked.maybe("chat"), asked.maybe("reply_to")
    return town.type(person, text, chat_id=chat, reply_to=reply).view()


def press(town: Town, asked: Asked) -> Any:
    person, message, chat = asked.number("person"), asked.number("message"), asked.maybe("chat")
    label, data = asked.maybe_word("label"), asked.maybe_word("data")
    if asked.get("forged"):
        query = town.press_forged(person, message, asked.word("data"), chat_id=chat)
    else:
        query = town.press(person, message, chat_id=chat, label=label, data=data)
    return {"query": query}


def share_contact(town: Town, asked: Asked) -> Any:
    return town.share_contact(asked.number("person"), of=asked.maybe("of")).view()


def block(town: Town, asked: Asked) -> Any:
    act = town.block if asked.get("blocked", True) else town.unblock
    act(asked.number("person"))
    return town.person(asked.number("person")).view()


def join(town: Town, asked: Asked) -> Any:
    town.join(asked.number("chat"), asked.number("person"))
    return town.chat(asked.number("chat")).view()


def leave(town: Town, asked: Asked) -> Any:
    town.leave(asked.number("chat"), asked.number("person"))
    return town.chat(asked.number("chat")).view()


def edit(town: Town, asked: Asked) -> Any:
    person, message = asked.number("person"), asked.number("message")
    return town.edit(person, message, asked.word("text"), chat_id=asked.maybe("chat")).view()


def delete(town: Town, asked: Asked) -> Any:
    town.delete(asked.number("person"), asked.number("message"), chat_id=asked.maybe("chat"))
    return {}


def fault(town: Town, asked: Asked) -> Any:
    known = {"method", "kind", "nth", "times", "chat", "retry_after", "delay"}
    if strange := asked.keys() - known:
        raise ValueError(f"A fault has no “{min(strange)}”")
    asked.word("method"), asked.word("kind")
    town.expect_fault(Fault(**asked))
    return {"waiting": len(town.faults.waiting)}


def inject(town: Town, asked: Asked) -> Any:
    return {"update_id": town.inject(asked.thing("update"))}


def redeliver(town: Town, asked: Asked) -> Any:
    town.redeliver(asked.number("update_id"))
    return {}


def bot_status(town: Town, asked: Asked) -> Any:
    town.set_bot_status(asked.number("chat"), asked.word("status"))
    return town.chat(asked.number("chat")).view()


ACTS: dict[str, Callable[[Town, Asked], Any]] = {
    "person": add_person,
    "group": add_group,
    "type": type_text,
    "press": press,
    "contact": share_contact,
    "block": block,
    "join": join,
    "leave": leave,
    "edit": edit,
    "delete": delete,
    "fault": fault,
    "inject": inject,
    "redeliver": redeliver,
    "bot": bot_status,
}


def call_view(call: Call) -> Body:
    return {**asdict(call), "at": call.at.isoformat()}


def plain(value: Any) -> Any:
    """What JSON does not know: an upload is shown by its name and size."""
    if isinstance(value, Upload):
        return {"file": value.filename, "size": len(value.content)}
    raise TypeError(f"{type(value).__name__} cannot be shown")


def answer(value: Any, status: int = 200) -> web.Response:
    text = json.dumps(value, ensure_ascii=False, default=plain)
    return web.Response(text=text, status=status, content_type="application/json")
