"""People live their day while the bot dies again and again."""

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from time import monotonic

from tests.kill import canaries
from tests.kill.people import Notebook, Someone, dice, is_delivery
from tests.kill.scene import Scene
from tests.kill.visit import visit, work
from tests.kill.weather import bad_day

VISITORS = ("ar", "uk", "en", "bg", "fr", "ar", "en", "ru", "tr", "ar")
WISHES = 3

Killing = Callable[[Scene, random.Random], Awaitable[None]]


async def until_it_serves(scene: Scene) -> None:
    """The start is over when somebody is answered."""
    mark = len(scene.sandbox.town.ledger)
    until = monotonic() + 10
    while monotonic() < until:
        calls = scene.sandbox.town.ledger[mark:]
        if any(one.method in {"answerCallbackQuery", "editMessageText"} for one in calls):
            return
        await asyncio.sleep(0.01)


async def until_something_is_delivered(scene: Scene, *, patience: float) -> None:
    ledger, until = scene.sandbox.town.ledger, monotonic() + patience
    mark = len(ledger)
    while monotonic() < until:
        if any(is_delivery(one.method, one.params) for one in ledger[mark:]):
            return
        await asyncio.sleep(0.001)


async def until_all_is_delivered(scene: Scene) -> None:
    """Telegram bears 18 cards a minute in a group; stopped in good order, a new bot has 18 more."""
    until = monotonic() + 90
    restart_at = monotonic() + 8
    while monotonic() < until:
        if await scene.is_all_delivered():
            return
        if monotonic() > restart_at:
            await scene.lives.stop()
            await scene.lives.begin()
            restart_at = monotonic() + 8
        await asyncio.sleep(0.2)


@asynccontextmanager
async def _with_the_story(scene: Scene) -> AsyncIterator[None]:
    """Who waited in vain is told apart from who was forgotten by what the books say."""
    try:
        yield
    except BaseExceptionGroup as broken:
        broken.add_note(await scene.story())
        raise


async def live_through(
    scene: Scene,
    seed: int,
    killing: Killing,
    *,
    visitors: Sequence[str] = VISITORS,
) -> Notebook:
    """Somebody lives already. Visitors go on until the killing is over, staff until all is done.

    Every second visitor is ``hasty`` and acts on what is shown before Telegram knows of it.
    """
    thrown, notebook = dice(seed), Notebook()
    town, enough, over = scene.sandbox.town, asyncio.Event(), asyncio.Event()

    def someone(number: int, *, hasty: bool) -> Someone:
        return Someone(scene.sandbox, number, notebook, dice(thrown.random()), hasty)

    people = [
        someone(canaries.arrives(town, language).id, hasty=bool(n % 2))
        for n, language in enumerate(visitors)
    ]
    async with _with_the_story(scene), asyncio.TaskGroup() as everybody:
        visits = [everybody.create_task(visit(one, enough, wishes=WISHES)) for one in people]
        for one in scene.staff:
            everybody.create_task(work(someone(one, hasty=False), scene.group, over))
        everybody.create_task(bad_day(town, dice(thrown.random()), enough))
        await killing(scene, thrown)
        enough.set()
        await asyncio.wait(visits)
        await until_all_is_delivered(scene)
        over.set()
    await until_all_is_delivered(scene)
    await scene.sandbox.idle()
    return notebook
