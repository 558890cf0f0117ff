"""Inserting a row unless it is there: the same words for SQLite and PostgreSQL."""

from typing import Any

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from storage.columns import Base

Insert = postgresql.Insert | sqlite.Insert


def insert_into(session: AsyncSession, table: type[Base]) -> Insert:
    """An insert that knows ON CONFLICT, in the dialect of this session's database."""
    on_postgres = session.get_bind().dialect.name == "postgresql"
    return postgresql.insert(table) if on_postgres else sqlite.insert(table)


async def insert_once(session: AsyncSession, table: type[Base], **values: Any) -> bool:
    """Whether the row is new; one that breaks a unique rule is left as it was."""
    inserted = await session.execute(
        insert_into(session, table).values(**values).on_conflict_do_nothing()
    )
    return bool(inserted.rowcount)  # type: ignore[attr-defined]  # an insert's result has it
