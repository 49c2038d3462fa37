"""Idempotency keys: the same creating request sent twice creates once."""

import hashlib
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import Header
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from greenroom.accounts.models import RequestKeyRow
from greenroom.accounts.service import Actor
from greenroom.kit.db import insert_missing
from greenroom.kit.errors import KeyReused
from greenroom.kit.ids import uuid7

IdempotencyKey = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key", max_length=100, description="the same key again gives the same answer, once"
    ),
]
"""The header of creating requests."""
Make = Callable[[UUID], Awaitable[None]]


async def was_made(db: AsyncSession, actor: Actor, key: str | None) -> bool:
    """Whether a request with this key was answered already: what is dear need not be done again for it."""
    known = select(RequestKeyRow.key).where(
        RequestKeyRow.user_id == actor.user_id, RequestKeyRow.key == (key or "")[:100]
    )
    return bool(key) and await db.scalar(known) is not None


async def once(
    db: AsyncSession, actor: Actor, key: str | None, request: str, now: datetime, make: Make
) -> UUID:
    """Run `make` with a new id, once per (actor, key); gives the id of what was made then or now.

    The key's row is written first, in the same transaction: a second request with the key that comes at the same
    moment waits at the row and then finds it.

    Raises:
        KeyReused: the key belongs to a different request.
    """
    made = uuid7()
    if key:
        fingerprint = hashlib.sha256(request.encode()).hexdigest()
        row = {
            "user_id": actor.user_id, "key": key[:100], "fingerprint": fingerprint, "created_id": made, "created_at": now,
        }  # fmt: skip
        await insert_missing(db, RequestKeyRow, [row], ["user_id", "key"])
        known = (
            await db.execute(
                select(RequestKeyRow.created_id, RequestKeyRow.fingerprint).where(
                    RequestKeyRow.user_id == actor.user_id, RequestKeyRow.key == key[:100]
                )
            )
        ).one()
        if known.fingerprint != fingerprint:
            raise KeyReused(
                "This Idempotency-Key came with another request before. Nothing was changed; use a new key."
            )
        if known.created_id != made:
            return known.created_id
    await make(made)
    return made
