"""What the bot says: one module per conversation, in the order it is lived."""

from types import ModuleType

from bot.screen import Table
from dialogs import (
    answers,
    asking,
    company,
    first,
    keeping,
    leaflets,
    legal,
    mine,
    person,
    privacy,
    programme,
    rating,
    reminders,
    welcome,
)
from dialogs.staff import (
    alarms,
    answer_desk,
    cards,
    cases,
    handing,
    home,
    lists,
    ready,
    requests,
    unanswered,
    writing,
)

MODULES: tuple[ModuleType, ...] = (
    welcome,
    answers,
    asking,
    leaflets,
    programme,
    first,
    legal,
    company,
    mine,
    reminders,
    rating,
    person,
    keeping,
    privacy,
    home,
    cards,
    requests,
    cases,
    handing,
    ready,
    unanswered,
    writing,
    answer_desk,
    lists,
    alarms,
)


def table() -> Table:
    """The map of the whole conversation."""
    return Table.of(MODULES)
