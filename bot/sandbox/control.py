"""The control interface: what the page and tests of other processes may do with the town."""

import base64
import json
from collections.abc import Callable
from dataclasses import asdict, fields
from typing import Any

from aiohttp import web

from bot.sandbox.api import method_names
from bot.sandbox.faults import Fault
from bot.sandbox.records import Call
from bot.sandbox.speech import Sent
from bot.sandbox.topics import COLORS
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

    def decimal(self, key: str) -> float:
        value = self.get(key)
        if isinstance(value, int | float) and not isinstance(value, bool):
            return value
        raise ValueError(f"“{key}” must be a number")

    def where(self) -> dict[str, int | None]:
        """The chat, the topic and the message answered, if said."""
        return {
            "chat_id": self.maybe("chat"),
            "thread": self.maybe("thread"),
            "reply_to": self.maybe("reply_to"),
        }

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
        basic=bool(asked.get("basic")),
        administrators=asked.numbers("administrators"),
        owner=asked.maybe("owner"),
    )
    return chat.view()


def type_text(town: Town, asked: Asked) -> Any:
    return town.type(asked.number("person"), asked.word("text"), **asked.where()).view()


def press(town: Town, asked: Asked) -> Any:
    person, message, chat = asked.number("person"), asked.number("message"), asked.maybe("chat")
    label, data = asked.maybe_word("label"), asked.maybe_word("data")
    if asked.get("forged"):
        query = town.press_forged(person, message, asked.word("data"), chat_id=chat)
    else:
        query = town.press(person, message, chat_id=chat, label=label, data=data)
    return {"query": query}


def share_contact(town: Town, asked: Asked) -> Any:
    of = asked.maybe("of")
    return town.share_contact(asked.number("person"), of=of, **asked.where()).view()


def a_file(asked: Asked) -> Sent:
    name, kind = asked.maybe_word("name") or "file", asked.maybe_word("type")
    content = base64.b64decode(asked.word("content"), validate=True)
    upload = Upload(name, (kind or "application/octet-stream").partition(";")[0], content)
    return Sent(asked.word("kind"), upload, asked.maybe_word("caption") or "")


def send_file(town: Town, asked: Asked) -> Any:
    return town.send_file(asked.number("person"), a_file(asked), **asked.where()).view()


def send_album(town: Town, asked: Asked) -> Any:
    given = asked.get("files")
    if not isinstance(given, list) or not all(isinstance(one, dict) for one in given):
        raise ValueError("“files” must be a list of objects")
    files = [a_file(Asked(one)) for one in given]
    sent = town.send_album(asked.number("person"), files, **asked.where())
    return {"messages": [one.view() for one in sent]}


def send_location(town: Town, asked: Asked) -> Any:
    """With a title and an address it is a venue."""
    person, where = asked.number("person"), asked.where()
    at = asked.decimal("latitude"), asked.decimal("longitude")
    if asked.get("title"):
        named = asked.word("title"), asked.word("address")
        return town.send_venue(person, at, named, **where).view()
    return town.send_location(person, at, **where).view()


def topic(town: Town, asked: Asked) -> Any:
    """Opens a topic; one that is there is renamed, closed, opened again or deleted."""
    person, chat = asked.number("person"), asked.number("chat")
    thread, name = asked.maybe("thread"), asked.maybe_word("name")
    if thread is None:
        color = asked.maybe("icon_color") or COLORS[0]
        return town.start_topic(person, chat, asked.word("name"), color=color).view()
    closed, deleted = asked.get("closed"), bool(asked.get("deleted"))
    town.change_topic(person, chat, thread, name=name, closed=closed, deleted=deleted)
    return town.chat(chat).view()


def upgrade(town: Town, asked: Asked) -> Any:
    return town.upgrade_group(asked.number("chat")).view()


def pin(town: Town, asked: Asked) -> Any:
    person, message, chat = asked.number("person"), asked.number("message"), asked.maybe("chat")
    town.pin_message(person, message, chat_id=chat, pinned=bool(asked.get("pinned", True)))
    return town.chat(person if chat is None else chat).view()


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
    known = {one.name for one in fields(Fault) if one.init} - {"seen", "until"}
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


def person_status(town: Town, asked: Asked) -> Any:
    town.set_status(asked.number("chat"), asked.number("person"), asked.word("status"))
    return town.chat(asked.number("chat")).view()


def bot_status(town: Town, asked: Asked) -> Any:
    rights = asked.thing("rights") if asked.get("rights") else None
    town.set_bot_status(asked.number("chat"), asked.word("status"), rights=rights)
    return town.chat(asked.number("chat")).view()


ACTS: dict[str, Callable[[Town, Asked], Any]] = {
    "person": add_person,
    "group": add_group,
    "type": type_text,
    "press": press,
    "contact": share_contact,
    "file": send_file,
    "album": send_album,
    "location": send_location,
    "topic": topic,
    "upgrade": upgrade,
    "pin": pin,
    "block": block,
    "join": join,
    "leave": leave,
    "edit": edit,
    "delete": delete,
    "fault": fault,
    "inject": inject,
    "redeliver": redeliver,
    "bot": bot_status,
    "status": person_status,
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
