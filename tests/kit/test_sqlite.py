"""SQLite through our own adapter: what comes back is what the driver itself says, and a failure is the usual one."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import IntegrityError, OperationalError

from greenroom.kit.db import Database
from greenroom.kit.jobs import Unsynced


@asynccontextmanager
async def numbers(folder: Path) -> AsyncGenerator[Database]:
    """A database with the numbers 1 to 5 and their names."""
    database = Database(f"sqlite+aiosqlite:///{folder / 'numbers.db'}")
    async with database.write() as db:
        await db.execute(text("create table numbers (n integer primary key, name varchar(20) not null)"))
        await db.execute(
            text("insert into numbers values (:n, :name)"),
            [{"n": n, "name": name} for n, name in enumerate(("one", "two", "three", "four", "five"), 1)],
        )
    yield database
    await database.close()


async def names(database: Database) -> list[str]:
    async with database.read() as db:
        return list(await db.scalars(text("select name from numbers order by n")))


async def spoil(database: Database) -> None:
    async with database.write() as db:
        await db.execute(text("update numbers set name = 'changed' where n = 1"))
        await db.execute(text("insert into numbers values (1, 'again')"))


async def read_nothing(database: Database) -> None:
    async with database.write() as db:
        await db.execute(text("select nothing from nowhere"))


async def delete_while_reading(database: Database) -> None:
    async with database.read() as db:
        await db.execute(text("delete from numbers"))


def test_rows_come_whole_in_order_and_with_their_columns(tmp_path: Path) -> None:
    async def go() -> None:
        async with numbers(tmp_path) as database, database.read() as db:
            result = await db.execute(text("select n as number, name from numbers where n < 3 order by n"))
            assert list(result.keys()) == ["number", "name"]
            assert [tuple(row) for row in result] == [(1, "one"), (2, "two")]
            assert (await db.execute(text("select n from numbers where n > 9"))).all() == []
            first = await db.execute(text("select n from numbers order by n"))
            assert (first.fetchone(), first.fetchmany(2), first.fetchmany()) == ((1,), [(2,), (3,)], [(4,)])

    asyncio.run(go())


def test_a_change_says_how_many_rows_it_touched_and_gives_them_back_when_asked(tmp_path: Path) -> None:
    async def go() -> None:
        async with numbers(tmp_path) as database:
            async with database.write() as db:
                changed = await db.execute(text("update numbers set name = 'more' where n > 2"))
                assert changed.rowcount == 3  # type: ignore[attr-defined]
                gone = await db.execute(text("delete from numbers where n > 3 returning n"))
                assert sorted(gone.scalars()) == [4, 5]
            assert await names(database) == ["one", "two", "more"]

    asyncio.run(go())


def test_a_refused_statement_raises_the_usual_error_and_leaves_nothing_of_its_transaction(
    tmp_path: Path,
) -> None:
    async def go() -> None:
        async with numbers(tmp_path) as database:
            with pytest.raises(IntegrityError):
                await spoil(database)
            with pytest.raises(OperationalError):
                await read_nothing(database)
            with pytest.raises(OperationalError):
                await delete_while_reading(database)
            assert await names(database) == ["one", "two", "three", "four", "five"]

    asyncio.run(go())


def test_many_readers_and_a_writer_at_once_each_get_their_own_rows(tmp_path: Path) -> None:
    async def go() -> None:
        async with numbers(tmp_path) as database:

            async def read(n: int) -> str:
                async with database.read() as db:
                    return str(await db.scalar(text("select name from numbers where n = :n"), {"n": n}))

            async def write(n: int) -> None:
                async with database.write() as db:
                    await db.execute(text("insert into numbers values (:n, 'later')"), {"n": n})

            found = await asyncio.gather(
                *(read(n % 5 + 1) for n in range(40)), *(write(n) for n in range(6, 16))
            )
            assert found[:5] == ["one", "two", "three", "four", "five"]
            assert found[:40] == found[:5] * 8
            assert len(await names(database)) == 15

    asyncio.run(go())


def test_the_job_library_does_not_wait_for_the_disk_while_it_holds_the_write_lock(tmp_path: Path) -> None:
    engine = create_engine(f"sqlite:///{tmp_path / 'jobs.db'}", connect_args={"factory": Unsynced})
    with engine.connect() as connection:
        assert connection.scalar(text("PRAGMA synchronous")) == 1  # NORMAL, as for our own connections
    engine.dispose()
