"""Migrations go up, down and up again, and agree with the tables in the code."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect, text
from sqlalchemy.exc import SQLAlchemyError

from storage import schema
from storage.columns import Base
from storage.engine import Storage
from storage.vault import Vault
from tests.databases import BOTH, Grounds

REVISIONS = [
    one.revision
    for one in reversed(list(ScriptDirectory.from_config(schema.config()).walk_revisions()))
]


@pytest_asyncio.fixture(params=BOTH)
async def empty(
    request: pytest.FixtureRequest, grounds: Grounds, vault: Vault
) -> AsyncIterator[Storage]:
    async with grounds.database(request.param, own=True) as url:
        made = Storage(url, vault)
        yield made
        await made.close()


async def _tables(storage: Storage) -> set[str]:
    def names(connection: Connection) -> set[str]:
        return set(inspect(connection).get_table_names()) - {"alembic_version"}

    async with storage.engine.connect() as connection:
        return await connection.run_sync(names)


async def test_an_empty_database_is_brought_up_to_date(empty: Storage) -> None:
    before = await schema.is_current(empty)

    await schema.migrate(empty)

    assert (before, await schema.is_current(empty)) == (False, True)
    assert await _tables(empty) == set(Base.metadata.tables)


async def test_migrations_and_models_agree(empty: Storage) -> None:
    await schema.migrate(empty)

    assert await schema.differences(empty) == []


async def test_migrating_twice_changes_nothing(empty: Storage) -> None:
    await schema.migrate(empty)
    await schema.migrate(empty)

    assert await schema.differences(empty) == []


async def test_every_step_goes_up_down_and_up_again(empty: Storage) -> None:
    for revision in REVISIONS:
        await schema.migrate(empty, revision)
        await schema.migrate(empty, "-1")
        await schema.migrate(empty, revision)

    assert await schema.differences(empty) == []


async def test_all_the_way_down_leaves_nothing_behind(empty: Storage) -> None:
    await schema.migrate(empty)

    await schema.migrate(empty, "base")

    assert await _tables(empty) == set()
    await schema.migrate(empty)
    assert await schema.differences(empty) == []


async def test_a_step_that_fails_is_not_left_half_done(empty: Storage) -> None:
    """The last table of the step is there already, so the step fails after all the others."""
    async with empty.engine.begin() as connection:
        await connection.execute(text("CREATE TABLE case_messages (id INTEGER)"))
    before = await _tables(empty)

    with pytest.raises(SQLAlchemyError):
        await schema.migrate(empty)

    assert await _tables(empty) == before


async def test_a_difference_would_be_seen(empty: Storage) -> None:
    await schema.migrate(empty)
    async with empty.engine.begin() as connection:
        await connection.execute(text("DROP INDEX uq_appointments_seat_taken"))

    assert len(await schema.differences(empty)) == 1
