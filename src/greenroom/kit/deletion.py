"""Deleting with an undo: a row leaves every list at once, can come back for ten seconds, and is then really gone.

Lists leave out rows with `deleted_at`. The job that deletes for good is enqueued with the mark, in one transaction; it
carries the mark's moment, so that one of a deletion that was undone does nothing to a later one.
"""

from datetime import datetime, timedelta
from typing import Final, Protocol, TypeVar
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped

from greenroom.kit.errors import Problem
from greenroom.kit.web import Context

WINDOW: Final = timedelta(seconds=10)
OVER: Final = "The ten seconds are over: it was deleted for good."


class NothingToRestore(Problem):
    status = 404
    slug = "gone"
    title = "It is gone"


class Deletable(Protocol):
    """A row of a person's with a place for the mark."""

    id: Mapped[UUID]
    user_id: Mapped[UUID]
    deleted_at: Mapped[datetime | None]


Row = TypeVar("Row", bound=Deletable)


async def begin(context: Context, db: AsyncSession, row: Deletable, job: str, **ids: str) -> None:
    """Mark the row, and enqueue `job` for the end of the window with `id`, `deleted_at` and the given `ids`."""
    now = context.clock()
    row.deleted_at, moment = now, now.isoformat()
    await context.queue.enqueue(
        db, job, key=f"{row.id}:{moment}", delay_s=WINDOW.total_seconds(), id=str(row.id), deleted_at=moment, **ids
    )  # fmt: skip


def is_open(deleted_at: datetime, now: datetime) -> bool:
    """Whether a deletion can still be undone. The clock decides: the job may come late, or wait for a worker."""
    return now - deleted_at <= WINDOW


async def undo(db: AsyncSession, model: type[Row], id_: UUID, user_id: UUID, now: datetime) -> Row:
    """Take the mark off, and give the row; one without a mark stays as it is.

    Raises:
        NothingToRestore: the window is over, or the person has no such row.
    """
    row = await db.scalar(select(model).where(model.id == id_, model.user_id == user_id).with_for_update())
    if row is None or (row.deleted_at is not None and not is_open(row.deleted_at, now)):
        raise NothingToRestore(OVER)
    row.deleted_at = None
    return row


async def complete(db: AsyncSession, model: type[Deletable], id_: UUID, deleted_at: str) -> bool:
    """Delete for good what still has the mark of that moment, and say whether it did; what came back stays."""
    row = await db.scalar(select(model).where(model.id == id_).with_for_update())
    if row is None or row.deleted_at is None or row.deleted_at.isoformat() != deleted_at:
        return False
    await db.execute(delete(model).where(model.id == id_))
    return True
