"""The languages we speak, each with its words, plurals, numbers, dates and direction."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from gettext import c2py
from html import escape
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import yaml
from babel import Locale
from babel.dates import format_skeleton, get_datetime_format
from babel.lists import format_list
from babel.messages.pofile import read_po
from babel.numbers import format_decimal

from bot.bidi import anchored, isolated

LOCALES = Path(__file__).parent.parent / "locales"
SOURCE = "en"  # its sentences stand in the code and are the keys of every catalogue

# Babel writes narrow and no-break spaces nobody can type, search for, or see.
PLAIN_SPACES = {0x00A0: " ", 0x2009: " ", 0x202F: " "}

BLANK = re.compile(r"\{(\w+)\}")
TAG = re.compile(r"</?[a-z][^<>]*>")

# A sentence alone, or the singular and the plural of a counted one.
Key = tuple[str] | tuple[str, str]


class Direction(StrEnum):
    LTR = "ltr"
    RTL = "rtl"


class Words(str):
    """What has been said already: safe HTML, not escaped a second time."""

    __slots__ = ()


class BlankError(ValueError):
    """A sentence and what should fill it do not belong together."""


def N_(sentence: str) -> str:  # noqa: N802  # the name translators' tools know
    """Mark a sentence that is spoken later."""
    return sentence


def blanks(text: str) -> frozenset[str]:
    """The names of all blanks; a stray brace counts as a blank that nobody can fill."""
    return frozenset(BLANK.findall(text)) | (set(BLANK.sub("", text)) & set("{}"))


def tags(text: str) -> Counter[str]:
    """The markup of a text, whatever its order."""
    return Counter(TAG.findall(text))


def fits(key: Key, translation: str) -> bool:
    """Whether a translation has the blanks and the markup of its source."""
    free = {"n"} if len(key) == 2 else set()  # Arabic has a form in words for exactly two
    same_blanks = blanks(translation) | free == blanks("".join(key)) | free
    return same_blanks and tags(translation) == tags(key[-1])


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The translations of one language that can be shown to people."""

    forms: Mapping[Key, tuple[str, ...]]
    plural: Callable[[int], int]

    def find(self, key: Key, n: int) -> str | None:
        found = self.forms.get(key)
        if not found:
            return None
        return found[self.plural(n)] if len(key) == 2 else found[0]


@dataclass(frozen=True, slots=True, eq=False)
class Language:
    """A language with its manners. `misses` counts the sentences it could not say itself."""

    code: str
    name: str
    direction: Direction
    chain: tuple[str, ...]
    offered: bool
    signed_by: str | None
    calendar: str
    zone: ZoneInfo = field(repr=False)
    locale: Locale = field(repr=False)
    catalogues: tuple[Catalogue, ...] = field(repr=False)
    misses: Counter[str] = field(default_factory=Counter, repr=False)

    def say(self, sentence: str, /, **fill: str | int) -> Words:
        """Text of a message; all that fills it is escaped, except `Words`."""
        return Words(self._filled(self._html, (sentence,), 1, fill))

    def label(self, sentence: str, /, **fill: str | int) -> str:
        """Plain text of a button."""
        return self._filled(self._plain, (sentence,), 1, fill)

    def count(self, one: str, many: str, n: int, /, **fill: str | int) -> Words:
        """Text of a message in the plural that `n` asks for."""
        return Words(self._filled(self._html, (one, many), n, {**fill, "n": n}))

    def count_label(self, one: str, many: str, n: int, /, **fill: str | int) -> str:
        """Plain text of a button in the plural that `n` asks for."""
        return self._filled(self._plain, (one, many), n, {**fill, "n": n})

    def pick(self, titles: Mapping[str, str]) -> str:
        """The text in this language or along its chain, as it was written (not escaped)."""
        return titles[self.speaks(titles)]

    def speaks(self, titles: Mapping[str, str]) -> str:
        """The code of the language that `pick` uses; any language rather than silence."""
        for code in (self.code, *self.chain, *titles):
            if titles.get(code):
                return code
        raise LookupError("a text in no language at all")

    def day(self, when: date, now: datetime | None = None) -> str:
        """A weekday and its date. With `now`: today, tomorrow, and no year if it is this one."""
        day = self._day(when)
        ahead = day - self._day(now) if now else None
        if ahead == timedelta(0):
            # Translators: within a sentence, like "Appointment at the bureau, today 10:00."
            return self.label("today")
        if ahead == timedelta(1):
            # Translators: within a sentence, like "Appointment at the bureau, tomorrow 10:00."
            return self.label("tomorrow")
        return self.dated(day, now)

    def time(self, moment: datetime) -> str:
        """Hours and minutes on the city's clock."""
        return self._skeleton("Hm", self._local(moment))

    def moment(self, moment: datetime, now: datetime | None = None) -> str:
        """A weekday, its date and the time. With `now`: no year if it is this one."""
        parts = {"0": self.time(moment), "1": self.dated(self._day(moment), now)}
        pattern = str(get_datetime_format("medium", locale=self.locale))
        return BLANK.sub(lambda part: parts[part[1]], pattern)

    def month(self, when: date) -> str:
        """A month and its year, as on top of a calendar."""
        return self._skeleton("yMMMM", self._day(when))

    def listing(self, items: Iterable[str]) -> str:
        """Several things in a row, joined the way this language joins them."""
        parts = list(items)
        if any(isinstance(part, Words) for part in parts):
            return Words(self._joined([self._html(part) for part in parts]))
        return self._joined([self._plain(part) for part in parts])

    def _joined(self, parts: list[str]) -> str:
        return format_list(parts, locale=self.locale)

    def _filled(
        self, speak: Callable[[str | int], str], key: Key, n: int, fill: Mapping[str, str | int]
    ) -> str:
        _check(key, fill.keys())
        spoken = {blank: speak(value) for blank, value in fill.items()}
        said = BLANK.sub(lambda blank: spoken[blank[1]], self._translation(key, n))
        return said if self.direction is Direction.LTR else anchored(said)

    def _translation(self, key: Key, n: int) -> str:
        for place, catalogue in enumerate(self.catalogues):
            found = catalogue.find(key, n)
            if found is not None:
                return found
            if place == 0:
                self.misses[key[0]] += 1
        return key[0] if n == 1 else key[-1]

    def _html(self, value: str | int) -> str:
        text = self._written(value)
        return self._isolated(text if isinstance(value, Words) else escape(text, quote=False))

    def _plain(self, value: str | int) -> str:
        if isinstance(value, Words):
            raise TypeError(f"a button shows no markup: {value!r}")
        return self._isolated(self._written(value))

    def _written(self, value: str | int) -> str:
        # Latin digits everywhere: dates, phone numbers and addresses have them on the same screen.
        if isinstance(value, int):
            number = format_decimal(value, locale=self.locale, numbering_system="latn")
            return number.translate(PLAIN_SPACES)
        return value

    def _isolated(self, text: str) -> str:
        return text if self.direction is Direction.LTR else isolated(text)

    def called(self, code: str) -> str:
        """The name of another language in this one."""
        return str(self.locale.languages.get(code, code))

    def dated(self, when: date, now: datetime | None = None) -> str:
        """A weekday and its date, never "today"; with `now` no year if it is this one."""
        day = self._day(when)
        this_year = now is not None and self._day(now).year == day.year
        return self._skeleton("MMMEd" if this_year else "yMMMEd", day)

    def _skeleton(self, skeleton: str, when: date) -> str:
        zone = self.zone if isinstance(when, datetime) else None
        spoken = format_skeleton(skeleton, when, tzinfo=zone, locale=self.locale)
        return spoken.translate(PLAIN_SPACES)

    def _day(self, when: date) -> date:
        return self._local(when).date() if isinstance(when, datetime) else when

    def _local(self, moment: datetime) -> datetime:
        if moment.tzinfo is None:
            raise ValueError(f"a moment without a zone: {moment}")
        return moment.astimezone(self.zone)


@dataclass(frozen=True, slots=True)
class Languages:
    """All languages of the register, in its order."""

    all: Mapping[str, Language]

    def get(self, code: str) -> Language:
        return self.all[code]

    def offered(self) -> tuple[Language, ...]:
        return tuple(language for language in self.all.values() if language.offered)

    def closest(self, app_language_code: str | None) -> Language | None:
        """The offered language of a phone; Telegram passes on whatever the phone says."""
        [code, *_region] = re.split("[-_]", app_language_code or "")
        found = self.all.get(code.strip().lower())
        return found if found and found.offered else None


def load(folder: Path = LOCALES, zone: str = "Europe/Sofia") -> Languages:
    """Read the register and every catalogue beside it."""
    register = yaml.safe_load((folder / "languages.yaml").read_text(encoding="utf-8"))
    codes = [entry["code"] for entry in register if entry["code"] != SOURCE]
    paths = {code: folder / code / "messages.po" for code in codes}
    changed_at = {c: one.stat().st_mtime_ns if one.exists() else 0 for c, one in paths.items()}
    catalogues = {code: _catalogue(one, code, changed_at[code]) for code, one in paths.items()}
    spoken = [_language(entry, catalogues, ZoneInfo(zone)) for entry in register]
    return Languages({language.code: language for language in spoken})


def _language(entry: Any, catalogues: Mapping[str, Catalogue], zone: ZoneInfo) -> Language:
    codes = (entry["code"], *entry["chain"])
    before_source = codes[: codes.index(SOURCE)]  # English is never missing a sentence
    return Language(
        code=entry["code"],
        name=entry["name"],
        direction=Direction(entry["direction"]),
        chain=tuple(entry["chain"]),
        offered=entry["offered"],
        signed_by=entry["signed_by"],
        calendar=entry["calendar"],
        zone=zone,
        locale=Locale.parse(entry["code"]),
        catalogues=tuple(catalogues[code] for code in before_source),
    )


@lru_cache
def _catalogue(path: Path, code: str, changed_at: int) -> Catalogue:
    """Keep what can be shown: an unfinished, doubtful or misfilled translation is none."""
    if not changed_at:
        return Catalogue({}, lambda _n: 0)
    with path.open("rb") as file:
        messages = read_po(file, locale=code, abort_invalid=True)
    forms: dict[Key, tuple[str, ...]] = {}
    for message in messages:
        key, translations = _tuple(message.id), _tuple(message.string)
        complete = all(translations) and all(fits(key, one) for one in translations)
        if message.id and complete and not message.fuzzy:
            forms[key] = translations
    return Catalogue(forms, c2py(messages.plural_expr))


def _check(key: Key, fill: AbstractSet[str]) -> None:
    free = {"n"} if len(key) == 2 else set()
    wanted = blanks("".join(key))
    if wanted | free != fill | free:
        raise BlankError(f"{key[0]!r} has the blanks {sorted(wanted)}, not {sorted(fill)}")


def _tuple(text: Any) -> Any:
    return (text,) if isinstance(text, str) else tuple(text)
