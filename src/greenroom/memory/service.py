"""Remembering on consent: keeping answers, finding them again, forgetting all of it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from greenroom.accounts.service import Actor
from greenroom.kit.db import insert_missing
from greenroom.kit.errors import Problem
from greenroom.kit.ids import uuid7
from greenroom.kit.web import Context
from greenroom.memory.meaning import Meaning, read_vector
from greenroom.memory.models import MemoryConsentRow, RememberedRow
from greenroom.memory.schemas import Lack


class MemoryOff(Problem):
    status = 409
    slug = "memory-off"
    title = "Earlier answers are not remembered"


@dataclass(frozen=True)
class Told:
    """An answer to be remembered."""

    session_id: UUID
    question_id: str
    competency: str
    question: str
    answer: str
    lack: Lack
    at: datetime


async def is_on(db: AsyncSession, user_id: UUID) -> bool:
    """Whether the person wants to be remembered."""
    return await db.get(MemoryConsentRow, user_id) is not None


async def turn_on(context: Context, db: AsyncSession, actor: Actor) -> None:
    """Keep the consent and read the sessions so far, in the background."""
    if await is_on(db, actor.user_id):
        return
    now = context.clock()
    row = {"user_id": actor.user_id, "given_at": now}
    await insert_missing(db, MemoryConsentRow, [row], ["user_id"])
    await context.queue.enqueue(
        db, "remember_all", key=f"{actor.user_id}:{now.isoformat()}", user_id=str(actor.user_id)
    )


async def turn_off(db: AsyncSession, actor: Actor) -> None:
    """Erase the consent and everything that was remembered; sessions and reports stay."""
    await db.execute(delete(MemoryConsentRow).where(MemoryConsentRow.user_id == actor.user_id))
    await db.execute(delete(RememberedRow).where(RememberedRow.user_id == actor.user_id))
    await tidy(db)


async def tidy(db: AsyncSession) -> None:
    """Let the index of words forget what was deleted: SQLite keeps it in its segments until they are merged."""
    if db.get_bind().dialect.name == "sqlite":
        await db.execute(text("insert into remembered_words(remembered_words) values ('optimize')"))


async def keep(context: Context, user_id: UUID, told: list[Told]) -> None:
    """Remember answers of a person who wants that; the newest words of a question win. The vectors are computed
    before the transaction, and nothing is written once the consent is gone."""
    async with context.database.read() as db:
        if not told or not await is_on(db, user_id):
            return
    embeddings = await context.one(Meaning).get(context)
    vectors = [
        await read_vector(embeddings, f"{one.question}\n{one.answer}") if embeddings else None for one in told
    ]
    async with context.database.write() as db:
        consent = (
            select(MemoryConsentRow.user_id).where(MemoryConsentRow.user_id == user_id).with_for_update()
        )
        if await db.scalar(consent) is None:
            return
        for one, vector in zip(told, vectors, strict=True):
            await db.execute(
                delete(RememberedRow).where(
                    RememberedRow.session_id == one.session_id, RememberedRow.question_id == one.question_id
                )
            )
            db.add(
                RememberedRow(
                    id=uuid7(), user_id=user_id, session_id=one.session_id, question_id=one.question_id,
                    competency=one.competency, question=one.question, answer=one.answer, lack=one.lack, at=one.at,
                    vector=vector, vector_model=embeddings.name[:60] if embeddings else "",
                )
            )  # fmt: skip
        await db.flush()
