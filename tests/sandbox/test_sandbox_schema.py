"""The official schema, cut down: what the script keeps, and that it stays small."""

import json
import tarfile
from pathlib import Path
from typing import Any

import pytest

from bot.sandbox.form import load_schema
from bot.sandbox.schema import derive

HERE = Path(derive.__file__).parent


def described(kind: str, prose: str, name: str = "x", *, required: bool = True) -> dict[str, Any]:
    return {"name": name, "type": kind, "required": required, "description": prose}


@pytest.mark.parametrize(
    ("kind", "prose", "kept"),
    [
        ("String", "Text, 1-4096 characters after entities parsing", [1, 4096, "parsed"]),
        ("String", "Data, 1-64 bytes", [1, 64, "bytes"]),
        ("String", "Name; 0-64 characters", [0, 64, "characters"]),
        ("Integer", "Values between 1-100 are accepted", [1, 100, "value"]),
        ("Integer", "Must be between 1 and 360 if specified", [1, 360, "value"]),
        ("Float", "measured in meters; 0-1500", [0, 1500, "value"]),
        ("Array of BotCommand", "At most 100 commands can be specified", [0, 100, "items"]),
        ("Array of Integer", "A list of 1-100 identifiers of messages", [1, 100, "items"]),
    ],
)
def test_limits_are_read_from_the_prose(kind: str, prose: str, kept: list[Any]) -> None:
    assert derive.field(described(kind, prose)) == [kind, 1, kept]


def test_what_states_no_limit_has_none() -> None:
    assert derive.field(described("Integer", "Allows 1000 a second", required=False)) == [
        "Integer",
        0,
    ]


def test_a_fixed_type_is_kept() -> None:
    fixed = described("String", "Type of the button, must be commands", name="type")
    assert derive.field(fixed) == ["String", 1, "=commands"]


def test_the_archive_and_the_bare_file_are_the_same(tmp_path: Path) -> None:
    source = tmp_path / "schema.json"
    source.write_text(json.dumps({"api": {}, "items": []}))
    archive = tmp_path / "x.tar.gz"
    with tarfile.open(archive, "w:gz") as made:
        made.add(source, "x/.butcher/schema/schema.json")
    assert derive.read_source(archive) == derive.read_source(source)


def test_a_wrong_file_is_named(tmp_path: Path) -> None:
    archive = tmp_path / "x.tar.gz"
    tarfile.open(archive, "w:gz").close()
    with pytest.raises(SystemExit, match="holds no"):
        derive.main([str(archive)])


def test_the_file_is_small_and_says_its_version_and_licence() -> None:
    schema = load_schema()
    assert (schema["api"], schema["date"]) == ("10.3", "2026-08-24")
    assert (HERE / "botapi.json").stat().st_size < 100_000
    notice = (HERE / "NOTICE").read_text(encoding="utf-8")
    assert "MIT" in notice
    assert "Permission is hereby granted" in notice
    assert schema["api"] in notice


def test_every_offered_method_is_in_it() -> None:
    assert sorted(load_schema()["methods"]) == sorted(derive.OFFERED)
