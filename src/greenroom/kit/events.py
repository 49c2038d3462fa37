"""Events: something happened, and slices above want to know.

`publish` enqueues one durable job per subscriber in the caller's transaction, so an event is never lost and never
told when the change was rolled back. Subscribers are wired in app.py.
"""

from collections import defaultdict

from pydantic import BaseModel
from sqlalchemy.ext.asyncio import AsyncSession

from greenroom.kit.jobs import Queue


class Event(BaseModel):
    """Ids only: a subscriber reads the state it needs. `key` makes a repeated publication harmless."""

    @property
    def key(self) -> str:
        return ":".join(str(value) for value in self.model_dump(mode="json").values())


class Subscriptions:
    """Which job hears which event."""

    def __init__(self) -> None:
        self._jobs: dict[type[Event], list[str]] = defaultdict(list)

    def subscribe(self, event: type[Event], job: str) -> None:
        """Run `job` with the event's fields whenever `event` is published."""
        self._jobs[event].append(job)

    async def publish(self, db: AsyncSession, queue: Queue, event: Event) -> None:
        """Enqueue every subscriber's job in the transaction of `db`."""
        for job in self._jobs[type(event)]:
            await queue.enqueue(db, job, key=event.key, **event.model_dump(mode="json"))
