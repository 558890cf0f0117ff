"""Requests made up from the official schema: the wrong ones refused, none of them a crash."""

from collections.abc import Callable, Iterator
from functools import partial
from itertools import combinations
from typing import Any

import pytest

from bot.sandbox import Person, Sandbox, Town
from bot.sandbox.bots import Bot
from bot.sandbox.clock import Clock
from bot.sandbox.errors import Refusal
from bot.sandbox.form import Compiler, load_schema
from bot.sandbox.methods import METHODS
from bot.sandbox.values import Upload
from tests.sandbox.asked import ASKED, filled, standing

SCHEMA = load_schema()
FORMS = Compiler(SCHEMA).forms()
GOOD: dict[str, Any] = {
    "String": "a",
    "Integer": 1,
    "Boolean": True,
    "Float": 1.5,
    "Integer or String": 1,
    "InputFile": Upload("a.pem", "application/x-pem-file", b"a"),
    "InputFile or String": "a",
    "InputMedia": {"type": "photo", "media": "a"},
    "InputMediaAudio or InputMediaDocument or InputMediaLivePhoto or InputMediaPhoto "
    "or InputMediaVideo": {"type": "photo", "media": "a"},
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
    "InputFile": (1, "a", [], {}),
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
    if len(one) > 2 and isinstance(one[2], list) and one[2][2] == "items":
        return good(one[0]) * max(one[2][0], 1)
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


# What may be added to any request that has such a parameter, and is then accepted.
MARKUP = {"inline_keyboard": [[{"text": "a", "callback_data": "a"}, {"text": "b", "url": "b.bg"}]]}
WELCOME: dict[str, tuple[Any, ...]] = {
    "disable_notification": (True, False),
    "protect_content": (True, False),
    "message_effect_id": ("5104841245755180586",),
    "reply_markup": (MARKUP, {"inline_keyboard": []}),
    "reply_parameters": ({"message_id": 1, "allow_sending_without_reply": True},),
    "parse_mode": ("HTML", "html"),
    "caption": ("words", "д" * 1024, ""),
    "show_caption_above_media": (True,),
    "has_spoiler": (True,),
    "duration": (7,),
    "link_preview_options": ({"is_disabled": True}, {"url": "https://x.bg"}),
    "disable_content_type_detection": (True,),
    "language_code": ("uk",),
    "return_bots": (True,),
    "cache_time": (0, 5),
    "horizontal_accuracy": (0, 1500),
    "icon_color": (0x6FB9F0, 0x8EEE98),
}


def welcome_requests() -> Iterator[tuple[str, dict[str, Any]]]:
    """Each request of the table, with one or two things more in every way."""
    for method, params in ASKED:
        entries = SCHEMA["methods"][method]
        more = [(name, one) for name in WELCOME if name in entries for one in WELCOME[name]]
        yield method, params
        for first, second in combinations([*more, ("", None)], 2):
            yield method, {**params, **{name: one for name, one in (first, second) if name}}


def test_hundreds_of_good_requests_are_accepted() -> None:
    asked = [(method, params) for method, params in welcome_requests() if method != "getUpdates"]
    refused = [
        (method, params, said)
        for method, params in asked
        if (said := outcome(partial(perform, method, params))) != "passed"
    ]
    assert refused == []
    assert len(asked) > 500, len(asked)


def perform(method: str, params: dict[str, Any]) -> None:
    """In a town of its own."""
    town = Town(Bot("1:sandbox", "bureau_bot", "Бюро"), Clock())
    olena, maria = (town.add_person(name, "bg") for name in ("Олена", "Мария"))
    town.type(olena.id, "/start")
    row = [{"text": "Yes", "callback_data": "y"}]
    markup = {"inline_keyboard": [row]}
    question = town.post(town.chat(olena.id), town.bot.wire(), {"text": "Coming?"}, markup)
    known = standing(town, olena, town.add_group("Екип", [maria.id]), question)
    METHODS[method](town, FORMS[method].fill(filled(params, known)))
