"""References people read out on the phone: random, so that nobody can guess the next one."""

import secrets

# Without letters and digits that are mistaken for each other.
_LETTERS = "BCDFGHJKLMNPQRSTVWXZ"
_DIGITS = "23456789"


def new() -> str:
    """Like K7Q-42. 20 * 8 * 20 * 64 of them, and the tables refuse a second one of the same."""
    head = secrets.choice(_LETTERS) + secrets.choice(_DIGITS) + secrets.choice(_LETTERS)
    return f"{head}-{secrets.choice(_DIGITS)}{secrets.choice(_DIGITS)}"
