"""A server of our own inside this process, for the commands that play an interview in the terminal."""

import asyncio
import threading
import time
from collections.abc import Generator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from greenroom.app import create_app
from greenroom.kit.clock import Clock, utc_now
from greenroom.readiness import CannotStart, check_folder
from greenroom.schema import bring_up_to_date
from greenroom.settings import Settings

if TYPE_CHECKING:
    import uvicorn

START_WITHIN_S = 60


@contextmanager
def serving(settings: Settings, clock: Clock = utc_now) -> Generator[str]:
    """The address of the API on a free port of 127.0.0.1, until the block ends; the pages need not be built.

    Any number of processes may serve the same data folder at once.

    Raises:
        CannotStart: the folder cannot be written, or the application did not come up.
        UnusableDatabase: the database is away, locked, damaged or newer; nothing is changed.
    """
    import uvicorn

    settings = settings.model_copy(
        update={"allowed_hosts": ["127.0.0.1"], "worker": "in-process", "log_level": "error"}
    )
    check_folder(settings.data_dir)
    asyncio.run(bring_up_to_date(settings))
    app = create_app(settings, clock, pages=False)
    config = uvicorn.Config(app, port=0, log_level="error", lifespan="on", timeout_graceful_shutdown=1)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, name="greenroom-loopback", daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{_await_port(server, thread)}"
    finally:
        server.should_exit = True
        thread.join(timeout=30)


def _await_port(server: "uvicorn.Server", thread: threading.Thread) -> int:
    deadline = time.monotonic() + START_WITHIN_S
    while not server.started:
        if not thread.is_alive() or time.monotonic() > deadline:
            raise CannotStart("The server inside this command did not start; the lines above say why.")
        time.sleep(0.01)
    port: int = server.servers[0].sockets[0].getsockname()[1]
    return port
