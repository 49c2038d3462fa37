"""Everything of a person as one file: out, in again anywhere, twice without harm, never half."""

import hashlib
import io
import json
import zipfile
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any

import pytest

from greenroom.app import build_context, opened
from greenroom.client import ApiError, Client
from greenroom.interviews.schemas import InterviewCreate
from greenroom.kit.web import Context
from greenroom.privacy import commands
from greenroom.privacy.belongings import LEFT_OUT, find_belongings
from greenroom.schema import metadata
from greenroom.settings import Settings
from tests.apart import serving_apart
from tests.conftest import new_postgres_database
from tests.live import settings_for

pytestmark = pytest.mark.xdist_group("export")  # one process: the export is made once
WORDS = "I read the logs, found the slow query and rewrote it in batches; since then it takes forty seconds."
SHARED = {"frozen_items"}
INSTALLATION = {"engines", "engine_uses"}


def opening(settings: Settings) -> Callable[[], AbstractAsyncContextManager[Context]]:
    return lambda: opened(build_context(settings))


def export(settings: Settings, path: Path) -> int:
    return commands.export(settings, opening(settings), path)


def bring_in(settings: Settings, path: Path) -> int:
    return commands.bring_in(settings, opening(settings), path)


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    """An export with a judged session and one that goes on, and what the API said about them."""
    folder = tmp_path_factory.mktemp("exported")
    settings = settings_for(folder / "data", "")
    with serving_apart(settings) as address, Client(address) as client:
        interview = client.create_interview(InterviewCreate(minutes=15, seed=3, company="Söhne & Co"))
        room = client.start(interview.id)
        room = client.answer(client.answer(room, "I work with data."), WORDS)
        done = client.move(room, "end")
        client.await_report(done.session_id)
        client.rate_own(done.session_id, {"q2": 3})
        report = client.read_report(done.session_id)
        going = client.answer(client.start(interview.id), "I work with data 🎉.")
        deleted = client.create_interview(InterviewCreate(minutes=15, company="Deleted"))
        client.start(deleted.id)
        client.delete_interview(deleted.id)
    path = folder / "mine.zip"
    assert export(settings, path) == 0
    return path, {"report": report, "room": going, "done": done}


@pytest.fixture(params=["sqlite", "postgresql"])
def elsewhere(request: pytest.FixtureRequest, tmp_path: Path) -> Settings:
    """Another, empty installation on each database."""
    url = (
        "" if request.param == "sqlite" else new_postgres_database(request.getfixturevalue("postgres_server"))
    )
    return settings_for(tmp_path / "elsewhere", url)


def kept_bytes(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.iterdir() if path.is_file())


def read_tables(path: Path) -> dict[str, Any]:
    with zipfile.ZipFile(path) as archive:
        return {name: json.loads(archive.read(name)) for name in archive.namelist()}


@pytest.mark.slow
def test_an_export_brought_in_elsewhere_is_the_same_and_goes_on(
    exported: tuple[Path, dict[str, Any]], elsewhere: Settings, tmp_path: Path
) -> None:
    path, before = exported
    for _ in range(2):
        assert bring_in(elsewhere, path) == 0
    with serving_apart(elsewhere) as address, Client(address) as client:
        assert len(client.list_sessions()) == 2
        assert client.read_report(before["done"].session_id) == before["report"]
        room = client.read_room(before["room"].session_id)
        assert room.question == before["room"].question
        assert client.answer(room, WORDS).seq > room.seq
        assert bring_in(elsewhere, path) == 0
        assert client.read_room(room.session_id).seq > room.seq
    again = tmp_path / "again.zip"
    assert export(elsewhere, again) == 0
    first, second = read_tables(path), read_tables(again)
    assert second["data/scores.json"] == first["data/scores.json"]
    assert second["data/frozen_items.json"] == first["data/frozen_items.json"]


def test_what_was_deleted_is_not_in_the_export(exported: tuple[Path, dict[str, Any]]) -> None:
    tables = read_tables(exported[0])
    assert [row["company"] for row in tables["data/interviews.json"]] == ["Söhne & Co"]
    assert len(tables["data/sessions.json"]) == 2


def rewritten(path: Path, change: Callable[[dict[str, Any]], None], *, seal: bool = True) -> bytes:
    """The archive with something changed in it; with `seal` the manifest fits the change."""
    tables = read_tables(path)
    change(tables)
    if seal:
        for name, entry in tables["manifest.json"]["tables"].items():
            body = json.dumps(tables[f"data/{name}.json"]).encode()
            entry.update(sha256=hashlib.sha256(body).hexdigest(), rows=len(tables[f"data/{name}.json"]))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, value in tables.items():
            archive.writestr(name, json.dumps(value))
    return out.getvalue()


def set_manifest(**values: object) -> Callable[[dict[str, Any]], None]:
    return lambda tables: tables["manifest.json"].update(values)


def set_row(table: str, **values: object) -> Callable[[dict[str, Any]], None]:
    return lambda tables: tables[f"data/{table}.json"][-1].update(values)


def drop(table: str, column: str) -> Callable[[dict[str, Any]], None]:
    return lambda tables: tables[f"data/{table}.json"][-1].pop(column)


BROKEN: list[tuple[str, Callable[[dict[str, Any]], None], bool, str]] = [
    ("newer format", set_manifest(version=2, other="shape"), True, "newer version"),
    ("newer database", set_manifest(revision="9999"), True, "newer version"),
    ("other format", set_manifest(format="something"), True, "cannot be read"),
    ("row changed by hand", set_row("sessions", name="Other"), False, "is damaged"),
    ("text as number", set_row("sessions", seq="many"), True, "sessions.seq"),
    ("no name", set_row("interviews", name=None), True, "interviews.name"),
    ("column gone", drop("sessions", "plan"), True, "'plan' is missing"),
    ("column of the future", set_row("scores", mood="good"), True, "'mood'"),
    ("log entry of no kind", set_row("session_log", payload={"kind": "dance"}), True, "session_log.payload"),
    ("spec of no shape", set_row("interviews", spec={"minutes": 7}), True, "interviews.spec"),
    ("item under another's name", set_row("frozen_items", hash="0" * 64), True, "frozen_items"),
    ("item gone", lambda tables: tables["data/frozen_items.json"].pop(), True, "frozen_items"),
    ("not a list", lambda tables: tables.update({"data/scores.json": {}}), True, "is damaged"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("change", "seal", "says"), [case[1:] for case in BROKEN], ids=[c[0] for c in BROKEN]
)
def test_a_broken_or_newer_export_is_refused_and_changes_nothing(
    exported: tuple[Path, dict[str, Any]], tmp_path: Path, capsys: pytest.CaptureFixture[str],
    change: Callable[[dict[str, Any]], None], seal: bool, says: str,
) -> None:  # fmt: skip
    path, settings = tmp_path / "broken.zip", settings_for(tmp_path / "data", "")
    path.write_bytes(rewritten(exported[0], change, seal=seal))
    assert bring_in(settings, path) == 1
    said = capsys.readouterr().err
    assert says in said
    assert "Nothing was changed" in said
    assert export(settings, tmp_path / "after.zip") == 0
    assert not any(
        rows for name, rows in read_tables(tmp_path / "after.zip").items() if name != "manifest.json"
    )


@pytest.mark.parametrize("body", [b"", b"not a zip", b"PK\x03\x04 cut short"])
def test_a_file_that_is_no_export_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], body: bytes
) -> None:
    path = tmp_path / "file.zip"
    path.write_bytes(body)
    assert bring_in(settings_for(tmp_path / "data", ""), path) == 1
    assert "not an export" in capsys.readouterr().err


def test_a_cut_off_export_is_refused(
    exported: tuple[Path, dict[str, Any]], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    whole = exported[0].read_bytes()
    path = tmp_path / "half.zip"
    for share in (0.2, 0.6, 0.99):
        path.write_bytes(whole[: int(len(whole) * share)])
        assert bring_in(settings_for(tmp_path / "data", ""), path) == 1
        assert "Nothing was changed" in capsys.readouterr().err


@pytest.mark.slow
def test_a_reset_asks_and_then_leaves_nothing_not_even_in_the_file(
    exported: tuple[Path, dict[str, Any]], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = settings_for(tmp_path / "data", "")
    assert bring_in(settings, exported[0]) == 0
    asked: list[str] = []
    assert commands.reset(settings, opening(settings), lambda question: bool(asked.append(question))) == 0
    assert "Erase 2 sessions" in asked[0]
    assert "Nothing was changed" in capsys.readouterr().out
    assert b"slow query" in kept_bytes(tmp_path / "data")
    assert commands.reset(settings, opening(settings), lambda _: True) == 0
    assert b"slow query" not in kept_bytes(tmp_path / "data")
    with serving_apart(settings) as address, Client(address) as client:
        assert client.list_sessions() == []
        with pytest.raises(ApiError):
            client.read_room(exported[1]["room"].session_id)
        assert client.start(client.create_interview(InterviewCreate(minutes=15)).id).question


def test_every_table_travels_or_says_why_it_does_not() -> None:
    known = (
        {belonging.name for belonging in find_belongings(metadata)} | set(LEFT_OUT) | SHARED | INSTALLATION
    )
    assert set(metadata.tables) <= known


def test_every_personal_row_can_be_named_by_one_column_when_it_has_parts() -> None:
    parents = {parent.name for one in find_belongings(metadata) for _, parent in one.parents}
    assert all(len(metadata.tables[name].primary_key.columns) == 1 for name in parents)
