"""How our languages speak: words, blanks, plurals, numbers, dates and direction."""

import re
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from bot import texts
from bot.texts import BlankError, Languages, Words
from bot.texts_catalogue import PLURALS

NOW = datetime(2026, 12, 1, 7, 0, tzinfo=UTC)  # Tuesday, nine o'clock in Sofia
WEDNESDAY = datetime(2026, 12, 2, 8, 0, tzinfo=UTC)

BULGARIAN = """# no header names the language, and still its plurals are right
msgid "Booked: {service}."
msgstr "Записано: {service}."
msgid "{n} time"
msgid_plural "{n} times"
msgstr[0] "{n} час"
msgstr[1] "{n} часа"
#, fuzzy
msgid "Good day"
msgstr "Добър вечер"
msgid "Not yet"
msgstr ""
msgid "Ask {name}"
msgstr "Попитайте {име}"
msgid "Call {name}"
msgstr "Обадете се на {name"
msgid "<b>{name}</b>"
msgstr "<b>{name}"
msgid "today"
msgstr "днес"
"""

ARABIC = f"""
msgid ""
msgstr "Plural-Forms: {PLURALS["ar"]}\\n"
msgid "Booked: {{service}}."
msgstr "تم الحجز: {{service}}."
msgid "{{n}} time"
msgid_plural "{{n}} times"
msgstr[0] "لا مواعيد"
msgstr[1] "موعد واحد"
msgstr[2] "موعدان"
msgstr[3] "{{n}} مواعيد"
msgstr[4] "{{n}} موعدًا"
msgstr[5] "{{n}} موعد"
"""

UKRAINIAN = """
msgid "{n} time"
msgid_plural "{n} times"
msgstr[0] "{n} година"
msgstr[1] "{n} години"
msgstr[2] "{n} годин"
"""

PERSIAN = 'msgid "Not yet"\nmsgstr "هنوز نه"'
WRITTEN = {"bg": BULGARIAN, "ar": ARABIC, "uk": UKRAINIAN, "fa": PERSIAN}


@pytest.fixture
def languages(tmp_path: Path) -> Languages:
    register = (texts.LOCALES / "languages.yaml").read_text(encoding="utf-8")
    (tmp_path / "languages.yaml").write_text(register, encoding="utf-8")
    for code, written in WRITTEN.items():
        (tmp_path / code).mkdir()
        (tmp_path / code / "messages.po").write_text(written, encoding="utf-8")
    return texts.load(tmp_path)


def test_a_sentence_is_said_in_the_language(languages: Languages) -> None:
    said = languages.get("bg").say("Booked: {service}.", service="консултация")

    assert said == "Записано: консултация."


def test_what_fills_a_message_is_escaped(languages: Languages) -> None:
    said = languages.get("en").say("<b>{name}</b>", name="Tom & <Jerry> 'n' \"co\"")

    assert said == "<b>Tom &amp; &lt;Jerry&gt; 'n' \"co\"</b>"


def test_words_already_said_are_not_escaped_again(languages: Languages) -> None:
    english = languages.get("en")

    inner = english.say("<i>{name}</i>", name="A & B")

    assert english.say("Hello {who}", who=inner) == "Hello <i>A &amp; B</i>"


def test_a_button_shows_plain_text_and_refuses_markup(languages: Languages) -> None:
    english = languages.get("en")

    assert english.label("✅ {name}", name="A & B") == "✅ A & B"
    with pytest.raises(TypeError, match="no markup"):
        english.label("✅ {name}", name=Words("<b>A</b>"))


def test_a_name_cannot_turn_an_arabic_line_around(languages: Languages) -> None:
    arabic = languages.get("ar")

    said = arabic.say("Booked: {service}.", service="Legal & co")
    label = arabic.label("Booked: {service}.", service="Legal & co")

    assert said == "تم الحجز: \u2068Legal &amp; co\u2069."
    assert label == "تم الحجز: \u2068Legal & co\u2069."


def test_every_line_is_isolated_on_its_own(languages: Languages) -> None:
    said = languages.get("ar").say("{text}", text="one\n\ntwo")

    assert said == "\u200f\u2068one\u2069\n\n\u200f\u2068two\u2069"


def test_a_brace_in_a_visitors_name_stays_a_brace(languages: Languages) -> None:
    assert languages.get("en").say("{a} {b}", a="{b}", b="x") == "{b} x"


PLURALS_OF_A_TIME = {
    "en": {0: "0 times", 1: "1 time", 2: "2 times", 21: "21 times"},
    "bg": {1: "1 час", 2: "2 часа", 5: "5 часа", 21: "21 часа"},
    "uk": {1: "1 година", 2: "2 години", 5: "5 годин", 21: "21 година"},
    "ar": {
        0: "لا مواعيد",
        1: "موعد واحد",
        2: "موعدان",
        5: "\u20685\u2069 مواعيد",
        21: "\u206821\u2069 موعدًا",
        100: "\u2068100\u2069 موعد",
    },
}


@pytest.mark.parametrize("code", PLURALS_OF_A_TIME)
def test_a_number_takes_its_plural(languages: Languages, code: str) -> None:
    language, wanted = languages.get(code), PLURALS_OF_A_TIME[code]

    assert {n: language.count("{n} time", "{n} times", n) for n in wanted} == wanted
    assert {n: language.count_label("{n} time", "{n} times", n) for n in wanted} == wanted


def test_a_number_has_latin_digits(languages: Languages) -> None:
    written = [languages.get(code).label("{n}", n=12345) for code in ("en", "bg", "ar", "fa")]

    assert written == ["12,345", "12 345", "\u200f\u206812,345\u2069", "\u200f\u206812,345\u2069"]


@pytest.mark.parametrize("sentence", ["Good day", "Not yet", "Nobody translated this"])
def test_a_missing_translation_is_said_in_english_and_counted(
    languages: Languages, sentence: str
) -> None:
    bulgarian, english = languages.get("bg"), languages.get("en")

    said = [bulgarian.say(sentence), bulgarian.label(sentence), english.say(sentence)]

    assert said == [sentence] * 3
    assert (bulgarian.misses, english.misses) == (Counter({sentence: 2}), Counter())


def test_a_missing_translation_is_taken_from_the_next_language(languages: Languages) -> None:
    pashto = languages.get("ps")

    assert pashto.say("Not yet") == "هنوز نه"
    assert pashto.count("{n} time", "{n} times", 1) == "\u20681\u2069 time"
    assert pashto.misses == Counter({"Not yet": 1, "{n} time": 1})


@pytest.mark.parametrize("sentence", ["Ask {name}", "Call {name}", "<b>{name}</b>"])
def test_a_visitor_never_sees_the_braces_and_tags_of_a_wrong_translation(
    languages: Languages, sentence: str
) -> None:
    said = languages.get("bg").say(sentence, name="Maria")

    assert said == sentence.format(name="Maria")


@pytest.mark.parametrize(
    ("sentence", "fill"),
    [("Ask {name}", {}), ("Not yet", {"name": "Maria"}), ("Curly { brace", {})],
)
def test_a_sentence_and_its_filling_must_match(
    languages: Languages, sentence: str, fill: dict[str, str]
) -> None:
    with pytest.raises(BlankError, match=re.escape(repr(sentence))):
        languages.get("bg").say(sentence, **fill)


def test_a_counted_sentence_may_have_more_blanks(languages: Languages) -> None:
    said = languages.get("en").count("One time, {day}", "{n} times, {day}", 1, day="Monday")

    assert said == "One time, Monday"


def test_a_title_is_picked_along_the_chain(languages: Languages) -> None:
    titles = {"bg": "Право", "en": "Law", "fa": ""}

    picked = {code: languages.get(code).pick(titles) for code in ("bg", "ar", "ps")}

    assert picked == {"bg": "Право", "ar": "Law", "ps": "Law"}
    assert languages.get("ps").speaks(titles) == "en"


def test_any_language_is_better_than_silence(languages: Languages) -> None:
    assert languages.get("ar").pick({"tr": "Hukuk"}) == "Hukuk"
    with pytest.raises(LookupError, match="no language"):
        languages.get("ar").pick({"en": ""})


@pytest.mark.parametrize(
    ("code", "day", "time", "moment", "month"),
    [
        ("en", "Wed, Dec 2", "10:00", "Wed, Dec 2, 10:00", "October 2022"),
        ("bg", "ср, 2.12", "10:00 ч.", "ср, 2.12, 10:00 ч.", "октомври 2022 г."),
        ("ar", "الأربعاء، 2 ديسمبر", "10:00", "الأربعاء، 2 ديسمبر، 10:00", "أكتوبر 2022"),
        ("uk", "ср, 2 груд.", "10:00", "ср, 2 груд., 10:00", "жовтень 2022 р."),
    ],
)
def test_dates_and_times_are_spoken_on_the_citys_clock(
    languages: Languages, code: str, day: str, time: str, moment: str, month: str
) -> None:
    language = languages.get(code)
    long_ago = NOW - timedelta(days=60)

    assert language.day(WEDNESDAY, long_ago) == day
    assert language.time(WEDNESDAY) == time
    assert language.moment(WEDNESDAY, NOW) == moment
    assert language.month(date(2022, 10, 1)) == month


def test_the_year_is_said_unless_it_is_this_one(languages: Languages) -> None:
    english = languages.get("en")
    january = datetime(2027, 1, 8, 8, 0, tzinfo=UTC)

    assert english.moment(january, NOW) == "Fri, Jan 8, 2027, 10:00"
    assert english.moment(WEDNESDAY) == "Wed, Dec 2, 2026, 10:00"
    assert english.day(date(2026, 12, 2)) == "Wed, Dec 2, 2026"


def test_near_days_have_names(languages: Languages) -> None:
    bulgarian, english = languages.get("bg"), languages.get("en")

    assert bulgarian.day(NOW, NOW) == "днес"
    assert english.day(WEDNESDAY, NOW) == "tomorrow"
    assert english.day(NOW - timedelta(days=1), NOW) == "Mon, Nov 30"


def test_a_day_begins_at_midnight_in_the_city(languages: Languages) -> None:
    before, after = NOW.replace(hour=21, minute=59), NOW.replace(hour=22)

    spoken = [languages.get("en").day(moment, NOW) for moment in (before, after)]

    assert spoken == ["today", "tomorrow"]


def test_the_repeated_hour_in_october_is_spoken_twice(languages: Languages) -> None:
    first = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)

    spoken = [languages.get("en").time(first + timedelta(hours=hour)) for hour in range(3)]

    assert spoken == ["03:30", "03:30", "04:30"]


def test_a_moment_without_a_zone_is_an_error(languages: Languages) -> None:
    with pytest.raises(ValueError, match="without a zone"):
        languages.get("en").time(datetime(2026, 12, 2))  # noqa: DTZ001  # the very mistake


def test_several_things_are_joined_as_the_language_joins_them(languages: Languages) -> None:
    joined = [languages.get(code).listing(["A", "B", "C"]) for code in ("en", "bg", "ar")]

    assert joined == ["A, B, and C", "A, B и C", "\u2068A\u2069 و\u2068B\u2069 و\u2068C\u2069"]


def test_a_list_with_words_is_escaped_once(languages: Languages) -> None:
    english = languages.get("en")

    listed = english.listing([Words("<b>A</b>"), "B & C"])

    assert english.say("{things}", things=listed) == "<b>A</b> and B &amp; C"


def test_the_offered_languages_come_in_the_order_of_the_register(languages: Languages) -> None:
    assert [language.code for language in languages.offered()] == [
        *("bg", "en", "ar", "uk", "ru", "fa", "fr", "tr", "ps", "ur"),
    ]


@pytest.mark.parametrize("phone", ["ar", "AR-eg", "ar_SA", "ar-raw", " ar"])
def test_the_language_of_a_phone_is_found(languages: Languages, phone: str) -> None:
    assert languages.closest(phone) is languages.get("ar")


@pytest.mark.parametrize("phone", ["ka", "zh_TW", "de-x-formal", "-", "", None])
def test_a_phone_in_a_language_we_do_not_offer_raises_nothing(
    languages: Languages, phone: str | None
) -> None:
    assert languages.closest(phone) is None
