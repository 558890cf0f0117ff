"""Faults on demand: the n-th call of a method goes wrong in a chosen way."""

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

WORDS = {
    "400": (400, "Bad Request: wrong request"),
    "401": (401, "Unauthorized"),
    "403": (403, "Forbidden: bot was blocked by the user"),
    "404": (404, "Not Found"),
    "409": (
        409,
        (
            "Conflict: terminated by other getUpdates request; "
            "make sure that only one bot instance is running"
        ),
    ),
    "413": (413, "Request Entity Too Large"),
    "500": (500, "Internal Server Error"),
    "502": (502, "Bad Gateway"),
    "503": (503, "Service Unavailable"),
    "504": (504, "Gateway Timeout"),
}
BROKEN = {
    "429",
    "429-bare",
    "429-html",
    "502-html",
    "reset",
    "timeout",
    "half-body",
    "not-json",
    "ok-false",
    "slow",
}


@dataclass
class Fault:
    """Kind: a code, `400:TEXT` and the like, or a broken answer (see the README).

    `-before` means that nothing was done; `-after` that the call was accepted and the client
    is told otherwise. Without either nothing was done, except for `half-body` and `slow`, which
    is an ordinary answer after `delay`. `delay` passes before the call is looked at,
    `delay_after` before it is answered.
    """

    method: str
    kind: str
    nth: int = 1
    times: float = 1
    chat: int | str | None = None
    retry_after: int | None = None
    delay: float = 0
    delay_after: float = 0
    until: Callable[[], bool] = field(default=lambda: False, compare=False)
    seen: int = field(default=0, compare=False)

    def __post_init__(self) -> None:
        if self.code not in WORDS and self.what not in BROKEN:
            kinds = ", ".join(sorted([*WORDS, *BROKEN]))
            raise ValueError(f"No such kind of fault: {self.kind}. There are: {kinds}")
        if self.nth < 1 or self.times < 1:
            raise ValueError("nth and times count from 1")

    @property
    def what(self) -> str:
        return self.kind.removesuffix("-after").removesuffix("-before")

    @property
    def accepted(self) -> bool:
        if self.kind.endswith("-before"):
            return False
        return self.kind.endswith("-after") or self.what in {"half-body", "slow"}

    @property
    def code(self) -> str:
        return self.what.partition(":")[0]

    @property
    def refusal(self) -> tuple[int, str] | None:
        """The code and words of an orderly refusal; None for a broken answer."""
        if self.code not in WORDS:
            return None
        code, usual = WORDS[self.code]
        return code, self.what.partition(":")[2] or usual

    @property
    def spent(self) -> bool:
        return self.seen >= self.nth + self.times - 1 or self.until()

    def meets(self, method: str, chat: object) -> bool:
        """Counts the call if it is of the kind waited for; true when it is to go wrong."""
        if self.method not in {"*", method} or (self.chat is not None and self.chat != chat):
            return False
        self.seen += 1
        return self.nth <= self.seen < self.nth + self.times


class Faults:
    def __init__(self) -> None:
        self.waiting: list[Fault] = []

    def expect(self, fault: Fault) -> None:
        self.waiting.append(fault)

    def storm(
        self,
        kind: str,
        methods: Iterable[str] = ("*",),
        *,
        chat: int | str | None = None,
        until: Callable[[], bool] = lambda: False,
        retry_after: int | None = None,
    ) -> None:
        """Every call of these methods goes wrong, until `until` says so or all is cleared."""
        for method in methods:
            fault = Fault(method, kind, times=math.inf, chat=chat, retry_after=retry_after)
            fault.until = until
            self.expect(fault)

    def clear(self) -> None:
        self.waiting.clear()

    def take(self, method: str, chat: object) -> Fault | None:
        """The fault this call meets; every waiting fault counts the call."""
        if not self.waiting:
            return None
        self.waiting = [fault for fault in self.waiting if not fault.until()]
        met = [fault for fault in self.waiting if fault.meets(method, chat)]
        self.waiting = [fault for fault in self.waiting if not fault.spent]
        return met[0] if met else None
