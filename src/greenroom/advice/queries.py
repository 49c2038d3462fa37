"""Reading rewrites and recaps."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from greenroom.accounts.service import Actor
from greenroom.advice.coach import find_missing, pace, remind
from greenroom.advice.models import RecapRow, RewriteRow
from greenroom.advice.schemas import Recap, Rewrite, RewriteBody
from greenroom.interviews.models import InterviewRow
from greenroom.interviews.queries import find_session, read_item, read_log, spec_of
from greenroom.interviews.replay import Root, replay
from greenroom.kit.errors import NotFound


async def list_rewrites(db: AsyncSession, actor: Actor, session_id: UUID) -> list[Rewrite]:
    """Every rewrite that was asked for in a session, in the order of its questions.

    Raises:
        NotFound: no such session for the actor.
    """
    await find_session(db, actor, session_id)
    rows = {
        row.question_id: row
        for row in await db.scalars(select(RewriteRow).where(RewriteRow.session_id == session_id))
    }
    if not rows:
        return []
    core = replay(await read_log(db, session_id)).core
    return [
        await _present(db, rows[root.id], root, number)
        for number, root in enumerate(core, start=1)
        if root.id in rows
    ]


async def read_rewrite(db: AsyncSession, actor: Actor, session_id: UUID, question_id: str) -> Rewrite:
    """One rewrite.

    Raises:
        NotFound: no such session, or none was asked for.
    """
    found = await list_rewrites(db, actor, session_id)
    rewrite = next((one for one in found if one.question_id == question_id), None)
    if rewrite is None:
        raise NotFound("No rewrite of this answer was asked for yet.")
    return rewrite


async def _present(db: AsyncSession, row: RewriteRow, root: Root, number: int) -> Rewrite:
    body = RewriteBody.model_validate(row.body)
    structure = (await read_item(db, root.item_hash)).structure if root.item_hash else None
    return Rewrite(
        **body.model_dump(), question_id=row.question_id, number=number, question=root.text,
        state="pending" if row.state == "pending" else "done", reminder=remind(structure, body.missing),
        pacing=pace(body.words), at=row.updated_at,
    )  # fmt: skip


@dataclass(frozen=True)
class Cue:
    """What can be said about the last finished answer without a model."""

    question_id: str
    number: int
    question: str
    reminder: str
    pacing: str


async def read_cue(db: AsyncSession, actor: Actor, session_id: UUID) -> Cue | None:
    """The cue for the last answer that the panel has left behind; None while there is none.

    Raises:
        NotFound: no such session for the actor, or it is a graded run, which has no coach.
    """
    session = await find_session(db, actor, session_id)
    if spec_of(await db.get_one(InterviewRow, session.interview_id)).mode != "practice":
        raise NotFound("A graded run has no coach.")
    state = replay(await read_log(db, session_id))
    open_id = state.current.root_id if state.current else None
    done = [(n, r) for n, r in enumerate(state.core, start=1) if r.scored and r.turns and r.id != open_id]
    if not done or done[-1][1].item_hash is None:
        return None
    number, root = done[-1]
    item = await read_item(db, str(root.item_hash))
    reminder = remind(item.structure, find_missing(item, root.observation))
    return Cue(root.id, number, root.text, reminder, pace(sum(len(t.text.split()) for t in root.turns)))


async def read_recap(db: AsyncSession, actor: Actor, session_id: UUID) -> Recap:
    """What a model wrote about the session; an empty one when none did.

    Raises:
        NotFound: no such session for the actor.
    """
    await find_session(db, actor, session_id)
    row = await db.get(RecapRow, session_id)
    if row is None:
        return Recap()
    return Recap.model_validate(row.body).model_copy(update={"at": row.updated_at})
