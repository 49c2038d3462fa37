"""Durable jobs: enqueued with the state, run once, taken over from the dead."""

import asyncio
import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
from sqlalchemy import text

from greenroom.kit import jobs
from greenroom.kit.db import Database
from greenroom.kit.jobs import Job, Queue, Worker
from greenroom.settings import Settings


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


async def wait_until(condition, seconds: float = 30.0) -> None:
    async with asyncio.timeout(seconds):
        while not await condition():
            await asyncio.sleep(0.05)


def test_a_job_runs_once_and_a_rolled_back_one_never(empty_database: str, tmp_path: Path) -> None:
    async def scenario() -> None:
        database, queue = await prepared(empty_database)
        ran: list[str] = []

        async def handler(*, name: str) -> None:
            ran.append(name)

        worker = Worker(database.url, tmp_path / "locks", [Job("note", handler)])
        await worker.start()
        for _ in range(2):
            async with database.write() as db:
                await queue.enqueue(db, "note", key="a", name="a")

        async def change_of_mind() -> None:
            async with database.write() as db:
                await queue.enqueue(db, "note", key="b", name="b")
                raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            await change_of_mind()
        async with database.write() as db:
            await queue.enqueue(db, "note", key="c", name="c")

        async def both() -> bool:
            return len(ran) >= 2

        await wait_until(both)
        await worker.stop()
        queue.close()
        await database.close()
        assert sorted(ran) == ["a", "c"]

    asyncio.run(scenario())


def test_a_job_that_keeps_failing_is_tried_three_times_and_then_reported(
    empty_database: str, tmp_path: Path
) -> None:
    async def scenario() -> None:
        database, queue = await prepared(empty_database)
        tries: list[str] = []
        reported: list[str] = []

        async def handler(*, name: str) -> None:
            tries.append(name)
            raise OSError("the engine is away")

        async def give_up(*, name: str) -> None:
            reported.append(name)

        worker = Worker(database.url, tmp_path / "locks", [Job("fragile", handler, on_failure=give_up)])
        await worker.start()
        async with database.write() as db:
            await queue.enqueue(db, "fragile", key="x", name="x")

        async def told() -> bool:
            return bool(reported)

        await wait_until(told)
        await worker.stop()
        queue.close()
        await database.close()
        assert tries == ["x"] * jobs.ATTEMPTS
        assert reported == ["x"]

    asyncio.run(scenario())


WORKER = textwrap.dedent("""
    import asyncio, sys
    from pathlib import Path
    from sqlalchemy import text
    from greenroom.kit.db import Database
    from greenroom.kit.jobs import Job, Worker

    async def main(url, locks, name):
        database = Database(url)
        async def effect(*, number):
            await asyncio.sleep(0.3)
            async with database.write() as db:
                await db.execute(text("insert into effects values (:key, :name)"), {"key": number, "name": name})
        worker = Worker(url, Path(locks), [Job("effect", effect)])
        await worker.start()
        print("ready", flush=True)
        await asyncio.Event().wait()

    asyncio.run(main(*sys.argv[1:]))
""")


@pytest.mark.slow
def test_jobs_of_a_killed_worker_are_taken_over_by_a_peer(empty_database: str, tmp_path: Path) -> None:
    async def scenario() -> None:
        database, queue = await prepared(empty_database)
        first, second = (
            subprocess.Popen(
                [sys.executable, "-c", WORKER, database.url, str(tmp_path / "locks"), name],
                stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONWARNINGS": "ignore"},
            )
            for name in ("first", "second")
        )  # fmt: skip
        for process in (first, second):
            assert process.stdout is not None
            assert process.stdout.readline().strip() == "ready"
        total = 24
        for n in range(total):
            async with database.write() as db:
                await queue.enqueue(db, "effect", key=str(n), number=str(n))
        first.send_signal(signal.SIGKILL)
        first.wait()

        async def all_done() -> bool:
            async with database.read() as db:
                keys = await db.scalar(text("select count(distinct key) from effects"))
            return keys == total

        try:
            await wait_until(all_done, 60)
        finally:
            second.send_signal(signal.SIGTERM)
            second.wait(timeout=20)
            queue.close()
            await database.close()
            assert first.stdout is not None
            assert second.stdout is not None
            first.stdout.close()
            second.stdout.close()

    asyncio.run(scenario())
