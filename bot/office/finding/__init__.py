"""Finding the answer to what a visitor asks, in any of our languages."""

from bot.office.finding.finder import (
    ANSWER,
    CHOICES,
    INTENTS,
    NONE,
    PERHAPS,
    Finder,
    Found,
    Hit,
    build,
)
from bot.office.finding.index import Text

__all__ = [
    "ANSWER",
    "CHOICES",
    "INTENTS",
    "NONE",
    "PERHAPS",
    "Finder",
    "Found",
    "Hit",
    "Text",
    "build",
]
