"""A real server in this process, on a free port: tests enter as users do, over HTTP."""

import asyncio
import threading
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import httpx
import uvicorn
from fastapi import FastAPI
from sqlalchemy import text

from greenroom.app import create_app
from greenroom.library import catalog
from greenroom.settings import Settings
from tests.waiting import PATIENCE_S, until

Got = TypeVar("Got")


class MovableClock:
    """Real time plus what a test has added."""

    def __init__(self) -> None:
        self._ahead = timedelta()

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self._ahead

    def advance(self, seconds: float) -> None:
        """Let `seconds` pass at once."""
        self._ahead += timedelta(seconds=seconds)


class Live:
    """The running application: its address, its app and a clock that can be moved."""

    def __init__(
        self, app: FastAPI, address: str, clock: MovableClock, loop: asyncio.AbstractEventLoop
    ) -> None:
        self.app, self.address, self.clock, self._loop = app, address, clock, loop

    def run(self, work: Coroutine[Any, Any, Got]) -> Got:
        """What a coroutine gives on the server's own loop."""
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(PATIENCE_S)

    def open_jobs(self, object_id: str) -> int:
        """How many jobs about an object wait, for their time or for a worker, or run."""

        async def count() -> int:
            database = self.app.state.context.database
            table = "workflow_status" if database.is_sqlite else "dbos.workflow_status"
            query = f"select count(*) from {table} where workflow_uuid like :id and status not in ('SUCCESS', 'ERROR', 'CANCELLED')"  # noqa: S608 - our own names
            async with database.read() as db:
                return int(await db.scalar(text(query), {"id": f"%{object_id}%"}) or 0)

        return self.run(count())

    def client(self) -> httpx.Client:
        """A client for the API and the pages."""
        return httpx.Client(base_url=self.address, timeout=PATIENCE_S)


def settings_for(folder: Path, database_url: str, **more: object) -> Settings:
    """Settings of a test installation in `folder`."""
    return Settings(
        _env_file=None, data_dir=folder, database_url=database_url, port=0, log_level="error", **more
    )  # type: ignore[call-arg,arg-type]


_banks: list[Path] = []
"""Own questions of the servers of this process, in the order of their start. The library looks for them in one place,
which a server that ends leaves open: without this, `live` would go on in `var/` of the working folder, where the other
worker's tests are as well."""


@contextmanager
def serving(settings: Settings, *, clock: MovableClock | None = None) -> Iterator[Live]:
    """Serve an application in a thread until the block ends."""
    clock = clock or MovableClock()
    app = create_app(settings, clock=clock)
    server = uvicorn.Server(
        uvicorn.Config(app, port=0, log_level="error", lifespan="on", timeout_graceful_shutdown=1)
    )
    failure: list[BaseException] = []

    loops: list[asyncio.AbstractEventLoop] = []

    async def serve() -> None:
        loops.append(asyncio.get_running_loop())
        await server.serve()

    def run() -> None:
        try:
            asyncio.run(serve())
        except BaseException as error:  # noqa: BLE001 - shown by the waiting test
            failure.append(error)

    thread = threading.Thread(target=run, name="live-server", daemon=True)
    thread.start()
    until(lambda: server.started or not thread.is_alive())
    if not server.started:
        raise RuntimeError(f"the server did not start: {failure}")
    port = server.servers[0].sockets[0].getsockname()[1]
    _banks.append(settings.data_dir / "bank")
    try:
        yield Live(app, f"http://127.0.0.1:{port}", clock, loops[0])
    finally:
        server.should_exit = True
        thread.join(PATIENCE_S)
        assert not thread.is_alive(), "the server did not end: the next one would share its job library"
        _banks.remove(settings.data_dir / "bank")
        catalog.keep_own_in(_banks[-1] if _banks else None)
