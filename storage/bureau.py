"""The bureau itself: name, address, hours, numbers for danger. Read once from its seed file."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import holidays

from storage import shelf

SEEDS = Path(__file__).parent / "seeds"

Titles = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Helpline:
    """A number for danger: whom it is for, who answers, when."""

    number: str
    dangers: frozenset[str]
    name: Titles
    use: Titles
    open: Titles
    read_out: Mapping[str, Any] | None


@dataclass(frozen=True, slots=True)
class PartOfDay:
    """A wish for the time of day, in wall time of the bureau."""

    code: str
    icon: str
    titles: Titles
    starts: time
    ends: time


@dataclass(frozen=True)
class Bureau:
    """What the bot knows about the bureau. Wall times are those of ``zone``."""

    name: Titles
    short_name: Titles
    address: Titles
    latitude: float
    longitude: float
    web: str
    opens: time
    closes: time
    zone: ZoneInfo
    helplines: Sequence[Helpline]
    parts: Sequence[PartOfDay]
    answer_hours: Mapping[str, int] = field(default_factory=dict)

    @cached_property
    def _holidays(self) -> Mapping[date, str]:
        return holidays.country_holidays("BG")

    def is_working_day(self, day: date) -> bool:
        """Monday to Friday, public holidays of Bulgaria excepted."""
        return day.weekday() < 5 and day not in self._holidays

    def at(self, day: date, wall: time) -> datetime:
        """A wall time of the bureau as a moment."""
        return datetime.combine(day, wall, self.zone)

    def today(self, now: datetime) -> date:
        return now.astimezone(self.zone).date()

    def is_open(self, now: datetime) -> bool:
        here = now.astimezone(self.zone)
        return self.is_working_day(here.date()) and self.opens <= here.time() < self.closes

    def part(self, code: str) -> PartOfDay | None:
        return next((one for one in self.parts if one.code == code), None)

    def after_working_hours(self, now: datetime, hours: float) -> datetime:
        """The moment when so many working hours have passed since ``now``."""
        left = timedelta(hours=hours)
        here = now.astimezone(self.zone)
        while True:
            opening, closing = self.at(here.date(), self.opens), self.at(here.date(), self.closes)
            begin = max(here, opening)
            if self.is_working_day(here.date()) and begin < closing:
                if closing - begin >= left:
                    return begin + left
                left -= closing - begin
            here = self.at(here.date() + timedelta(days=1), time.min)


def read(folder: Path = SEEDS, zone: str = "Europe/Sofia") -> Bureau:
    """The bureau as its seed files describe it."""
    about = shelf.mapping(folder / "bureau.yaml")
    offers = shelf.mapping(folder / "services.yaml")
    bureau = about["bureau"]
    return Bureau(
        name=bureau["name"],
        short_name=bureau["short_name"],
        address=bureau["address"]["text"],
        latitude=bureau["place"]["latitude"],
        longitude=bureau["place"]["longitude"],
        web=bureau["web"],
        opens=time.fromisoformat(bureau["hours"]["from"]),
        closes=time.fromisoformat(bureau["hours"]["to"]),
        zone=ZoneInfo(zone),
        helplines=[_helpline(one) for one in about["emergency"]],
        parts=[_part(one) for one in offers["parts_of_day"]],
        answer_hours={one["code"]: one.get("answer_hours", 8) for one in offers["services"]},
    )


def _helpline(kept: Mapping[str, Any]) -> Helpline:
    return Helpline(
        kept["number"],
        frozenset(kept["for"]),
        kept["name"],
        kept["use"],
        kept["open"],
        kept.get("read_out"),
    )


def _part(kept: Mapping[str, Any]) -> PartOfDay:
    return PartOfDay(
        kept["code"],
        kept["icon"],
        kept["titles"],
        time.fromisoformat(kept["from"]),
        time.fromisoformat(kept["to"]),
    )
