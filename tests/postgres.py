"""A throwaway PostgreSQL on a free port, for tests: initdb as a non-root user, gone afterwards."""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path


def find_binaries() -> Path | None:
    """The folder with initdb and postgres, or None."""
    found = shutil.which("initdb")
    if found:
        return Path(found).parent
    folders = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda p: float(p.parent.parent.name)
    )
    return folders[-1].parent if folders else None


def free_port() -> int:
    """A port that was free a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def start(control: Callable[..., None], home: Path) -> int:
    """The port of the server once it answers. Between choosing a port and taking it another process may have it."""
    for attempt in range(5):
        port = free_port()
        options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={home} -c fsync=off -c max_connections=200"
        try:
            control("-o", options, "-w", "-t", "200", "-l", str(home / "log"), "start")
        except subprocess.CalledProcessError:
            if attempt == 4:
                raise
        else:
            return port
    raise AssertionError("unreachable")


@contextmanager
def running(binaries: Path) -> Iterator[str]:
    """The URL prefix of a fresh server; databases are made by the caller."""
    user = "nobody" if os.geteuid() == 0 else pwd.getpwuid(os.geteuid()).pw_name
    # Not pytest's temporary folder: its parents are closed to other users.
    home = Path(tempfile.mkdtemp(prefix="greenroom-pg-"))
    identity = pwd.getpwnam(user)
    os.chown(home, identity.pw_uid, identity.pw_gid)
    drop = (
        {"user": identity.pw_uid, "group": identity.pw_gid, "extra_groups": []} if os.geteuid() == 0 else {}
    )
    data = home / "data"
    environment = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "HOME": str(home)}

    def call(*command: str) -> None:
        subprocess.run(command, check=True, capture_output=True, env=environment, cwd=home, **drop)

    call(
        str(binaries / "initdb"), "-D", str(data), "-U", "greenroom", "-A", "trust", "-E", "UTF8", "--no-sync"
    )
    port = start(lambda *options: call(str(binaries / "pg_ctl"), "-D", str(data), *options), home)
    try:
        yield f"postgresql://greenroom@127.0.0.1:{port}"
    finally:
        call(str(binaries / "pg_ctl"), "-D", str(data), "-m", "immediate", "stop")
        for _ in range(50):
            if not (data / "postmaster.pid").exists():
                break
            time.sleep(0.1)
        shutil.rmtree(home, ignore_errors=True)
