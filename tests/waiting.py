"""Waiting for what a job, a model or another process does: for the thing itself, and as long as a busy machine may need."""

import time
from collections.abc import Callable
from typing import TypeVar

Got = TypeVar("Got")
PATIENCE_S = 120
"""After so many seconds something hangs. What is well takes one, or a minute beside other work; it costs nothing."""


def until(look: Callable[[], Got], done: Callable[[Got], object] = bool, within_s: float = PATIENCE_S) -> Got:
    """What `look` gives as soon as it is as `done` wants it."""
    ends = time.monotonic() + within_s
    while not done(found := look()):
        assert time.monotonic() < ends, (
            f"this did not come to pass within {within_s:g} s; last seen: {found!r}"
        )
        time.sleep(0.03)
    return found
