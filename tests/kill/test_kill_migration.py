"""The bot dies once at every statement of a migration: the schema is the old or the new one."""

import signal
from pathlib import Path

import pytest
from sqlalchemy import inspect

from storage import schema
from storage.engine import Storage
from tests.databases import BOTH
from tests.kill.scene import Scene, opened
from tests.kill.stage import keep, restore

EVERY = {"sqlite": 1, "postgresql": 4}

pytestmark = pytest.mark.slow


async def _tables(storage: Storage) -> int:
    async with storage.engine.connect() as connection:
        return await connection.run_sync(lambda one: len(inspect(one).get_table_names()))


async def _migrate(scene: Scene, die_at: str) -> int:
    told = scene.folder / "points"
    told.write_text("")
    plan = {"points": str(told), "die_at": die_at, "armed": True}
    await scene.lives.begin("migrate", **plan)
    return await scene.lives.ended()


@pytest.mark.parametrize("empty", BOTH, indirect=True)
async def test_killed_at_any_statement_of_a_migration_the_schema_is_whole(
    empty: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    async with opened(tmp_path, empty) as scene:
        await schema.migrate(scene.storage, "base")
        none = await _tables(scene.storage)
        await keep(scene)
        assert await _migrate(scene, "") == 0
        all_of_them = await _tables(scene.storage)
        points = (tmp_path / "points").read_text().splitlines()
        points = points[:: EVERY[scene.storage.engine.dialect.name]]
        halves, unfinished = [], []
        for point in points:
            await restore(scene)
            assert await _migrate(scene, point) == -signal.SIGKILL
            if await _tables(scene.storage) not in {none, all_of_them}:
                halves.append(point)
            await schema.migrate(scene.storage)  # as a start does first of all
            if not await schema.is_current(scene.storage):
                unfinished.append(point)
        assert await schema.differences(scene.storage) == []
    with capsys.disabled():
        print(f"\n{len(points):>8}  points of a migration")  # noqa: T201  # figures for people to copy
    assert (halves, unfinished) == ([], [])
