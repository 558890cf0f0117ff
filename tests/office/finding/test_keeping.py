"""What was learned is kept, and never trusted when it is old or damaged."""

from dataclasses import replace
from pathlib import Path
from time import process_time

import pytest

from bot.office.finding import Finder, build
from tests.office.finding import town

ASKED = ("how to open an account", "kak da otkriq smetka", "школа", "طبيب", "help")


def answers(finder: Finder) -> list[object]:
    return [finder.find(words, "en") for words in ASKED]


def stamps(folder: Path) -> dict[str, int]:
    return {path.name: path.stat().st_mtime_ns for path in folder.iterdir()}


def test_what_is_kept_answers_as_what_was_learned(tmp_path: Path) -> None:
    learned = build(town.texts(), folder=tmp_path / "new")
    written = stamps(tmp_path / "new")
    read = build(town.texts(), folder=tmp_path / "new")

    assert answers(read) == answers(learned)
    assert stamps(tmp_path / "new") == written


def test_an_edit_renews_its_language_and_no_other(tmp_path: Path) -> None:
    build(town.texts(), folder=tmp_path)
    before = stamps(tmp_path)
    first, *others = town.texts()

    build([replace(first, title="An account in a bank"), *others], folder=tmp_path)

    kept = set(stamps(tmp_path).items()) & set(before.items())
    assert sorted(name[:2] for name, _ in kept) == ["ar", "bg", "en", "ru"]
    assert sorted(name[:2] for name in stamps(tmp_path)) == ["ar", "bg", "en", "en", "ru"]


def test_what_is_two_edits_old_is_thrown_away(tmp_path: Path) -> None:
    first, *others = town.texts()
    for title in ("one", "two", "three"):
        build([replace(first, title=title), *others], folder=tmp_path)

    assert sorted(name[:2] for name in stamps(tmp_path)) == ["ar", "bg", "en", "en", "ru"]


def test_what_the_old_finder_knows_is_not_learned_again() -> None:
    old = town.finder()
    first, *others = town.texts()

    new = build([replace(first, title="An account in a bank"), *others], old=old)

    same = {one for one in new.indexes if new.indexes[one] is old.indexes[one]}
    assert same == {"ar", "bg", "ru"}


@pytest.mark.parametrize("damage", [b"", b"no archive", b"PK\x05\x06" + bytes(18)])
def test_a_damaged_file_is_learned_again(tmp_path: Path, damage: bytes) -> None:
    learned = build(town.texts(), folder=tmp_path)
    for path in tmp_path.iterdir():
        path.write_bytes(damage)

    again = build(town.texts(), folder=tmp_path)

    assert answers(again) == answers(learned)
    assert all(path.stat().st_size > 1000 for path in tmp_path.iterdir())


def test_a_file_that_was_cut_short_is_learned_again(tmp_path: Path) -> None:
    learned = build(town.texts(), folder=tmp_path)
    for path in tmp_path.iterdir():
        path.write_bytes(path.read_bytes()[:-400])

    assert answers(build(town.texts(), folder=tmp_path)) == answers(learned)


def test_a_folder_that_cannot_be_written_costs_time_not_answers(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way", encoding="utf-8")

    finder = build(town.texts(), folder=tmp_path / "file" / "folder")

    assert answers(finder) == answers(town.finder())


def test_reading_is_much_faster_than_learning(tmp_path: Path) -> None:
    began = process_time()
    build(town.texts(), folder=tmp_path)
    learned = process_time()
    build(town.texts(), folder=tmp_path)

    assert process_time() - learned < learned - began
