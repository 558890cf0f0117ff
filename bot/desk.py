"""What a dialog is given to serve one person: who they are, their language, the time, the books."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy.ext.asyncio import AsyncSession

from bot.address import Page
from bot.office.danger import Danger
from bot.office.finding import Found
from bot.office.leaflets import Leaflets
from bot.screen import OutdatedError, Table
from bot.texts import Language, Languages, Words
from storage.bureau import Bureau
from storage.tables import Staff, Visitor


@dataclass(slots=True)
class Draft:
    """What somebody has half said.

    ``asks`` names the words we wait for: only what was written after the message ``asked_after``
    answers. ``asked_by`` is the update that led to the question; if it comes once more, the
    question is drawn anew and still has its first place in time.
    """

    asks: str | None = None
    asked_after: int | None = None
    asked_by: int | None = None
    at: str | None = None
    choices: dict[str, str] = field(default_factory=dict)
    misses: int = 0

    @classmethod
    def of(cls, kept: Mapping[str, Any] | None) -> "Draft":
        """A draft as it was kept; what another release may have added is left out."""
        known = {one.name for one in fields(cls)}
        return cls(**{name: value for name, value in (kept or {}).items() if name in known})

    def as_dict(self) -> dict[str, object]:
        return asdict(self)

    def copy(self) -> "Draft":
        return replace(self, choices=dict(self.choices))

    def forget(self) -> None:
        """The flow is over."""
        self.asks, self.at, self.choices, self.misses = None, None, {}, 0


@dataclass(frozen=True, slots=True)
class Person:
    """Who is writing, as far as one update tells. Never stored as it is.

    ``chat_id`` is None when a delivery is worded: nobody has written then.
    """

    key: str
    chat_id: int | None = None
    app_language: str | None = None
    first_name: str | None = None
    message_id: int | None = None
    reply_to: int | None = None
    wrote: bool = False


class Search(Protocol):
    """Finds what to do about words of somebody who has chosen that language, once it is ready."""

    @property
    def is_ready(self) -> bool: ...

    def find(self, words: str, chosen: str | None) -> Found: ...


@dataclass(frozen=True, slots=True)
class House:
    """What every desk shares: the map of addresses, what is known, and the bot's name."""

    table: Table
    search: Search
    leaflets: Leaflets = field(repr=False)
    danger: Danger = field(repr=False)
    username: str


@dataclass(slots=True)
class Desk:
    """One visit. ``now`` is business time; ``language`` is the chosen one, never the app's."""

    session: AsyncSession
    now: datetime
    language: Language
    languages: Languages
    bureau: Bureau
    person: Person
    draft: Draft
    house: House
    found: Visitor | None = None
    staff: Staff | None = None

    @property
    def visitor(self) -> Visitor:
        """The visitor; somebody who has not chosen a language yet is led to the languages."""
        if self.found is None:
            raise OutdatedError
        return self.found

    @property
    def colleague(self) -> Staff:
        """The member of staff at this desk; the table lets nobody else through the staff door."""
        if self.staff is None:
            raise OutdatedError
        return self.staff

    def where_we_were(self) -> Page:
        """The page of the flow in progress, or the menu."""
        return self.house.table.read_page(self.draft.at or "")

    def bot_link(self, start: str) -> str:
        """Opens the private chat with the bot, which is then told ``/start`` and this word."""
        return f"https://t.me/{self.house.username}?start={start}"

    def say(self, sentence: str, /, **fill: str | int) -> Words:
        return self.language.say(sentence, **fill)

    def label(self, sentence: str, /, **fill: str | int) -> str:
        return self.language.label(sentence, **fill)

    def count(self, one: str, many: str, n: int, /, **fill: str | int) -> Words:
        return self.language.count(one, many, n, **fill)

    def pick(self, titles: Mapping[str, str]) -> str:
        return self.language.pick(titles)

    def moment(self, moment: datetime) -> str:
        return self.language.moment(moment, self.now)
