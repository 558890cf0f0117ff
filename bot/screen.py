"""What a chat is made of: screens with buttons, the addresses these lead to, and who draws them."""

import re
import secrets
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import UTC, date, datetime, timedelta
from types import MappingProxyType, ModuleType
from typing import Any, ClassVar, Literal, TypeVar, dataclass_transform

from bot.texts import N_, Language
from storage.tables import Role

_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghjkmnpqrstuvwxyz"
_EPOCH = date(2026, 1, 1)
_DAY_DIGITS, _RANDOM_DIGITS = 3, 6
SERIALS_LIVE = timedelta(days=60)
"""How long the button of an action may be pressed; handled rows are kept a little longer."""

_INT = re.compile(r"0|[1-9][0-9]{0,17}")
_CODE = re.compile(r"[A-Za-z0-9_.-]{0,40}")
_DATA = re.compile(
    r"(?P<prefix>[a-z][a-z0-9]*)(?:!(?P<serial>[0-9A-Za-z]{9}))?(?P<rest>(?::[^:~]*)*)(?P<kept>~?)"
)

DESK_STAFF = frozenset({Role.COORDINATOR, Role.WORKER})


@dataclass_transform(frozen_default=True)
class Address:
    """Where a button leads: a small typed value that fits into a button's 64 bytes.

    Fields are whole numbers and short codes. A prefix once released is never reused, and an address
    that gains a field gets a new prefix: buttons stay alive for months.
    """

    prefix: ClassVar[str]
    roles: ClassVar[frozenset[Role] | None] = None

    def __init_subclass__(
        cls, *, prefix: str = "", roles: frozenset[Role] | None = None, **kwargs: object
    ) -> None:
        super().__init_subclass__(**kwargs)
        if prefix:
            cls.prefix = prefix
            cls.roles = roles
            dataclass(frozen=True)(cls)


class Page(Address):
    """Leads to a screen: it reads, shows today's state and may be pressed for ever."""


class Action(Address):
    """Changes something, once per drawing of its button, and leads to a page."""


class Menu(Page, prefix="m"):
    """The way home; every screen has it."""


class Leave(Action, prefix="x"):
    """Stops the flow in progress and forgets it."""


@dataclass(frozen=True, slots=True)
class Link:
    """A button that opens a web page or another chat."""

    url: str


@dataclass(frozen=True, slots=True)
class Button:
    """Words to press. They begin with their icon."""

    label: str
    to: Address | Link
    style: Literal["success", "danger"] | None = None


@dataclass(frozen=True, slots=True)
class Screen:
    """A sentence and some links. ``asks`` names the words we wait for; ``flow`` marks a step.

    Each item of ``buttons`` is a row. ``place`` is shown as a pin on the map beside the message.
    """

    text: str
    buttons: Sequence[Button | tuple[Button, ...]] = ()
    back: Page | None = None
    home: bool = True
    flow: bool = False
    asks: str | None = None


@dataclass(frozen=True, slots=True)
class GoTo:
    """Where an action leads. Without a page the screen stays (a card is redrawn by its delivery).

    ``again``: nothing was done, so the same drawing of the button may be pressed once more.
    """

    page: Page | None
    notice: str = ""
    link: str | None = None
    again: bool = False


class OutdatedError(Exception):
    """The world has moved on since the button was drawn: one kind sentence, and today's page."""

    def __init__(self, sentence: str = "", page: Page | None = None) -> None:
        super().__init__("outdated")
        self.sentence = sentence or N_("This is out of date. Here is how things stand now.")
        self.page = page or Menu()


@dataclass(frozen=True, slots=True)
class Pressed:
    """What a button's data says: where to, drawn when, and whether its message must stay."""

    address: Address
    serial: str | None
    kept: bool


@dataclass(frozen=True, slots=True)
class Drawn:
    """A screen in somebody's language, ready for the wire."""

    text: str
    rows: Sequence[Sequence[Mapping[str, str]]]

    @property
    def markup(self) -> dict[str, Any] | None:
        return {"inline_keyboard": [list(row) for row in self.rows]} if self.rows else None


View = Callable[..., Awaitable[Any]]
_View = TypeVar("_View", bound=View)


@dataclass(frozen=True, slots=True)
class Serves:
    """What a view answers: an address, words we asked for, a command, or a kind of delivery."""

    kind: Literal["page", "action", "words", "command", "delivery"]
    key: Any


def page(address: type[Page]) -> Callable[[_View], _View]:
    return _marks(Serves("page", address))


def action(address: type[Action]) -> Callable[[_View], _View]:
    return _marks(Serves("action", address))


def words(asked: str) -> Callable[[_View], _View]:
    """The view is given what a person wrote after a screen with ``asks=asked``."""
    return _marks(Serves("words", asked))


def command(name: str) -> Callable[[_View], _View]:
    """The view is given what follows ``/name``."""
    return _marks(Serves("command", name))


def delivers(kind: str) -> Callable[[_View], _View]:
    """The view words a delivery, last, for its reader; it returns None if it is no longer true."""
    return _marks(Serves("delivery", kind))


def _marks(serves: Serves) -> Callable[[_View], _View]:
    def mark(view: _View) -> _View:
        view.serves = (*getattr(view, "serves", ()), serves)  # type: ignore[attr-defined]  # functions take attributes
        return view

    return mark


@dataclass(frozen=True, slots=True)
class Table:
    """From prefix to view, from words to view: the map of the whole conversation."""

    addresses: Mapping[str, type[Address]] = field(default_factory=dict)
    views: Mapping[type[Address], View] = field(default_factory=dict)
    words: Mapping[str, View] = field(default_factory=dict)
    commands: Mapping[str, View] = field(default_factory=dict)
    deliveries: Mapping[str, View] = field(default_factory=dict)

    @classmethod
    def of(cls, modules: Iterable[ModuleType]) -> "Table":
        """Collect what the dialogs serve. Raises ValueError if two views claim the same thing."""
        kept: dict[str, dict[Any, View]] = {
            kind: {} for kind in ("page", "action", "words", "command", "delivery")
        }
        for module in modules:
            for view in vars(module).values():
                for serves in getattr(view, "serves", ()):
                    if kept[serves.kind].setdefault(serves.key, view) is not view:
                        raise ValueError(
                            f"Two views serve {serves.key!r}; one is in {module.__name__}."
                        )
        views = {**kept["page"], **kept["action"]}
        prefixes = {address.prefix: address for address in views}
        if len(prefixes) != len(views):
            raise ValueError("Two addresses have the same prefix.")
        return cls(
            *map(
                MappingProxyType,
                (prefixes, views, kept["words"], kept["command"], kept["delivery"]),
            )
        )

    async def view(self, desk: Any, address: Address) -> Any:
        """Call the view of an address; one without fields need not take it."""
        view = self.views[type(address)]
        return await (view(desk, address) if fields(address) else view(desk))  # type: ignore[arg-type]  # a dataclass

    def read(self, data: str | None) -> Pressed | None:
        """The address a button's data holds, read strictly; None if it is none of ours."""
        found = _DATA.fullmatch(data or "")
        kind = self.addresses.get(found["prefix"]) if found else None
        if found is None or kind is None or (found["serial"] is None) is issubclass(kind, Action):
            return None
        values = _values(kind, found["rest"].split(":")[1:])
        if values is None:
            return None
        return Pressed(kind(*values), found["serial"], bool(found["kept"]))

    def read_page(self, data: str) -> Page:
        """A page kept in a draft or a handled row; the menu if it no longer exists."""
        pressed = self.read(data)
        return pressed.address if pressed and isinstance(pressed.address, Page) else Menu()


def _values(kind: type[Address], parts: list[str]) -> list[int | str] | None:
    expected = fields(kind)  # type: ignore[arg-type]  # __init_subclass__ makes it a dataclass
    if len(parts) != len(expected):
        return None
    values: list[int | str] = []
    for part, one in zip(parts, expected, strict=True):
        if not (_INT if one.type is int else _CODE).fullmatch(part):
            return None
        values.append(int(part) if one.type is int else part)
    return values


def pack(address: Address, *, serial: str = "", kept: bool = False) -> str:
    """The data of a button. ``kept`` marks buttons under messages that stay, such as reminders."""
    values = [str(getattr(address, one.name)) for one in fields(address)]  # type: ignore[arg-type]  # a dataclass, see above
    drawn = f"!{serial}" if isinstance(address, Action) else ""
    data = ":".join([address.prefix + drawn, *values]) + ("~" if kept else "")
    if len(data.encode()) > 64:
        raise ValueError(f"{type(address).__name__} does not fit into a button's 64 bytes.")
    return data


def new_serial(now: datetime) -> str:
    """A number for one drawing of a screen: random, and it carries its day. Real time."""
    day = (now.astimezone(UTC).date() - _EPOCH).days
    return f"{day:0{_DAY_DIGITS}x}" + "".join(
        secrets.choice(_ALPHABET) for _ in range(_RANDOM_DIGITS)
    )


def is_too_old(serial: str, now: datetime) -> bool:
    """Whether a drawing may no longer act; a damaged or future serial may not either."""
    try:
        drawn = _EPOCH + timedelta(days=int(serial[:_DAY_DIGITS], 16))
    except ValueError:
        return True
    return not timedelta(days=-1) <= now.astimezone(UTC).date() - drawn <= SERIALS_LIVE


def draw(screen: Screen, language: Language, *, serial: str, stays: bool = False) -> Drawn:
    """A screen for the wire; with the way back and home, unless its message stays as it is."""
    rows = [row if isinstance(row, tuple) else (row,) for row in screen.buttons]
    if not stays:
        rows.append(tuple(_ways_out(screen, language)))
    return Drawn(
        screen.text,
        [[_drawn(button, serial, kept=stays) for button in row] for row in rows if row],
    )


def _ways_out(screen: Screen, language: Language) -> Iterable[Button]:
    if screen.back:
        yield Button(language.label("⬅️ Back"), screen.back)
    if screen.flow:
        yield Button(language.label("✖️ Stop"), Leave())
    if screen.home:
        yield Button(language.label("🏠 Menu"), Menu())


def _drawn(button: Button, serial: str, *, kept: bool) -> Mapping[str, str]:
    leads = (
        {"url": button.to.url}
        if isinstance(button.to, Link)
        else {"callback_data": pack(button.to, serial=serial, kept=kept)}
    )
    style = {"style": button.style} if button.style else {}
    return {"text": button.label, **leads, **style}


def paragraphs(*parts: str) -> str:
    """Whole sentences, an empty line between them; empty ones leave no hole."""
    return "\n\n".join(part for part in parts if part)


def lines(*parts: str) -> str:
    """Whole sentences, one a line; empty ones leave no hole."""
    return "\n".join(part for part in parts if part)


def with_icon(icon: str, words: str) -> str:
    """A title from the books as a button: every button begins with its icon."""
    return f"{icon} {words}"
