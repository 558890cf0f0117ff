"""What people send: each of these is one round of one person, and says how many updates it took."""

import random
from collections.abc import Awaitable, Callable

from tests.benchmarks.stub import Stub

Round = Callable[[Stub, int], Awaitable[int]]

QUESTION = "كيف أجدد تصريح الإقامة؟"
_dice = random.Random(1)  # noqa: S311  # dice, not keys


async def greet(stub: Stub, person: int) -> int:
    """Choose Arabic, and answer once what is asked before the first booking."""
    await stub.write(person, "/start")
    if "m" not in stub.buttons(person) and "t" not in stub.buttons(person):
        await _press(stub, person, "ls!", ending=":ar")
    while not await _hold(stub, person):
        pass
    for question in ("fg!", "fn!"):
        if any(one.startswith(question) for one in stub.buttons(person)):
            await _press(stub, person, question)
    await _press(stub, person, "x!")
    return 0


async def echo(stub: Stub, person: int) -> int:
    await stub.write(person, "How do I renew my residence permit?")
    return 1


async def navigate(stub: Stub, person: int) -> int:
    """To the topics and into one of them: translated pages with what the database holds."""
    await stub.press(person, "t")
    topics = [one for one in stub.buttons(person) if one.startswith("tt:")]
    await stub.press(person, _dice.choice(topics))
    return 2


async def look(stub: Stub, person: int) -> int:
    """One page from the database."""
    await stub.press(person, "t")
    return 1


async def ask(stub: Stub, person: int) -> int:
    await stub.write(person, QUESTION)
    return 1


async def book(stub: Stub, person: int) -> int:
    """A day, a time, book; and cancel it again, so that the next round finds free seats."""
    tries = 1
    while not await _hold(stub, person):
        tries += 1
    await _press(stub, person, "b5!")
    await _press(stub, person, "wc:")
    await _press(stub, person, "wx!")
    return 3 * tries + 3


async def converse(stub: Stub, person: int) -> int:
    await stub.write(person, "/book")
    for step in range(5):
        await stub.press(person, f"{step}:1")
    return 6


async def _hold(stub: Stub, person: int) -> bool:
    """Three updates: days, times, hold. Another person may have been faster."""
    await stub.press(person, "b1:1")
    await _press(stub, person, "b2:")
    if not any(one.startswith("b3!") for one in stub.buttons(person)):
        return False
    await _press(stub, person, "b3!")
    return any(one.startswith(("b5!", "fg!")) for one in stub.buttons(person))


async def _press(stub: Stub, person: int, beginning: str, *, ending: str = "") -> None:
    there = [
        one for one in stub.buttons(person) if one.startswith(beginning) and one.endswith(ending)
    ]
    await stub.press(person, _dice.choice(there))
