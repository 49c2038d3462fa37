"""Finding earlier answers of a person: by words, by meaning, by competency."""

import asyncio
import re
from collections.abc import Collection
from uuid import UUID

from sqlalchemy import Select, Uuid, bindparam, column, func, select, table, text
from sqlalchemy.ext.asyncio import AsyncSession

from greenroom.accounts.service import Actor
from greenroom.kit.web import Context
from greenroom.memory.excerpts import cut
from greenroom.memory.meaning import Meaning, rank, read_vector
from greenroom.memory.models import MemoryConsentRow, RememberedRow
from greenroom.memory.schemas import LACKS, FoundAnswer, Memory, Reminder
from greenroom.memory.service import MemoryOff

# The slice of sessions stands above this one; only whether a session is deleted is asked here.
SESSIONS = table("sessions", column("id"), column("deleted_at"))
MOST_WORDS = 20
# Both queries give the ids of a person's answers in which the words stand, the best first.
FIND = {
    "sqlite": (
        "select w.answer_id from remembered_words w join remembered_answers a on a.id = w.answer_id "
        "where a.user_id = :user and remembered_words match :words order by w.rank, a.at desc, a.question_id limit :most"
    ),
    "postgresql": (
        "select w.answer_id from remembered_words w join remembered_answers a on a.id = w.answer_id, "
        "websearch_to_tsquery('english', :words) q where a.user_id = :user and w.words @@ q "
        "order by ts_rank(w.words, q) desc, a.at desc, a.question_id limit :most"
    ),
}


def answers_visible_to(actor: Actor) -> Select[RememberedRow]:
    """What is remembered of the actor, without sessions that are deleted and may still be restored."""
    gone = select(SESSIONS.c.id).where(SESSIONS.c.deleted_at.is_not(None))
    return select(RememberedRow).where(
        RememberedRow.user_id == actor.user_id, RememberedRow.session_id.not_in(gone)
    )


async def read_memory(context: Context, db: AsyncSession, actor: Actor) -> Memory:
    """The person's own setting, and what it has come to."""
    consent = await db.get(MemoryConsentRow, actor.user_id)
    count = await db.scalar(select(func.count()).select_from(answers_visible_to(actor).subquery()))
    installed = await context.one(Meaning).get(context)
    return Memory(
        on=consent is not None, since=consent.given_at if consent else None, answers=count or 0,
        by_meaning=installed is not None,
    )  # fmt: skip


async def search(
    context: Context, db: AsyncSession, actor: Actor, query: str, *, limit: int = 20
) -> list[FoundAnswer]:
    """Reminder answers: those with all the words first, then those with some, then those near in meaning. Without a
    query the latest.

    Raises:
        MemoryOff: the person has not asked to be remembered.
    """
    if await db.get(MemoryConsentRow, actor.user_id) is None:
        raise MemoryOff("Turn the memory on first; nothing is kept searchable without that.")
    if not query.strip():
        rows = await db.scalars(
            answers_visible_to(actor)
            .order_by(RememberedRow.at.desc(), RememberedRow.question_id)
            .limit(limit)
        )
        return [_present(row, "", "latest") for row in rows]
    found = [_present(row, query, "words") for row in await _find_words(db, actor, query, limit)]
    known = {(one.session_id, one.question_id) for one in found}
    near = await _find_meaning(context, db, actor, query)
    found += [
        _present(row, query, "meaning") for row in near if (row.session_id, row.question_id) not in known
    ]
    return found[:limit]


def _present(row: RememberedRow, query: str, found_by: str) -> FoundAnswer:
    return FoundAnswer.model_validate(
        {
            "session_id": row.session_id, "question_id": row.question_id, "question": row.question,
            "competency": row.competency, "at": row.at, "found_by": found_by, "lack": row.lack,
            "excerpt": cut(row.answer, query),
        }
    )  # fmt: skip


async def _find_words(db: AsyncSession, actor: Actor, query: str, limit: int) -> list[RememberedRow]:
    """Rows with all words, then rows with any of them."""
    words = list(dict.fromkeys(re.findall(r"\w+", query.casefold())))[:MOST_WORDS]
    if not words:
        return []
    dialect = db.get_bind().dialect.name
    find = text(FIND[dialect]).bindparams(bindparam("user", type_=Uuid()))
    quoted = [f'"{word}"' for word in words]
    joined = (" ".join(quoted), " or ".join(quoted))
    ids: list[UUID] = []
    for wanted in joined if dialect != "sqlite" else (joined[0], " OR ".join(quoted)):
        rows = await db.scalars(find, {"words": wanted, "user": actor.user_id, "most": 200})
        ids += [UUID(str(one)) for one in rows]
    order = {one: place for place, one in reversed(list(enumerate(ids)))}
    mine = await db.scalars(answers_visible_to(actor).where(RememberedRow.id.in_(list(order))))
    return sorted(mine, key=lambda row: order[row.id])[:limit]


async def _find_meaning(context: Context, db: AsyncSession, actor: Actor, query: str) -> list[RememberedRow]:
    """Rows near to the query in meaning, the nearest first; none without embeddings."""
    embeddings = await context.one(Meaning).get(context)
    if embeddings is None:
        return []
    vector = await read_vector(embeddings, query)
    same = answers_visible_to(actor).where(RememberedRow.vector_model == embeddings.name[:60])
    rows = [row for row in await db.scalars(same.order_by(RememberedRow.at.desc())) if row.vector]
    near = await asyncio.to_thread(rank, vector, [row.vector or b"" for row in rows])
    return [rows[place] for place, _ in near]


async def recall(db: AsyncSession, actor: Actor, competencies: Collection[str]) -> list[Reminder]:
    """For each competency what the person's latest answer to it lacked; nothing where it lacked nothing, and nothing
    at all without consent."""
    if await db.get(MemoryConsentRow, actor.user_id) is None:
        return []
    wanted = answers_visible_to(actor).where(RememberedRow.competency.in_(set(competencies)))
    latest: dict[str, RememberedRow] = {}
    for row in await db.scalars(wanted.order_by(RememberedRow.at.desc(), RememberedRow.question_id.desc())):
        latest.setdefault(row.competency, row)
    return [
        Reminder.model_validate({"competency": competency, "lack": row.lack, "at": row.at})
        for competency, row in sorted(latest.items())
        if row.lack in LACKS
    ]
