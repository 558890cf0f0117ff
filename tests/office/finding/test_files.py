"""The files of the languages are read as far as they can be."""

from pathlib import Path

import pytest

from bot.office.finding import Text, files

ARTICLE = "---\ntitle: A bank account\nphrasings:\n  - open an account\n  - 112\n---\n\n1. Go.\n"


@pytest.fixture
def locales(tmp_path: Path) -> Path:
    folder = tmp_path / "en" / "articles" / "home"
    folder.mkdir(parents=True)
    (folder / "bank_account.md").write_text(ARTICLE, encoding="utf-8")
    return tmp_path


def read(locales: Path) -> dict[str, Text]:
    return {one.code: one for one in files.texts(locales, ["en"])}


def test_an_article_has_its_title_its_phrasings_and_its_body(locales: Path) -> None:
    expected = Text("en", "bank_account", "A bank account", ("open an account", "112"), "1. Go.")

    assert read(locales)["bank_account"] == expected


def test_an_intent_is_what_people_say_for_it(locales: Path) -> None:
    (locales / "en" / "intents.yaml").write_text("booking:\n  - book a time\n", encoding="utf-8")

    assert read(locales)["booking"] == Text("en", "booking", "", ("book a time",))


def test_vague_words_are_for_a_person_even_without_a_file(locales: Path) -> None:
    assert "I need help" in read(locales)["person"].phrasings


@pytest.mark.parametrize(
    "broken",
    ["", "no front matter", "---\ntitle: [\n---\nx", "---\n- a\n---\nx", "---\nx: 1\n---\n"],
)
def test_what_cannot_be_read_is_left_out(locales: Path, broken: str) -> None:
    (locales / "en" / "articles" / "home" / "broken.md").write_text(broken, encoding="utf-8")
    (locales / "en" / "intents.yaml").write_text("booking: [", encoding="utf-8")

    assert sorted(read(locales)) == ["bank_account", "person"]


def test_a_language_without_files_has_only_its_vague_words(tmp_path: Path) -> None:
    assert [one.code for one in files.texts(tmp_path, ["ur"])] == ["person"]
