"""All tables in one place, and the migration of a database to the newest version."""

import asyncio
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, MetaData, text
from sqlalchemy.exc import DBAPIError

from greenroom.accounts import models as accounts
from greenroom.advice import models as advice
from greenroom.analyses import models as analyses
from greenroom.documents import models as documents
from greenroom.engines import models as engines
from greenroom.grading import models as grading
from greenroom.interviews import models as interviews
from greenroom.kit import jobs
from greenroom.kit.db import Database, Model
from greenroom.memory import models as memory
from greenroom.settings import Settings
from greenroom.writing import models as writing

SLICES = (accounts, advice, analyses, documents, engines, grading, interviews, memory, writing)
metadata: MetaData = Model.metadata
MIGRATION_LOCK = 0x67726D67  # one migrator at a time on PostgreSQL


class UnusableDatabase(Exception):  # noqa: N818 - reads as what it is
    """The database cannot be worked with as it is; says why and what to do."""


class NewerDatabase(UnusableDatabase):
    """The database was written by a newer Greenroom than this one."""


def migration_config() -> Config:
    """Alembic's configuration; the scripts lie beside the package in a checkout and inside it in a wheel."""
    packed = Path(__file__).parent / "migrations"
    folder = packed if packed.exists() else Path(__file__).parents[2] / "migrations"
    config = Config()
    config.set_main_option("script_location", str(folder))
    config.set_main_option("path_separator", "os")
    return config


def known_revisions() -> set[str]:
    """Every version of the database that this program can read."""
    return {script.revision for script in ScriptDirectory.from_config(migration_config()).walk_revisions()}


def newest_revision() -> str:
    """The version that `migrate` brings a database to."""
    return ScriptDirectory.from_config(migration_config()).get_heads()[0]


async def check_connection(database: Database) -> None:
    """Make sure the database can be opened.

    Raises:
        UnusableDatabase: with the reason and the setting to look at.
    """
    where = "the file greenroom.db in GREENROOM_DATA_DIR" if database.is_sqlite else "GREENROOM_DATABASE_URL"
    try:
        async with database.writer.connect():
            pass
    except (OSError, DBAPIError) as error:
        reason = error.orig if isinstance(error, DBAPIError) else error
        raise UnusableDatabase(
            f"The database cannot be reached: {reason}. Look at {where}; `greenroom doctor` says more."
        ) from error


async def migrate(database: Database) -> None:
    """Bring the database, job tables included, to the newest version.

    Raises:
        NewerDatabase: it is already newer than this program; nothing is changed.
        UnusableDatabase: it is away, locked, damaged, or may not be written.
    """
    await check_connection(database)
    config = migration_config()

    def upgrade(connection: Connection) -> None:
        known = known_revisions()
        if connection.dialect.name == "postgresql":
            connection.execute(text("select pg_advisory_xact_lock(:key)"), {"key": MIGRATION_LOCK})
        heads = MigrationContext.configure(connection).get_current_heads()
        if any(head not in known for head in heads):
            raise NewerDatabase(
                "This database was written by a newer version of Greenroom. Nothing was changed: install that version "
                "again, or start with another GREENROOM_DATA_DIR."
            )
        config.attributes["connection"] = connection
        command.upgrade(config, "head")

    try:
        async with database.writer.begin() as connection:
            await connection.run_sync(upgrade)
        await asyncio.to_thread(jobs.migrate, database.url)
    except (DBAPIError, OSError) as error:
        cause = error.orig if isinstance(error, DBAPIError) else error
        raise UnusableDatabase(
            f"The database cannot be used ({cause}). `greenroom doctor` says what to do about it."
        ) from error


async def bring_up_to_date(settings: Settings) -> None:
    """Migrate the database of these settings; raises what `migrate` raises."""
    database = Database(settings.database)
    try:
        await migrate(database)
    finally:
        await database.close()
