"""What the sandbox remembers of calls and of pressed buttons."""

import time
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot.sandbox.messages import Message

PATIENCE = 30.0  # seconds of real time in which a press may be answered


@dataclass(frozen=True, slots=True)
class Call:
    number: int
    at: datetime
    method: str
    params: dict[str, Any]
    result: Any


@dataclass(frozen=True, slots=True)
class RefusedCall:
    number: int
    at: datetime
    method: str
    params: dict[str, Any]
    error_code: int
    description: str


@dataclass(frozen=True, slots=True)
class Popup:
    query: str
    person: int
    text: str
    show_alert: bool
    url: str | None


@dataclass
class Query:
    id: str
    person: int
    message: Message
    data: str
    answered: bool = False
    born: float = field(default_factory=time.monotonic)

    @property
    def stale(self) -> bool:
        return self.answered or time.monotonic() - self.born > PATIENCE
