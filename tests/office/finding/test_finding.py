"""A visitor's words find their answer, however they are typed, or a person."""

import pytest

from bot.office.finding import Finder, build
from tests.office.finding import town


@pytest.fixture(scope="module")
def finder() -> Finder:
    return town.finder()


@pytest.mark.parametrize(
    ("words", "language", "code"),
    [
        ("how do I open an account in a bank", "en", "bank"),
        ("Как да запиша детето на училище?", "bg", "school"),
        ("как выбрать врача", "ru", "doctor"),
        ("كيف أسجل ابني في المدرسة", "ar", "school"),
        ("kak da otkriq smetka v banka", "bg", "bank"),
        ("kak zapisat syna v shkolu", "ru", "school"),
        ("kif asajil ibni fil madrasa", "ar", "school"),
        ("hw do i opn bank acount", "en", "bank"),
        ("БАНКОВА   СМЕТКА!!!", "bg", "bank"),
    ],
)
def test_words_find_their_answer_and_their_language(
    finder: Finder, words: str, language: str, code: str
) -> None:
    found = finder.find(words, "en")

    assert (found.language, found.action, found.hits[0].code) == (language, "answer", code)


def test_words_nobody_used_before_find_what_means_nearly_the_same(finder: Finder) -> None:
    assert finder.find("physicians", "en").hits[0].code == "doctor"


def test_a_detail_that_only_the_body_knows_leads_there(finder: Finder) -> None:
    assert finder.find("which notary", "en").hits[0].code == "bank"


@pytest.mark.parametrize("words", ["help", "I need help!", "Имам въпрос", "عندي سؤال", "помощ"])
def test_vague_words_lead_to_a_person(finder: Finder, words: str) -> None:
    assert finder.find(words, "en").action == "person"


@pytest.mark.parametrize("words", ["hello", "thank you", "Здравей", "شكرا", "Спасибо!"])
def test_greetings_are_small_talk(finder: Finder, words: str) -> None:
    assert finder.find(words, "en").action == "smalltalk"


@pytest.mark.parametrize("words", ["", "???", "👍", "  \n ", "\x00\u200b", "\ud83d", "你好"])
def test_words_without_words_of_ours_find_nothing(finder: Finder, words: str) -> None:
    found = finder.find(words, "ar")

    assert (found.language, found.action, found.hits) == ("ar", "none", ())


@pytest.mark.parametrize("words", ["quantum chromodynamics", "zzzz xqxq", "а" * 5000, "1234567"])
def test_what_nobody_ever_asked_is_not_answered(finder: Finder, words: str) -> None:
    assert finder.find(words, "en").action == "none"


@pytest.mark.parametrize(
    "words",
    [
        "how do I open an account in a bank in Germany",
        "как выбрать врача в Берлине",
        "bank account FRANCE",
    ],
)
def test_who_asks_about_another_country_is_given_a_choice(finder: Finder, words: str) -> None:
    assert finder.find(words, "en").action == "choices"


@pytest.mark.parametrize(
    "words", ["bank account for a comparison", "как да открия банкова сметка на английски"]
)
def test_words_that_only_hold_such_a_name_are_answered(finder: Finder, words: str) -> None:
    assert finder.find(words, "en").action == "answer"


def test_hits_are_articles_three_at_most_and_best_first(finder: Finder) -> None:
    for words in ("hello doctor", "help me with the bank and the school", "weather"):
        scores = [hit.score for hit in finder.find(words, "en").hits]
        codes = {hit.code for hit in finder.find(words, "en").hits}

        assert scores == sorted(scores, reverse=True)
        assert codes == {"bank", "doctor", "school"}


def test_the_chosen_language_settles_words_that_two_languages_share(finder: Finder) -> None:
    languages = [finder.find("в София", chosen).language for chosen in ("bg", "ru")]

    assert languages == ["bg", "ru"]


def test_a_language_that_was_not_chosen_is_recognised_all_the_same(finder: Finder) -> None:
    assert finder.find("how can my daughter start school", "ar").language == "en"


def test_the_same_texts_learn_the_same(finder: Finder) -> None:
    again = build(reversed(town.texts()))

    asked = ["bank in Sofia", "училище", "طبيب", "kak si", "hello", "account for my son"]
    assert [again.find(one, "en") for one in asked] == [finder.find(one, "en") for one in asked]


def test_without_any_texts_nothing_is_found() -> None:
    assert build([]).find("bank", "en").action == "none"
