"""How patterns of danger are read and where they are found."""

import pytest

from bot.office.danger.patterns import BadPatternError, Pattern, Patterns, read_pattern
from bot.office.danger.recogniser import look
from bot.office.danger.words import words_of


def pattern(written: str, language: str = "en", means: str = "violence") -> Pattern:
    groups = {"man": "husband|father"}
    return read_pattern(written, means, language=language, groups=groups)


def is_there(one: Pattern, text: str) -> bool:
    return bool(look(Patterns.of([one]), words_of(text)).sure)


def test_words_stand_in_order_with_up_to_three_between() -> None:
    beats = pattern("$man .. beat* me")

    assert is_there(beats, "My husband always BEATS me!")
    assert is_there(beats, "husband, when he drinks, beats me")
    assert not is_there(beats, "my husband is the one who beats me")
    assert not is_there(beats, "I beat my husband")


def test_no_pattern_reaches_into_the_next_sentence() -> None:
    assert not is_there(pattern("$man .. beat*"), "I have a husband. Beat it")


def test_a_star_stands_for_any_beginning_or_end() -> None:
    assert is_there(pattern("*ضربني*"), "زوجي وضربني")
    assert is_there(pattern("изнасил*", "bg"), "изнасилиха я")
    assert not is_there(pattern("*pass"), "passport")


def test_cyrillic_is_understood_when_typed_in_latin() -> None:
    beats = pattern("мъжът ми .. бие", "bg")

    assert [is_there(beats, text) for text in ("mujut mi me bie", "majat mi me bie")] == [True] * 2


def test_apostrophes_marks_and_doubled_letters_make_no_difference() -> None:
    assert is_there(pattern("don't let"), "they DONT leet")
    assert is_there(pattern("m'a frappé", "fr"), "il ma frape")


def test_what_counts_only_alone_needs_silence_around_it() -> None:
    assert is_there(pattern("= help fire"), "help, fire!")
    assert not is_there(pattern("= help fire"), "help, fire extinguisher needed")


def test_words_that_never_are_danger_leave_the_rest_standing() -> None:
    both = Patterns.of([pattern("phone .. dying", means="never"), pattern("is dying")])

    assert look(both, words_of("my phone is dying")).sure == []
    assert look(both, words_of("my phone is dying, my father is dying")).sure == ["violence"]


@pytest.mark.parametrize("written", ["", "..", "he ..", ".. he", "he's a|b-c me", "$nobody"])
def test_a_pattern_nobody_can_read_is_refused(written: str) -> None:
    with pytest.raises(BadPatternError):
        pattern(written)
