"""Our own texts as people without the right keyboard would type them, by rule."""

import re

from bot.office.finding.normal import bare

_CYRILLIC = (
    "а:a б:b в:v г:g д:d е:e ж:zh з:z и:i й:y к:k л:l м:m н:n о:o п:p р:r с:s т:t у:u ф:f х:h ц:ts "
    "ч:ch ш:sh щ:sht ъ:a ы:y ь: ю:yu я:ya є:ye і:i ї:yi ґ:g ё:yo э:e"
)
_ARABIC = (
    "ا:a آ:a أ:a إ:i ب:b پ:p ت:t ٹ:t ټ:t ث:th ج:j چ:ch ح:h خ:kh د:d ډ:d ڈ:d ذ:z ر:r ړ:r ڑ:r "
    "ز:z ژ:zh ځ:dz څ:ts س:s ش:sh ښ:kh ږ:g ص:s ض:z ط:t ظ:z ع:a غ:gh ف:f ق:q ك:k ک:k ګ:g گ:g ل:l "
    "م:m ن:n ڼ:n ں:n ه:h ہ:h ھ:h ة:a ۀ:e و:o ؤ:o ي:i ی:i ى:a ې:e ۍ:ai ئ:i ے:e ء:"
)
_LETTERS = {
    "bg": _CYRILLIC,
    "ru": f"{_CYRILLIC} щ:sch ъ:",
    "uk": f"{_CYRILLIC} щ:shch г:h и:y",
    "ar": f"{_ARABIC} ح:7 ع:3 ض:d ذ:d و:ou",
    "fa": _ARABIC,
    "ps": _ARABIC,
    "ur": f"{_ARABIC} و:o ی:i",
}
_TABLES = {
    language: {ord(one[0]): one[2:] for one in pairs.split()}
    for language, pairs in _LETTERS.items()
}
_BARE_PAIR = re.compile(r"(?<=[bcdfghjklmnpqrstvz7])(?=[bcdfgjklmnpqrstvz7])")


def romanised(language: str, text: str) -> str:
    """Plain words of another script in Latin letters; vowels that are not written are guessed."""
    latin = bare(text.translate(_TABLES[language]))
    return latin if language in ("bg", "ru", "uk") else _BARE_PAIR.sub("a", latin)
