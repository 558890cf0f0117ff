"""Reading what comes over the wire: JSON whose texts and numbers can be stored anywhere."""

import json
from typing import Any

_LONGEST_NUMBER = 19
_LARGEST = 2**63


def read_json(body: bytes) -> Any:
    """What the JSON says; raises ValueError.

    Halves of characters and zero characters, which no database takes, become "�"; a number too
    large for any database becomes 0.
    """
    try:
        return _storable(json.loads(body, parse_int=_number))
    except RecursionError:
        raise ValueError("nested too deeply") from None


def is_update(one: Any) -> bool:
    """Whether it is an object with a number; Telegram's are above zero."""
    number = one.get("update_id") if isinstance(one, dict) else None
    return type(number) is int and number > 0


def sender(raw: dict[str, Any]) -> int:
    """Whose queue an update stands in; what nobody understands stands in one of its own."""
    for content in raw.values():
        found = content.get("from") if isinstance(content, dict) else None
        number = found.get("id") if isinstance(found, dict) else None
        if isinstance(number, int):
            return number
    return 0


def _number(digits: str) -> int:
    read = int(digits) if len(digits) <= _LONGEST_NUMBER + 1 else 0
    return read if -_LARGEST <= read < _LARGEST else 0


def _storable(value: Any) -> Any:
    if isinstance(value, str):
        return value if value.isascii() and "\0" not in value else _text(value)
    if isinstance(value, list):
        return [_storable(one) for one in value]
    if isinstance(value, dict):
        return {_storable(key): _storable(one) for key, one in value.items()}
    return value


def _text(value: str) -> str:
    return value.replace("\0", "\ufffd").encode(errors="replace").decode()
