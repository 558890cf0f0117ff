"""Words without what people leave out, mix up or write in two ways, and the script they are in."""

import re
import unicodedata

_GONE = re.compile(
    r"[\u0307\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed\u0640]|[\u200b-\u200f\u2060\ufeff]"
)
_MARKS = re.compile(r"[\u0300-\u036f\u0653-\u0655]")
_APOSTROPHE = re.compile(r"(?<=[0-9\u0400-\u04ff])['’ʼ`]")
_OTHER = re.compile(r"[\W_]+")
_AGAIN = re.compile(r"(.)\1{2,}")

_CYRILLIC = re.compile(r"[\u0400-\u052f]")
_ARABIC = re.compile(r"[\u0600-\u06ff]")
_LATIN = re.compile(r"[a-z\u00df-\u024f]")

_DIGITS = {
    ord(sign): str(value)
    for zero in "٠۰०"
    for value, sign in enumerate(chr(ord(zero) + step) for step in range(10))
}
_SAME = {
    ord(many): one
    for one, kinds in {
        # Arabic letters: first what is only written otherwise, then what a keyboard lacks.
        "ا": "أإآٱ", "ي": "ىیېۍئےۓ", "و": "ؤۇ", "ه": "ةۀەہھۃۂ", "ك": "ک", "گ": "ګ", "ن": "ںڼ",
        "ت": "ټٹ", "د": "ډڈ", "ر": "ړڑ", "ش": "ښ", "ژ": "ږ", "ز": "ځ", "س": "څ", "": "ء",
        "е": "ёєэ", "и": "іїый", "г": "ґ",
        "i": "ı", "d": "đ", "o": "ø", "l": "ł",
    }.items()
    for many in kinds
} | {ord("ß"): "ss", ord("œ"): "oe", ord("æ"): "ae"}  # fmt: skip


def plain(words: str) -> str:
    """Small letters and digits with single blanks between words; every letter as it was typed."""
    text = unicodedata.normalize("NFKC", words).casefold()
    text = _GONE.sub("", _APOSTROPHE.sub("", text)).translate(_DIGITS)
    return _AGAIN.sub(r"\1\1", _OTHER.sub(" ", text)).strip()


def bare(text: str) -> str:
    """Plain words with no marks above or below Latin letters, as on a keyboard that has none."""
    if text.isascii():
        return text
    return unicodedata.normalize("NFC", _MARKS.sub("", unicodedata.normalize("NFD", text)))


def folded(text: str) -> str:
    """Plain words where letters that people mix up are one letter: what is compared."""
    return bare(text).translate(_SAME)


def script(text: str) -> str | None:
    """``latin``, ``cyrillic`` or ``arabic``; a foreign letter says more than a Latin one."""
    cyrillic = 2 * len(_CYRILLIC.findall(text))
    arabic = 2 * len(_ARABIC.findall(text))
    latin = len(_LATIN.findall(text))
    most = max(cyrillic, arabic, latin)
    if not most:
        return None
    return {latin: "latin", arabic: "arabic", cyrillic: "cyrillic"}[most]
