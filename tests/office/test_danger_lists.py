"""The lists of danger can be read, say enough, and do not cry wolf at their own examples."""

from pathlib import Path

import pytest

from bot.office.danger.lists import KINDS, Lists, all_lists, faults, readable
from bot.office.danger.patterns import Patterns
from bot.office.danger.recogniser import look
from bot.office.danger.words import words_of

LOCALES = Path(__file__).parents[2] / "locales"
LISTS = all_lists(LOCALES)
IN_ALL = Patterns.of(readable(LISTS))

of_each_language = pytest.mark.parametrize("lists", LISTS, ids=[one.language for one in LISTS])


@of_each_language
def test_every_group_is_there_and_every_pattern_can_be_read(lists: Lists) -> None:
    wrong = list(faults(lists))

    assert wrong == [], "\n".join(wrong)


@of_each_language
def test_sure_patterns_seldom_fire_on_a_harmless_sentence(lists: Lists) -> None:
    """Where they do, what was learned from that very sentence must speak against them."""
    wrong = [
        f"{found.sure[0]}: {sentence}"
        for sentence in lists.harmless
        if (found := look(IN_ALL, words_of(sentence))).sure
    ]

    assert len(wrong) <= 0.05 * len(lists.harmless), "\n".join(wrong)


@of_each_language
def test_what_never_is_danger_takes_hardly_anything_from_those_who_are_in_it(lists: Lists) -> None:
    taken = [
        sentence
        for sentences in lists.says.values()
        for sentence in sentences
        if list(look(IN_ALL, words := words_of(sentence)).words) != words
    ]

    assert len(taken) <= 0.01 * sum(map(len, lists.says.values())), "\n".join(taken)


@of_each_language
def test_every_kind_is_said_in_many_ways(lists: Lists) -> None:
    few = {kind for kind in KINDS if len(lists.says[kind]) < 25 or len(lists.sure[kind]) < 20}

    assert few == set()
    assert len(lists.harmless) >= 100
