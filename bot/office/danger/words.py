"""Words as danger is looked for in them: every way of typing a word becomes one."""

import re
from collections.abc import Iterator

from bot.office.finding.normal import folded, plain

APART = 4
"""So many empty places stand between two sentences: no pattern reaches over them."""

# Dots that trail off separate nothing; a date or an amount holds together.
_SENTENCE = re.compile(r"[!?؟۔;\n]+|(?<!\.)\.(?![.\d])")
_APOSTROPHES = re.compile(r"['’ʼ`´‘]")
_TWICE = re.compile(r"(\D)\1+")
_LATIN = re.compile("kh|zh|tz|w|x|y|q|(?<=[a-z])[46]|[46](?=[a-z])")
# One spelling for what people who write Bulgarian, Russian or Ukrainian in Latin letters vary.
_SPELT = {
    "kh": "h", "zh": "j", "tz": "ts", "w": "v", "x": "h", "y": "i", "q": "ia", "4": "ch", "6": "sh",
}  # fmt: skip
_CYRILLIC = dict(zip("абвгдежзиклмнопрстуфх", "abvgdejziklmnoprstufh", strict=True)) | {
    "ч": "ch", "ш": "sh", "ю": "iu", "я": "ia", "ь": "",
}  # fmt: skip
# What has several spellings: the first copy has the first of each, the second the second.
_VARIED = {
    "bg": ({"ъ": "a", "ц": "ts", "щ": "sht"}, {"ъ": "u", "ц": "c", "щ": "sht", "ю": "u"}),
    "ru": ({"ъ": "", "ц": "ts", "щ": "sch"}, {"ъ": "", "ц": "c", "щ": "sh"}),
    "uk": ({"ъ": "", "ц": "ts", "щ": "sch", "г": "h"}, {"ъ": "", "ц": "c", "щ": "sh"}),
}
_TABLES = {
    code: tuple(str.maketrans(_CYRILLIC | varied) for varied in copies)
    for code, copies in _VARIED.items()
}


def spelt(text: str) -> str:
    """Text in the one spelling everything is compared in."""
    bare = folded(plain(_APOSTROPHES.sub("", text)))
    return _TWICE.sub(r"\1", _LATIN.sub(lambda found: _SPELT[found[0]], bare))


def words_of(text: str) -> list[str]:
    """The words in order, with empty places where a sentence ends."""
    found: list[str] = []
    for sentence in _SENTENCE.split(text):
        words = spelt(sentence).split()
        if found and words:
            found += [""] * APART
        found += words
    return found


def typed_in_latin(language: str, text: str) -> Iterator[str]:
    """Text already spelt, as people type it who have no Cyrillic keyboard."""
    for table in _TABLES.get(language, ()):
        copy = text.translate(table)
        if copy != text:
            yield _TWICE.sub(r"\1", copy)
