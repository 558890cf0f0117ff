"""Bring the catalogues up to date with the code: python -m bot.texts_catalogue update [CODE …]."""

import sys
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path

from babel import Locale
from babel.messages import Catalog, Message
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po, write_po

from bot.texts import LOCALES, SOURCE, load

ROOT = LOCALES.parent
LABELS: Mapping[str, tuple[int, ...] | None] = {"label": None, "count_label": (1, 2)}
KEYWORDS = {"say": None, "N_": None, "count": (1, 2), **LABELS}

# Babel numbers the last two forms of Arabic the other way round than every translator's tool,
# and knows no singular in Persian and Turkish, though CLDR does.
PLURALS = {
    "fa": "nplurals=2; plural=(n > 1);",
    "tr": "nplurals=2; plural=(n != 1);",
    "ar": "nplurals=6; plural=(n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : "
    "n%100>=3 && n%100<=10 ? 3 : n%100>=11 ? 4 : 5);",
}

# Without dates and names: a run that finds nothing new changes nothing.
HEADER = """\
# {name}. How to translate is written in locales/README.md.
msgid ""
msgstr ""
"Language: {code}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: {plurals}\\n"

"""


def extract(
    keywords: Mapping[str, tuple[int, ...] | None] = KEYWORDS, root: Path = ROOT
) -> Catalog:
    """Every sentence the code says, in the order it is found."""
    found = Catalog()
    for path in sources(root):
        spoken = extract_from_file(
            "python", path, keywords, comment_tags=["Translators:"], strip_comment_tags=True
        )
        place = path.relative_to(root).as_posix()
        for line, sentence, notes, _context in spoken:
            found.add(sentence, locations=[(place, line)], auto_comments=notes)
    return found


def update(code: str, said: Catalog, folder: Path = LOCALES) -> int:
    """Merge what is said into a catalogue; what has changed becomes fuzzy.

    Returns how many sentences wait for a translator.
    """
    path = folder / code / "messages.po"
    path.parent.mkdir(exist_ok=True)
    catalogue = _existing(path, code)
    catalogue.update(said)
    path.write_text(_header(catalogue, code) + _body(catalogue), encoding="utf-8")
    return sum(not finished(message) for message in read(path, code) if message.id)


def finished(message: Message) -> bool:
    """Whether a translator has written every form and doubts none."""
    return all(forms(message)) and not message.fuzzy


def forms(message: Message) -> tuple[str, ...]:
    """What a translator has written, one text for each plural."""
    written = message.string or ""
    return (written,) if isinstance(written, str) else tuple(written)


def read(path: Path, code: str) -> Catalog:
    """A catalogue as it is written, unfinished entries and all."""
    with path.open("rb") as file:
        return read_po(file, locale=code, abort_invalid=True)


def sources(root: Path = ROOT) -> list[Path]:
    """The modules that may speak; the sandbox plays Telegram and never talks to a visitor."""
    found = [*sorted((root / "bot").rglob("*.py")), *sorted((root / "dialogs").rglob("*.py"))]
    return [path for path in found if root / "bot" / "sandbox" not in path.parents]


def _existing(path: Path, code: str) -> Catalog:
    if path.exists():
        return read(path, code)
    catalogue = Catalog(locale=code)
    if code in PLURALS:
        catalogue.mime_headers = [("Plural-Forms", PLURALS[code])]
    return catalogue


def _header(catalogue: Catalog, code: str) -> str:
    name = Locale.parse(code).english_name
    return HEADER.format(name=name, code=code, plurals=catalogue.plural_forms)


def _body(catalogue: Catalog) -> str:
    written = BytesIO()
    write_po(
        written,
        catalogue,
        width=100,
        omit_header=True,
        ignore_obsolete=True,
        include_previous=True,
        include_lineno=False,  # a moved line is no news for a translator
    )
    return written.getvalue().decode()


def main(arguments: list[str]) -> None:
    """Update the languages named, or all that are offered or have been begun."""
    if arguments[:1] != ["update"]:
        raise SystemExit(__doc__)
    begun = {path.parent.name for path in LOCALES.glob("*/messages.po")}
    offered = {language.code for language in load().offered()}
    said = extract()
    for code in arguments[1:] or sorted((begun | offered) - {SOURCE}):
        sys.stdout.write(f"{code}: {update(code, said)} of {len(said)} wait for a translator\n")


if __name__ == "__main__":
    main(sys.argv[1:])
