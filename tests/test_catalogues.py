"""Our catalogues agree with the code and with our manners; and the tool that keeps them does."""

import ast
from gettext import c2py
from pathlib import Path

import pytest
from babel import Locale
from babel.messages import Catalog, Message

from bot import texts
from bot.columns import WIDEST, columns
from bot.texts import BLANK, LOCALES, SOURCE, blanks, tags
from bot.texts_catalogue import (
    KEYWORDS,
    LABELS,
    PLURALS,
    extract,
    finished,
    forms,
    read,
    sources,
    update,
)

OFFERED = [language.code for language in texts.load().offered()]
TRANSLATED = [code for code in OFFERED if code != SOURCE]

in_every_offered_language = pytest.mark.parametrize("code", OFFERED)
in_every_translation = pytest.mark.parametrize("code", TRANSLATED)


@pytest.fixture(scope="module")
def said() -> Catalog:
    return extract()


def catalogue(code: str) -> Catalog:
    return read(LOCALES / code / "messages.po", code)


def entries(code: str) -> list[Message]:
    return [message for message in catalogue(code) if message.id]


def source(message: Message) -> tuple[str, ...]:
    return (message.id,) if isinstance(message.id, str) else tuple(message.id)


def sentences(found: Catalog) -> set[tuple[str, ...]]:
    return {source(message) for message in found if message.id}


def written(code: str) -> list[tuple[Message, str]]:
    """Every form of every entry that has been translated so far."""
    return [(one, form) for one in entries(code) for form in forms(one) if form]


def filled(message: Message, *words: str) -> set[str]:
    """The blanks; a plural may write its number in words."""
    return {*blanks("".join(words)), *({"n"} if message.pluralizable else set())}


def width(text: str) -> int:
    """How wide a text is drawn, its blanks left empty."""
    return columns(BLANK.sub("", text))


@in_every_translation
def test_nothing_is_untranslated_or_in_doubt(code: str) -> None:
    assert [message.id for message in entries(code) if not finished(message)] == []


@in_every_translation
def test_a_translation_has_the_blanks_of_its_source(code: str) -> None:
    wrong = [form for one, form in written(code) if filled(one, form) != filled(one, *source(one))]

    assert wrong == []


@in_every_translation
def test_a_translation_has_the_bold_parts_of_its_source(code: str) -> None:
    wrong = [form for one, form in written(code) if tags(form) != tags(source(one)[-1])]

    assert wrong == []


@in_every_translation
def test_every_plural_has_all_its_forms(code: str) -> None:
    wanted = catalogue(code).num_plurals
    plurals = [message for message in entries(code) if message.pluralizable]

    assert [one.id for one in plurals if len([*filter(None, forms(one))]) != wanted] == []


@pytest.mark.parametrize("code", sorted({*TRANSLATED, *PLURALS, "uk", "ru"}))
def test_numbers_share_a_form_exactly_when_the_language_says_so(code: str, tmp_path: Path) -> None:
    path = LOCALES / code / "messages.po"
    if not path.exists():
        update(code, Catalog(), tmp_path)
        path = tmp_path / code / "messages.po"
    form, kind = c2py(read(path, code).plural_expr), Locale.parse(code).plural_form

    pairs = {(form(n), kind(n)) for n in (*range(200), 1000)}

    assert len(pairs) == len(dict(pairs)) == len({name for _form, name in pairs})


@in_every_offered_language
def test_a_label_fits_on_a_narrow_phone(code: str) -> None:
    labels = sentences(extract(LABELS))
    shown = [sentence for label in labels for sentence in label]
    if code != SOURCE:
        shown = [form for one in entries(code) if source(one) in labels for form in forms(one)]

    assert [label for label in shown if width(label) > WIDEST] == []


@in_every_translation
def test_the_catalogue_has_exactly_the_sentences_the_code_says(code: str, said: Catalog) -> None:
    entered, spoken = sentences(catalogue(code)), sentences(said)

    assert {"never said": entered - spoken, "not entered": spoken - entered} == {
        "never said": set(),
        "not entered": set(),
    }


@in_every_translation
def test_the_header_names_the_language(code: str) -> None:
    lines = (LOCALES / code / "messages.po").read_text(encoding="utf-8").splitlines()

    named = [line for line in lines if line.startswith('"Language: ')]

    assert named == [f'"Language: {code}\\n"']


def test_no_sentence_has_spaces_around_it(said: Catalog) -> None:
    assert [one for one in sentences(said) if any(part != part.strip() for part in one)] == []


@pytest.mark.parametrize("path", sources(), ids=lambda path: f"{path.parent.name}/{path.name}")
def test_a_sentence_is_whole_where_it_is_said(path: Path) -> None:
    glued = (ast.JoinedStr, ast.BinOp, ast.IfExp)
    tree = ast.parse(path.read_text(encoding="utf-8"))

    found = [
        f"line {call.lineno}: {ast.unparse(call)}"
        for call in ast.walk(tree)
        if isinstance(call, ast.Call) and called(call) in KEYWORDS
        if any(isinstance(words, glued) for words in call.args[: words_of(call)])
    ]

    assert found == []


def called(call: ast.Call) -> str:
    return getattr(call.func, "attr", getattr(call.func, "id", ""))


def words_of(call: ast.Call) -> int:
    return len(KEYWORDS[called(call)] or (1,))


def test_the_register_falls_back_only_to_languages_it_has() -> None:
    spoken = texts.load().all

    chains = {code for language in spoken.values() for code in language.chain}

    assert chains - set(spoken) == set()


def test_every_language_comes_to_a_source_text_in_the_end() -> None:
    ends = {code: one.chain[-1] for code, one in texts.load().all.items()}

    assert {code for code, end in ends.items() if end not in {"bg", "en"}} == set()


# The tool


SAID = """
def view(desk):
    # Translators: a greeting in the morning.
    desk.say("Good morning, {name}.", name="x")
    desk.label("✅ Book")
    desk.count("{n} free time", "{n} free times", 2)
    "text".count("x")
    return N_("Later " "on")
"""


BEGUN = r"""# Bulgarian. How to translate is written in locales/README.md.
msgid ""
msgstr ""
"Language: bg\n"
"MIME-Version: 1.0\n"
"Content-Type: text/plain; charset=utf-8\n"
"Content-Transfer-Encoding: 8bit\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\n"

#. a greeting in the morning.
#: dialogs/view.py
#, python-brace-format
msgid "Good morning, {name}."
msgstr ""

#: dialogs/view.py
msgid "✅ Book"
msgstr ""

#: dialogs/view.py
#, python-brace-format
msgid "{n} free time"
msgid_plural "{n} free times"
msgstr[0] ""
msgstr[1] ""

#: dialogs/view.py
msgid "Later on"
msgstr ""

"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    for folder in ("bot/sandbox", "dialogs", "locales"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "dialogs" / "view.py").write_text(SAID, encoding="utf-8")
    (tmp_path / "bot" / "sandbox" / "page.py").write_text('x.say("Not ours")', encoding="utf-8")
    return tmp_path


def run(project: Path, code: str = "bg") -> str:
    update(code, extract(root=project), project / "locales")
    return (project / "locales" / code / "messages.po").read_text(encoding="utf-8")


def test_a_new_catalogue_has_every_sentence_in_the_order_it_is_said(project: Path) -> None:
    assert run(project) == BEGUN


def test_a_new_arabic_catalogue_has_six_forms(project: Path) -> None:
    assert run(project, "ar").count("msgstr[") == 6


def test_a_second_run_changes_nothing(project: Path) -> None:
    assert run(project) == run(project)


def test_a_changed_sentence_keeps_its_translation_in_doubt(project: Path) -> None:
    translate(project, {"Good morning, {name}.": "Добро утро, {name}.", "✅ Book": "✅ Запази"})
    changed = SAID.replace("Good morning, {name}.", "Good morning, dear {name}.")
    (project / "dialogs" / "view.py").write_text(changed, encoding="utf-8")

    run(project)

    bulgarian = read(project / "locales" / "bg" / "messages.po", "bg")
    [greeting, book, *_rest] = [message for message in bulgarian if message.id]
    assert (greeting.string, greeting.fuzzy) == ("Добро утро, {name}.", True)
    assert (book.string, book.fuzzy) == ("✅ Запази", False)


def test_a_sentence_nobody_says_any_more_is_forgotten(project: Path) -> None:
    translate(project, {"✅ Book": "✅ Запази"})
    (project / "dialogs" / "view.py").write_text('desk.say("Hello")', encoding="utf-8")

    run(project)

    bulgarian = read(project / "locales" / "bg" / "messages.po", "bg")
    assert (sentences(bulgarian), list(bulgarian.obsolete)) == ({("Hello",)}, [])


def test_what_waits_for_a_translator_is_counted(project: Path) -> None:
    translate(project, {"✅ Book": "✅ Запази"})

    assert update("bg", extract(root=project), project / "locales") == 3


def translate(project: Path, translations: dict[str, str]) -> None:
    text = run(project)
    for sentence, translation in translations.items():
        empty = f'msgid "{sentence}"\nmsgstr ""'
        text = text.replace(empty, empty[:-1] + f'{translation}"')
    (project / "locales" / "bg" / "messages.po").write_text(text, encoding="utf-8")
