"""Alembic's way in: it works on the connection it is handed and opens none of its own."""

from typing import Any, Literal

from alembic import context
from sqlalchemy import TypeDecorator

from storage import tables  # noqa: F401  # the tables must be known before they are compared
from storage.columns import Base


def _plain(kind: str, item: Any, _context: object) -> str | Literal[False]:
    """Migrations speak plain column types: our own may change or go."""
    if kind == "type" and isinstance(item, TypeDecorator):
        return f"sa.{item.impl!r}"
    return False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_item=_plain,
    render_as_batch=True,
    transaction_per_migration=True,
)
with context.begin_transaction():
    context.run_migrations()
