"""Durable jobs: enqueued with the state, run once, taken over from the dead."""

import asyncio
import os
import signal
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import text

from greenroom.kit import jobs
from greenroom.kit.db import Database
from greenroom.kit.jobs import Queue
from greenroom.settings import Settings
from tests.waiting import PATIENCE_S


def async_url(url: str) -> str:
    return Settings(_env_file=None, database_url=url).database


async def prepared(url: str) -> tuple[Database, Queue]:
    database = Database(async_url(url))
    async with database.write() as db:
        await db.execute(text("create table effects (key varchar(80), executor varchar(80))"))
    await asyncio.to_thread(jobs.migrate, database.url)
    queue = Queue(database.url)
    queue.open()
    return database, queue


async def wait_until(condition) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while not await condition():
            await asyncio.sleep(0.05)


# Workers run in processes of their own: the job library is one per process, and the live server has it here.
WORKER = textwrap.dedent("""
    import asyncio, sys
    from pathlib import Path
    from sqlalchemy import text
    from greenroom.kit.db import Database
    from greenroom.kit.jobs import Job, Worker

    async def main(url, locks, name):
        database = Database(url)

        async def note(*, number):
            async with database.write() as db:
                await db.execute(text("insert into effects values (:key, :name)"), {"key": number, "name": name})

        async def slow(*, number):
            await asyncio.sleep(0.3)
            await note(number=number)

        async def fragile(*, number):
            await note(number=number)
            raise OSError("the engine is away")

        async def give_up(*, number):
            await note(number="gave up on " + number)

        jobs = [Job("note", note), Job("slow", slow), Job("fragile", fragile, on_failure=give_up)]
        worker = Worker(url, Path(locks), jobs)
        await worker.start()
        print("ready", flush=True)
        await asyncio.Event().wait()

    asyncio.run(main(*sys.argv[1:]))
""")


@contextmanager
def working(url: str, locks: Path, name: str = "worker") -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, "-c", WORKER, async_url(url), str(locks), name],
        stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONWARNINGS": "ignore"},
    )  # fmt: skip
    assert process.stdout is not None
    try:
        assert process.stdout.readline().strip() == "ready"
        yield process
    finally:
        process.kill()
        process.wait(timeout=PATIENCE_S)
        process.stdout.close()


async def keys_of(database: Database) -> list[str]:
    async with database.read() as db:
        return sorted(await db.scalars(text("select key from effects")))


def test_a_job_runs_once_and_a_rolled_back_one_never(empty_database: str, tmp_path: Path) -> None:
    async def scenario() -> None:
        database, queue = await prepared(empty_database)

        async def change_of_mind() -> None:
            async with database.write() as db:
                await queue.enqueue(db, "note", key="b", number="b")
                raise ZeroDivisionError

        with working(empty_database, tmp_path / "locks"):
            for _ in range(2):
                async with database.write() as db:
                    await queue.enqueue(db, "note", key="a", number="a")
            with pytest.raises(ZeroDivisionError):
                await change_of_mind()
            async with database.write() as db:
                await queue.enqueue(db, "note", key="c", number="c")

            async def done() -> bool:
                return {"a", "c"} <= set(await keys_of(database))

            await wait_until(done)
        assert await keys_of(database) == ["a", "c"]
        queue.close()
        await database.close()

    asyncio.run(scenario())


def test_a_job_that_keeps_failing_is_tried_three_times_and_then_reported(
    empty_database: str, tmp_path: Path
) -> None:
    async def scenario() -> None:
        database, queue = await prepared(empty_database)
        with working(empty_database, tmp_path / "locks"):
            async with database.write() as db:
                await queue.enqueue(db, "fragile", key="x", number="x")

            async def told() -> bool:
                return "gave up on x" in await keys_of(database)

            await wait_until(told)
        assert await keys_of(database) == ["gave up on x", *["x"] * jobs.ATTEMPTS]
        queue.close()
        await database.close()

    asyncio.run(scenario())


@pytest.mark.slow
def test_jobs_of_a_killed_worker_are_taken_over_by_a_peer(empty_database: str, tmp_path: Path) -> None:
    async def scenario() -> None:
        database, queue = await prepared(empty_database)
        total, locks = 24, tmp_path / "locks"
        with working(empty_database, locks, "first") as first, working(empty_database, locks, "second"):
            for n in range(total):
                async with database.write() as db:
                    await queue.enqueue(db, "slow", key=str(n), number=str(n))
            first.send_signal(signal.SIGKILL)

            async def all_done() -> bool:
                return len(set(await keys_of(database))) == total

            await wait_until(all_done)
        queue.close()
        await database.close()

    asyncio.run(scenario())
