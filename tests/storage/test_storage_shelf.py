"""The content files: what is wrong in them is said with file and line."""

from pathlib import Path

import pytest

from bot.texts import LOCALES
from storage import shelf
from storage.shelf import ContentError


def _written(folder: Path, text: str) -> Path:
    path = folder / "one.md"
    path.write_text(text, encoding="utf-8")
    return path


def test_an_article_is_its_title_its_phrasings_and_its_text(tmp_path: Path) -> None:
    path = _written(tmp_path, "---\ntitle: Health\nphrasings:\n  - ill\n  - doctor\n---\n\nGo.\n")

    assert shelf.read_article(path) == shelf.Written("Health", ("ill", "doctor"), "Go.")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("title: Health\n", ":1: front matter between two lines of --- is missing."),
        ("---\ntitle: Health\n---\nGo.", ":2: missing in the front matter: phrasings."),
        (
            "---\ntitle: H\nphrasings: [112]\n---\n",
            ":3: no words, put it between quotation marks: 112.",
        ),
        ("---\ntitle: a: b\n---\n", ":1: mapping values are not allowed"),
    ],
)
def test_what_is_wrong_in_a_file_is_said_with_its_line(
    tmp_path: Path, text: str, said: str
) -> None:
    path = _written(tmp_path, text)

    with pytest.raises(ContentError) as wrong:
        shelf.read_article(path)

    assert str(wrong.value).startswith(f"{path}{said}")


def test_the_drawers_stand_in_the_order_people_see_them() -> None:
    found = [one.code for one in shelf.drawers(LOCALES)]

    assert found == [
        *("protection", "status", "papers", "work", "health", "home", "safety", "elsewhere"),
    ]


def test_there_are_seventy_four_answers_and_sixteen_that_lead_elsewhere() -> None:
    every = [one for drawer in shelf.drawers(LOCALES) for one in drawer.articles]
    stubs = [one["id"] for one in every if one.get("stub")]

    assert (len(every) - len(stubs), len(stubs)) == (74, 16)
    assert {one.partition("not_here_")[0] for one in stubs} == {""}


def test_a_changed_file_makes_another_edition(tmp_path: Path) -> None:
    path = _written(tmp_path, "one")
    before = shelf.edition(tmp_path)

    path.write_text("two", encoding="utf-8")

    assert before != shelf.edition(tmp_path)
