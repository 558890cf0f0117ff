"""Checks of single values, and how each is read when it comes as a word of a web form."""

import json
import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bot.sandbox.errors import Refusal, bad

Check = Callable[[Any], Any]

WHOLE = re.compile(r"-?\d{1,19}")
WORDS_OF_TRUTH = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}


@dataclass(frozen=True, slots=True)
class Upload:
    filename: str
    content_type: str
    content: bytes


def of_type(name: str, kind: str) -> Refusal:
    return bad(f'field "{name}" must be of type {kind}')


def a_whole_number(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def a_finite_number(value: Any) -> bool:
    return isinstance(value, float) and math.isfinite(value)


MATCHES: dict[str, Callable[[Any], bool]] = {
    "String": lambda value: isinstance(value, str),
    "Integer": a_whole_number,
    "Boolean": lambda value: isinstance(value, bool),
    "Float": lambda value: a_whole_number(value) or a_finite_number(value),
    "Integer or String": lambda value: a_whole_number(value) or isinstance(value, str),
    "InputFile": lambda value: isinstance(value, Upload) or str(value).startswith("attach://"),
    "InputFile or String": lambda value: isinstance(value, Upload | str),
    "Object": lambda value: isinstance(value, dict),
}


def simple(name: str, kind: str) -> Check:
    matches = MATCHES[kind]

    def check(value: Any) -> Any:
        if not matches(value):
            raise of_type(name, kind)
        return value

    return check


# Telegram has words of its own for some shapes.
ARRAYS = {
    "inline_keyboard": "an Array of Arrays",
    "keyboard": "an Array of Arrays",
}
READ_AS = {
    "reply_markup": "reply keyboard markup",
    "scope": "BotCommandScope",
    "menu_button": "MenuButton",
}


def array(name: str, item: Check) -> Check:
    def check(value: Any) -> Any:
        if not isinstance(value, list):
            raise bad(f'field "{name}" must be {ARRAYS.get(name, "of type Array")}')
        return [item(one) for one in value]

    return check


def fixed(name: str, word: str) -> Check:
    def check(value: Any) -> Any:
        if value != word:
            raise bad(f'field "{name}" must be "{word}"')
        return value

    return check


SIZES: dict[str, Callable[[Any], float]] = {
    "value": lambda value: value,
    "bytes": lambda value: len(value.encode()),
}


def limited(bounds: tuple[int, int], unit: str, check: Check, complaints: tuple[str, str]) -> Check:
    """The complaints are about too little and too much."""
    low, high = bounds
    size = SIZES.get(unit, len)

    def within(value: Any) -> Any:
        checked = check(value)
        if not low <= size(checked) <= high:
            raise bad(complaints[size(checked) > high])
        return checked

    return within


def read_whole(name: str, text: str) -> Any:
    if WHOLE.fullmatch(text) is None:
        raise of_type(name, "Integer")
    return int(text)


def read_id(_name: str, text: str) -> Any:
    return int(text) if WHOLE.fullmatch(text) else text


def read_truth(name: str, text: str) -> Any:
    try:
        return WORDS_OF_TRUTH[text.lower()]
    except KeyError:
        raise of_type(name, "Boolean") from None


def read_number(name: str, text: str) -> Any:
    try:
        return float(text)  # the check asks whether it is finite
    except ValueError:
        raise of_type(name, "Float") from None


def no_number(word: str) -> None:
    """JSON itself knows no NaN and no Infinity."""
    raise ValueError(word)


def read_json(name: str, given: str | bytes) -> Any:
    try:
        text = given.decode() if isinstance(given, bytes) else given
        read = json.loads(text, parse_constant=no_number)
        if "\\ud" in text.lower():
            json.dumps(read, ensure_ascii=False).encode()
    except UnicodeError:  # not UTF-8, or half a surrogate pair
        raise bad("strings must be encoded in UTF-8") from None
    except (ValueError, RecursionError):
        raise bad(f"can't parse {READ_AS.get(name, name.replace('_', ' '))} JSON object") from None
    return read


READERS: dict[str, Callable[[str, str], Any]] = {
    "Integer": read_whole,
    "Boolean": read_truth,
    "Float": read_number,
    "Integer or String": read_id,
}
AS_IT_IS = {"String", "InputFile", "InputFile or String"}


def from_outside(name: str, kind: str, check: Check) -> Check:
    """The check of a parameter: a word of a form, or the value of a JSON body."""
    if kind in AS_IT_IS:
        return check
    read = READERS.get(kind, read_json)
    return lambda value: check(read(name, value) if isinstance(value, str) else value)
