"""The commands as a person starts them: clear messages, clean ends."""

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from tests.waiting import PATIENCE_S


def call(*words: str, folder: Path, **settings: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "GREENROOM_DATA_DIR": str(folder), **settings}
    return subprocess.run(
        [sys.executable, "-m", "greenroom", *words],
        env=environment,
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        check=False,
    )


def test_help_does_not_load_the_server(tmp_path: Path) -> None:
    code = (
        "import sys\n"
        "from typer.testing import CliRunner\n"
        "from greenroom.cli import cli\n"
        "assert CliRunner().invoke(cli, ['--help']).exit_code == 0\n"
        "heavy = {'fastapi', 'sqlalchemy', 'dbos', 'uvicorn', 'jinja2', 'yaml', 'httpx', 'pydantic', 'alembic', 'structlog'} & set(sys.modules)\n"
        "assert not heavy, heavy\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, cwd=tmp_path
    )
    assert done.returncode == 0, done.stderr


def test_migrate_creates_the_database_and_can_be_repeated(tmp_path: Path) -> None:
    for _ in range(2):
        done = call("migrate", folder=tmp_path)
        assert done.returncode == 0, done.stderr
        assert "newest version" in done.stdout
    assert (tmp_path / "greenroom.db").stat().st_mode & 0o077 == 0, "what people said is theirs alone"


def test_a_port_in_use_is_said_with_a_way_out(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = call("serve", "--port", str(port), folder=tmp_path)
    assert done.returncode == 1
    assert f"Port {port} is in use" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")
    done = call("serve", "--port", "0", folder=blocked / "data")
    assert done.returncode == 1
    assert "cannot be written" in done.stderr
    assert "GREENROOM_DATA_DIR" in done.stderr


def test_a_database_address_that_makes_no_sense_is_said(tmp_path: Path) -> None:
    done = call("migrate", folder=tmp_path, GREENROOM_DATABASE_URL="mysql://somewhere/else")
    assert done.returncode == 1
    assert "postgresql://" in done.stderr


@pytest.mark.parametrize("command", ["serve", "worker", "migrate"])
def test_a_database_that_does_not_answer_is_said_without_a_traceback(tmp_path: Path, command: str) -> None:
    with socket.socket() as closed:  # bound and not listening: nobody answers there
        closed.bind(("127.0.0.1", 0))
        url = f"postgresql://nobody:secret@127.0.0.1:{closed.getsockname()[1]}/nothing"
        done = call(command, folder=tmp_path, GREENROOM_DATABASE_URL=url, GREENROOM_PORT="0")
    assert done.returncode == 1
    assert "The database cannot be reached" in done.stderr
    assert "GREENROOM_DATABASE_URL" in done.stderr
    assert "Traceback" not in done.stderr
    assert "secret" not in done.stderr


def test_a_file_that_is_no_database_is_said_and_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "greenroom.db"
    file.write_bytes(b"no database at all " * 300)
    before = file.read_bytes()
    done = call("migrate", folder=tmp_path)
    assert done.returncode == 1
    assert "not a database" in done.stderr
    assert "Traceback" not in done.stderr
    assert file.read_bytes() == before


@pytest.mark.parametrize(
    ("name", "value"), [("PORT", "abc"), ("WORKER", "maybe"), ("ALLOWED_HOSTS", "one.example")]
)
def test_a_setting_that_cannot_be_used_is_named(tmp_path: Path, name: str, value: str) -> None:
    done = call("serve", folder=tmp_path, **{f"GREENROOM_{name}": value})
    assert done.returncode == 1
    assert name.lower() in done.stderr.lower()
    assert "Traceback" not in done.stderr


@pytest.mark.slow
def test_serve_answers_at_the_address_it_prints_and_ends_when_asked(tmp_path: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "greenroom", "serve", "--port", "0"],
        env={**os.environ, "GREENROOM_DATA_DIR": str(tmp_path), "GREENROOM_OPEN_BROWSER": "false"},
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdout is not None
    line = process.stdout.readline()
    address = next(word for word in line.split() if word.startswith("http://"))
    assert httpx.get(f"{address}/health", timeout=PATIENCE_S).json()["status"] == "ok"
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=PATIENCE_S)
    assert "Traceback" not in errors


@pytest.mark.parametrize("command", [["doctor"], ["export", "all.zip"], ["reset", "--yes"]])
def test_every_command_names_a_setting_that_cannot_be_used(tmp_path: Path, command: list[str]) -> None:
    done = call(*command, folder=tmp_path, GREENROOM_SESSION_BUDGET_USD="-1")
    assert done.returncode == 1
    assert done.stderr.startswith("greenroom: GREENROOM_SESSION_BUDGET_USD: ")
    assert "Traceback" not in done.stderr
