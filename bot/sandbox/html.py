"""HTML of the Bot API into plain text and entities, with Telegram's complaints."""

import re
from dataclasses import dataclass
from typing import Any, NoReturn

from bot.sandbox.errors import bad

Entity = dict[str, Any]

NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
REFERENCE = re.compile(r"&(?:#x([0-9a-fA-F]{1,6})|#([0-9]{1,7})|(lt|gt|amp|quot));?")
KINDS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
    "a": "text_link",
    "tg-time": "date_time",
    "tg-emoji": "custom_emoji",
}
SPACE = " \t\r\n\0\x0b"
NAME_ENDS = SPACE + "=>/\"'"
VALUE_TOKEN = re.compile(r"[0-9A-Za-z.\-]*")


def utf16_length(text: str) -> int:
    if text.isascii():
        return len(text)
    return len(text) + sum(character > "\uffff" for character in text)


def unescape(text: str) -> str:
    return REFERENCE.sub(decoded, text) if "&" in text else text


def decoded(match: re.Match[str]) -> str:
    hexadecimal, decimal, name = match.groups()
    if name:
        return NAMED[name]
    code = int(hexadecimal, 16) if hexadecimal else int(decimal)
    usable = 0 < code <= 0x10FFFF and not 0xD800 <= code <= 0xDFFF
    return chr(code) if usable else match[0]


@dataclass(slots=True)
class Open:
    """A start tag that waits for its end."""

    tag: str
    attributes: dict[str, str]
    offset: int
    began: int  # index into the pieces of text read so far


class Parser:
    def __init__(self, source: str) -> None:
        self.source = source
        self.at = 0
        self.offset = 0
        self.pieces: list[str] = []
        self.open: list[Open] = []
        self.entities: list[Entity] = []

    def parse(self) -> tuple[str, list[Entity]]:
        while self.at < len(self.source):
            begin = self.source.find("<", self.at)
            self._text(self.source[self.at : begin if begin >= 0 else None])
            if begin < 0:
                break
            self.at = begin + 1
            if self.source.startswith("/", self.at):
                self._end_tag(begin)
            else:
                self._start_tag(begin)
        if self.open:
            tag = self.open[-1].tag
            raise bad(
                f"can't parse entities: Can't find end tag corresponding to start tag \"{tag}\""
            )
        return "".join(self.pieces), self.entities

    def _text(self, raw: str) -> None:
        text = unescape(raw)
        self.pieces.append(text)
        self.offset += utf16_length(text)

    def _fail(self, complaint: str, begin: int, more: str = "") -> NoReturn:
        byte = len(self.source[:begin].encode())
        raise bad(f"can't parse entities: {complaint} at byte offset {byte}{more}")

    def _peek(self) -> str:
        return self.source[self.at : self.at + 1]

    def _skip_space(self) -> None:
        while self._peek() and self._peek() in SPACE:
            self.at += 1

    def _until(self, ends: str) -> str:
        start = self.at
        while self._peek() and self._peek() not in ends:
            self.at += 1
        return self.source[start : self.at]

    def _start_tag(self, begin: int) -> None:
        tag = self._until(SPACE + ">").lower()
        if not self._peek():
            self._fail("Unclosed start tag", begin)
        if tag not in KINDS:
            self._fail(f'Unsupported start tag "{tag}"', begin)
        attributes = self._attributes(tag, begin)
        if tag == "span" and attributes.get("class") != "tg-spoiler":
            self._fail('Tag "span" must have class "tg-spoiler"', begin)
        self.open.append(Open(tag, attributes, self.offset, len(self.pieces)))

    def _attributes(self, tag: str, begin: int) -> dict[str, str]:
        found: dict[str, str] = {}
        while True:
            self._skip_space()
            if self._peek() == ">":
                self.at += 1
                return found
            name = self._until(NAME_ENDS)
            if not name:
                complaint = f'Empty attribute name in the tag "{tag}"'
                self._fail(complaint if self._peek() else "Unclosed start tag", begin)
            self._skip_space()
            if self._peek() == "=":
                self.at += 1
                found[name] = self._value(begin)
            else:
                found[name] = ""
            if not self._peek():
                self._fail("Unclosed start tag", begin)

    def _value(self, begin: int) -> str:
        self._skip_space()
        quote = self._peek()
        if quote and quote in "\"'":
            self.at += 1
            value = self._until(quote)
            self.at += 1
            return unescape(value)
        match = VALUE_TOKEN.match(self.source, self.at)
        start, self.at = self.at, match.end() if match else self.at
        if self._peek() and self._peek() not in SPACE + ">":
            self._fail("Unexpected end of name token", start)
        if not self._peek():
            self._fail("Unclosed start tag", begin)
        return self.source[start : self.at].lower()

    def _end_tag(self, begin: int) -> None:
        if not self.open:
            self._fail("Unexpected end tag", begin)
        self.at += 1
        name = self._until(SPACE + ">")
        self._skip_space()
        if self._peek() != ">":
            self._fail("Unclosed end tag", begin)
        self.at += 1
        started = self.open.pop()
        if name and name.lower() != started.tag:
            more = f', expected "</{started.tag}>", found "</{name}>"'
            self._fail("Unmatched end tag", begin, more)
        self._close(started)

    def _close(self, started: Open) -> None:
        length = self.offset - started.offset
        made = entity_for(started, "".join(self.pieces[started.began :]))
        if length > 0 and made is not None:
            self.entities.append({**made, "offset": started.offset, "length": length})


def entity_for(started: Open, text: str) -> Entity | None:
    """The kind of entity and what it carries; None for a link that leads nowhere."""
    given = started.attributes
    match started.tag:
        case "a":
            url = given.get("href") or text
            return {"type": "text_link", "url": url} if "." in url or "://" in url else None
        case "code" if given.get("class", "").startswith("language-"):
            return {"type": "code", "language": given["class"].removeprefix("language-")}
        case "blockquote" if "expandable" in given:
            return {"type": "expandable_blockquote"}
        case "tg-time":
            return timed(given)
        case "tg-emoji":
            return {"type": "custom_emoji", "custom_emoji_id": given.get("emoji-id", "")}
        case tag:
            return {"type": KINDS[tag]}


def timed(given: dict[str, str]) -> Entity | None:
    if not given.get("unix", "").isdigit():
        return None
    made: Entity = {"type": "date_time", "unix_time": int(given["unix"])}
    return {**made, "date_time_format": given["format"]} if given.get("format") else made


def parse_html(source: str) -> tuple[str, list[Entity]]:
    if "<" not in source:
        return unescape(source), []
    text, entities = Parser(source).parse()
    return text, merge_code(entities)


def merge_code(entities: list[Entity]) -> list[Entity]:
    """`<pre><code class="language-…">` is one block with its language."""
    languages = {
        (one["offset"], one["length"]): one["language"]
        for one in entities
        if one["type"] == "code" and "language" in one
    }
    kept = []
    for one in entities:
        place = (one["offset"], one["length"])
        if one["type"] == "pre" and place in languages:
            kept.append({**one, "language": languages[place]})
        elif one["type"] == "code" and is_inside_pre(place, entities):
            continue
        else:
            kept.append({key: value for key, value in one.items() if key != "language"})
    return kept


def is_inside_pre(place: tuple[int, int], entities: list[Entity]) -> bool:
    return any(one["type"] == "pre" and (one["offset"], one["length"]) == place for one in entities)
