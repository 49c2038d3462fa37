"""Alembic environment: called by `greenroom migrate` with a connection, for SQLite and PostgreSQL alike."""

from alembic import context
from sqlalchemy import Connection

from greenroom.kit.db import UtcDateTime
from greenroom.schema import metadata


def render_item(kind: str, item: object, _context: object) -> str | bool:
    """Own column types are written as what they are in the database."""
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    return False


connection: Connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=metadata,
    render_as_batch=connection.dialect.name == "sqlite",
    compare_type=True,
    render_item=render_item,
    transaction_per_migration=False,
)
with context.begin_transaction():
    context.run_migrations()
