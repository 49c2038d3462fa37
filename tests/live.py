"""A real server in this process, on a free port: tests enter as users do, over HTTP."""

import asyncio
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import uvicorn
from fastapi import FastAPI

from greenroom.app import create_app
from greenroom.settings import Settings


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

    def __init__(self, app: FastAPI, address: str, clock: MovableClock) -> None:
        self.app, self.address, self.clock = app, address, clock

    def client(self) -> httpx.Client:
        """A client for the API and the pages."""
        return httpx.Client(base_url=self.address, timeout=30)


def settings_for(folder: Path, database_url: str, **more: object) -> Settings:
    """Settings of a test installation in `folder`."""
    return Settings(
        _env_file=None, data_dir=folder, database_url=database_url, port=0, log_level="error", **more
    )  # type: ignore[call-arg,arg-type]


@contextmanager
def serving(settings: Settings, *, clock: MovableClock | None = None) -> Iterator[Live]:
    """Serve an application in a thread until the block ends."""
    clock = clock or MovableClock()
    app = create_app(settings, clock=clock)
    server = uvicorn.Server(
        uvicorn.Config(app, port=0, log_level="error", lifespan="on", timeout_graceful_shutdown=1)
    )
    failure: list[BaseException] = []

    def run() -> None:
        try:
            asyncio.run(server.serve())
        except BaseException as error:  # noqa: BLE001 - shown by the waiting test
            failure.append(error)

    thread = threading.Thread(target=run, name="live-server", daemon=True)
    thread.start()
    deadline = time.monotonic() + 60
    while not server.started:
        if failure or not thread.is_alive() or time.monotonic() > deadline:
            raise RuntimeError(f"the server did not start: {failure}")
        time.sleep(0.02)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield Live(app, f"http://127.0.0.1:{port}", clock)
    finally:
        server.should_exit = True
        thread.join(timeout=30)
