"""The bot is killed again and again in the middle of everything; nobody may notice."""

import asyncio
import random
from pathlib import Path
from time import monotonic

import pytest

from tests.databases import BOTH
from tests.kill.checker import check
from tests.kill.loop import live_through, until_it_serves, until_something_is_delivered
from tests.kill.scene import Scene, opened

KILLS = 40

pytestmark = pytest.mark.slow


async def _again_and_again(scene: Scene, thrown: random.Random) -> None:
    for _ in range(KILLS):
        began = monotonic()
        match thrown.randrange(5):
            case 0:
                await asyncio.sleep(thrown.uniform(0, 0.6))  # even before it is awake
            case 1 | 2:
                await until_it_serves(scene)
                # A slow machine needs longer lives, or nothing would ever come about.
                patience = thrown.uniform(0, 3) * (monotonic() - began)
                await until_something_is_delivered(scene, patience=patience)
                await asyncio.sleep(thrown.uniform(0, 0.01))
            case _:
                await until_it_serves(scene)
                await asyncio.sleep(thrown.uniform(0, 1.2) * (monotonic() - began))
        await scene.lives.kill()
        await scene.lives.begin()


@pytest.mark.parametrize("empty", BOTH, indirect=True)
async def test_killed_at_random_nothing_is_lost_and_nothing_happens_twice(
    empty: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    seed = random.SystemRandom().randrange(10**6)
    began = monotonic()
    async with opened(tmp_path, empty) as scene:
        await scene.lives.begin()
        with capsys.disabled():
            print(f"\nkill -9 at random moments, seed {seed}")  # noqa: T201  # to repeat a failure
        notebook = await live_through(scene, seed, _again_and_again)
        await scene.lives.stop()
        findings = await check(scene, notebook)
    with capsys.disabled():
        print(f"{scene.lives.kills:>8}  kills\n{monotonic() - began:>8.0f}  seconds\n{findings}")  # noqa: T201  # figures for people to copy
    assert findings.faults == []
