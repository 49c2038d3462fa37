"""Work that a caller may give up waiting for, but that must not be broken off."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

import anyio

Got = TypeVar("Got")


async def finish(work: Coroutine[Any, Any, Got]) -> Got:
    """What `work` gives. A caller that is cancelled meanwhile is so only once the work has ended.

    For short work that holds a database connection: cancelled in the middle of a statement, a connection cannot go
    back to its pool; it is torn down, and on SQLite the closing of it is left behind unfinished.
    """
    task = asyncio.ensure_future(work)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        with anyio.CancelScope(shield=True):  # the server's cancellation comes again at every await
            await asyncio.wait([task])
        raise
