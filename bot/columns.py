"""How wide words are drawn: buttons on narrow phones have room for so many columns."""

import unicodedata

WIDEST = 32
"""Columns of a button on a narrow phone."""


def columns(text: str) -> int:
    """A picture takes two columns, a mark above or below a letter none."""
    return sum(map(_columns, text))


def _columns(sign: str) -> int:
    if sign == "\ufe0f":  # makes the sign before it a wide picture
        return 1
    if unicodedata.category(sign) in {"Mn", "Me", "Cf"}:
        return 0
    return 2 if unicodedata.east_asian_width(sign) in {"W", "F"} else 1
