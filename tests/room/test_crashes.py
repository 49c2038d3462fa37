"""kill -9 of the server between any two statements of a turn: nothing acknowledged is lost, nothing is there twice."""

import os
import signal
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.room.test_turns import GOOD
from tests.waiting import PATIENCE_S, until

# For each number that it reads the process forks a server whose statement of that number is its last (0: none), so
# that what is imported is imported once.
SERVER = textwrap.dedent("""
    import os, signal, sys
    from pathlib import Path
    import uvicorn
    from sqlalchemy import event
    from sqlalchemy.engine import Engine
    from greenroom.app import create_app
    from greenroom.settings import Settings

    from greenroom.library import catalog

    folder, url = sys.argv[1], sys.argv[2]
    armed, count = Path(folder) / "armed", 0
    catalog.load()
    for line in sys.stdin:
        child = os.fork()
        if child:
            print(f"pid {child}", flush=True)
            os.waitpid(child, 0)
            print("gone", flush=True)
        else:
            die_at = int(line)
            break
    else:
        sys.exit()

    def die_in_time(*_):
        global count
        if die_at and armed.exists():
            count += 1
            if count == die_at:
                os.kill(os.getpid(), signal.SIGKILL)

    app = create_app(Settings(_env_file=None, data_dir=Path(folder), database_url=url, log_level="error", worker="none"))
    writer = app.state.context.database.writer.sync_engine
    event.listen(writer, "before_cursor_execute", die_in_time)
    event.listen(writer, "commit", die_in_time)
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="error"))
    original = server.startup
    async def startup(sockets=None):
        await original(sockets)
        print(server.servers[0].sockets[0].getsockname()[1], flush=True)
    server.startup = startup
    server.run()
""")


class Nursery:
    """Servers of one installation, one after the other, each in a process forked from one that has imported all."""

    def __init__(self, folder: Path, url: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", SERVER, str(folder), url], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            env={**os.environ, "PYTHONWARNINGS": "ignore"},
        )  # fmt: skip
        self.pid = 0

    def read(self) -> str:
        assert self.process.stdout is not None
        return self.process.stdout.readline().strip()

    def start(self, die_at: int) -> int:
        """The port of a new server."""
        assert self.process.stdin is not None
        self.process.stdin.write(f"{die_at}\n")
        self.process.stdin.flush()
        said = [self.read(), self.read()]  # parent and child may speak in either order
        (pid,) = (line for line in said if line.startswith("pid "))
        self.pid = int(pid.removeprefix("pid "))
        (port,) = (line for line in said if not line.startswith("pid "))
        return int(port)

    def await_end(self) -> None:
        """Wait until the server is no more."""
        assert self.read() == "gone"
        self.pid = 0

    def close(self) -> None:
        if self.pid:  # the test was given up while a server ran
            os.kill(self.pid, signal.SIGKILL)
        assert self.process.stdin is not None
        self.process.stdin.close()
        self.process.wait(timeout=PATIENCE_S)
        assert self.process.stdout is not None
        self.process.stdout.close()


@pytest.fixture
def nursery(tmp_path: Path, empty_database: str) -> Iterator[Nursery]:
    made = Nursery(tmp_path, empty_database)
    yield made
    made.close()


@contextmanager
def server(nursery: Nursery, die_at: int = 0) -> Iterator[httpx.Client]:
    port = nursery.start(die_at)
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=PATIENCE_S) as client:
            yield client
    finally:
        if nursery.pid:
            os.kill(nursery.pid, signal.SIGTERM)
            nursery.await_end()


def begin(client: httpx.Client) -> dict[str, Any]:
    interview = client.post(
        "/api/v1/interviews", json={"minutes": 15, "type": "behavioral", "seed": 7}
    ).json()
    room = client.post(f"/api/v1/interviews/{interview['id']}/sessions").json()
    body = {
        "kind": "answer",
        "text": "A warm-up answer about my work on billing exports.",
        "after_seq": room["seq"],
    }
    return client.post(f"/api/v1/sessions/{room['session_id']}/turns", json=body).json()


def take(client: httpx.Client, url: str, attempt: dict[str, Any]) -> httpx.Response:
    return client.post(f"{url}/turns", json=attempt["body"], headers={"Idempotency-Key": attempt["key"]})


def settle(client: httpx.Client, url: str, attempt: dict[str, Any]) -> dict[str, Any]:
    """After a crash: either nothing happened or all of it; sending the same again gives the same as once."""
    after, before = client.get(url).json(), attempt["before"]
    if after["seq"] == before["seq"]:
        assert after["question"] == before["question"]
        assert after["transcript"] == before["transcript"]
    again = take(client, url, attempt)
    assert again.status_code == 200, again.text
    room = again.json()
    words = [line["text"] for line in room["transcript"] if line["who"] == "you"]
    assert len(words) == len(set(words))
    assert attempt["body"]["text"] in words
    return room


@pytest.mark.slow
def test_a_turn_killed_at_any_statement_is_there_once_or_not_at_all(nursery: Nursery, tmp_path: Path) -> None:
    armed = tmp_path / "armed"
    url, attempt, room = "", None, {}
    for die_at in range(1, 60):
        with server(nursery, die_at) as client:
            room = settle(client, url, attempt) if attempt else begin(client)
            if room["state"] == "ended" or "question" in room["moves"]:
                room = begin(client)
            url = f"/api/v1/sessions/{room['session_id']}"
            body = {"kind": "answer", "text": f"{GOOD} Attempt {die_at}.", "after_seq": room["seq"]}
            attempt = {"body": body, "key": f"attempt-{die_at}", "before": client.get(url).json()}
            armed.touch()
            with suppress(httpx.HTTPError):
                take(client, url, attempt)
                armed.unlink()
                assert die_at > 5, "a turn has more statements than that"
                return
            nursery.await_end()
            armed.unlink()
    raise AssertionError("the turn has more statements than were tried")


@pytest.mark.slow
def test_answers_left_ungraded_by_a_dead_server_are_graded_by_a_worker(
    nursery: Nursery, empty_database: str, tmp_path: Path
) -> None:
    with server(nursery) as client:
        room = begin(client)
        url = f"/api/v1/sessions/{room['session_id']}"
        reply = client.post(f"{url}/turns", json={"kind": "answer", "text": GOOD, "after_seq": room["seq"]})
        room = reply.json()
        client.post(f"{url}/turns", json={"kind": "end", "text": "", "after_seq": room["seq"]})
        os.kill(nursery.pid, signal.SIGKILL)
        nursery.await_end()
    worker = subprocess.Popen(
        [sys.executable, "-m", "greenroom", "worker"],
        env={**os.environ, "GREENROOM_DATA_DIR": str(tmp_path), "GREENROOM_DATABASE_URL": empty_database},
    )
    try:
        with server(nursery) as client:
            read = lambda: client.get(f"{url}/scores").json()[0]["state"]  # noqa: E731
            assert until(read, lambda state: state != "pending") == "assessed"
    finally:
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(timeout=PATIENCE_S) == 0
