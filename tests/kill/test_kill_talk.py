"""Somebody asks, is answered, and asks again; the bot dies at points of every act of it."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.databases import BOTH, Grounds
from tests.kill.scene import opened
from tests.kill.stage import Stage, Story, staged
from tests.kill.talk import TALK

EVERY = {"sqlite": 9, "postgresql": 18}
"""Of six acts in a row some points of each are enough; each act begins with another one."""

pytestmark = pytest.mark.slow


async def _die_everywhere(stage: Stage, every: int) -> Sequence[str]:
    first = TALK.index(stage.story) % every
    points = list(dict.fromkeys(await stage.points()))[first::every]
    for point in points:
        await stage.die_at(point)
    return points


@pytest.mark.parametrize("story", TALK, ids=[one.name for one in TALK])
@pytest.mark.parametrize("kind", BOTH)
async def test_killed_at_any_point_of_a_talk_no_word_is_lost_or_doubled(
    kind: str, story: Story, grounds: Grounds, tmp_path: Path
) -> None:
    async with (
        grounds.database(kind, own=True) as url,
        opened(tmp_path, url) as scene,
        staged(scene, story) as stage,
    ):
        points = await _die_everywhere(stage, EVERY[kind])

    assert stage.faults == []
    assert len(points) > 0
    assert len(stage.unreached) <= 1 + len(points) // 10
