"""Make botapi.json from the schema in aiogram's source distribution.

    python -m bot.sandbox.schema.derive aiogram-3.31.0.tar.gz

Takes the archive or the bare schema.json. The licence of the source stands in NOTICE.
"""

import json
import re
import sys
import tarfile
from pathlib import Path
from typing import Any

OFFERED = (
    "getMe", "getUpdates", "setWebhook", "deleteWebhook", "getWebhookInfo", "setMyCommands",
    "getMyCommands", "deleteMyCommands", "setMyName", "getMyName", "setMyDescription",
    "getMyDescription", "setMyShortDescription", "getMyShortDescription", "setChatMenuButton",
    "getChatMenuButton", "sendMessage", "sendVenue", "sendLocation", "sendContact", "sendPhoto",
    "sendDocument", "sendVoice", "sendMediaGroup", "sendChatAction", "copyMessage",
    "editMessageText", "editMessageCaption", "editMessageMedia", "editMessageReplyMarkup",
    "deleteMessage", "deleteMessages", "answerCallbackQuery", "pinChatMessage",
    "unpinChatMessage", "getFile", "getChat", "getChatMember", "getChatMemberCount",
    "getChatAdministrators", "createForumTopic", "editForumTopic", "closeForumTopic",
    "reopenForumTopic", "deleteForumTopic", "leaveChat",
)  # fmt: skip

# Deep trees of parts nobody here uses: only "it is an object" is checked.
OPAQUE = {"InputRichMessage"}

# Parameters whose limit the prose words in a way no pattern should guess at.
SKIP_LIMIT = {"live_period", "send_date", "amount", "icon_color", "allow_paid_broadcast"}

LENGTH = re.compile(r"(\d+)-(\d+) (?:characters|bytes)")
VALUE = re.compile(r"(?:between (\d+)(?:-| and )(\d+))|(?:[;,] (\d+)-(\d+)(?:\.|$))")
ITEMS = re.compile(r"(?:list|Array) .*?(\d+)-(\d+) |must include (\d+)-(\d+) items")
AT_MOST = re.compile(r"At most (\d+) \w+ can be specified")
FIXED = re.compile(r"must be ([a-z_]+)$")

Entry = dict[str, Any]


def read_source(path: Path) -> Entry:
    if path.suffix == ".json":
        return as_object(path.read_bytes())
    with tarfile.open(path) as archive:
        for member in archive:
            if member.name.endswith(".butcher/schema/schema.json"):
                opened = archive.extractfile(member)
                if opened is not None:
                    return as_object(opened.read())
    raise SystemExit(f"{path} holds no .butcher/schema/schema.json")


def as_object(raw: bytes) -> Entry:
    found: Entry = json.loads(raw)
    return found


def plain_type(name: str) -> str:
    """`Array of A, B and C` becomes `Array of A or B or C`; `True` is a Boolean."""
    return name.replace(", ", " or ").replace(" and ", " or ").replace("True", "Boolean")


def limit_of(name: str, kind: str, prose: str) -> list[Any] | None:
    if name in SKIP_LIMIT:
        return None
    if kind.startswith("Array of"):
        return pair(ITEMS.search(prose), "items") or pair(AT_MOST.search(prose), "items")
    if kind == "String":
        unit = "bytes" if " bytes" in prose else "characters"
        return pair(LENGTH.search(prose), "parsed" if "after entit" in prose else unit)
    if kind in {"Integer", "Float"}:
        return pair(VALUE.search(prose), "value")
    return None


def pair(match: re.Match[str] | None, unit: str) -> list[Any] | None:
    if match is None:
        return None
    numbers = [int(group) for group in match.groups() if group is not None]
    low, high = (0, numbers[0]) if len(numbers) == 1 else numbers
    return [low, high, unit]


def field(entry: Entry) -> list[Any]:
    """`[type, required]`, then a limit `[low, high, unit]` or a fixed value `"=word"`."""
    kind = plain_type(entry["type"])
    made: list[Any] = [kind, int(entry["required"])]
    fixed = FIXED.search(entry["description"])
    limit = limit_of(entry["name"], kind, entry["description"])
    if entry["name"] == "type" and fixed:
        made.append("=" + fixed[1])
    elif limit:
        made.append(limit)
    return made


def fields(entry: Entry) -> dict[str, list[Any]]:
    return {one["name"]: field(one) for one in entry["annotations"]}


def members(entry: Entry) -> list[str]:
    """The types a union stands for: listed one a line below its description."""
    return re.findall(r"^ - ([A-Z]\w+)$", entry["description"], flags=re.MULTILINE)


def named(kind: str) -> set[str]:
    return set(re.findall(r"\b[A-Z]\w+", kind)) - {"Array", "Integer", "String", "Boolean", "Float"}


def reached(methods: dict[str, Any], known: dict[str, Entry]) -> list[str]:
    waiting = [name for each in methods.values() for one in each.values() for name in named(one[0])]
    found: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name in found or name not in known:
            continue
        found.add(name)
        if name in OPAQUE:
            continue
        waiting += members(known[name])
        waiting += [kind for one in known[name]["annotations"] for kind in named(one["type"])]
    return sorted(found)


def derive(source: Entry) -> Entry:
    known = {one["name"]: one for part in source["items"] for one in part["children"]}
    methods = {name: fields(known[name]) for name in OFFERED}
    names = reached(methods, known)
    return {
        "api": source["api"]["version"],
        "date": source["api"]["release_date"],
        "methods": methods,
        "types": {
            name: fields(known[name])
            for name in names
            if name not in OPAQUE and not members(known[name])
        },
        "unions": {name: members(known[name]) for name in names if members(known[name])},
        "opaque": sorted(OPAQUE & set(names)),
    }


def write(made: Entry, path: Path) -> None:
    """One method or type a line, so that a difference can be read."""
    parts = []
    for key, value in made.items():
        if isinstance(value, dict):
            lines = [f"{json.dumps(name)}:{compact(one)}" for name, one in value.items()]
            parts.append(f'"{key}":{{\n' + ",\n".join(lines) + "\n}")
        else:
            parts.append(f'"{key}":{compact(value)}')
    path.write_text("{\n" + ",\n".join(parts) + "\n}\n", encoding="utf-8")


def compact(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"))


def main(arguments: list[str]) -> None:
    if len(arguments) != 1:
        raise SystemExit("Name one file: aiogram's source distribution or its schema.json")
    target = Path(__file__).with_name("botapi.json")
    write(derive(read_source(Path(arguments[0]))), target)
    print(f"{target}: {target.stat().st_size} bytes")


if __name__ == "__main__":
    main(sys.argv[1:])
