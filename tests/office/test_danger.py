"""Danger is recognised in words nobody has seen before, and ordinary words raise no alarm."""

import time
import tomllib
from pathlib import Path

import pytest

from bot.office.danger import Danger
from bot.office.danger.lists import Lists, all_lists
from tests.world import known

HOUSE = Path(__file__).parents[2]
REACHED = {
    # Of a hundred in danger so many are understood; of a hundred others so many are alarmed.
    # The goal is 97 and 1. A number is only ever made better.
    "ar": (85, 8),
    "bg": (94, 8),
    "en": (95, 5),
    "fa": (85, 4),
    "fr": (93, 8),
    "ps": (85, 7),
    "ru": (94, 6),
    "tr": (93, 5),
    "uk": (91, 6),
    "ur": (100, 8),
}
CHANCE = 2
"""Languages learn together: a new sentence in one moves a single answer in another."""
MAY_BE_DANGER = {
    path.stem
    for subject in ("safety", "health")
    for path in (HOUSE / "locales" / "en" / "articles" / subject).glob("*.md")
}
"""Articles whose questions may well tell of present danger."""

LISTS = all_lists(HOUSE / "locales")

of_each_language = pytest.mark.parametrize("lists", LISTS, ids=[one.language for one in LISTS])
of_each_set = pytest.mark.parametrize("code", sorted(REACHED))


def danger() -> Danger:
    return known().danger


@pytest.fixture
def a_few(tmp_path: Path) -> Path:
    """The lists of one language, which nobody changes meanwhile."""
    there = tmp_path / "locales" / "en"
    there.mkdir(parents=True)
    (there / "danger.yaml").write_bytes((HOUSE / "locales" / "en" / "danger.yaml").read_bytes())
    return there.parent


def kind(words: str) -> str | None:
    return danger().kind(words, lambda said: known().search.find(said, None))


def heard(code: str, name: str) -> list[tuple[str | None, str]]:
    """What is made of the sentences nobody has learned from.

    Every other sentence, from the first on, was read by those who write the lists, who
    learn from what is missed. Only the rest says how strangers are understood.
    """
    path = HOUSE / "tests" / "danger" / f"{code}.toml"
    told = tomllib.loads(path.read_text(encoding="utf-8"))[name][1::2]
    return [(kind(words), words) for words in told]


@of_each_set
def test_no_fewer_in_danger_are_understood_than_before(code: str) -> None:
    all_heard = heard(code, "danger")
    missed = [words for found, words in all_heard if found is None]

    understood = 100 * (1 - len(missed) / len(all_heard))
    assert understood >= REACHED[code][0] - CHANCE, f"{len(missed)} of {len(all_heard)} missed"


@of_each_set
def test_no_more_are_alarmed_for_nothing_than_before(code: str) -> None:
    all_heard = heard(code, "harmless")
    alarmed = [words for found, words in all_heard if found]

    for_nothing = 100 * len(alarmed) / len(all_heard)
    assert for_nothing <= REACHED[code][1] + CHANCE, f"{len(alarmed)} of {len(all_heard)} alarmed"


@pytest.mark.parametrize("code", sorted(REACHED))
def test_those_who_ask_a_question_are_not_alarmed(code: str) -> None:
    path = HOUSE / "tests" / "questions" / f"{code}.toml"
    asked = tomllib.loads(path.read_text(encoding="utf-8"))["asked"]
    everyday = [one["q"] for one in asked if one.get("id") not in MAY_BE_DANGER]
    alarmed = [f"{kind(words)}: {words}" for words in everyday if kind(words)]

    assert len(alarmed) <= len(everyday) / 40, "\n".join(alarmed)


@of_each_language
def test_what_was_learned_is_known(lists: Lists) -> None:
    said = [words for kind_said in lists.says.values() for words in kind_said]
    missed = [words for words in said if kind(words) is None]
    alarmed = [f"{kind(words)}: {words}" for words in lists.harmless if kind(words)]

    assert len(missed) <= 0.03 * len(said), "\n".join(missed)
    assert len(alarmed) <= 0.02 * len(lists.harmless), "\n".join(alarmed)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("My husband beats me", "violence"),
        ("someone is FOLLOWING me right now!!!", "violence"),
        ("I was raped", "sexual_violence"),
        ("i want to kill my self", "suicide"),
        ("my boss took my passport", "trafficking"),
        ("he is not breathing", "not_breathing"),
        ("they locked me in a room", "locked_in"),
        ("my child is missing", "child"),
        ("my husband beats our children", "child"),
        ("the house is on fire", "fire"),
        ("мъжът ми ме бие", "violence"),
        ("mujut mi me bie", "violence"),
        ("iskam da umra", "suicide"),
        ("не диша", "not_breathing"),
    ],
)
def test_each_kind_of_danger_is_told_from_the_others(words: str, expected: str) -> None:
    assert kind(words) == expected


@pytest.mark.parametrize(
    "words",
    [
        "",
        "???",
        "my phone is dying",
        "I'd kill for a coffee",
        "they want to fire me from work",
        "how do I renew my residence card",
        "телефонът ми умира",
        "ще умра от скука",
        "как да подновя картата си",
    ],
)
def test_everyday_words_raise_no_alarm(words: str) -> None:
    assert kind(words) is None


def test_harmless_words_beside_a_cry_for_help_do_not_silence_it() -> None:
    assert kind("my phone is dying and my husband beats me") == "violence"


def test_a_cry_in_the_middle_of_a_long_story_is_heard() -> None:
    story = "I came to Bulgaria in spring and I look for a flat and a school for my daughter. "

    assert kind(story * 3 + "He took all my pills away and he chokes me. " + story * 3)


def test_a_second_start_finds_what_the_first_has_learned(a_few: Path, tmp_path: Path) -> None:
    first = Danger.load(a_few, tmp_path / "kept")
    second = Danger.load(a_few, tmp_path / "kept")

    assert len(list((tmp_path / "kept").iterdir())) == 1
    assert second.kind("he chokes me") == first.kind("he chokes me") == "violence"


def test_what_was_kept_half_is_learned_again(a_few: Path, tmp_path: Path) -> None:
    Danger.load(a_few, tmp_path / "kept")
    kept = next((tmp_path / "kept").iterdir())
    kept.write_bytes(kept.read_bytes()[:1000])

    assert Danger.load(a_few, tmp_path / "kept").kind("he chokes me") == "violence"


def test_lists_nobody_has_written_yet_leave_nothing_to_recognise(tmp_path: Path) -> None:
    assert Danger.load(tmp_path).kind("my husband beats me") is None


def test_a_question_takes_no_time() -> None:
    words = "hello, my boss did not pay me for two months and I have no contract, what can I do"
    kind(words)
    began = time.process_time()
    for _ in range(200):
        kind(words)

    assert (time.process_time() - began) / 200 < 0.002
