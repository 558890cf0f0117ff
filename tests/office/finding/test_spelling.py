"""Letters people mix up are one letter, and both spellings of a word have one skeleton."""

import pytest

from bot.office.finding.normal import folded, plain, script
from bot.office.finding.romanising import romanised
from bot.office.finding.skeletons import skeleton


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Оформить ЕЩЁ раз!", "оформить еще раз"),
        ("м'ята, сім’я", "мята сім'я"),
        ("إقامة", "اقامه"),
        ("مُساعَدة", "مساعدة"),
        ("می‌خواهم", "میخواهم"),
        ("کمک", "كمك"),
        ("ٹیکس ہے", "تیکس هي"),
        ("زموږ ښوونځی", "زموژ شوونزي"),
        ("Yardım İSTİYORUM", "yardim istiyorum"),
        ("l'école à Sofia", "l ecole a sofia"),
        ("helllllp", "hellp"),
        ("۱۲ ٣٤", "12 34"),
        ("\uff28elp", "help"),  # a wide letter
    ],
)
def test_two_ways_of_writing_are_the_same_words(one: str, other: str) -> None:
    assert folded(plain(one)) == folded(plain(other))


def test_plain_words_keep_the_letters_that_tell_languages_apart() -> None:
    assert plain("Їжа, ПОДАРЪК; école ښه!") == "їжа подарък école ښه"


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("hello", "latin"),
        ("çok güzel", "latin"),
        ("здравей", "cyrillic"),
        ("مرحبا", "arabic"),
        ("visa برای کانادا", "arabic"),
        ("12 !", None),
        ("你好", None),
    ],
)
def test_the_script_of_words(words: str, expected: str | None) -> None:
    assert script(plain(words)) == expected


@pytest.mark.parametrize(
    ("language", "native", "latin"),
    [
        ("bg", "училище", "uchilishte"),
        ("bg", "училище", "u4ili6te"),
        ("bg", "искам разрешение", "iskam razreshenie"),
        ("bg", "я няма", "ya niama"),
        ("bg", "регистрация", "registraciq"),
        ("ru", "хочу документы", "khochu dokumenty"),
        ("ru", "защита", "zashchita"),
        ("uk", "що потрібно", "shcho potribno"),
        ("uk", "допомога", "dopomoha"),
        ("ar", "مدرسة", "madrasa"),
        ("ar", "محامي", "mo7ami"),
        ("ar", "عندي", "3andi"),
        ("ar", "شغل", "shoghl"),
        ("fa", "پناهندگی", "panahandegi"),
        ("fa", "خانه", "khaneh"),
        ("fa", "چطور", "chetor"),
        ("ps", "روغتون", "roghtun"),
        ("ur", "کھانا", "khana"),
        ("ur", "نوکری", "nokri"),
        ("ur", "مجھے مدد", "mujhe madad"),
    ],
)
def test_a_word_in_latin_letters_has_the_skeleton_of_the_word(
    language: str, native: str, latin: str
) -> None:
    assert skeleton(language, plain(latin)) == skeleton(language, plain(native))


def test_a_skeleton_still_tells_words_apart() -> None:
    words = ("училище", "болница", "работа", "документ", "квартира")

    assert len({skeleton("bg", one) for one in words}) == len(words)


def test_our_own_texts_are_romanised_with_guessed_vowels() -> None:
    assert romanised("bg", "здравей софия") == "zdravey sofiya"
    assert romanised("ar", "مدرسة") == "madarasa"
