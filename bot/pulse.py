"""How the bot is: one line of health for people, and figures for Prometheus. Nobody's data."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from time import monotonic

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from sqlalchemy.exc import SQLAlchemyError

from storage import outbox
from storage.engine import Storage

_DEAF_AFTER = 180.0  # seconds; polling hears from Telegram every 25, a webhook asks every 60
_STUMBLES_FOR = 60.0  # unless somebody is served before
_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


@dataclass(slots=True)
class Served:
    outcome: str = "failed"


@dataclass(frozen=True, slots=True)
class Signs:
    """How things were when somebody looked last; seconds of how long something lasts already."""

    database: bool = True
    due: int = 0
    late: float = 0.0
    parked: int = 0
    silence: float = 0.0
    sends: bool = False


@dataclass(frozen=True, slots=True)
class Health:
    """``line`` is one sentence for a person; ``well`` is false if somebody should look."""

    well: bool
    line: str


@dataclass
class Pulse:
    """Figures of one process. Whoever receives tells when Telegram was heard last.

    ``is_right`` is false while Telegram is not told to send everything to where we listen, and
    ``is_reached`` while it fails to bring it.
    """

    registry: CollectorRegistry = field(default_factory=CollectorRegistry)
    signs: Signs = Signs()
    is_right: bool = True
    is_reached: bool = True
    _heard_at: float = field(default_factory=monotonic)
    _stumbled_at: float = -_STUMBLES_FOR

    def __post_init__(self) -> None:
        self._updates = Counter(
            "bureau_updates",
            "Updates by kind and by what became of them",
            ("kind", "outcome"),
            registry=self.registry,
        )
        self._seconds = Histogram(
            "bureau_update_seconds",
            "Seconds from receiving an update until its screen was shown",
            ("kind",),
            buckets=_SECONDS,
            registry=self.registry,
        )
        self.webhook_pending = self._gauge("webhook_pending", "Updates that wait at Telegram")
        for name, told, value in (
            ("database_up", "1 if the database answers", lambda: self.signs.database),
            ("telegram_heard_seconds", "Seconds since Telegram was heard", self.unheard),
            ("deliveries_due", "Deliveries that should be gone by now", lambda: self.signs.due),
            ("deliveries_late_seconds", "How late the oldest is", lambda: self.signs.late),
            ("deliveries_parked", "Deliveries a person should see", lambda: self.signs.parked),
            ("silence_seconds", "How long Telegram wants silence", lambda: self.signs.silence),
            ("sender", "1 if this process is the one that sends", lambda: self.signs.sends),
        ):
            self._gauge(name, told).set_function(value)

    def _gauge(self, name: str, told: str) -> Gauge:
        return Gauge(f"bureau_{name}", told, registry=self.registry)

    @contextmanager
    def serving(self, kind: str) -> Iterator[Served]:
        served, began = Served(), monotonic()
        try:
            yield served
        finally:
            if served.outcome == "served":
                self._stumbled_at = -_STUMBLES_FOR
            self._updates.labels(kind, served.outcome).inc()
            self._seconds.labels(kind).observe(monotonic() - began)

    def stumbled(self) -> None:
        """Somebody could not be served just now, because the database would not have it."""
        self._stumbled_at = monotonic()

    def heard(self) -> None:
        """Telegram answered just now."""
        self._heard_at = monotonic()

    def unheard(self) -> float:
        return monotonic() - self._heard_at

    async def look(self, storage: Storage, now: datetime, *, silence: float, sends: bool) -> None:
        """Ask the database how things are. ``now`` is business time."""
        try:
            async with storage.read() as session:
                found = await outbox.state(session, now=now)
        except (SQLAlchemyError, OSError):
            self.signs = replace(self.signs, database=False, silence=silence, sends=sends)
        else:
            self.signs = Signs(
                due=found.due,
                late=found.late_seconds,
                parked=found.parked,
                silence=silence,
                sends=sends,
            )

    def health(self) -> Health:
        """As it was when somebody looked last."""
        signs, unheard = self.signs, self.unheard()
        stumbles = monotonic() - self._stumbled_at < _STUMBLES_FOR
        worries = [
            *([] if signs.database else ["the database does not answer"]),
            *(["nobody can be served"] if stumbles and signs.database else []),
            *([] if unheard < _DEAF_AFTER else [f"Telegram was not heard for {unheard:.0f} s"]),
            *([] if self.is_right else ["Telegram does not send everything here"]),
            *([] if self.is_reached else ["Telegram does not reach us"]),
            *([] if signs.late < _DEAF_AFTER else [f"a delivery waits for {signs.late:.0f} s"]),
        ]
        if worries:
            return Health(well=False, line=f"not well: {', '.join(worries)}.")
        told = f"{signs.due} deliveries are due, {signs.parked} need a person"
        heard = f"Telegram was heard {unheard:.0f} s ago"
        return Health(well=True, line=f"well: the database answers, {heard}, {told}.")

    def exposition(self) -> bytes:
        return generate_latest(self.registry)
