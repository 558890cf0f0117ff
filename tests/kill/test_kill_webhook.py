"""Webhooks, and bots that are killed: Telegram brings again what it was not told is done."""

import asyncio
import random
from contextlib import AsyncExitStack
from pathlib import Path
from time import monotonic

import pytest

from tests.databases import BOTH
from tests.kill import canaries
from tests.kill.balancer import balanced
from tests.kill.checker import check
from tests.kill.lives import Lives
from tests.kill.loop import live_through, until_it_serves
from tests.kill.scene import Scene, opened
from tests.world import free_port

KILLS = 20
VISITORS = ("ar", "uk", "en", "bg", "tr", "ru")
HURRY = 0.02
"""Telegram's seconds between two attempts are so much shorter here."""

pytestmark = pytest.mark.slow


async def _bring_what_nobody_asked_for(
    scene: Scene, thrown: random.Random, over: asyncio.Event
) -> None:
    """Kinds of update that are not known yet, once and once more."""
    town = scene.sandbox.town
    while not over.is_set():
        await asyncio.sleep(thrown.uniform(0.2, 1))
        number = town.inject({"a_kind_nobody_knows": {"id": thrown.randrange(10**6)}})
        await asyncio.sleep(thrown.uniform(0, 0.3))
        town.redeliver(number)


async def _kill_either(scene: Scene, thrown: random.Random) -> None:
    over = asyncio.Event()
    besides = asyncio.ensure_future(_bring_what_nobody_asked_for(scene, thrown, over))
    for _ in range(KILLS):
        await until_it_serves(scene)
        await asyncio.sleep(thrown.uniform(0, 0.7))
        one: Lives = thrown.choice((scene.lives, *scene.others))
        await one.kill(others_live=bool(scene.others))
        await one.begin()
        if scene.others:
            await one.hurry(others_live=True)
    over.set()
    await besides


@pytest.mark.parametrize("empty", BOTH, indirect=True)
async def test_brought_by_webhook_nothing_is_lost_when_bots_are_killed(
    empty: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Two bots share PostgreSQL, and one of them sends; SQLite is for one alone."""
    seed = random.SystemRandom().randrange(10**6)
    began = monotonic()
    bots = 2 if empty.startswith("postgresql") else 1
    front, *behind = (free_port() for _ in range(bots + 1))
    settings = {
        "BUREAU_WEBHOOK_URL": f"http://127.0.0.1:{front}/updates",
        "BUREAU_WEBHOOK_SECRET": canaries.SECRET,
    }
    listens = [{"BUREAU_LISTEN": f"127.0.0.1:{port}"} for port in behind]
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(balanced(front, behind))
        scene = await stack.enter_async_context(
            opened(tmp_path, empty, bots=bots, settings=settings, each=listens)
        )
        webhook = scene.sandbox.webhook
        webhook.hurry, webhook.duplicate, webhook.shuffle = HURRY, 7, True
        everybody = (scene.lives, *scene.others)
        for one in everybody:
            await one.begin()
        with capsys.disabled():
            print(f"\nkill -9 at random moments, by webhook, seed {seed}")  # noqa: T201  # to repeat a failure
        notebook = await live_through(scene, seed, _kill_either, visitors=VISITORS)
        for one in everybody:
            await one.stop()
        findings = await check(scene, notebook)
    kills = sum(one.kills for one in everybody)
    with capsys.disabled():
        print(f"{kills:>8}  kills\n{monotonic() - began:>8.0f}  seconds\n{findings}")  # noqa: T201  # figures for people to copy
    assert findings.faults == []
