"""kill -9 of the server between any two statements of a turn: nothing acknowledged is lost, nothing is there twice."""

import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.room.test_turns import GOOD

# The n-th statement of the process that touches the session log, scores or jobs is its last.
SERVER = textwrap.dedent("""
    import os, signal, sys
    from pathlib import Path
    import uvicorn
    from sqlalchemy import event
    from sqlalchemy.engine import Engine
    from greenroom.app import create_app
    from greenroom.settings import Settings

    folder, url, die_at = sys.argv[1], sys.argv[2], int(sys.argv[3])
    armed, count = Path(folder) / "armed", 0

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


@contextmanager
def server(folder: Path, url: str, die_at: int = 0) -> Iterator[tuple[httpx.Client, subprocess.Popen[str]]]:
    process = subprocess.Popen(
        [sys.executable, "-c", SERVER, str(folder), url, str(die_at)],
        stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONWARNINGS": "ignore"},
    )  # fmt: skip
    assert process.stdout is not None
    try:
        port = process.stdout.readline().strip()
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=20) as client:
            yield client, process
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
        process.wait(timeout=20)
        process.stdout.close()


def begin(client: httpx.Client) -> dict[str, Any]:
    interview = client.post("/api/v1/interviews", json={"minutes": 15}).json()
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
def test_a_turn_killed_at_any_statement_is_there_once_or_not_at_all(
    empty_database: str, tmp_path: Path
) -> None:
    armed = tmp_path / "armed"
    url, attempt, room = "", None, {}
    for die_at in range(1, 60):
        with server(tmp_path, empty_database, die_at) as (client, process):
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
            process.wait(timeout=10)
            armed.unlink()
    raise AssertionError("the turn has more statements than were tried")


@pytest.mark.slow
def test_answers_left_ungraded_by_a_dead_server_are_graded_by_a_worker(
    empty_database: str, tmp_path: Path
) -> None:
    with server(tmp_path, empty_database) as (client, process):
        room = begin(client)
        url = f"/api/v1/sessions/{room['session_id']}"
        reply = client.post(f"{url}/turns", json={"kind": "answer", "text": GOOD, "after_seq": room["seq"]})
        room = reply.json()
        client.post(f"{url}/turns", json={"kind": "end", "text": "", "after_seq": room["seq"]})
        process.kill()
    worker = subprocess.Popen(
        [sys.executable, "-m", "greenroom", "worker"],
        env={**os.environ, "GREENROOM_DATA_DIR": str(tmp_path), "GREENROOM_DATABASE_URL": empty_database},
    )
    try:
        with server(tmp_path, empty_database) as (client, _):
            deadline = time.monotonic() + 40
            while (state := client.get(f"{url}/scores").json()[0]["state"]) == "pending":
                assert time.monotonic() < deadline
                time.sleep(0.2)
            assert state == "assessed"
    finally:
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(timeout=30) == 0
