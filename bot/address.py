"""Where buttons lead: pages and actions, packed into 64 bytes and read back strictly."""

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime, timedelta
from typing import ClassVar, dataclass_transform
from zlib import crc32

from storage.tables import Role

_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghjkmnpqrstuvwxyz"
_EPOCH = date(2026, 1, 1)
_DAY_DIGITS, _RANDOM_DIGITS = 3, 6
SERIALS_LIVE = timedelta(days=60)
"""How long the button of an action may be pressed; handled rows are kept a little longer."""

_INT = re.compile(r"0|[1-9][0-9]{0,8}")  # every id and day we write, and every database reads
_CODE = re.compile(r"[A-Za-z0-9_.-]{0,40}")
_DATA = re.compile(
    r"(?P<prefix>[a-z][a-z0-9]*)(?:!(?P<serial>[0-9A-Za-z]{9}))?(?P<rest>(?::[^:~]*)*)(?P<kept>~?)"
)

KEPT = "~"
"""The last sign of buttons under messages that stay as they are, such as reminders."""

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


class Continue(Page, prefix="c"):
    """Back to the step where a flow stopped."""


class Leave(Action, prefix="x"):
    """Stops the flow in progress and forgets it."""


def drawn_for(*words: str) -> str:
    """A few letters that change with the words a button was drawn for: an old one does nothing."""
    return f"{crc32(chr(0).join(words).encode()):x}"


@dataclass(frozen=True, slots=True)
class Pressed:
    """What a button's data says: where to, drawn when, and whether its message must stay."""

    address: Address
    serial: str | None
    kept: bool


def read(kinds: Mapping[str, type[Address]], data: str | None) -> Pressed | None:
    """The address a button's data holds, read strictly; None if it is none of these kinds."""
    found = _DATA.fullmatch(data or "")
    kind = kinds.get(found["prefix"]) if found else None
    if found is None or kind is None or (found["serial"] is None) is issubclass(kind, Action):
        return None
    values = _values(kind, found["rest"].split(":")[1:])
    if values is None:
        return None
    return Pressed(kind(*values), found["serial"], bool(found["kept"]))


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
    data = ":".join([address.prefix + drawn, *values]) + (KEPT if kept else "")
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
