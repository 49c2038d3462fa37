"""Rows as JSON and back, column by column; what does not fit is refused with the place where it stands."""

import json
from base64 import b64encode
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from pydantic import Base64Bytes, TypeAdapter, ValidationError
from sqlalchemy import JSON, Column, RowMapping, Table, TypeDecorator
from sqlalchemy.types import TypeEngine

Row = dict[str, Any]


class Unreadable(Exception):  # noqa: N818 - reads as what it is
    """A row does not fit its table; says which and why."""


def write_row(table: Table, row: RowMapping) -> Row:
    """A row of the database as JSON values."""
    return {column.name: _write(row[column.name]) for column in table.columns}


def _write(value: Any) -> Any:  # noqa: ANN401 - any column's value
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, UUID):
        return str(value)
    return b64encode(value).decode() if isinstance(value, bytes) else value


def read_row(table: Table, row: object, shapes: Mapping[str, TypeAdapter[Any]]) -> Row:
    """A row of an export as values for the database. Columns it lacks are left to their defaults.

    Raises:
        Unreadable: an unknown column, a value of another type, or a JSON value that does not have its shape.
    """
    if not isinstance(row, dict):
        raise Unreadable(f"{table.name}: an entry is not an object")
    given: Row = row  # pyright: ignore[reportUnknownVariableType] - keys of JSON objects are strings
    unknown = set(given) - set(table.columns.keys())
    if unknown:
        raise Unreadable(f"{table.name}: there is no {min(unknown)!r} in this version")
    found: Row = {}
    for column in table.columns:
        if column.name in given:
            found[column.name] = _read(column, given[column.name], shapes.get(column.name))
        elif not column.nullable and column.server_default is None:
            raise Unreadable(f"{table.name}: {column.name!r} is missing")
    return found


def _read(column: Column[Any], value: Any, shape: TypeAdapter[Any] | None) -> Any:  # noqa: ANN401 - any column's value
    place = f"{column.table.name}.{column.name}"
    if value is None:
        if not column.nullable:
            raise Unreadable(f"{place} is empty")
        return None
    try:
        if shape is not None:
            shape.validate_python(value)
        if isinstance(column.type, JSON):
            return value
        return _adapter(_plain(column).python_type).validate_json(json.dumps(value))
    except (ValidationError, ValueError) as error:
        raise Unreadable(f"{place} has a value of another kind") from error


def _plain(column: Column[Any]) -> TypeEngine[Any]:
    """The column's own type, without what our decorators add."""
    return column.type.impl_instance if isinstance(column.type, TypeDecorator) else column.type


def _adapter(kind: type[Any]) -> TypeAdapter[Any]:
    return TypeAdapter[Any](Base64Bytes) if kind is bytes else TypeAdapter[Any](kind)
