"""Who acts. In the local mode every request is the one person at this machine."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from greenroom.accounts.models import User

# One fixed id: two processes that start at once on an empty database create the same row.
LOCAL_USER = UUID("00000000-0000-7000-8000-000000000001")


@dataclass(frozen=True)
class Actor:
    """The person in whose name a service is called; reads show this person's things only."""

    user_id: UUID


async def ensure_local_user(db: AsyncSession, now: datetime) -> None:
    """Create the one person of the local mode if the database is new."""
    if await db.scalar(select(User.id).where(User.id == LOCAL_USER)) is None:
        db.add(User(id=LOCAL_USER, name="You", created_at=now))


async def local_actor() -> Actor:
    """The person at this machine. A coroutine, because a request runs a plain function in a thread of its own."""
    return Actor(LOCAL_USER)
