"""The migrations lead from nothing to exactly the tables the models describe, on both databases."""

import asyncio

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, text

from greenroom import schema
from greenroom.kit.db import Database
from greenroom.settings import Settings


def test_migrating_an_empty_database_gives_the_tables_of_the_models(empty_database: str) -> None:
    async def differences() -> list[object]:
        database = Database(Settings(_env_file=None, database_url=empty_database).database)
        await schema.migrate(database)
        await schema.migrate(database)  # a second time changes nothing

        def compare(connection: Connection) -> list[object]:
            ours = set(schema.metadata.tables)
            context = MigrationContext.configure(
                connection,
                opts={
                    "compare_type": True,
                    "include_object": lambda _, name, kind, *__: kind != "table" or name in ours,
                },
            )
            return list(compare_metadata(context, schema.metadata))

        async with database.writer.connect() as connection:
            found = await connection.run_sync(compare)
        await database.close()
        return found

    assert asyncio.run(differences()) == []


def test_a_newer_database_is_left_alone_with_a_clear_message(empty_database: str) -> None:
    async def scenario() -> None:
        database = Database(Settings(_env_file=None, database_url=empty_database).database)
        await schema.migrate(database)
        async with database.write() as db:
            await db.execute(text("update alembic_version set version_num = 'from-the-future'"))
        with pytest.raises(schema.NewerDatabase, match="newer version of Greenroom"):
            await schema.migrate(database)
        await database.close()

    asyncio.run(scenario())
