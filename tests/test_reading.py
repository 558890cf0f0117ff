"""What comes over the wire can be kept in any database, or is refused."""

import json
from typing import Any

import pytest

from bot.reading import is_update, read_json, sender

STORABLE: dict[bytes, Any] = {
    b'{"a": [1, -1, 1.5, true, null, "\\u0437"]}': {"a": [1, -1, 1.5, True, None, "з"]},
    b'"a\\u0000b"': "a\ufffdb",
    b'{"\\u0000": 1}': {"\ufffd": 1},
    b'"\\ud83d"': "?",
    b'"\\ud83d\\ude00"': "😀",
    b"9223372036854775807": 2**63 - 1,
    b"9223372036854775808": 0,
    b"-9223372036854775808": -(2**63),
    b"-9223372036854775809": 0,
    b"1" + b"0" * 30: 0,
    b"9" * 5000: 0,
    b"-" + b"9" * 5000: 0,
}


@pytest.mark.parametrize(("body", "read"), STORABLE.items())
def test_what_no_database_takes_becomes_something_it_takes(body: bytes, read: Any) -> None:
    assert read_json(body) == read


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"\xff", b"[" * 200_000 + b"]" * 200_000, b'{"a":' * 200_000, b"[1,]", b"'a'"],
    ids=["nothing", "half", "no text", "deep", "deep and half", "a comma too many", "no JSON"],
)
def test_what_is_no_json_is_refused(body: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  # the words are of no interest
        read_json(body)


def test_ordinary_json_is_read_as_it_is() -> None:
    update = {"update_id": 7, "message": {"text": "Как да удължа? 😀", "entities": [], "date": 1}}

    assert read_json(json.dumps(update).encode()) == update


UPDATES: list[tuple[Any, bool]] = [
    ({"update_id": 1}, True),
    ({"update_id": 0}, False),
    ({"update_id": -5}, False),
    ({"update_id": True}, False),
    ({"update_id": "1"}, False),
    ({"update_id": 1.0}, False),
    ({}, False),
    ([], False),
    (None, False),
]


@pytest.mark.parametrize(("one", "is_one"), UPDATES)
def test_an_update_has_a_number_above_zero(one: Any, is_one: bool) -> None:  # noqa: FBT001  # what is expected
    assert is_update(one) is is_one


SENDERS: list[tuple[dict[str, Any], int]] = [
    ({"update_id": 1, "message": {"from": {"id": 7}}}, 7),
    ({"update_id": 1, "callback_query": {"from": {"id": 8}}}, 8),
    ({"update_id": 1, "poll": {"id": "9"}}, 0),
    ({"update_id": 1, "message": {"from": {"id": "7"}}}, 0),
    ({"update_id": 1, "message": {"from": []}}, 0),
    ({"update_id": 1, "message": None}, 0),
]


@pytest.mark.parametrize(("raw", "number"), SENDERS)
def test_each_person_has_a_queue_and_what_is_nobodys_has_one(
    raw: dict[str, Any], number: int
) -> None:
    assert sender(raw) == number
