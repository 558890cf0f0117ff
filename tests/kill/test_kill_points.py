"""The bot dies once at every statement and every call of an act; each time it ends well."""

import asyncio
from collections.abc import Sequence
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic

import pytest

from tests.databases import BOTH, Grounds
from tests.kill.scene import Scene, opened
from tests.kill.stage import Stage, Story, staged
from tests.kill.stories import STORIES

EVERY = {"sqlite": 3, "postgresql": 6}
"""All points would take too long; each day begins with another one, so that all have their turn."""

pytestmark = pytest.mark.slow


async def _die_everywhere(stage: Stage, every: int) -> Sequence[str]:
    first = datetime.now(UTC).toordinal() % every
    points = list(dict.fromkeys(await stage.points()))[first::every]
    for point in points:
        await stage.die_at(point)
    return points


@pytest.mark.parametrize("kind", BOTH)
async def test_killed_at_any_point_of_an_act_it_happens_once_and_is_told_once(
    kind: str, grounds: Grounds, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    async def play(scene: Scene, story: Story) -> tuple[Stage, Sequence[str]]:
        async with staged(scene, story) as stage:
            return stage, await _die_everywhere(stage, EVERY[kind])

    began = monotonic()
    async with AsyncExitStack() as stack:
        scenes = []
        for story in STORIES:  # one after the other: a process migrates one database at a time
            folder = tmp_path / story.name
            folder.mkdir()
            url = await stack.enter_async_context(grounds.database(kind, own=True))
            scenes.append(await stack.enter_async_context(opened(folder, url)))
        played = await asyncio.gather(*map(play, scenes, STORIES))

    with capsys.disabled():
        for stage, points in played:
            print(f"\n{len(points):>8}  points of {stage.story.name}", end="")  # noqa: T201  # figures for people to copy
        print(f"\n{monotonic() - began:>8.0f}  seconds on {kind}")  # noqa: T201  # the same
    assert [fault for stage, _ in played for fault in stage.faults] == []
    assert [len(stage.unreached) <= 2 + len(points) // 5 for stage, points in played] == [True] * 3
