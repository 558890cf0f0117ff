"""Words that mean nearly the same have an idea in common, misspelt too, in every language."""

from pathlib import Path

import pytest
import yaml

from bot import texts
from bot.office import finding
from bot.office.finding import kinship
from bot.office.finding.normal import folded, plain
from bot.office.finding.spellings import Spelling, weight

FILE = Path(finding.__file__).with_name("kin.yaml")


def ideas(language: str, words: str) -> set[int]:
    kin = kinship.kin(language, lambda word: folded(plain(word)), 2)
    return set(kin.ideas(folded(plain(words))))


@pytest.mark.parametrize(
    ("language", "one", "other"),
    [
        ("en", "physicians", "doctor"),
        ("en", "hospitl", "ambulance"),
        ("en", "vacination", "vaccine"),
        ("bg", "педиатъра", "лекар"),
        ("ar", "والطبيب", "دكتور"),
        ("uk", "больница", "лікарня"),
        ("tr", "hastanede", "ambulans"),
        ("ur", "نوکری", "ملازمت"),
    ],
)
def test_two_words_have_an_idea_in_common(language: str, one: str, other: str) -> None:
    assert ideas(language, one) & ideas(language, other)


@pytest.mark.parametrize("word", ["cat", "lw", "xyzzyx", "hospice"])
def test_a_word_that_only_looks_a_little_alike_is_not_a_misspelling(word: str) -> None:
    assert not ideas("en", word) & ideas("en", "hospital")


def test_every_idea_has_words_in_every_language() -> None:
    kept = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    languages = set(texts.load().all)

    assert {idea for idea, words in kept.items() if set(words) != languages} == set()
    assert [idea for idea, words in kept.items() if not all(words.values())] == []


def test_ideas_are_counted_once_and_in_pairs_beside_the_letters() -> None:
    spelling = Spelling("en", "native")

    [alone, twice, both] = [
        [one for one in weight(spelling.cut([words])[0]).tolist() if one > 1]
        for words in ("bank", "bank banks", "bank hospital")
    ]

    assert alone == twice
    assert len(both) > len(alone)
