"""Requests made up from the official schema: the wrong ones refused, none of them a crash."""

from collections.abc import Callable, Iterator
from functools import partial
from itertools import combinations
from typing import Any

import pytest

from bot.sandbox import Person, Sandbox
from bot.sandbox.errors import Refusal
from bot.sandbox.form import Compiler, load_schema
from bot.sandbox.methods import METHODS

SCHEMA = load_schema()
GOOD: dict[str, Any] = {
    "String": "a",
    "Integer": 1,
    "Boolean": True,
    "Float": 1.5,
    "Integer or String": 1,
    "InputFile or String": "a",
    "InputRichMessage": {},
    "BotCommandScope": {"type": "default"},
    "MenuButton": {"type": "commands"},
    "InlineKeyboardMarkup or ReplyKeyboardMarkup or ReplyKeyboardRemove or ForceReply": {
        "remove_keyboard": True
    },
}
BAD: dict[str, tuple[Any, ...]] = {
    "String": (1, [], {}, True),
    "Integer": ("a", 1.5, [], {}, True),
    "Boolean": ("maybe", 2, []),
    "Float": ("a", [], True),
    "Integer or String": ([], {}, 1.5, True),
    "InputFile or String": (1, [], {}),
    "InputRichMessage": ("{", "[]", 5, []),  # its inside is not looked at: it is refused anyway
}
OF_AN_OBJECT: tuple[Any, ...] = ("{", "[]", "5", 5, [], "null", {"strange": 1}, "[" * 100_000)


def good(kind: str) -> Any:
    if kind.startswith("Array of "):
        return [good(kind.removeprefix("Array of "))]
    if kind in GOOD:
        return GOOD[kind]
    return {name: good_field(one) for name, one in SCHEMA["types"][kind].items() if one[1]}


def good_field(one: list[Any]) -> Any:
    return one[2][1:] if len(one) > 2 and isinstance(one[2], str) else good(one[0])


def bad(kind: str) -> tuple[Any, ...]:
    if kind.startswith("Array of "):
        return ("a", 1, {}, [None], *([one] for one in bad(kind.removeprefix("Array of "))))
    return BAD.get(kind, OF_AN_OBJECT)


def beyond(limit: list[Any], kind: str) -> Iterator[Any]:
    """Values just outside a limit."""
    low, high, unit = limit
    if unit == "value":
        yield from (low - 1, high + 1)
    elif unit != "parsed":
        size = range(low - 1, high + 2, high - low + 2)
        part = good(kind.removeprefix("Array of ")) if unit == "items" else "a"
        for length in size:
            if length >= 0:
                yield [part] * length if unit == "items" else part * length


def wrong_values(one: list[Any]) -> Iterator[Any]:
    yield from bad(one[0])
    if len(one) > 2 and isinstance(one[2], list):
        yield from beyond(one[2], one[0])


def wrong_requests() -> Iterator[tuple[str, dict[str, Any]]]:
    for method, entries in SCHEMA["methods"].items():
        needed = {name: good_field(one) for name, one in entries.items() if one[1]}
        yield method, {**needed, "strange": 1}
        for name in needed:
            yield method, {key: value for key, value in needed.items() if key != name}
        for name, one in entries.items():
            for value in wrong_values(one):
                yield method, {**needed, name: value}


def right_requests() -> Iterator[tuple[str, dict[str, Any]]]:
    for method, entries in SCHEMA["methods"].items():
        needed = {name: good_field(one) for name, one in entries.items() if one[1]}
        yield method, needed
        more = {name: good_field(one) for name, one in entries.items() if not one[1]}
        for name, other in combinations([*more, ""], 2):
            yield method, {**needed, name: more[name], **({other: more[other]} if other else {})}


def outcome(do: Callable[[], Any]) -> str:
    try:
        do()
    except Refusal as refusal:
        return refusal.description
    return "passed"


def test_no_wrong_request_passes(sandbox: Sandbox) -> None:
    asked = list(wrong_requests())
    passed = [
        (method, params)
        for method, params in asked
        if not outcome(partial(sandbox.api.forms[method].fill, params)).startswith("Bad Request: ")
    ]
    assert passed == []
    assert len(asked) > 500


def test_every_right_request_has_a_right_form(sandbox: Sandbox) -> None:
    asked = list(right_requests())
    refused = [
        (method, params)
        for method, params in asked
        if outcome(partial(sandbox.api.forms[method].fill, params)) != "passed"
    ]
    assert refused == []
    assert len(asked) > 500


@pytest.mark.usefixtures("staff", "question")
def test_whatever_has_a_right_form_is_done_or_refused(sandbox: Sandbox, olena: Person) -> None:
    """Any other exception ends this test."""
    for method, params in right_requests():
        here = {**params, "chat_id": olena.id} if "chat_id" in params else params
        for given in (params, here):
            if method != "getUpdates":
                filled = sandbox.api.forms[method].fill(given)
                outcome(partial(METHODS[method], sandbox.town, filled))


def test_each_type_is_compiled_once() -> None:
    compiler = Compiler(SCHEMA)
    compiler.forms()
    assert compiler.named("InlineKeyboardButton") is compiler.named("InlineKeyboardButton")
