"""What a chat is made of: screens with buttons, the addresses these lead to, and who draws them."""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from types import MappingProxyType, ModuleType
from typing import Any, Literal, TypeVar

from bot.address import Action, Address, Leave, Menu, Page, Pressed, pack, read
from bot.texts import N_, Language

MOST_CHOICES = 7
"""On one screen, so that nobody has to search; pickers turn pages."""


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

    Each item of ``buttons`` is a row.
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
class Drawn:
    """A screen in somebody's language, ready for the wire."""

    text: str
    rows: Sequence[Sequence[Mapping[str, str]]]

    @property
    def words(self) -> str:
        """All a person reads of it; the serials of buttons are no words."""
        return "\n".join([self.text, *(button["text"] for row in self.rows for button in row)])

    @property
    def markup(self) -> dict[str, Any] | None:
        return {"inline_keyboard": [list(row) for row in self.rows]} if self.rows else None


View = Callable[..., Awaitable[Any]]
Hears = Callable[[Any, str], Awaitable[GoTo]]
_View = TypeVar("_View", bound=View)
_Item = TypeVar("_Item")


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
    words: Mapping[str, Hears] = field(default_factory=dict)
    commands: Mapping[str, Hears] = field(default_factory=dict)
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
        """The address a button's data holds; None if it is none of ours."""
        return read(self.addresses, data)

    def read_page(self, data: str) -> Page:
        """A page kept in a draft or a handled row; the menu if it no longer exists."""
        pressed = self.read(data)
        return pressed.address if pressed and isinstance(pressed.address, Page) else Menu()


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


def part_of(
    found: Sequence[_Item], start: int, most: int
) -> tuple[Sequence[_Item], int | None, int | None]:
    """What is shown of a long list, and where the part before and the part after it start."""
    start = min(max(0, start), max(0, len(found) - 1))
    earlier = max(0, start - most) if start else None
    later = start + most if start + most < len(found) else None
    return found[start : start + most], earlier, later


def pager(language: Language, earlier: Page | None, later: Page | None) -> list[tuple[Button, ...]]:
    """One row that turns the page, or none if everything is shown."""
    row = (
        *([Button(language.label("◀️ Earlier in the list"), earlier)] if earlier else ()),
        *([Button(language.label("🔽 More"), later)] if later else ()),
    )
    return [row] if row else []


def paragraphs(*parts: str) -> str:
    """Whole sentences, an empty line between them; empty ones leave no hole."""
    return "\n\n".join(part for part in parts if part)


def lines(*parts: str) -> str:
    """Whole sentences, one a line; empty ones leave no hole."""
    return "\n".join(part for part in parts if part)


def with_icon(icon: str, words: str) -> str:
    """A title from the books as a button: every button begins with its icon."""
    return f"{icon} {words}"
