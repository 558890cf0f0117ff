"""Inserting a row unless it is there: the same words for SQLite and PostgreSQL."""

from collections.abc import Sequence
from functools import cache
from typing import Any, cast

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from storage.columns import Base

Insert = postgresql.Insert | sqlite.Insert


def insert_for(dialect: str, table: type[Base]) -> Insert:
    """An insert that knows ON CONFLICT, as this kind of database says it."""
    into = cast("Table", table.__table__)
    return postgresql.insert(into) if dialect == "postgresql" else sqlite.insert(into)


def dialect_of(session: AsyncSession) -> str:
    return session.get_bind().dialect.name


@cache
def _once(dialect: str, table: type[Base]) -> Insert:
    return insert_for(dialect, table).on_conflict_do_nothing()


@cache
def upsert(dialect: str, table: type[Base], by: Sequence[str], changes: Sequence[str]) -> Insert:
    """An insert that changes these columns if there is a row with the same values in ``by``."""
    made = insert_for(dialect, table)
    changed = {one: made.excluded[one] for one in changes}
    return made.on_conflict_do_update(index_elements=by, set_=changed)


async def insert_once(session: AsyncSession, table: type[Base], **values: Any) -> bool:
    """Whether the row is new; one that breaks a unique rule is left as it was."""
    inserted = await session.execute(_once(dialect_of(session), table), values)
    return bool(inserted.rowcount)  # type: ignore[attr-defined]  # an insert's result has it
