"""What is left of a word when it is typed in Latin letters: both spellings give one skeleton."""

import re
from collections.abc import Mapping
from functools import cache

from bot.office.finding.normal import folded

_CYRILLIC = {
    **dict(zip("абвгдежзиклмнопрстуфхц", "abvgdejziklmnoprstufhc", strict=True)),
    "ч": "4", "ш": "6", "ъ": "a", "ь": "", "ю": "iu", "я": "q",
}  # fmt: skip
_LATIN_CYRILLIC = (
    "shch:{щ} sch:{щ} sht:6t sh:6 ch:4 zh:j kh:h ts:c tz:c "
    "yu:iu ju:iu ya:q ja:q ia:q yo:e jo:e ye:e je:e w:v x:h y:i"
)
# Persian, Pashto and Urdu sound these letters alike; Arabic does not.
_EASTERN = {
    **dict.fromkeys("ثصس", "s"), **dict.fromkeys("ذضظز", "z"), **dict.fromkeys("تط", "t"),
    **dict.fromkeys("حه", "h"), **dict.fromkeys("اوعي", ""),
    **dict(zip("بپجچخدرژشفكگلمن", "bpjcxdrJ$fkglmn", strict=True)), "غ": "G", "ق": "G",
}  # fmt: skip
_LATIN_EASTERN = "kh:x gh:G sh:$ ch:c zh:J ph:f th:t dh:d x:x q:G ck:k v: w: y: a: e: i: o: u:"

_NATIVE: Mapping[str, Mapping[str, str]] = {
    "bg": _CYRILLIC | {"щ": "6t"},
    "ru": _CYRILLIC | {"щ": "6", "ъ": ""},
    "uk": _CYRILLIC | {"щ": "64", "ъ": "", "г": "h"},
    "ar": {
        **dict(zip("بپجچحخدذرزسشصضطظعغفقكگلمنه", "bbj$hxddrzs$sdtz3Gfqkglmnh", strict=True)),
        **dict.fromkeys("اوي", ""), "ث": "t", "ڤ": "f",
    },
    "fa": _EASTERN,
    "ps": _EASTERN | {"ژ": "g"},
    "ur": _EASTERN | {"خ": "k", "ق": "k", "غ": "g"},
}  # fmt: skip
_LATIN = {
    "bg": _LATIN_CYRILLIC.format(щ="6t"),
    "ru": _LATIN_CYRILLIC.format(щ="6"),
    "uk": _LATIN_CYRILLIC.format(щ="64") + " g:h",
    "ar": (
        "sh:$ ch:$ kh:x gh:G th:t dh:d 2: 3:3 5:x 6:t 7:h 8:G 9:s p:b v:f c:k x:ks "
        "w: y: a: e: i: o: u:"
    ),
    "fa": _LATIN_EASTERN,
    "ps": _LATIN_EASTERN + " dz:z ts:s",
    "ur": _LATIN_EASTERN.replace("kh:x", "kh:k").replace("gh:G", "gh:g").replace("q:G", "q:k")
    + " bh:b chh:c jh:j rh:r",
}
TYPED_IN_LATIN = tuple(_NATIVE)
"""Languages of other scripts that people also type in Latin letters."""
CYRILLIC = ("bg", "ru", "uk")
VOWELLESS = ("ar", "fa", "ps", "ur")
"""Their skeletons are consonants only, so neighbours must speak for a word too."""

_TWICE = re.compile(r"(\w|\$)\1+")


def skeleton(language: str, text: str) -> str:
    """The skeleton of plain words in either spelling."""
    pattern, sounds = _sounds(language)
    # Urdu writes the breath of bh, kh, th as a letter; the sounds above have it already.
    text = text.replace("ھ", "") if language == "ur" else text
    bones = pattern.sub(lambda found: sounds.get(found[0], ""), folded(text))
    bones = _TWICE.sub(r"\1", bones.translate(_letters(language)))
    return " ".join(bones.replace("iq", "q").split())


@cache
def _letters(language: str) -> dict[int, str]:
    return {ord(letter): bone for letter, bone in _NATIVE[language].items()}


@cache
def _sounds(language: str) -> tuple[re.Pattern[str], dict[str, str]]:
    sounds = dict(one.split(":") for one in _LATIN[language].split())
    parts = sorted(sounds, key=len, reverse=True)
    if language in VOWELLESS:
        parts = [*(one for one in parts if one != "h"), r"[hه]\b", *(["h"] if "h" in parts else [])]
    return re.compile("|".join(parts)), sounds
