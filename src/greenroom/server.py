"""Starting the processes: the server, a worker, the migration; each failure in one plain sentence."""

import asyncio
import errno
import os
import signal
import socket
import sys
import webbrowser

from greenroom.readiness import CannotStart, check_folder
from greenroom.settings import Settings


def bind(settings: Settings) -> socket.socket:
    """A listening socket at the configured address.

    Raises:
        CannotStart: the port is taken, or there is no such address here.
    """
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((settings.host.strip("[]"), settings.port))
    except OSError as error:
        listener.close()
        if error.errno == errno.EADDRINUSE:
            raise CannotStart(
                f"Port {settings.port} is in use, perhaps by Greenroom itself: look at http://{settings.host}:{settings.port} "
                f"first. Or start on another port: GREENROOM_PORT={settings.port + 1}."
            ) from error
        raise CannotStart(f"Cannot listen on {settings.host}:{settings.port}: {error.strerror}.") from error
    return listener


def say(sentence: str) -> None:
    """One line to the person who started the process."""
    print(sentence, flush=True)  # noqa: T201 - this is the terminal's voice


def fail(error: Exception) -> int:
    """Print why the process cannot run; the exit code."""
    print(f"greenroom: {error}", file=sys.stderr, flush=True)  # noqa: T201
    return 1


def run(settings: Settings) -> int:
    """Serve until interrupted; the exit code."""
    import uvicorn

    from greenroom.app import create_app
    from greenroom.schema import UnusableDatabase, bring_up_to_date

    try:
        check_folder(settings.data_dir)
        listener = bind(settings)
        app = create_app(settings)
        app.state.context.assets.load()
        asyncio.run(bring_up_to_date(settings))
    except (CannotStart, UnusableDatabase, OSError, ValueError) as error:
        return fail(error)
    address = f"http://{settings.host}:{listener.getsockname()[1]}"

    class Announcing(uvicorn.Server):
        """Says where it is once it really answers."""

        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            if self.started:
                say(f"Greenroom is ready at {address}  (stop with Ctrl+C)")
                if settings.open_browser and has_browser():
                    webbrowser.open(address)

    config = uvicorn.Config(app, log_level="warning", access_log=False, timeout_graceful_shutdown=2)
    server = Announcing(config)
    server.run(sockets=[listener])
    return 0 if server.started else 1


def has_browser() -> bool:
    """Whether somebody sits at this terminal with a browser at hand."""
    return sys.stdout.isatty() and bool(
        os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY") or sys.platform == "darwin"
    )


def run_worker(settings: Settings) -> int:
    """Run jobs until interrupted; the exit code."""
    from greenroom.app import build_context, build_worker, opened
    from greenroom.kit import logs
    from greenroom.schema import UnusableDatabase

    async def work() -> None:
        stop = asyncio.Event()
        for signal_ in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(signal_, stop.set)
        async with opened(build_context(settings)) as context:
            worker = build_worker(context)
            await worker.start()
            say("Greenroom worker is taking jobs  (stop with Ctrl+C)")
            await stop.wait()
            await worker.stop()

    logs.configure(settings.log_level, settings.log_format)
    try:
        check_folder(settings.data_dir)
        asyncio.run(work())
    except (CannotStart, UnusableDatabase, OSError, ValueError) as error:
        return fail(error)
    return 0


def run_migrations(settings: Settings) -> int:
    """Migrate and say so; the exit code."""
    from greenroom.schema import UnusableDatabase, bring_up_to_date

    try:
        check_folder(settings.data_dir)
        asyncio.run(bring_up_to_date(settings))
    except (CannotStart, UnusableDatabase, OSError, ValueError) as error:
        return fail(error)
    say("The database is at the newest version.")
    return 0
