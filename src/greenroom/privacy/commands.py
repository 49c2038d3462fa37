"""`greenroom export`, `import` and `reset`."""

import asyncio
import sys
from collections.abc import Callable, Coroutine
from contextlib import AbstractAsyncContextManager
from pathlib import Path

from greenroom.accounts.service import local_actor
from greenroom.kit import logs
from greenroom.kit.web import Context
from greenroom.privacy import service
from greenroom.privacy.archive import Refused, read_archive, write_archive
from greenroom.readiness import CannotStart, check_folder
from greenroom.schema import UnusableDatabase, known_revisions, newest_revision
from greenroom.settings import Settings

Opening = Callable[[], AbstractAsyncContextManager[Context]]


def export(settings: Settings, opening: Opening, path: Path) -> int:
    """Write everything of the person into one file; the exit code."""

    async def work() -> str:
        async with opening() as context:
            async with context.database.read() as db:
                rows = await service.collect(db, await local_actor())
            manifest = write_archive(path, rows, newest_revision(), context.clock())
        sessions = manifest.tables["sessions"].rows
        return f"{path} has {sessions} session{'' if sessions == 1 else 's'} and everything that belongs to them."

    return _run(settings, work)


def bring_in(settings: Settings, opening: Opening, path: Path) -> int:
    """Add what an export has to what is here; the exit code."""

    async def work() -> str:
        _manifest, rows = read_archive(path, known_revisions())
        async with opening() as context, context.database.write() as db:
            brought = await service.bring_in(context, db, await local_actor(), rows)
        added, kept = brought.added["sessions"], brought.kept["sessions"]
        return f"{added} session{'' if added == 1 else 's'} came in; {kept} were here already and stay as they are."

    return _run(settings, work)


def reset(settings: Settings, opening: Opening, confirm: Callable[[str], bool]) -> int:
    """Erase everything of the person, once `confirm` says yes to the question; the exit code."""

    async def work() -> str:
        async with opening() as context:
            async with context.database.read() as db:
                count = await service.count_sessions(db, (await local_actor()).user_id)
            question = (
                f"Erase {count} session{'' if count == 1 else 's'} and everything else you have written in "
                f"{settings.data_dir.absolute()}? This cannot be undone; `greenroom export FILE` keeps a copy."
            )
            if not confirm(question):
                return "Nothing was changed."
            async with context.database.write() as db:
                erased = await service.erase(db, await local_actor())
            if context.database.is_sqlite:
                await _shrink(context)
        return f"Erased: {erased} rows. Engines and settings are as they were."

    return _run(settings, work)


async def _shrink(context: Context) -> None:
    """Give the freed pages back, so that erased words are not left in the file."""
    async with context.database.writer.connect() as connection:
        raw = await connection.get_raw_connection()
        driver = raw.driver_connection
        if driver is not None:
            await driver.execute("VACUUM")
            await driver.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _run(settings: Settings, work: Callable[[], Coroutine[None, None, str]]) -> int:
    logs.configure("error", settings.log_format)
    try:
        check_folder(settings.data_dir)
        print(asyncio.run(work()))  # noqa: T201
    except (CannotStart, UnusableDatabase, Refused, OSError) as error:
        print(f"greenroom: {error}", file=sys.stderr)  # noqa: T201
        return 1
    return 0
