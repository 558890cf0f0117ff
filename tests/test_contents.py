"""What can be wrong in the content files is found before a visitor finds it."""

import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from bot import contents
from bot.texts import LOCALES

TODAY = date(2026, 11, 30)
BANK = "en/articles/home/bank_account.md"
Change = Callable[[str], str]


@pytest.fixture
def files(tmp_path: Path) -> Path:
    return Path(shutil.copytree(LOCALES, tmp_path / "locales"))


def test_there_is_nothing_wrong() -> None:
    assert list(contents.problems(LOCALES, TODAY)) == []


def _longer_title(text: str) -> str:
    return text.replace("title: ", "title: A very long way to say it, ", 1)


@pytest.mark.parametrize(
    ("file", "change", "said"),
    [
        (BANK, lambda text: text + "\nSee https://example.org", "or a link"),
        (BANK, lambda text: text + " word" * 300, "characters, 1100 fit"),
        (BANK, _longer_title, "columns, 29 fit"),
        (BANK, lambda text: text.replace("---\n", "", 1), "front matter"),
        (
            "articles/home.yaml",
            lambda text: text.replace("related: [", "related: [nobody, ", 1),
            "unknown related article nobody",
        ),
        (
            "articles/home.yaml",
            lambda text: text.replace("owner: ", "owner: no", 1),
            "has no owner",
        ),
        (
            "articles/home.yaml",
            lambda text: text.replace("source: https://", "source: //", 1),
            "no complete source",
        ),
        (
            "paths.yaml",
            lambda text: text.replace("articles: [", "articles: [nobody, ", 1),
            "unknown article nobody",
        ),
        (
            "en/names.yaml",
            lambda text: text.replace("  bureau: ", "  gone: ", 1),
            "institutions: bureau has no name",
        ),
        (
            "en/intents.yaml",
            lambda text: text.replace("booking:", "nothing:", 1),
            "booking needs at least",
        ),
        (
            "en/notes.yaml",
            lambda text: text.replace("  text: ", "  gone: ", 1),
            "has no title or no text",
        ),
        (
            "ar/replies.yaml",
            lambda text: text.replace(" {opens} ", " 10 "),
            "other blanks than the Bulgarian",
        ),
        (
            BANK,
            lambda text: text.replace(
                "phrasings:\n", "phrasings:\n  - Where are you!\n  - what do you do here\n", 1
            ),
            "“what do you do here” stands in ",
        ),
    ],
)
def test_each_thing_that_is_wrong_is_named(
    files: Path, file: str, change: Change, said: str
) -> None:
    path = files / file
    path.write_text(change(path.read_text(encoding="utf-8")), encoding="utf-8")

    found = list(contents.problems(files, TODAY))

    assert [one for one in found if said in one] != []


def test_a_review_that_is_overdue_is_named() -> None:
    found = list(contents.problems(LOCALES, date(2028, 1, 1)))

    assert len([one for one in found if "was to be reviewed by" in one]) == 90


def test_an_article_that_is_missing_in_a_language_is_named(files: Path) -> None:
    (files / BANK).unlink()

    assert f"{files / BANK}: this article is missing." in list(contents.problems(files, TODAY))
