"""Loads the library's data files, validates every one of them and gives them as one `Library`."""

import hashlib
import json
import re
from collections.abc import Iterable
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, TypeVar, cast

import yaml
from pydantic import BaseModel, TypeAdapter

from greenroom import settings
from greenroom.library import bankfile
from greenroom.library.check import Rules
from greenroom.library.contents import Library
from greenroom.library.scenes import Reading, Scene
from greenroom.library.schemas import Item
from greenroom.library.taxonomy import (
    Blueprints,
    CompetencyInfo,
    Drill,
    FamilyInfo,
    Intent,
    Lines,
    Nouns,
    Persona,
    Probes,
    Role,
)

HOME: Final = Path(__file__).parent
BANK: Final = HOME / "bank"

M = TypeVar("M", bound=BaseModel)


def read_yaml(path: Path) -> Any:  # noqa: ANN401 - validated by whoever reads it
    """The parsed file. Raises yaml.YAMLError with file and line."""
    with path.open(encoding="utf-8") as stream:
        return yaml.load(stream, Loader=bankfile.LOADER)  # noqa: S506 - one of the two safe loaders


def read_items(paths: Iterable[Path]) -> dict[str, Item]:
    """Items of bank files by id. Raises ValueError when an id stands twice, ValidationError when a shape is wrong."""
    adapter = TypeAdapter(list[Item])
    items: dict[str, Item] = {}
    for path in paths:
        for item in adapter.validate_python(read_yaml(path) or []):
            if item.id in items:
                raise ValueError(f"{path.name}: item id {item.id} is used twice")
            items[item.id] = item
    return items


def content_hash(item: Item) -> str:
    """SHA-256 of the item as canonical JSON; fields left at their default do not count, so that a new
    optional field leaves old hashes alone."""
    body = item.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    canonical = json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()


def bank_files(bank: Path = BANK) -> list[Path]:
    """All item files below `bank`, sorted."""
    return sorted(bank.rglob("*.yaml"))


def read_lines(home: Path = HOME) -> Lines:
    """The panel's sentences by slot and tone, from lines/*.yaml."""
    adapter = TypeAdapter(Lines)
    lines: Lines = {}
    for path in sorted((home / "lines").glob("*.yaml")):
        for slot, variants in adapter.validate_python(read_yaml(path)).items():
            if slot in lines:
                raise ValueError(f"{path.name}: slot {slot} is defined twice")
            lines[slot] = variants
    return lines


def read_scenes(home: Path = HOME) -> dict[str, Scene]:
    """Meetings and presentations by slug, from scenes/*.yaml in the order of their names."""
    scenes = [Scene.model_validate(read_yaml(path)) for path in sorted((home / "scenes").glob("*.yaml"))]
    return {scene.slug: scene for scene in scenes}


def _models(model: type[M], rows: Iterable[object]) -> list[M]:
    return [model.model_validate(row) for row in rows]


def read_rules() -> Rules:
    """The lint rules of library/protected.yaml."""
    return Rules.model_validate(read_yaml(HOME / "protected.yaml"))


def read_intents(home: Path = HOME) -> dict[str, Intent]:
    """The candidate's moves, with the ideas that patterns name by <name> written out."""
    rows = read_yaml(home / "intents.yaml")
    concepts: dict[str, str] = rows.pop("concepts")

    def written(value: Any) -> Any:  # noqa: ANN401 - whatever the YAML holds, validated below
        if isinstance(value, str):
            return re.sub(r"<([a-z_]+)>", lambda found: f"(?:{concepts[found[1]]})", value)
        if isinstance(value, list):
            return [written(part) for part in cast("list[Any]", value)]
        return value

    moves = {
        kind: {"told": concepts["told"]} | {key: written(value) for key, value in row.items()}
        for kind, row in rows.items()
    }
    return TypeAdapter(dict[str, Intent]).validate_python(moves)


def load_from(bank: Path, own: Path | None = None) -> Library:
    """The library with the items below `bank`, and those of the own bank whose files are sound."""
    roles = read_yaml(HOME / "roles.yaml")
    items = read_items(bank_files(bank))
    problems: list[str] = []
    for path in bank_files(own) if own else []:
        added, violations = bankfile.read(path.read_text(encoding="utf-8"), path.name)
        problems += [violation.shown() for violation in violations]
        items |= {} if violations else {item.id: item for item in added}
    return Library(
        families={f.slug: f for f in _models(FamilyInfo, roles["families"])},
        roles={r.slug: r for r in _models(Role, roles["roles"])},
        competencies={c.slug: c for c in _models(CompetencyInfo, read_yaml(HOME / "competencies.yaml"))},
        personas={p.slug: p for p in _models(Persona, read_yaml(HOME / "personas.yaml"))},
        drills={d.id: d for d in _models(Drill, read_yaml(HOME / "drills.yaml"))},
        blueprints=Blueprints.model_validate(read_yaml(HOME / "blueprints.yaml")),
        lines=read_lines(),
        intents=read_intents(),
        probes=Probes.model_validate(read_yaml(HOME / "probes.yaml")),
        nouns=Nouns.model_validate(read_yaml(HOME / "nouns.yaml")),
        items=items,
        hashes={key: content_hash(item) for key, item in items.items()},
        attribution=str(roles["attribution"]),
        scenes=read_scenes(),
        described=Reading.model_validate(read_yaml(HOME / "described.yaml")),
        own_problems=problems,
    )


_PLACE: Final[dict[str, Path]] = {}
Version = tuple[tuple[str, int, int], ...]
"""Names, times and sizes of the files of the own bank: another process may have changed them."""


def keep_own_in(folder: Path | None) -> None:
    """Says where this process keeps the installation's own items; None: where the settings say."""
    _PLACE.pop("own", None)
    if folder is not None:
        _PLACE["own"] = folder


def own_bank() -> Path:
    """The folder of the installation's own items."""
    return _PLACE.get("own") or settings.load().data_dir / "bank"


def version() -> Version:
    """Changes when a file of the own bank was added, changed or removed, by whatever process."""
    own = own_bank()
    found: list[tuple[str, int, int]] = []
    for path in bank_files(own) if own.is_dir() else []:
        with suppress(FileNotFoundError):  # removed this moment
            seen = path.stat()
            found.append((str(path), seen.st_mtime_ns, seen.st_size))
    return tuple(found)


def load() -> Library:
    """The packaged library with the own bank; read again only when a file of the own bank has changed."""
    return _load(own_bank(), version())


@lru_cache(maxsize=2)
def _load(own: Path, _: Version) -> Library:
    return load_from(BANK, own)
