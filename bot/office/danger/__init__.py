"""Danger in a visitor's words: recognised first, in all languages at once, without a database."""

from bot.office.danger.recogniser import Danger

__all__ = ["Danger"]
