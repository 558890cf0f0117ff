"""What was said in the town, written down as a transcript: for tests, and from the page.

A talk is a list of what people did and what they then saw. Two things the bot did in the same
minute for different people have no order of their own, so they are written in an order that is
always the same: first on the phone of whoever acted, then on the others, the group last; on one
phone a notice first, then older messages before newer ones.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.sandbox.messages import Message, Wire
from bot.sandbox.records import Query
from bot.sandbox.town import Town
from bot.sandbox.unsaid import of_service, things

INDENT = "     "
GROUP = "Staff"
ZONE = ZoneInfo("Europe/Sofia")
REFERENCE = re.compile(r"\b[B-Z][2-9][B-Z]-[2-9]{2}\b")

_LONG_SILENCE = timedelta(minutes=5)
_NOT_SEEN = dict.fromkeys((0x61C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)))
_SPACES = dict.fromkeys((0xA0, 0x2009, 0x202F), " ")

SENT = {
    "photo": "sends a photo",
    "voice": "sends a voice message",
    "contact": "shares a phone number",
    "video": "sends a video",
    "video_note": "sends a video message",
    "audio": "sends music",
    "document": "sends a file",
    "sticker": "sends a sticker",
    "venue": "sends a place",
    "location": "sends a place",
}
"""What a person may send that is not words, and how it is told."""


def folded(text: str) -> str:
    """As it is seen: without the marks that only direct the line, with ordinary spaces."""
    return text.translate(_NOT_SEEN | _SPACES)


def starred(text: str, entities: Iterable[Wire]) -> str:
    """Bold between stars; places count in UTF-16, as Telegram counts."""
    units = text.encode("utf-16-le")
    bold = [one for one in entities if one["type"] == "bold"]
    places = sorted(at for one in bold for at in (one["offset"], one["offset"] + one["length"]))
    pieces, done = [], 0
    for place in places:
        pieces.append(units[2 * done : 2 * place].decode("utf-16-le"))
        done = place
    return "*".join([*pieces, units[2 * done :].decode("utf-16-le")])


def shown(message: Wire) -> list[str]:
    """A message as its reader sees it: its words, then its buttons, one row a line."""
    entities = message.get("entities") or message.get("caption_entities") or ()
    words = starred(message.get("text") or message.get("caption") or "", entities)
    lines = folded(words).split("\n") if words else []
    return [
        *lines,
        *things(message),
        *(" ".join(f"[{label}]" for label in row) for row in labels(message)),
    ]


def labels(message: Wire) -> list[list[str]]:
    markup: Wire = message.get("reply_markup") or {}
    rows: list[list[Any]] = markup.get("inline_keyboard") or markup.get("keyboard") or []
    return [[folded(one["text"] if isinstance(one, dict) else one) for one in row] for row in rows]


def button(
    town: Town, person: int, label: str, on: str | None = None
) -> tuple[Message, Wire] | None:
    """The button a person means: on their own phone the newest message first, then in a group."""
    groups = [one.id for one in town.chats.values() if not one.private and person in one.members]
    newest = (one for chat in (person, *groups) for one in reversed(town.messages(chat)))
    for message in newest:
        if on is None or on in "\n".join(shown(message.view())):
            for one in message.buttons():
                if folded(one["text"]) == label and "callback_data" in one:
                    return message, one
    return None


@dataclass(frozen=True, slots=True)
class Did:
    """Something a person did: words, ``[label]``, or ``(what else)``."""

    at: datetime
    person: int
    what: str


@dataclass(frozen=True, slots=True)
class Saw:
    """Something a phone shows. Its mark: new >, changed ~, a notice !, gone -."""

    at: datetime
    phone: int
    mark: str
    message: int
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Refused:
    """A call Telegram did not accept."""

    at: datetime
    sentence: str


Entry = Did | Saw | Refused


class Scribe:
    """Listens to the town from the moment it is made, and remembers the talk."""

    def __init__(self, town: Town) -> None:
        self.town = town
        self.entries: list[Entry] = []
        self._presses = len(town.queries)
        self._blocked = {one.id: one.blocked for one in town.people.values()}
        town.listeners.append(self._hear)

    def write(self, people: Sequence[int]) -> str:
        """The talk of these people, with the groups they are in, as a transcript."""
        phones = {*people, *(one.id for one in self._groups(people))}
        sheet = Sheet(self.town)
        sheet.remark("A talk saved from the sandbox.")
        step: list[Saw] = []
        for entry in self.entries:
            if isinstance(entry, Saw) and entry.phone in phones:
                step.append(entry)
            elif isinstance(entry, Did) and entry.person in phones:
                sheet.saw(step)
                step = []
                sheet.did(entry)
        sheet.saw(step)
        return sheet.text()

    def _groups(self, people: Sequence[int]) -> list[Any]:
        chats = self.town.chats.values()
        return [one for one in chats if not one.private and {*people} & {*one.members}]

    def _hear(self, name: str, data: Any) -> None:
        self._notice_presses()
        match name:
            case "message" | "edited":
                self._note_message(
                    data["chat_id"], data["message"], "~" if name == "edited" else ">"
                )
            case "deleted":
                for one in data["message_ids"]:
                    self._note(data["chat_id"], "-", one, ["(deleted)"])
            case "popup" if data["text"] or data.get("url"):
                link = f" → {data['url']}" if data.get("url") else ""
                said = folded(data["text"]) + link
                self._note(data["person"], "!", 0, said.split("\n"))
            case "person":
                self._note_block(data["person"])
            case "call" if not data["ok"]:
                sentence = f"{data['method']}: {data.get('description', '')}"
                self.entries.append(Refused(self._now(), sentence))

    def _now(self) -> datetime:
        return self.town.clock.now()

    def _note(self, phone: int, mark: str, message: int, lines: Sequence[str]) -> None:
        self.entries.append(Saw(self._now(), phone, mark, message, tuple(lines)))

    def _note_message(self, chat_id: int, message: Wire, mark: str) -> None:
        sender = message["from"]
        if sender["id"] == self.town.bot.id or of_service(message):
            self._note(chat_id, mark, message["message_id"], shown(message))
        elif chat_id == sender["id"] and mark == ">":
            self.entries.append(Did(self._now(), sender["id"], _told(message)))

    def _notice_presses(self) -> None:
        """A press says nothing when it happens, but it is there before anything it leads to."""
        if len(self.town.queries) == self._presses:
            return
        for query in list(self.town.queries.values())[self._presses :]:
            self.entries.append(Did(self._now(), query.person, self._pressed(query)))
        self._presses = len(self.town.queries)

    def _pressed(self, query: Query) -> str:
        """The label; with the first line of its message if a newer one has the same label."""
        message, data = query.message, query.data
        for view in (message.view(), *reversed(message.versions)):
            for one in Message(view, view.get("reply_markup")).buttons():
                if one.get("callback_data") == data:
                    label = folded(one["text"])
                    newest = button(self.town, query.person, label)
                    others = newest is not None and newest[0] is not message
                    return f"[{label}]" + (f" on “{shown(view)[0]}”" if others else "")
        return "(presses what is not there)"

    def _note_block(self, person: Wire) -> None:
        who, blocked = person["id"], person["blocked"]
        if self._blocked.get(who, False) != blocked:
            what = "(blocks the bot)" if blocked else "(lets the bot write again)"
            self.entries.append(Did(self._now(), who, what))
        self._blocked[who] = blocked


def _told(message: Wire) -> str:
    if "text" not in message:
        return f"({next((SENT[one] for one in SENT if one in message), 'sends something')})"
    answers = "↩ " if "reply_to_message" in message else ""
    return answers + str(message["text"])


class Sheet:
    """A transcript being written: who acted last decides how the bot's lines begin."""

    def __init__(self, town: Town) -> None:
        self.town = town
        self._lines: list[str] = []
        self._acted: int | None = None
        self._introduced: set[int] = set()
        self._at: datetime | None = None

    def text(self) -> str:
        return "\n".join(self._lines).strip("\n") + "\n"

    def remark(self, words: str) -> None:
        self._lines += ["", f"# {words}"]

    def time(self, at: datetime) -> None:
        self._at = at
        self._lines += ["", f"@ {at.astimezone(ZONE):%Y-%m-%d %H:%M}"]

    def did(self, act: Did) -> None:
        self._mind_the_time(act.at)
        person = self.town.person(act.person)
        phone = "" if person.id in self._introduced else f" ({person.language_code})"
        self._introduced.add(person.id)
        self.line(f"{person.first_name}{phone}: {act.what}", acted=person.id)

    def line(self, said: str, *, acted: int | None) -> None:
        """A line of people's, as it is; afterwards ``bot>`` speaks on the phone of ``acted``."""
        first, *more = said.split("\n")
        self._lines += [first, *_indented(more)]
        self._acted = acted

    def saw(self, seen: Iterable[Saw]) -> None:
        """What the bot did after the last line, in the order that is always the same."""
        for one in sorted(seen, key=self._order):
            self._mind_the_time(one.at)
            first, *more = one.lines or ("",)
            self._lines += [
                f"{self._speaker(one.phone)}{one.mark} {first}".rstrip(),
                *_indented(more),
            ]

    def refused(self, refusals: Iterable[Refused]) -> None:
        self._lines += [f"Telegram! {one.sentence}" for one in refusals]

    def _mind_the_time(self, at: datetime) -> None:
        if self._at is None or at - self._at >= _LONG_SILENCE:
            self.time(at)

    def _order(self, one: Saw) -> tuple[datetime, bool, bool, int, bool, int]:
        minute = one.at.astimezone(UTC).replace(second=0, microsecond=0)
        group = one.phone < 0
        return minute, one.phone != self._acted, group, one.phone, one.mark != "!", one.message

    def _speaker(self, phone: int) -> str:
        if phone < 0:
            return GROUP
        return "bot" if phone == self._acted else f"bot({self.town.person(phone).first_name})"


def _indented(lines: Iterable[str]) -> list[str]:
    return [f"{INDENT}{one}".rstrip() for one in lines]
