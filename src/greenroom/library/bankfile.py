"""Reads a bank file with its line numbers, and adds an own file to the bank: all of it, or nothing."""

import hashlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final, cast

import yaml
from pydantic import ValidationError

from greenroom.library import faults
from greenroom.library.check import Violation
from greenroom.library.schemas import Item

LOADER: Final[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The C parser reads the bank 8 times faster, where it was built."""
Check = Callable[[Sequence[Item]], list[Violation]]
"""What is wrong with items, beside those already in the bank."""


def read(text: str, name: str) -> tuple[list[Item], list[Violation]]:
    """Items of a YAML list, and every shape error with its line. Items with errors are left out."""
    try:
        node, rows = _parse(text)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        return [], [Violation("yaml", faults.explain_yaml(str(error.problem)), file=name, line=line)]
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        message = (
            "the nesting is too deep"
            if isinstance(error, RecursionError)
            else faults.explain_yaml(str(error))
        )
        return [], [Violation("yaml", message, file=name, line=1)]
    if not isinstance(node, yaml.SequenceNode) or not isinstance(rows, list):
        return [], [
            Violation(
                "yaml", "the file must be a list of items, each beginning with '- id:'", file=name, line=1
            )
        ]
    items: list[Item] = []
    violations: list[Violation] = []
    listed: list[object] = list(rows)  # pyright: ignore[reportUnknownArgumentType] - whatever the YAML holds
    for child, row in zip(node.value, listed, strict=True):
        try:
            items.append(Item.model_validate(row))
        except ValidationError as error:
            violations += _shape_errors(error, child, row, name)
    return items, violations


def _parse(text: str) -> tuple[yaml.Node | None, object]:
    """The tree with its lines, and what it says. Aliases are refused: a few of them can stand for millions of values."""
    for event in yaml.parse(text, Loader=LOADER):
        if isinstance(event, yaml.AliasEvent):
            mark: Any = event.start_mark
            raise yaml.MarkedYAMLError(
                problem="write it out: aliases (*name) are not read", problem_mark=mark
            )
    loader = LOADER(text)
    try:
        node = loader.get_single_node()
        return node, None if node is None else loader.construct_document(node)
    finally:
        loader.dispose()


def _shape_errors(error: ValidationError, node: yaml.Node, row: object, name: str) -> list[Violation]:
    item = str(cast("dict[object, object]", row).get("id", "")) if isinstance(row, dict) else ""
    return [
        Violation("schema", faults.explain_shape(detail), item, name, _line(node, detail["loc"]))
        for detail in error.errors(include_url=False)
    ]


def _line(node: yaml.Node, path: tuple[int | str, ...]) -> int:
    """The line of the deepest part of `path` that is in the file."""
    for part in path:
        below: yaml.Node | None = None
        if isinstance(node, yaml.MappingNode):
            below = next((value for key, value in node.value if str(key.value) == str(part)), None)
        elif isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
            below = node.value[part]
        if below is None:
            break
        node = below
    return node.start_mark.line + 1


def located(violations: Sequence[Violation], text: str, name: str) -> list[Violation]:
    """The same violations with the line on which their item begins."""
    lines = text.splitlines()
    found: list[Violation] = []
    for violation in violations:
        line = next(
            (
                n
                for n, row in enumerate(lines, 1)
                if row.strip().removeprefix("- ") == f"id: {violation.item}"
            ),
            1,
        )
        found.append(Violation(violation.rule, violation.message, violation.item, name, line))
    return found


def add(
    text: str, name: str, own: Path, check: Check, *, stem: str = ""
) -> tuple[list[Item], list[Violation]]:
    """Puts a file of items into the own bank and gives them; with any violation nothing is written.

    Violations name the file as `name`; it is kept as `stem`, or under its own name, where it takes the place of the
    file of that name. It is written beside its place and moved, so that a crash leaves the old state.
    """
    items, violations = read(text, name)
    if not violations:
        violations = located(check(items), text, name)
    if violations or not items:
        return [], violations or [Violation("yaml", "the file has no items", file=name, line=1)]
    own.mkdir(parents=True, exist_ok=True)
    _put(kept_as(name, own, stem), text)
    return items, []


def kept_as(name: str, own: Path, stem: str = "") -> Path:
    """Where a file of this name is kept in the own bank."""
    return own / f"{stem or Path(name).stem}.yaml"


def list_files(own: Path) -> list[tuple[Path, list[Item], list[Violation]]]:
    """The files of the own bank with their items and what is wrong with them."""
    paths = sorted(own.rglob("*.yaml")) if own.is_dir() else []
    return [(path, *read(path.read_text(encoding="utf-8"), path.name)) for path in paths]


def remove(item_id: str, own: Path, moment: str) -> bool:
    """Takes an item out of the own bank, and says whether it was there. A file left without items is deleted.

    The item waits beside the bank with the `moment` it was removed, until `put_back` or `purge`.
    """
    for path, items, _ in list_files(own):
        if not any(item.id == item_id for item in items):
            continue
        _, rows = _parse(path.read_text(encoding="utf-8"))
        listed = cast("list[dict[str, object]]", rows)
        taken = [row for row in listed if row.get("id") == item_id]
        _put(_removed_as(item_id, own), f"# {moment}\n{_written(taken)}")
        left = [row for row in listed if row.get("id") != item_id]
        if left:
            _put(path, _written(left))
        else:
            path.unlink()
        return True
    return False


def removed_at(item_id: str, own: Path) -> str:
    """The moment an item was removed that can still be put back; empty when there is none."""
    path = _removed_as(item_id, own)
    return path.read_text(encoding="utf-8").partition("\n")[0].removeprefix("# ") if path.is_file() else ""


def put_back(item_id: str, own: Path) -> None:
    """Puts a removed item into the own bank again, in a file of its own."""
    path = _removed_as(item_id, own)
    path.replace(path.with_suffix(".yaml"))


def purge(item_id: str, own: Path) -> None:
    """Deletes a removed item for good."""
    _removed_as(item_id, own).unlink(missing_ok=True)


def _removed_as(item_id: str, own: Path) -> Path:
    return own / f"{hashlib.sha256(item_id.encode()).hexdigest()}.removed"


def _written(rows: Sequence[dict[str, object]]) -> str:
    return yaml.safe_dump(list(rows), sort_keys=False, allow_unicode=True, width=110)


def _put(target: Path, text: str) -> None:
    beside = target.with_suffix(".new")
    beside.write_text(text, encoding="utf-8")
    beside.replace(target)
