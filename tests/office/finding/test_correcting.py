"""A slip of the finger is mended before anything is looked for; what is known stays as it is."""

import pytest

from bot.office.finding import Finder
from bot.office.finding.correcting import Vocabulary
from tests.office.finding import town

WORDS = Vocabulary.of(["register the child at a school", "the school, the doctor", "карта лекар"])


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("shool", "school"),
        ("schhool", "school"),
        ("schoul", "school"),
        ("shcool", "school"),
        ("schoo", "school"),
        ("карат", "карта"),
        ("regsiter the chlid", "register the child"),
    ],
)
def test_one_slip_in_a_word_is_mended(typed: str, meant: str) -> None:
    assert WORDS.mend(typed) == meant


@pytest.mark.parametrize("typed", ["school", "teh", "shol", "zebra", "", "child doctor"])
def test_what_is_known_short_or_like_nothing_stays(typed: str) -> None:
    assert WORDS.mend(typed) == typed


def test_of_two_words_the_commoner_was_meant() -> None:
    assert Vocabulary.of(["form", "farm farm"]).mend("f0rm") == "farm"
    assert Vocabulary.of(["cards", "cares cares"]).mend("caras") == "cares"


def test_without_any_words_nothing_is_mended() -> None:
    assert Vocabulary.of([]).mend("school") == "school"


@pytest.fixture(scope="module")
def finder() -> Finder:
    return town.finder()


@pytest.mark.parametrize(
    ("words", "code"), [("opne an acccount in teh bnak", "bank"), ("dcotor", "doctor")]
)
def test_misspelt_words_find_their_answer(finder: Finder, words: str, code: str) -> None:
    assert finder.find(words, "en").hits[0].code == code
