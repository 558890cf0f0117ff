"""Bringing a database up to date, and knowing whether it is."""

from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from storage.columns import Base
from storage.engine import Storage


def config(connection: Connection | None = None) -> Config:
    made = Config()
    made.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    made.attributes["connection"] = connection
    return made


async def migrate(storage: Storage, to: str = "head") -> None:
    """Bring the schema up (or, for tests, down) to a revision; half a step is never left behind."""

    def run(connection: Connection) -> None:
        current = MigrationContext.configure(connection).get_current_heads()
        if to == "head" and set(current) == set(ScriptDirectory.from_config(config()).get_heads()):
            return
        move = command.downgrade if to == "base" or to.startswith("-") else command.upgrade
        move(config(connection), to)

    async with storage.engine.execution_options(writes=True).begin() as connection:
        await connection.run_sync(run)


async def is_current(storage: Storage) -> bool:
    def heads(connection: Connection) -> bool:
        known = set(ScriptDirectory.from_config(config()).get_heads())
        return set(MigrationContext.configure(connection).get_current_heads()) == known

    async with storage.engine.connect() as connection:
        return await connection.run_sync(heads)


async def differences(storage: Storage) -> list[object]:
    """Where the tables in the code and in the database differ; empty is right."""

    def compare(connection: Connection) -> list[object]:
        return list(compare_metadata(MigrationContext.configure(connection), Base.metadata))

    async with storage.engine.connect() as connection:
        return await connection.run_sync(compare)
