"""Durable background jobs on DBOS, in the application's own database.

A job is enqueued in the transaction that changes the state, so both happen or neither. The same (job, key) is
enqueued once. A handler is an async function that runs on the application's event loop; it may run again after a
crash, so its effect carries a unique key. Inputs are ids only: they stay in the job tables until purged.
"""

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import CancelledError as FutureCancelled
from dataclasses import dataclass, field
from pathlib import Path
from sqlite3 import Connection
from typing import TYPE_CHECKING, Any

import structlog
from sqlalchemy import make_url
from sqlalchemy.ext.asyncio import AsyncSession

from greenroom.kit.ids import uuid7

if TYPE_CHECKING:
    from dbos import DBOSClient, EnqueueOptions

    from greenroom.kit.executors import Executor

QUEUE = "greenroom"
APPLICATION = "greenroom"
# Recovery matches the version: it changes only when a job's arguments or steps change their meaning.
JOBS_VERSION = "1"
ATTEMPTS = 3

Handler = Callable[..., Awaitable[None]]
log = structlog.get_logger()


@dataclass(frozen=True)
class Job:
    """A handler, and what to do when all its attempts failed."""

    name: str
    handler: Handler
    on_failure: Handler | None = None


@dataclass
class Queue:
    """Where jobs are put. Needs no running worker: the rows wait in the database."""

    database_url: str
    _client: "DBOSClient | None" = field(default=None, repr=False)

    def open(self) -> None:
        """Connect lazily; the job tables must have been migrated."""
        from dbos import DBOSClient
        from dbos._serialization import DBOSPortableJSON  # the JSON serializer is not exported by the package

        self._client = DBOSClient(
            system_database_url=sync_url(self.database_url),
            serializer=DBOSPortableJSON,
            application_name=APPLICATION,
            lazy=True,
        )

    def close(self) -> None:
        """Return the connections."""
        if self._client is not None:
            self._client.destroy()
            self._client = None

    async def enqueue(self, db: AsyncSession, job: str, *, key: str, delay_s: float = 0, **ids: str) -> str:
        """Put `job` in the queue within the transaction of `db`; gives the id of the run. Same job and key: once."""
        client = self._client
        if client is None:
            raise RuntimeError("the queue is not open")
        run_id = f"{job}:{key}"

        options: EnqueueOptions = {
            "workflow_name": "job",
            "queue_name": QUEUE,
            "workflow_id": run_id,
            "app_version": JOBS_VERSION,
        }
        if delay_s:
            options["delay_seconds"] = delay_s

        def put(session: Any) -> None:  # noqa: ANN401 - the sync session behind the async one
            client.enqueue_in_transaction(session, options, job, ids)

        await db.run_sync(put)
        return run_id


def sync_url(url: str) -> str:
    """The URL as the job library wants it: without an async driver."""
    return (
        make_url(url)
        .set(drivername="sqlite" if url.startswith("sqlite") else "postgresql")
        .render_as_string(hide_password=False)
    )


class Unsynced(Connection):
    """A connection that writes to the disk when the log is merged, as those of `kit.db` do.

    The job library would wait for the disk at each of the six or so writes of a job and hold the one write lock of
    SQLite meanwhile, with a turn waiting behind it.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - as sqlite3.connect is called
        super().__init__(*args, **kwargs)
        self.execute("PRAGMA synchronous=NORMAL")


class Worker:
    """Runs jobs of this process and takes over those of dead ones. Start it on the loop the handlers shall use."""

    def __init__(self, database_url: str, lock_dir: Path, jobs: list[Job]) -> None:
        self._database_url = database_url
        self._lock_dir = lock_dir
        self._jobs = {job.name: job for job in jobs}
        self._executor: Executor | None = None

    async def start(self) -> None:
        """Begin to take jobs."""
        global _running  # noqa: PLW0603 - the job library itself is one per process
        _running = _Running(asyncio.get_running_loop(), self._jobs)
        self._executor = await asyncio.to_thread(self._launch)

    def _launch(self) -> "Executor":
        from dbos import DBOS
        from dbos._serialization import DBOSPortableJSON

        from greenroom.kit.executors import Executor

        _register_workflow()
        executor_id = str(uuid7())
        executor = Executor(self._database_url, self._lock_dir, executor_id)
        executor.hold()
        DBOS(
            config={
                "name": APPLICATION,
                "system_database_url": sync_url(self._database_url),
                "application_version": JOBS_VERSION,
                "executor_id": executor_id,
                "serializer": DBOSPortableJSON,
                "log_level": "ERROR",
                "run_migrations": False,
                "db_engine_kwargs": {"connect_args": {"factory": Unsynced}}
                if self._database_url.startswith("sqlite")
                else {},
            }
        )
        DBOS.launch()
        DBOS.register_queue(QUEUE, worker_concurrency=4, polling_interval_sec=0.25)
        executor.watch()
        return executor

    async def stop(self) -> None:
        """Take no more jobs, let running ones finish for up to 10 s; what is left is recovered by the next process."""
        from dbos import DBOS

        if self._executor is None:
            return
        executor, self._executor = self._executor, None
        await asyncio.to_thread(executor.stop_watching)
        await asyncio.to_thread(DBOS.destroy, workflow_completion_timeout_sec=10)
        await asyncio.to_thread(executor.release)


@dataclass
class _Running:
    loop: asyncio.AbstractEventLoop
    jobs: dict[str, Job]


_running: _Running | None = None
_workflow: Callable[[str, dict[str, str]], None] | None = None


def _call(handler: Handler, ids: dict[str, str]) -> None:
    if _running is None:
        raise RuntimeError("no worker is running")

    async def run() -> None:
        await handler(**ids)

    try:
        asyncio.run_coroutine_threadsafe(run(), _running.loop).result()
    except FutureCancelled as error:
        raise RuntimeError("the worker is stopping") from error


def _register_workflow() -> None:
    global _workflow  # noqa: PLW0603 - registered once per process, by name
    if _workflow is not None:
        return
    from dbos import DBOS

    @DBOS.workflow(name="job", max_recovery_attempts=20)
    def run_job(name: str, ids: dict[str, str]) -> None:
        job = _running.jobs.get(name) if _running else None
        if job is None:
            raise LookupError(f"no job is named {name!r}")
        try:
            DBOS.run_step(
                {"name": name, "retries_allowed": True, "max_attempts": ATTEMPTS, "interval_seconds": 0.5},
                _call,
                job.handler,
                ids,
            )
        except Exception as error:
            log.warning("job.failed", job=name, error=type(error).__name__, **ids)
            if job.on_failure is not None:
                DBOS.run_step({"name": f"{name}.failed"}, _call, job.on_failure, ids)
            raise

    _workflow = run_job


def migrate(database_url: str) -> None:
    """Create or upgrade the job tables. Blocking; run it before anything is enqueued."""
    import logging

    from dbos import DBOS

    logging.getLogger("dbos").setLevel(logging.ERROR)
    DBOS.migrate(sync_url(database_url))
