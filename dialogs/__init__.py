"""What the bot says: one module per conversation, in the order it is lived."""

from types import ModuleType

from bot.screen import Table
from dialogs import (
    answers,
    company,
    first,
    legal,
    mine,
    person,
    privacy,
    programme,
    rating,
    reminders,
    welcome,
)
from dialogs.staff import alarms, cards, cases, home, requests

MODULES: tuple[ModuleType, ...] = (
    welcome,
    answers,
    programme,
    first,
    legal,
    company,
    mine,
    reminders,
    rating,
    person,
    privacy,
    home,
    cards,
    requests,
    cases,
    alarms,
)


def table() -> Table:
    """The map of the whole conversation."""
    return Table.of(MODULES)
