"""Text as Telegram keeps it: parsed, trimmed, counted, with links and commands found."""

import re
from typing import Any

from bot.sandbox.errors import bad
from bot.sandbox.html import Entity, parse_html, utf16_length

LONGEST_TEXT = 4096
LONGEST_CAPTION = 1024

TRIMMED = " \n\t\r\x0b\x0c\0"
HINTS = re.compile(r"[/@.#]")
AUTOMATIC = re.compile(
    # Marks of direction end an address: nobody can see them, and no address holds them.
    r"(?P<url>(?:https?|tg)://[^\s<>\"\u2060-\u206f]+[^\s<>\".,;:!?)\]»\u2060-\u206f])"
    r"|(?P<email>(?<![\w.+-])[\w.+-]+@[\w-]+\.[\w.-]*\w)"
    r"|(?P<mention>(?<![\w@/])@[A-Za-z]\w{3,31}\b)"
    r"|(?P<bot_command>(?<![\w/<>])/[A-Za-z0-9_]{1,64}(?:@[A-Za-z]\w{2,31})?(?![\w/]))"
    r"|(?P<hashtag>(?<!\w)#\w*[^\W\d]\w*)"
    r"|(?P<domain>(?<![\w@./-])(?:[\w-]+\.)+(?:com|org|net|bg|eu|info|gov|edu|io|me|ua|uk)"
    r"(?![\w.-]*\w)(?:/[^\s<>\"]*[^\s<>\".,;:!?)\]»])?)"
)
# Nothing is looked for inside these.
OPAQUE = {"code", "pre", "text_link", "text_mention"}
BLOCKS = {"code", "pre"}
STYLES = {"bold", "italic", "underline", "strikethrough", "spoiler"}
TYPES = {
    "bold", "italic", "underline", "strikethrough", "spoiler", "blockquote",
    "expandable_blockquote", "code", "pre", "text_link", "text_mention", "custom_emoji",
    "date_time", "mention", "hashtag", "cashtag", "bot_command", "url", "email", "phone_number",
}  # fmt: skip


def formatted(params: dict[str, Any], key: str = "text") -> tuple[str, list[Entity]]:
    """The text a request asks for, and its entities; raises Refusal."""
    given = params.get("entities" if key == "text" else "caption_entities")
    text, entities = parsed(params.get(key, ""), params.get("parse_mode"), given)
    text, entities = trimmed(text, entities)
    return text, with_found(text, cut_around_code(entities))


def message_text(params: dict[str, Any]) -> tuple[str, list[Entity]]:
    text, entities = formatted(params)
    if not text:
        raise bad("message text is empty")
    if len(text) > LONGEST_TEXT:
        raise bad("message is too long")
    return text, entities


def caption(params: dict[str, Any]) -> tuple[str, list[Entity]]:
    text, entities = formatted(params, "caption")
    if len(text) > LONGEST_CAPTION:
        raise bad("message caption is too long")
    return text, entities


def parsed(
    text: str, parse_mode: str | None, given: list[Entity] | None
) -> tuple[str, list[Entity]]:
    match (parse_mode or "").lower():
        case "":
            return text, [checked(one, utf16_length(text)) for one in given or []]
        case "html":
            return parse_html(text)
        case "markdown" | "markdownv2":
            raise bad("unsupported parse_mode: the sandbox reads HTML only")
        case _:
            raise bad("unsupported parse_mode")


def checked(entity: Entity, length: int) -> Entity:
    if entity["type"] not in TYPES:
        raise bad("can't parse MessageEntity: Unsupported type specified")
    if entity["offset"] < 0 or entity["length"] <= 0 or outside(entity, length):
        raise bad("entity beginning or length is out of the text")
    if entity["type"] == "text_link" and not entity.get("url"):
        raise bad("can't parse MessageEntity: Can't find field \"url\"")
    return entity


def outside(entity: Entity, length: int) -> bool:
    ends: int = entity["offset"] + entity["length"]
    return ends > length


def trimmed(text: str, entities: list[Entity]) -> tuple[str, list[Entity]]:
    kept = text.strip(TRIMMED)
    if len(kept) == len(text) or not entities:
        return kept, ordered(entities)
    cut = len(text) - len(text.lstrip(TRIMMED))
    length = utf16_length(kept)
    moved = []
    for one in entities:
        start = max(one["offset"] - cut, 0)
        end = min(one["offset"] + one["length"] - cut, length)
        if start < end:
            moved.append({**one, "offset": start, "length": end - start})
    return kept, ordered(moved)


def cut_around_code(entities: list[Entity]) -> list[Entity]:
    """Code can be neither bold nor part of something bold: the style is cut around it."""
    blocks = [one for one in entities if one["type"] in BLOCKS]
    if not blocks:
        return entities
    kept = []
    for one in entities:
        kept += around(one, blocks) if one["type"] in STYLES else [one]
    return ordered(kept)


def around(style: Entity, blocks: list[Entity]) -> list[Entity]:
    pieces, start, end = [], style["offset"], style["offset"] + style["length"]
    for block in blocks:
        if block["offset"] > start:
            pieces.append((start, min(block["offset"], end)))
        start = max(start, block["offset"] + block["length"])
    pieces.append((start, end))
    return [
        {**style, "offset": begin, "length": stop - begin} for begin, stop in pieces if begin < stop
    ]


def ordered(entities: list[Entity]) -> list[Entity]:
    return sorted(entities, key=lambda one: (one["offset"], -one["length"]))


def with_found(text: str, entities: list[Entity]) -> list[Entity]:
    """Adds what Telegram finds by itself: links, commands, mentions, hashtags."""
    if HINTS.search(text) is None:
        return entities
    closed = [(one["offset"], one["length"]) for one in entities if one["type"] in OPAQUE]
    found = [made for match in AUTOMATIC.finditer(text) if (made := found_entity(text, match))]
    free = [one for one in found if not any(overlaps(one, place) for place in closed)]
    taken = {(one["offset"], one["length"], one["type"]) for one in entities}
    new = [one for one in free if (one["offset"], one["length"], one["type"]) not in taken]
    return ordered([*entities, *new]) if new else entities


def found_entity(text: str, match: re.Match[str]) -> Entity:
    kind = str(match.lastgroup)
    offset = utf16_length(text[: match.start()])
    length = utf16_length(match[0])
    return {"type": "url" if kind == "domain" else kind, "offset": offset, "length": length}


def overlaps(one: Entity, place: tuple[int, int]) -> bool:
    start: int = one["offset"]
    end: int = start + one["length"]
    return start < place[0] + place[1] and place[0] < end
