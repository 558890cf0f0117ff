"""Telegram as it is on a bad day: now and then a call is refused, spoilt, or taken in silence."""

import asyncio
import random

from bot.sandbox import Fault, Town

SPOKEN = ("sendMessage", "editMessageText")
REFUSED = ("429", "500", "502-html", "reset")
SILENT = ("reset-after", "timeout-after", "half-body", "not-json-after")
"""The call is taken and nobody is told: what was sent may be sent again."""


async def bad_day(town: Town, thrown: random.Random, over: asyncio.Event) -> None:
    """One fault after the other until it is over; then those that met nobody are taken back."""
    town.expect_fault(Fault("sendMessage", "429-bare", nth=thrown.randrange(5, 50)))
    while not over.is_set():
        kind = thrown.choice(thrown.choice((REFUSED, SILENT)))
        method = "getUpdates" if kind in REFUSED[1:] and thrown.random() < 0.3 else None
        town.expect_fault(
            Fault(method or thrown.choice(SPOKEN), kind, retry_after=1, delay=1.0)
            if kind in {"429", "timeout-after"}
            else Fault(method or thrown.choice(SPOKEN), kind)
        )
        await asyncio.sleep(thrown.uniform(0.5, 2.5))
    town.faults.clear()
