"""`greenroom doctor` names what is wrong and what to do, and leaves everything as it was."""

import json
import os
import socket
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from greenroom import doctor
from greenroom.doctor import Finding
from tests.live import Live, settings_for
from tests.waiting import PATIENCE_S


def migrated(folder: Path) -> Path:
    subprocess.run(
        [sys.executable, "-m", "greenroom", "migrate"], check=True, capture_output=True,
        env={**os.environ, "GREENROOM_DATA_DIR": str(folder), "GREENROOM_DATABASE_URL": ""},
    )  # fmt: skip
    return folder / "greenroom.db"


def database_finding(folder: Path) -> Finding:
    return doctor.look_at_database(settings_for(folder, ""))


def test_a_fresh_installation_is_well_and_stays_untouched(tmp_path: Path) -> None:
    folder = tmp_path / "new"
    findings = {one.name: one for one in doctor.examine(settings_for(folder, ""))}
    assert findings["data folder"].state == "well"
    assert findings["database"].state == "well"
    assert findings["question bank"].state == "well"
    assert not folder.exists()


def test_a_used_database_is_well(tmp_path: Path) -> None:
    migrated(tmp_path)
    assert database_finding(tmp_path).state == "well"


def test_a_locked_database_is_named_with_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = migrated(tmp_path)
    monkeypatch.setattr(doctor, "WAIT_S", 0.2)
    holder = sqlite3.connect(path, isolation_level=None)
    try:
        holder.execute("begin exclusive")
        found = database_finding(tmp_path)
    finally:
        holder.close()
    assert found.state == "broken"
    assert "locked" in found.said
    assert "Close" in found.advice


def test_a_newer_database_is_named_and_not_touched(tmp_path: Path) -> None:
    path = migrated(tmp_path)
    with sqlite3.connect(path) as connection:
        connection.execute("update alembic_version set version_num = '9999'")
    connection.close()
    found = database_finding(tmp_path)
    assert found.state == "broken"
    assert "newer version" in found.said


@pytest.mark.parametrize(
    "body", [b"this is no database, it is a letter to my aunt" * 40, b"SQLite format 3\0" + b"\xff" * 5000]
)
def test_a_damaged_database_is_named(tmp_path: Path, body: bytes) -> None:
    (tmp_path / "greenroom.db").write_bytes(body)
    found = database_finding(tmp_path)
    assert found.state == "broken"
    assert "damaged" in found.said


def test_a_database_server_that_is_away_is_named(tmp_path: Path) -> None:
    found = doctor.look_at_database(settings_for(tmp_path, "postgresql://nobody@127.0.0.1:9/none"))
    assert found.state == "broken"
    assert "does not answer" in found.said


def test_a_wrong_database_address_is_named(tmp_path: Path) -> None:
    assert doctor.look_at_database(settings_for(tmp_path, "mysql://root@localhost/x")).state == "broken"


def test_a_folder_that_is_a_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    found = doctor.look_at_folder(settings_for(tmp_path / "file", ""))
    assert found.state == "broken"
    assert "GREENROOM_DATA_DIR" in found.advice


def test_a_port_in_use_by_something_else_is_named_with_another(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        settings = settings_for(tmp_path, "").model_copy(update={"port": port})
        found = doctor.look_at_port(settings)
    assert found.state == "broken"
    assert f"GREENROOM_PORT={port + 1}" in found.advice
    assert doctor.look_at_port(settings).state == "well"


def test_a_running_greenroom_is_no_fault(tmp_path: Path, live: Live, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "WAIT_S", PATIENCE_S)
    port = int(live.address.rpartition(":")[2])
    found = doctor.look_at_port(settings_for(tmp_path, "").model_copy(update={"port": port}))
    assert found.state == "well"
    assert "is running" in found.said


def test_missing_fonts_of_the_pdf_are_named_with_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = settings_for(tmp_path, "")
    assert doctor.look_at_pdf(settings).state == "well"
    monkeypatch.setattr("greenroom.reports.pdf.FONTS", tmp_path)
    found = doctor.look_at_pdf(settings)
    assert found.state == "broken"
    assert "make build" in found.advice


def test_the_command_ends_with_1_when_something_is_broken(tmp_path: Path) -> None:
    (tmp_path / "greenroom.db").write_bytes(b"no database" * 100)
    done = subprocess.run(
        [sys.executable, "-m", "greenroom", "doctor"], capture_output=True, text=True, timeout=PATIENCE_S, check=False,
        env={**os.environ, "GREENROOM_DATA_DIR": str(tmp_path), "GREENROOM_DATABASE_URL": ""},
    )  # fmt: skip
    assert done.returncode == 1
    assert "BROKEN" in done.stdout
    assert "Traceback" not in done.stderr
    assert json.dumps(str(tmp_path))[1:-1] in done.stdout


@pytest.mark.parametrize(
    "command", [["serve", "--port", "0"], ["migrate"], ["worker"], ["export", "mine.zip"]]
)
def test_every_command_says_so_in_a_sentence_when_the_database_is_damaged(
    tmp_path: Path, command: list[str]
) -> None:
    (tmp_path / "greenroom.db").write_bytes(b"no database" * 100)
    done = subprocess.run(
        [sys.executable, "-m", "greenroom", *command], capture_output=True, text=True, timeout=PATIENCE_S, check=False,
        env={**os.environ, "GREENROOM_DATA_DIR": str(tmp_path), "GREENROOM_DATABASE_URL": ""}, cwd=tmp_path,
    )  # fmt: skip
    assert done.returncode == 1
    assert "greenroom doctor" in done.stderr
    assert "Traceback" not in done.stderr
