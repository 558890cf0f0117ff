"""How the Bot API says no."""

from typing import Any


class Refusal(Exception):  # noqa: N818 - a refusal is an answer, not a fault of ours
    def __init__(
        self, code: int, description: str, parameters: dict[str, Any] | None = None
    ) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters


def bad(description: str) -> Refusal:
    return Refusal(400, f"Bad Request: {description}")


def forbidden(description: str) -> Refusal:
    return Refusal(403, f"Forbidden: {description}")


def too_many(seconds: int | None) -> Refusal:
    """With seconds as Telegram says it; without, as some proxies in between leave it."""
    if seconds is None:
        return Refusal(429, "Too Many Requests")
    parameters = {"retry_after": seconds}
    return Refusal(429, f"Too Many Requests: retry after {seconds}", parameters)
