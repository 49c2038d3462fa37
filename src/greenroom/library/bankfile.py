"""Reads a bank file with its line numbers, and adds an own file to the bank: all of it, or nothing."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import cast

import yaml
from pydantic import ValidationError

from greenroom.library.check import Violation
from greenroom.library.schemas import Item

Check = Callable[[Sequence[Item]], list[Violation]]
"""What is wrong with items, beside those already in the bank."""


def read(text: str, name: str) -> tuple[list[Item], list[Violation]]:
    """Items of a YAML list, and every shape error with its line. Items with errors are left out."""
    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
        rows = yaml.safe_load(text)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        return [], [Violation("yaml", str(error.problem), file=name, line=line)]
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


def _shape_errors(error: ValidationError, node: yaml.Node, row: object, name: str) -> list[Violation]:
    item = str(cast("dict[object, object]", row).get("id", "")) if isinstance(row, dict) else ""
    found: list[Violation] = []
    for detail in error.errors(include_url=False):
        where = ".".join(str(part) for part in detail["loc"])
        line = _line(node, detail["loc"])
        found.append(
            Violation("schema", f"{where}: {detail['msg']}" if where else detail["msg"], item, name, line)
        )
    return found


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


def add(text: str, name: str, own: Path, check: Check) -> tuple[list[Item], list[Violation]]:
    """Puts a file of items into the own bank and gives them; with any violation nothing is written.

    The file is written beside its place and moved, so that a crash leaves the old state.
    """
    items, violations = read(text, name)
    if not violations:
        violations = located(check(items), text, name)
    if violations or not items:
        return [], violations or [Violation("yaml", "the file has no items", file=name, line=1)]
    own.mkdir(parents=True, exist_ok=True)
    target = own / f"{Path(name).stem}.yaml"
    beside = target.with_suffix(".new")
    beside.write_text(text, encoding="utf-8")
    beside.replace(target)
    return items, []
