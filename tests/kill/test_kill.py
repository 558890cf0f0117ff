"""The bot is killed again and again in the middle of everything; nobody may notice."""

import asyncio
import random
import signal
from time import monotonic

import pytest

from tests.kill.checker import Findings, check
from tests.kill.people import Notebook, Someone, dice, is_delivery
from tests.kill.scene import Scene
from tests.kill.visit import visit, work

KILLS = 30
VISITORS = ("ar", "uk", "en", "bg", "fr", "ar", "en", "ru", "tr", "ar")
WISHES = 3
IN_FLIGHT = 4

pytestmark = pytest.mark.slow


async def _until_it_serves(scene: Scene) -> None:
    """The start is over when somebody is answered."""
    mark = len(scene.sandbox.town.ledger)
    until = monotonic() + 10
    while monotonic() < until:
        calls = scene.sandbox.town.ledger[mark:]
        if any(one.method in {"answerCallbackQuery", "editMessageText"} for one in calls):
            return
        await asyncio.sleep(0.01)


async def _until_something_is_delivered(scene: Scene, *, patience: float) -> None:
    ledger, until = scene.sandbox.town.ledger, monotonic() + patience
    mark = len(ledger)
    while monotonic() < until:
        if any(is_delivery(one.method, one.params) for one in ledger[mark:]):
            return
        await asyncio.sleep(0.001)


async def _kill_again_and_again(scene: Scene, thrown: random.Random) -> None:
    for _ in range(KILLS):
        match thrown.randrange(5):
            case 0:
                await asyncio.sleep(thrown.uniform(0, 1.5))  # even before it is awake
            case 1 | 2:
                await _until_it_serves(scene)
                await _until_something_is_delivered(scene, patience=thrown.uniform(0, 3))
                await asyncio.sleep(thrown.uniform(0, 0.01))
            case _:
                await _until_it_serves(scene)
                await asyncio.sleep(thrown.uniform(0, 1.2))
        await scene.lives.kill()
        await scene.lives.begin()


async def _until_all_is_delivered(scene: Scene) -> None:
    """Telegram bears 18 cards a minute in a group; stopped in good order, a new bot has 18 more."""
    until = monotonic() + 90
    restart_at = monotonic() + 15
    while monotonic() < until:
        if await scene.is_all_delivered():
            return
        if monotonic() > restart_at:
            assert await scene.lives.end(signal.SIGTERM) == 0
            await scene.lives.begin()
            restart_at = monotonic() + 15
        await asyncio.sleep(0.2)


async def _live_through(scene: Scene, seed: int) -> Notebook:
    thrown, notebook = dice(seed), Notebook()
    town, enough, over = scene.sandbox.town, asyncio.Event(), asyncio.Event()

    def someone(number: int, *, hasty: bool) -> Someone:
        return Someone(scene.sandbox, number, notebook, dice(thrown.random()), hasty)

    people = [
        someone(town.add_person(f"Visitor {n}", language).id, hasty=bool(n % 2))
        for n, language in enumerate(VISITORS)
    ]
    await scene.lives.begin()
    async with asyncio.TaskGroup() as everybody:
        visits = [everybody.create_task(visit(one, enough, wishes=WISHES)) for one in people]
        for one in scene.staff:
            everybody.create_task(work(someone(one, hasty=False), scene.group, over))
        await _kill_again_and_again(scene, thrown)
        enough.set()
        await asyncio.wait(visits)
        await _until_all_is_delivered(scene)
        over.set()
    await _until_all_is_delivered(scene)
    await scene.sandbox.idle()
    return notebook


def _told(findings: Findings) -> str:
    return "\n".join(f"{n:>8}  {what}" for what, n in findings.figures.items())


async def test_killed_at_random_nothing_is_lost_and_nothing_happens_twice(
    scene: Scene, capsys: pytest.CaptureFixture[str]
) -> None:
    seed = random.SystemRandom().randrange(10**6)
    with capsys.disabled():
        print(f"\nkill -9 at random moments, seed {seed}")  # noqa: T201  # to repeat a failure
    began = monotonic()
    notebook = await _live_through(scene, seed)
    assert await scene.lives.end(signal.SIGTERM) == 0
    findings = await check(scene.sandbox, scene.storage, notebook, scene.lives.doubtful)
    findings.figures = {
        "kills": scene.lives.kills,
        "seconds": round(monotonic() - began),
        **findings.figures,
    }
    with capsys.disabled():
        print(_told(findings))  # noqa: T201  # figures for people to copy
    assert findings.faults == []
    assert findings.figures["repeats"] <= scene.lives.kills * IN_FLIGHT
