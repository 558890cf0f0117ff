"""Ready answers: complete in Bulgarian and English, nothing left open that nobody fills."""

import re
from pathlib import Path

import pytest

from bot.columns import columns
from bot.office import replies
from storage.shelf import ContentError

_WIDEST = 29  # columns; with its icon a title is a button of 32
_LONGEST_CODE = 20  # bytes; a button holds it
FILL = {"opens": "9:00", "closes": "17:00", "address": "Sofia"}


def test_there_are_twelve_in_bulgarian_and_in_english() -> None:
    found = replies.known().values()

    assert len(found) >= 12
    assert [one.code for one in found if not {"bg", "en"} <= set(one.texts)] == []


def test_titles_fit_on_buttons_and_codes_into_them() -> None:
    found = replies.known().values()

    assert [one.code for one in found if columns(one.titles["bg"]) > _WIDEST] == []
    assert [one.code for one in found if not re.fullmatch(r"[a-z0-9_]+", one.code)] == []
    assert [one.code for one in found if len(one.code) > _LONGEST_CODE] == []


def test_every_blank_is_filled_in_every_language() -> None:
    said = [one.said(code, **FILL) for one in replies.known().values() for code in one.texts]

    assert [one for one in said if re.search(r"[{}]", one)] == []


def test_all_languages_of_an_answer_leave_the_same_blanks() -> None:
    blanks = {
        one.code: {frozenset(re.findall(r"\{(\w+)\}", text)) for text in one.texts.values()}
        for one in replies.known().values()
    }

    assert [code for code, kinds in blanks.items() if len(kinds) != 1] == []


def test_a_language_that_lacks_an_answer_has_none(tmp_path: Path) -> None:
    _write(tmp_path, "bg", "a: {title: А, text: Б}\nb: {title: В, text: Г}\n")
    _write(tmp_path, "ar", "a: {title: ا, text: ب}\n")

    found = replies.known(tmp_path)

    assert {code: set(one.texts) for code, one in found.items()} == {"a": {"bg", "ar"}, "b": {"bg"}}


def test_an_answer_without_a_text_is_named_with_its_file(tmp_path: Path) -> None:
    _write(tmp_path, "bg", "a: {title: А}\n")

    with pytest.raises(ContentError, match=r"replies\.yaml:1: a needs a title and a text\."):
        replies.known(tmp_path)


def _write(locales: Path, language: str, content: str) -> None:
    (locales / language).mkdir()
    (locales / language / "replies.yaml").write_text(content, encoding="utf-8")
