"""Which processes run jobs, and who takes over those of a dead one.

Each process holds a lock named by its executor id for as long as it lives: a PostgreSQL session advisory lock, or an
flock on a file beside SQLite. The operating system drops the lock with the process, kill -9 included. A peer that
gets the lock of an id with pending work recovers that work. The job library offers recovery by id only as an internal
method, so its version is pinned and a contract test holds it.
"""

import fcntl
import threading
from abc import ABC, abstractmethod
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from zlib import crc32

import structlog

WATCH_S = 2.0
KEEP_FINISHED_DAYS = 7
LOCK_CLASS = 0x6772  # the first half of our advisory lock keys ("gr")

log = structlog.get_logger()


class Executor:
    """This process among its peers."""

    def __init__(self, database_url: str, lock_dir: Path, executor_id: str) -> None:
        self.id = executor_id
        self._locks = (
            _FileLocks(lock_dir) if database_url.startswith("sqlite") else _AdvisoryLocks(database_url)
        )
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None

    def hold(self) -> None:
        """Take the own lock; it is dropped by `release` or by the end of the process."""
        if not self._locks.take(self.id):
            raise RuntimeError("another process holds this executor id")

    def release(self) -> None:
        """Drop the own lock."""
        self._locks.drop(self.id)
        self._locks.close()

    def watch(self) -> None:
        """Look for dead peers every two seconds, in a thread."""
        self._thread = threading.Thread(target=self._watch, name="job-takeover", daemon=True)
        self._thread.start()

    def stop_watching(self) -> None:
        """End the thread."""
        self._stopping.set()
        if self._thread is not None:
            self._thread.join(timeout=10)

    def _watch(self) -> None:
        rounds = 0
        while True:
            try:
                recover_orphans(self.id, self._locks)
                if rounds % 1800 == 0:
                    purge_finished()
            except Exception as error:  # noqa: BLE001 - the database may be away for a while; the next round tries again
                log.warning("jobs.takeover_failed", error=type(error).__name__)
            rounds += 1
            if self._stopping.wait(WATCH_S):
                return


def recover_orphans(own_id: str, locks: "Locks") -> int:
    """Re-enqueue the pending jobs of executors that no longer hold their lock; gives how many executors."""
    from dbos import DBOS

    pending = DBOS.list_workflows(status="PENDING", load_input=False, load_output=False)
    owners = {workflow.executor_id for workflow in pending if workflow.executor_id} - {own_id}
    recovered = 0
    for owner in sorted(owners):
        with locks.try_hold(owner) as held:
            if held:
                DBOS._recover_pending_workflows([owner])  # noqa: SLF001  # pyright: ignore[reportPrivateUsage] - see the module's docstring
                recovered += 1
                log.info("jobs.taken_over", executor=owner)
    return recovered


def purge_finished() -> None:
    """Delete the rows of jobs that ended a week ago; their effects stay."""
    from datetime import timedelta

    from dbos import DBOS

    from greenroom.kit.clock import utc_now

    before = (utc_now() - timedelta(days=KEEP_FINISHED_DAYS)).isoformat()
    done = DBOS.list_workflows(
        status=["SUCCESS", "ERROR", "CANCELLED"], completed_before=before, load_input=False, load_output=False
    )
    if done:
        DBOS.delete_workflows([workflow.workflow_id for workflow in done])


class Locks(ABC):
    """Named locks that the operating system drops with the process."""

    @abstractmethod
    def take(self, name: str) -> bool:
        """Hold the lock from now on, or say that another process has it."""

    @abstractmethod
    def drop(self, name: str) -> None:
        """Let it go."""

    @abstractmethod
    def close(self) -> None:
        """Let everything go."""

    @contextmanager
    def try_hold(self, name: str) -> Generator[bool]:
        """Hold the lock for the block, if it is free."""
        held = self.take(name)
        try:
            yield held
        finally:
            if held:
                self.drop(name)


class _FileLocks(Locks):
    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._files: dict[str, Any] = {}

    def take(self, name: str) -> bool:
        self._folder.mkdir(parents=True, exist_ok=True)
        path = self._folder / f"{name}.lock"
        handle = path.open("w")
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            handle.close()
            return False
        self._files[name] = handle
        return True

    def drop(self, name: str) -> None:
        handle = self._files.pop(name, None)
        if handle is None:
            return
        with suppress(FileNotFoundError):
            (self._folder / f"{name}.lock").unlink()
        handle.close()

    def close(self) -> None:
        for name in list(self._files):
            self.drop(name)


class _AdvisoryLocks(Locks):
    """Session locks on one connection that is kept open outside every pool."""

    def __init__(self, database_url: str) -> None:
        from sqlalchemy import create_engine, make_url
        from sqlalchemy.pool import NullPool

        url = make_url(database_url).set(drivername="postgresql+psycopg")
        self._engine = create_engine(url, poolclass=NullPool, isolation_level="AUTOCOMMIT")
        self._connection = self._engine.connect()

    def _key(self, name: str) -> dict[str, int]:
        return {"kind": LOCK_CLASS, "key": crc32(name.encode()) - 2**31}

    def take(self, name: str) -> bool:
        from sqlalchemy import text

        return bool(
            self._connection.scalar(text("select pg_try_advisory_lock(:kind, :key)"), self._key(name))
        )

    def drop(self, name: str) -> None:
        from sqlalchemy import text

        self._connection.execute(text("select pg_advisory_unlock(:kind, :key)"), self._key(name))

    def close(self) -> None:
        self._connection.close()
        self._engine.dispose()
