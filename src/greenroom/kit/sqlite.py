"""SQLite statements in one visit to the connection's thread.

The usual adapter visits the thread four times for a query: to make a cursor, to execute, to fetch, to close. Each visit
wakes a thread, wakes the event loop again and hands the interpreter over twice, which costs more than the query. Here
all four are one visit. Rows are fetched whole, as the usual adapter does too.
"""

import sqlite3
from collections import deque
from collections.abc import Sequence
from typing import Any

import aiosqlite
from sqlalchemy.dialects.sqlite.aiosqlite import (
    AsyncAdapt_aiosqlite_connection,
    AsyncAdapt_aiosqlite_cursor,
    AsyncAdapt_aiosqlite_dbapi,
)
from sqlalchemy.util import await_only


class Cursor(AsyncAdapt_aiosqlite_cursor):
    """What the dialect sees of an executed statement: it is finished when `execute` returns."""

    __slots__ = ("_connected", "_described", "_last_id", "_touched")

    def __init__(self, connection: "Connection") -> None:
        self._connected = connection
        self._rows = deque()
        self._described: Any = None
        self._touched, self._last_id = -1, 0

    @property
    def description(self) -> Any:  # noqa: ANN401 - as the DBAPI has it
        return self._described

    @property
    def rowcount(self) -> int:
        return self._touched

    @property
    def lastrowid(self) -> int:
        return self._last_id

    @property
    def arraysize(self) -> int:  # pyright: ignore[reportIncompatibleMethodOverride] - nothing sets it
        return 1

    def execute(self, operation: Any, parameters: Any = None) -> "Cursor":  # noqa: ANN401 - as the DBAPI has it
        return self._visit("execute", operation, () if parameters is None else parameters)

    def executemany(self, operation: Any, seq_of_parameters: Sequence[Any]) -> "Cursor":  # noqa: ANN401
        return self._visit("executemany", operation, seq_of_parameters)

    def close(self) -> None:
        self._rows.clear()

    async def _async_soft_close(self) -> None:
        """The cursor proper is closed already; the rows are kept."""

    def _visit(self, how: str, operation: str, parameters: Any) -> "Cursor":  # noqa: ANN401
        rows, self._described, self._touched, self._last_id = self._connected.visit(
            how, operation, parameters
        )
        self._rows = deque(rows)
        return self


class Connection(AsyncAdapt_aiosqlite_connection):
    """A connection whose statements take one visit each."""

    __slots__ = ()
    _cursor_cls = Cursor  # pyright: ignore[reportAssignmentType] - the base names a narrower constructor

    def visit(self, how: str, operation: str, parameters: Any) -> tuple[list[Any], Any, int, int]:  # noqa: ANN401
        """The rows, their description, how many rows were touched and the last row id of one statement."""

        def run() -> tuple[list[Any], Any, int, int]:
            cursor: sqlite3.Cursor = raw.cursor()
            try:
                getattr(cursor, how)(operation, parameters)
                rows = cursor.fetchall() if cursor.description else []
                return rows, cursor.description, cursor.rowcount, cursor.lastrowid or 0
            finally:
                cursor.close()

        async def go() -> tuple[list[Any], Any, int, int]:
            async with self._execute_mutex:
                return await connection._execute(run)  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]

        connection: Any = self._connection
        try:
            raw = connection._conn  # noqa: SLF001
            return await_only(go())
        except Exception as error:  # noqa: BLE001 - sorted out by the adapter, as for every other call
            self._handle_exception(error)


class Driver(AsyncAdapt_aiosqlite_dbapi):
    """The `module` of an engine whose connections are those above."""

    def __init__(self) -> None:
        super().__init__(aiosqlite, sqlite3)

    def connect(self, *arg: Any, **kw: Any) -> Connection:  # noqa: ANN401 - as the DBAPI has it
        made = super().connect(*arg, **kw)
        return Connection(self, made.driver_connection)
