"""Keys and seals."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from storage.vault import KeyFileError, SealBrokenError, read_key_file, write_key_file

Kept = dict[str, Any]
Damage = Callable[[Kept], object]
_WORDS = st.text(st.characters(codec="utf-8"))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    written = tmp_path / "bureau.key"
    write_key_file(written)
    return written


def _rewritten(path: Path, content: object) -> Path:
    path.chmod(0o600)
    path.write_text(json.dumps(content), encoding="utf-8")
    return path


def _content(path: Path) -> Kept:
    kept: Kept = json.loads(path.read_text(encoding="utf-8"))
    return kept


def test_what_was_sealed_for_a_row_opens_for_that_row(path: Path) -> None:
    vault = read_key_file(path)

    sealed = vault.seal("visitors.name", "row 1", "Олена")

    assert vault.open("visitors.name", "row 1", sealed) == "Олена"


@pytest.mark.parametrize(
    ("column", "row"), [("visitors.chat", "row 1"), ("visitors.name", "row 2")]
)
def test_a_seal_moved_to_another_column_or_row_is_broken(path: Path, column: str, row: str) -> None:
    vault = read_key_file(path)
    sealed = vault.seal("visitors.name", "row 1", "Olena")

    with pytest.raises(SealBrokenError):
        vault.open(column, row, sealed)


def test_every_changed_byte_and_every_missing_end_breaks_the_seal(path: Path) -> None:
    vault = read_key_file(path)
    sealed = vault.seal("visitors.name", "row 1", "Olena")
    damaged = [
        sealed[:at] + bytes([sealed[at] ^ 1]) + sealed[at + 1 :] for at in range(len(sealed))
    ]
    damaged += [sealed[:length] for length in range(len(sealed))]

    for one in damaged:
        with pytest.raises(SealBrokenError):
            vault.open("visitors.name", "row 1", one)


def test_the_same_words_are_sealed_differently_each_time(path: Path) -> None:
    vault = read_key_file(path)

    assert len({vault.seal("c", "r", "Olena") for _ in range(100)}) == 100


def test_another_key_file_opens_nothing_and_recognises_nobody(path: Path, tmp_path: Path) -> None:
    write_key_file(tmp_path / "other.key")
    ours, other = read_key_file(path), read_key_file(tmp_path / "other.key")

    assert ours.recognise(5_000_000_001) == ours.recognise(5_000_000_001)
    assert ours.recognise(5_000_000_001) != other.recognise(5_000_000_001)
    with pytest.raises(SealBrokenError):
        other.open("c", "r", ours.seal("c", "r", "Olena"))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50)
@given(words=_WORDS, column=_WORDS, row=_WORDS)
def test_any_words_come_back_as_they_were(path: Path, words: str, column: str, row: str) -> None:
    vault = read_key_file(path)

    assert vault.open(column, row, vault.seal(column, row, words)) == words


def test_an_older_key_still_opens_what_it_sealed(path: Path, tmp_path: Path) -> None:
    write_key_file(tmp_path / "new.key")
    sealed = read_key_file(path).seal("c", "r", "Olena")
    old, new = _content(path), _content(tmp_path / "new.key")
    both = {"1": old["keys"]["1"], "2": new["keys"]["1"]}
    _rewritten(path, old | {"keys": both, "current": 2})

    vault = read_key_file(path)

    assert vault.open("c", "r", sealed) == "Olena"
    assert vault.seal("c", "r", "Olena")[0] == 2


def test_nothing_secret_is_shown_when_a_vault_is_printed(path: Path) -> None:
    content, shown = _content(path), repr(read_key_file(path))

    assert shown == "Vault(_current=1)"
    assert str(content["pepper"]) not in shown


def test_a_key_file_is_readable_by_its_owner_alone(path: Path) -> None:
    assert path.stat().st_mode & 0o777 == 0o400


def test_a_key_file_is_never_overwritten(path: Path) -> None:
    before = path.read_bytes()

    with pytest.raises(KeyFileError, match="already"):
        write_key_file(path)

    assert path.read_bytes() == before


@pytest.mark.parametrize("mode", [0o440, 0o404, 0o640, 0o604, 0o644, 0o660, 0o777])
def test_a_key_file_others_can_read_is_refused_with_the_mend(path: Path, mode: int) -> None:
    path.chmod(mode)

    with pytest.raises(KeyFileError) as refused:
        read_key_file(path)

    assert str(refused.value) == f"{path}: others can read it. Run `chmod 400 {path}`."


def test_a_missing_key_file_says_how_to_make_one(tmp_path: Path) -> None:
    path = tmp_path / "none.key"

    with pytest.raises(KeyFileError) as refused:
        read_key_file(path)

    assert str(refused.value) == (
        f"{path}: no key file here. Make one, once: `bureau-bot key {path}`. Keep a copy."
    )


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(KeyFileError, match="cannot be written"):
        write_key_file(tmp_path / "nowhere" / "bureau.key")


@pytest.mark.parametrize(
    "damage",
    [
        lambda _: [],
        lambda _: "key",
        lambda kept: {one: kept[one] for one in ("pepper", "keys")},
        lambda kept: {one: kept[one] for one in ("pepper", "current")},
        lambda kept: {one: kept[one] for one in ("keys", "current")},
        lambda kept: kept | {"current": 2},
        lambda kept: kept | {"current": "first"},
        lambda kept: kept | {"keys": {}},
        lambda kept: kept | {"keys": {"1": "c2hvcnQ="}},
        lambda kept: kept | {"keys": {"1": kept["pepper"]}},
        lambda kept: kept | {"keys": kept["keys"] | {"2": kept["keys"]["1"]}},
        lambda kept: kept | {"pepper": "c2hvcnQ="},
        lambda kept: kept | {"pepper": "no base64!"},
    ],
)
def test_a_damaged_key_file_is_refused_in_one_line_without_its_content(
    path: Path, damage: Damage
) -> None:
    kept = _content(path)
    _rewritten(path, damage(kept))

    with pytest.raises(KeyFileError) as refused:
        read_key_file(path)

    assert str(refused.value).startswith(f"{path}: ")
    assert "\n" not in str(refused.value)
    assert str(kept["pepper"]) not in str(refused.value)


@pytest.mark.parametrize("content", [b"", b"{", b"\xff\xfe\x00", bytes(range(256))])
def test_a_file_that_is_none_of_ours_is_refused(path: Path, content: bytes) -> None:
    path.chmod(0o600)
    path.write_bytes(content)

    with pytest.raises(KeyFileError):
        read_key_file(path)
