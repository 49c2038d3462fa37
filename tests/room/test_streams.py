"""The event stream of a room: whoever goes away leaves nothing behind."""

import asyncio
import gc
import logging
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import httpx
from sqlalchemy import event
from sqlalchemy.util import await_only

from greenroom.kit.web import Context
from greenroom.room.board import Board
from tests.live import Live
from tests.room.test_turns import GOOD, start, turn
from tests.waiting import PATIENCE_S, until

STREAMS = 30


@contextmanager
def slow_reads(context: Context) -> Iterator[threading.Event]:
    """Every statement of a reader takes 10 ms longer; the event is set when one begins."""
    begun = threading.Event()
    engine = context.database.reader.sync_engine

    def delay(*_: object) -> None:
        begun.set()
        await_only(asyncio.sleep(0.01))

    event.listen(engine, "before_cursor_execute", delay)
    try:
        yield begun
    finally:
        event.remove(engine, "before_cursor_execute", delay)


@contextmanager
def complaints() -> Iterator[list[str]]:
    """What asyncio and the pool of connections have to say meanwhile."""
    said: list[str] = []

    class Keeper(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            said.append(record.getMessage())

    keeper = Keeper(logging.WARNING)
    loggers = [logging.getLogger("asyncio"), logging.getLogger("sqlalchemy.pool")]
    for logger in loggers:
        logger.addHandler(keeper)
    try:
        yield said
    finally:
        for logger in loggers:
            logger.removeHandler(keeper)


def test_streams_that_are_dropped_while_they_read_leave_no_task_and_no_connection_behind(
    live: Live, api: httpx.Client
) -> None:
    context: Context = live.app.state.context
    room = turn(api, start(api), text=GOOD).json()
    path = f"/api/v1/sessions/{room['session_id']}/events"
    host, port = urlsplit(live.address).hostname, urlsplit(live.address).port
    with complaints() as said:
        with slow_reads(context) as begun:
            for _ in range(STREAMS):
                begun.clear()
                with socket.create_connection((host, port)) as client:
                    client.sendall(f"GET {path} HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
                    while not client.recv(4096):  # the head: from here on the stream reads on its own
                        pass
                    begun.clear()
                    assert begun.wait(PATIENCE_S)
            until(lambda: not context.one(Board)._readers)  # nobody watches any more
        gc.collect()
        live.run(asyncio.sleep(0))
        assert said == []
    # Jobs of other sessions read as well, and return what they took.
    until(lambda: context.database.reader.pool.checkedout() == 0)  # type: ignore[attr-defined]
    assert turn(api, room, text=GOOD).status_code == 200
