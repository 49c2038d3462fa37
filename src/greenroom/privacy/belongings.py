"""Which rows of which tables are a person's, found by the foreign keys that lead to `users`.

A slice that adds a table of personal data has nothing to register: its foreign key says whose it is.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Column, ColumnElement, MetaData, Table, and_, or_, select

LEFT_OUT: Final = {
    "users": "the person is whoever brings the rows in",
    "request_keys": "keys of requests that were answered long ago",
    "document_uploads": "sealed files that wait for minutes to be read; they go with their document",
    "model_calls": "the installation's book of calls to models; no words of the person",
}
"""Tables that lead to a person and still do not travel, with the reason."""


@dataclass(frozen=True)
class Belonging:
    """A table of personal rows. `owner` is its column with the person's id, if it has one; `parents` are the columns
    that name a personal row of another table. Rows of a table with an owner stand for themselves; all others are a
    part of the row they name."""

    table: Table
    owner: Column[Any] | None
    parents: tuple[tuple[Column[Any], "Belonging"], ...]

    @property
    def name(self) -> str:
        """The table's name."""
        return self.table.name

    @property
    def key(self) -> Column[Any]:
        """The first column of the primary key: what children name."""
        column: Column[Any] = next(iter(self.table.primary_key.columns))
        return column

    def owned_by(self, user_id: UUID, *, deleted: bool = False) -> ColumnElement[bool]:
        """The condition for this person's rows; with `deleted` also those that wait to be purged."""
        if self.owner is not None:
            mine = self.owner == user_id
            return mine if deleted else and_(mine, *self._still_there(user_id))
        return or_(
            *(
                column.in_(select(parent.key).where(parent.owned_by(user_id, deleted=deleted)))
                for column, parent in self.parents
            )
        )

    def _still_there(self, user_id: UUID) -> Iterator[ColumnElement[bool]]:
        gone = self.table.columns.get("deleted_at")
        if gone is not None:
            yield gone.is_(None)
        for column, parent in self.parents:
            named = column.in_(select(parent.key).where(parent.owned_by(user_id)))
            yield or_(column.is_(None), named) if column.nullable else named


def find_belongings(metadata: MetaData) -> list[Belonging]:
    """Every table of personal rows, parents before children."""
    found: dict[str, Belonging] = {}
    for table in metadata.sorted_tables:
        if table.name in LEFT_OUT:
            continue
        owner: Column[Any] | None = None
        parents: list[tuple[Column[Any], Belonging]] = []
        for key in sorted(table.foreign_keys, key=lambda key: key.parent.name):
            if key.column.table.name == "users":
                owner = key.parent
            elif key.column.table.name in found:
                parents.append((key.parent, found[key.column.table.name]))
        if owner is not None or parents:
            found[table.name] = Belonging(table, owner, tuple(parents))
    return list(found.values())
