"""The file of an export: a zip of JSON, one file a table, and a manifest that says what it must contain.

manifest.json       {"format": "greenroom-export", "version": 1, "program", "revision", "created_at",
                     "tables": {name: {"rows": n, "sha256": "…"}}}
data/<table>.json   a list of objects, one a row; times as ISO 8601 in UTC, bytes as base64
"""

import hashlib
import json
import zipfile
from datetime import datetime
from pathlib import Path
from typing import Any, Final, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from greenroom import __version__
from greenroom.privacy.rows import Row

VERSION: Final = 1
LARGEST: Final = 2_000_000_000  # bytes unpacked; a longer archive is not read
Rows = dict[str, list[Any]]


class Refused(Exception):  # noqa: N818 - reads as what it is
    """This file cannot be brought in, or not be written; says why. Nothing was changed."""


class TableEntry(BaseModel):
    model_config = ConfigDict(extra="forbid")
    rows: int
    sha256: str


class Manifest(BaseModel):
    """What an archive must contain, and which version of the database it was written from."""

    format: Literal["greenroom-export"] = "greenroom-export"
    version: int = VERSION
    program: str = __version__
    revision: str
    created_at: datetime
    tables: dict[str, TableEntry]


def write_archive(path: Path, rows: dict[str, list[Row]], revision: str, now: datetime) -> Manifest:
    """Write an archive; an existing file is replaced only when the new one is whole.

    Raises:
        Refused: it cannot be written there.
    """
    bodies = {
        name: json.dumps(found, ensure_ascii=False, separators=(",", ":")).encode()
        for name, found in rows.items()
    }
    manifest = Manifest(
        revision=revision,
        created_at=now,
        tables={
            name: TableEntry(rows=len(rows[name]), sha256=hashlib.sha256(body).hexdigest())
            for name, body in bodies.items()
        },
    )
    half = path.with_name(f".{path.name}.part")
    try:
        if path.is_dir():
            raise Refused(f"{path} is a folder: name a file in it, such as {path / 'greenroom.zip'}.")
        with zipfile.ZipFile(half, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("manifest.json", manifest.model_dump_json(indent=2))
            for name, body in bodies.items():
                archive.writestr(f"data/{name}.json", body)
        half.replace(path)
    except OSError as error:
        raise Refused(f"{path} cannot be written: {error.strerror or error}.") from error
    finally:
        half.unlink(missing_ok=True)
    return manifest


def read_archive(path: Path, known_revisions: set[str]) -> tuple[Manifest, Rows]:
    """The manifest and the rows of each table, as JSON.

    Raises:
        Refused: not an archive of ours, damaged, or written by a newer version.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            if sum(info.file_size for info in archive.infolist()) > LARGEST:
                raise Refused(
                    f"{path} unpacks to more than {LARGEST // 10**9} GB; an export is not that large."
                )
            manifest = _read_manifest(path, archive, known_revisions)
            return manifest, {
                name: _read_table(path, archive, name, entry) for name, entry in manifest.tables.items()
            }
    except FileNotFoundError as error:
        raise Refused(f"There is no file {path}.") from error
    except (zipfile.BadZipFile, zipfile.LargeZipFile, EOFError, NotImplementedError) as error:
        raise Refused(
            f"{path} is not an export of Greenroom, or it is damaged. Nothing was changed."
        ) from error
    except OSError as error:
        raise Refused(f"{path} cannot be read: {error.strerror or error}.") from error


def _read_manifest(path: Path, archive: zipfile.ZipFile, known_revisions: set[str]) -> Manifest:
    try:
        raw = json.loads(archive.read("manifest.json"))
    except (KeyError, ValueError) as error:
        raise Refused(
            f"{path} is not an export of Greenroom: it has no manifest. Nothing was changed."
        ) from error
    newer = f"{path} was written by a newer version of Greenroom. Nothing was changed: update this one first."
    if isinstance(raw, dict) and isinstance(raw.get("version"), int) and raw["version"] > VERSION:  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType, reportUnknownArgumentType, reportOperatorIssue] - any JSON
        raise Refused(newer)
    try:
        manifest = Manifest.model_validate(raw)
    except ValidationError as error:
        raise Refused(f"{path} has a manifest that cannot be read. Nothing was changed.") from error
    if manifest.revision not in known_revisions:
        raise Refused(newer)
    return manifest


def _read_table(path: Path, archive: zipfile.ZipFile, name: str, entry: TableEntry) -> list[Any]:
    damaged = f"{path} is damaged: data/{name}.json is not what was written. Nothing was changed."
    try:
        body = archive.read(f"data/{name}.json")
        rows = json.loads(body)
    except (KeyError, ValueError) as error:
        raise Refused(damaged) from error
    if hashlib.sha256(body).hexdigest() != entry.sha256 or not isinstance(rows, list):
        raise Refused(damaged)
    found: list[Any] = rows  # pyright: ignore[reportUnknownVariableType] - any JSON
    if len(found) != entry.rows:
        raise Refused(damaged)
    return found
