"""The database: SQLite by default, PostgreSQL by settings; one writer and a few readers on SQLite.

SQLite allows one writing transaction at a time. A deferred transaction that reads first and writes later fails at
once when another process wrote in between, so writers start with BEGIN IMMEDIATE and readers use their own engine.
"""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, DateTime, Dialect, MetaData, TypeDecorator, Uuid, event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.pool import ConnectionPoolEntry

from greenroom.kit.sqlite import Driver


class UtcDateTime(TypeDecorator[datetime]):
    """Aware UTC in and out, on both databases; a naive value is an error, not a guess."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("naive datetime: use kit.clock")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        del dialect
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Model(DeclarativeBase):
    """Base of all tables. Constraint names are fixed, so that migrations can name them on both databases."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {  # noqa: RUF012 - SQLAlchemy reads a plain class attribute
        datetime: UtcDateTime(),
        UUID: Uuid(),
        dict[str, Any]: JSON(),
        list[Any]: JSON(),
    }


class Database:
    """The engines of one process. `write()` and `read()` give sessions; writes commit when the block ends well."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.is_sqlite = url.startswith("sqlite")
        self.writer = self._engine(readers=0)
        self.reader = self._engine(readers=4) if self.is_sqlite else self.writer
        self._write = async_sessionmaker(self.writer, expire_on_commit=False)
        self._read = async_sessionmaker(self.reader, expire_on_commit=False)

    def _engine(self, readers: int) -> AsyncEngine:
        if not self.is_sqlite:
            return create_async_engine(
                self.url, pool_size=10, max_overflow=5, pool_pre_ping=True, hide_parameters=True
            )
        # A logged error must not carry what somebody has said: parameters stay out of its text.
        engine = create_async_engine(
            self.url,
            pool_size=readers or 1,
            max_overflow=0,
            pool_timeout=30,
            hide_parameters=True,
            module=Driver(),
        )
        _prepare_sqlite(engine, writing=not readers)
        return engine

    @asynccontextmanager
    async def write(self) -> AsyncGenerator[AsyncSession]:
        """A session whose transaction is committed at the end of the block, or rolled back on any error."""
        async with self._write() as session, session.begin():
            yield session

    @asynccontextmanager
    async def read(self) -> AsyncGenerator[AsyncSession]:
        """A session for reading; on SQLite it cannot write."""
        async with self._read() as session:
            yield session

    async def close(self) -> None:
        """Return all connections."""
        await self.writer.dispose()
        if self.reader is not self.writer:
            await self.reader.dispose()


async def insert_missing(
    db: AsyncSession, model: type[Model], values: list[dict[str, Any]], key: list[str]
) -> None:
    """Insert the rows whose key is not there yet; the others stay as they are. Works on both databases."""
    if not values:
        return
    build = sqlite.insert if db.get_bind().dialect.name == "sqlite" else postgresql.insert
    await db.execute(build(model).values(values).on_conflict_do_nothing(index_elements=key))


def _prepare_sqlite(engine: AsyncEngine, *, writing: bool) -> None:
    @event.listens_for(engine.sync_engine, "connect")
    def configure(connection: Any, _record: ConnectionPoolEntry) -> None:  # noqa: ANN401 - DBAPI connection  # pyright: ignore[reportUnusedFunction]
        connection.isolation_level = None
        cursor = connection.cursor()
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute("PRAGMA synchronous=NORMAL")
        cursor.execute("PRAGMA busy_timeout=30000")
        cursor.execute("PRAGMA foreign_keys=ON")
        # What a person deletes is overwritten; not every build does so by itself.
        cursor.execute("PRAGMA secure_delete=ON")
        if not writing:
            cursor.execute("PRAGMA query_only=ON")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def begin(connection: Connection) -> None:  # pyright: ignore[reportUnusedFunction]
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")
