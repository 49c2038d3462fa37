"""`greenroom doctor`: what keeps Greenroom from working here, and what to do about each thing. It changes nothing."""

import asyncio
import errno
import json
import os
import platform
import shutil
import socket
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal
from urllib.error import URLError
from urllib.request import urlopen

from greenroom import __version__
from greenroom.readiness import CannotStart, check_folder
from greenroom.settings import Settings

State = Literal["well", "warning", "broken"]
SPACE_NEEDED: Final = 200_000_000  # bytes; room for years of text sessions and their reports
WAIT_S: Final = 3.0
SIGNS: Final[dict[State, str]] = {"well": "ok      ", "warning": "look at ", "broken": "BROKEN  "}


@dataclass(frozen=True)
class Finding:
    """What one look gave: `said` is what is so, `advice` what to do when it is not well."""

    name: str
    state: State
    said: str
    advice: str = ""


def run(settings: Settings) -> int:
    """Look at everything and print what was found; 0 when nothing is broken."""
    findings = examine(settings)
    for finding in findings:
        print(f"{SIGNS[finding.state]} {finding.name:<14} {finding.said}")  # noqa: T201
        if finding.advice:
            print(f"{'':24}{finding.advice}")  # noqa: T201
    broken = sum(finding.state == "broken" for finding in findings)
    print(f"\n{broken} broken." if broken else "\nNothing is broken.")  # noqa: T201
    return 1 if broken else 0


def examine(settings: Settings) -> list[Finding]:
    """Every finding, the ones that others depend on first."""
    looks: list[Callable[[Settings], Finding]] = [
        look_at_program, look_at_folder, look_at_space, look_at_database, look_at_port, look_at_pages, look_at_bank,
        look_at_pdf,
    ]  # fmt: skip
    return [look(settings) for look in looks]


def look_at_program(_: Settings) -> Finding:
    """Which program this is, on which Python."""
    said = f"Greenroom {__version__}, Python {platform.python_version()}, {platform.system()} {platform.machine()}"
    return Finding("program", "well", said)


def look_at_folder(settings: Settings) -> Finding:
    """The data folder can be written."""
    folder = settings.data_dir.absolute()
    if not folder.exists():
        above = _nearest(folder)
        if above.is_dir() and os.access(above, os.W_OK):
            return Finding("data folder", "well", f"{folder} is not there yet and can be made")
    try:
        check_folder(folder)
    except CannotStart as error:
        said, _, advice = str(error).partition(". ")
        return Finding("data folder", "broken", f"{said}.", advice)
    return Finding("data folder", "well", f"{folder} can be written")


def _nearest(folder: Path) -> Path:
    """The folder, or the nearest one above it that exists."""
    while not folder.exists():
        folder = folder.parent
    return folder


def look_at_space(settings: Settings) -> Finding:
    """The disk of the data folder has room."""
    free = shutil.disk_usage(_nearest(settings.data_dir.absolute())).free
    said = f"{free / 1e9:.1f} GB free"
    if free < SPACE_NEEDED:
        return Finding("disk space", "warning", said, "Make room, or set GREENROOM_DATA_DIR to another disk.")
    return Finding("disk space", "well", said)


def look_at_database(settings: Settings) -> Finding:
    """The database answers, is not locked, not damaged and not newer than this program."""
    try:
        url = settings.database
    except ValueError as error:
        return Finding("database", "broken", str(error), "Correct GREENROOM_DATABASE_URL, or leave it empty.")
    if url.startswith("sqlite"):
        return _look_at_file(Path(url.partition(":///")[2]))
    try:
        return _judge_revision(asyncio.run(asyncio.wait_for(_ask_server(url), WAIT_S)), "PostgreSQL answers")
    except Exception as error:  # noqa: BLE001 - whatever the driver raises is the finding
        return Finding(
            "database", "broken", f"PostgreSQL does not answer ({type(error).__name__})",
            "See that it runs, and that GREENROOM_DATABASE_URL has its host, name, user and password.",
        )  # fmt: skip


def _look_at_file(path: Path) -> Finding:
    if not path.exists():
        return Finding("database", "well", "is not there yet; the first start makes it")
    try:
        connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=rw", uri=True, timeout=WAIT_S)
        try:
            connection.isolation_level = None
            connection.execute("begin immediate")
            connection.execute("rollback")
            damage = connection.execute("pragma quick_check(1)").fetchone()[0]
            if damage != "ok":
                return _damaged(path)
            tables = {row[0] for row in connection.execute("select name from sqlite_master")}
            found = (
                connection.execute("select version_num from alembic_version")
                if "alembic_version" in tables
                else ()
            )
            return _judge_revision([row[0] for row in found], f"{path.stat().st_size / 1e6:.1f} MB, sound")
        finally:
            connection.close()
    except sqlite3.OperationalError as error:
        return _explain(path, error)
    except sqlite3.DatabaseError:
        return _damaged(path)


def _explain(path: Path, error: sqlite3.OperationalError) -> Finding:
    if "locked" in str(error) or "busy" in str(error):
        return Finding(
            "database", "broken", f"{path} is locked by another program and stayed so for {WAIT_S:g} s",
            "Close what has it open (a database browser, a back-up, a stuck process: `fuser` or `lsof` names it).",
        )  # fmt: skip
    if "readonly" in str(error) or "unable to open" in str(error):
        return Finding(
            "database", "broken", f"{path} cannot be opened for writing ({error})",
            "Give this user the right to write the file and its folder.",
        )  # fmt: skip
    return Finding(
        "database", "broken", f"{path}: {error}", "Keep a copy of the file before you try anything."
    )


def _damaged(path: Path) -> Finding:
    return Finding(
        "database", "broken", f"{path} is damaged, or is not a database",
        "Put a back-up in its place, or move it away: the next start makes a new one.",
    )  # fmt: skip


async def _ask_server(url: str) -> list[str]:
    from sqlalchemy import text

    from greenroom.kit.db import Database

    database = Database(url)
    try:
        async with database.read() as db:
            if await db.scalar(text("select to_regclass('alembic_version')")) is None:
                return []
            return list(await db.scalars(text("select version_num from alembic_version")))
    finally:
        await database.close()


def _judge_revision(found: list[str], said: str) -> Finding:
    from greenroom.schema import known_revisions, newest_revision

    if any(revision not in known_revisions() for revision in found):
        return Finding(
            "database", "broken", "was written by a newer version of Greenroom",
            "Install that version again, or set GREENROOM_DATA_DIR to another folder. Nothing was changed.",
        )  # fmt: skip
    if found and newest_revision() not in found:
        return Finding("database", "well", f"{said}; the next start brings it to the newest version")
    return Finding("database", "well", said)


def look_at_port(settings: Settings) -> Finding:
    """The port is free, or Greenroom itself is what answers there."""
    address = f"{settings.host}:{settings.port}"
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host.strip("[]"), settings.port))
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                return Finding(
                    "port", "broken", f"cannot listen on {address} ({error.strerror})",
                    "Set GREENROOM_HOST to an address of this machine, and GREENROOM_PORT to 1024 or more.",
                )  # fmt: skip
        else:
            return Finding("port", "well", f"{address} is free")
    running = _ask_health(address)
    if running:
        return Finding("port", "well", f"Greenroom {running} is running at http://{address}")
    return Finding(
        "port", "broken", f"{address} is in use by another program",
        f"Stop it, or start with GREENROOM_PORT={settings.port + 1}.",
    )  # fmt: skip


def _ask_health(address: str) -> str:
    """The version of the Greenroom that answers at an address; empty when something else does."""
    try:
        with urlopen(f"http://{address}/health", timeout=WAIT_S) as reply:
            return str(json.load(reply)["version"])
    except (URLError, OSError, ValueError, KeyError, TypeError):
        return ""


def look_at_pages(_: Settings) -> Finding:
    """The built front end is there, with every file it names."""
    dist = Path(__file__).parent / "static" / "dist"
    advice = "Run `make build` (or `make run`) in the project folder."
    try:
        manifest = json.loads((dist / "manifest.json").read_text("utf-8"))
        files = {part for entry in manifest.values() for part in (entry["file"], *entry.get("css", []))}
    except FileNotFoundError:
        return Finding("pages", "broken", "are not built yet", advice)
    except (ValueError, AttributeError, KeyError, TypeError):
        return Finding("pages", "broken", "are built by halves", advice)
    missing = [name for name in files if not (dist / name).exists()]
    if missing:
        return Finding("pages", "broken", f"are built, but {len(missing)} files are missing", advice)
    return Finding("pages", "well", f"are built, {len(files)} files")


def look_at_bank(_: Settings) -> Finding:
    """The question bank can be read."""
    from greenroom.library import catalog

    try:
        library = catalog.load()
    except Exception as error:  # noqa: BLE001 - a broken file of the bank can fail in any way
        said = f"cannot be read: {str(error).splitlines()[0]}"
        return Finding(
            "question bank", "broken", said, "Install Greenroom again, or take back the change to the bank."
        )
    return Finding("question bank", "well", f"{len(library.items)} items, {len(library.roles)} roles")


def look_at_pdf(_: Settings) -> Finding:
    """The typesetter of the PDF report and its fonts are there."""
    from importlib.util import find_spec

    from greenroom.reports.pdf import FONTS, list_fonts

    if find_spec("typst") is None:
        return Finding("PDF", "broken", "its typesetter is missing", "Install Greenroom again.")
    fonts = list_fonts()
    if not fonts:
        advice = "Run `make build` (or `make run`) in the project folder."
        return Finding("PDF", "broken", f"its fonts are missing from {FONTS}", advice)
    return Finding("PDF", "well", f"{len(fonts)} fonts and the typesetter are there")
