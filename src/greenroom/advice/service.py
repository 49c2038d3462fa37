"""Asking for a rewrite or a recap, and writing it: a job each, and the built-in version whenever a model fails."""

import asyncio
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from greenroom.accounts.requests import once
from greenroom.accounts.service import Actor
from greenroom.advice import coach, queries
from greenroom.advice.models import RecapRow, RewriteRow
from greenroom.advice.recap import summarise
from greenroom.advice.schemas import Recap, Rewrite, RewriteBody
from greenroom.documents.queries import find_resume
from greenroom.engines import service as engines
from greenroom.grading.builtin import grade
from greenroom.grading.service import NotAnswered, StillPending
from greenroom.interviews.models import InterviewRow, SessionRow
from greenroom.interviews.queries import find_session, read_item, read_log, read_spec, spec_of
from greenroom.interviews.replay import Root, State, replay
from greenroom.interviews.schemas import InterviewCreate
from greenroom.kit.errors import NotFound, Problem
from greenroom.kit.web import Context
from greenroom.library.schemas import Item

GAVE_UP = "the work failed on our side"


class AfterTheEnd(Problem):
    status = 409
    slug = "after-the-end"
    title = "A graded run is coached after its end"


class NotOver(Problem):
    status = 409
    slug = "not-over"
    title = "The interview is not over yet"


@dataclass(frozen=True)
class _Answered:
    """What a rewrite is made from."""

    spec: InterviewCreate
    root: Root
    item: Item
    user_id: UUID


async def request_rewrite(
    context: Context,
    db: AsyncSession,
    actor: Actor,
    session_id: UUID,
    question_id: str,
    key: str | None = None,
) -> Rewrite:
    """Have an answer rewritten. The built-in version is there at once; where a model may do it, a job asks it.

    Raises:
        NotFound: no such session or question.
        NotAnswered: the panel has not left the question behind, or nothing was said to it.
        AfterTheEnd: a graded run that still goes on.
        StillPending: a rewrite is being written.
    """
    session = await find_session(db, actor, session_id)
    state = replay(await read_log(db, session_id))
    spec = spec_of(await db.get_one(InterviewRow, session.interview_id))
    root = _find_root(state, question_id)
    if spec.mode == "graded" and not state.ended:
        raise AfterTheEnd("In a graded run nobody helps while it lasts. Ask again in the report.")

    async def make(_: UUID) -> None:
        await _begin(context, db, session_id, spec, root)

    await once(db, actor, key, f"rewrite:{session_id}:{question_id}", context.clock(), make)
    await db.flush()
    return await queries.read_rewrite(db, actor, session_id, question_id)


def _find_root(state: State, question_id: str) -> Root:
    root = state.roots.get(question_id)
    if root is None or not root.scored or root.item_hash is None:
        raise NotFound("There is no such question in this session.")
    open_id = state.current.root_id if state.current else None
    if not root.turns or open_id == question_id:
        raise NotAnswered("Answer the question first; the coach speaks when the panel has moved on.")
    return root


async def _begin(
    context: Context, db: AsyncSession, session_id: UUID, spec: InterviewCreate, root: Root
) -> None:
    item = await read_item(db, str(root.item_hash))
    row = await db.get(RewriteRow, (session_id, root.id), with_for_update=True)
    if row is not None and row.state == "pending":
        raise StillPending("It is being written already; it appears here by itself.")
    graded = await asyncio.to_thread(grade, item, root.turns, asked=root.asked)
    builtin = coach.write_builtin(item, graded)
    asks = bool(await engines.list_agreed(context, db, "coach", spec.send_answers_to))
    if row is None:
        row = RewriteRow(session_id=session_id, question_id=root.id, attempt=0)
        db.add(row)
    row.attempt, row.state = (row.attempt or 0) + 1, "pending" if asks else "done"
    row.body, row.updated_at = builtin.model_dump(mode="json"), context.clock()
    await db.flush()
    if asks:
        await context.queue.enqueue(
            db, "rewrite_answer", key=f"{session_id}:{root.id}:{row.attempt}",
            session_id=str(session_id), question_id=root.id, attempt=str(row.attempt),
        )  # fmt: skip


async def write_rewrite(context: Context, session_id: UUID, question_id: str, attempt: int) -> None:
    """Ask the coach and keep what stands. The database is not held meanwhile."""
    async with context.database.read() as db:
        row = await db.get(RewriteRow, (session_id, question_id))
        if row is None or row.attempt != attempt or row.state != "pending":
            return
        builtin = RewriteBody.model_validate(row.body)
        answered = await _read_answered(db, session_id, question_id)
        resume = await _read_resume(db, answered)
    assigned = await engines.assign(context, "coach", session_id, answered.spec.send_answers_to)
    body = builtin
    if assigned is not None:
        body = await coach.rewrite(
            assigned.model, answered.item, answered.root.turns, answered.root.asked, builtin, resume
        )
    await _keep_rewrite(context, session_id, question_id, attempt, body)


async def give_up_rewrite(context: Context, session_id: UUID, question_id: str, attempt: int) -> None:
    """The job failed: the built-in version stands and says so."""
    async with context.database.read() as db:
        row = await db.get(RewriteRow, (session_id, question_id))
    if row is not None:
        body = RewriteBody.model_validate(row.body).model_copy(update={"reason": GAVE_UP})
        await _keep_rewrite(context, session_id, question_id, attempt, body)


async def _keep_rewrite(
    context: Context, session_id: UUID, question_id: str, attempt: int, body: RewriteBody
) -> None:
    async with context.database.write() as db:
        row = await db.get(RewriteRow, (session_id, question_id), with_for_update=True)
        if row is not None and row.attempt == attempt and row.state == "pending":
            row.state, row.body, row.updated_at = "done", body.model_dump(mode="json"), context.clock()


async def _read_answered(db: AsyncSession, session_id: UUID, question_id: str) -> _Answered:
    session = await db.get_one(SessionRow, session_id)
    root = replay(await read_log(db, session_id)).roots[question_id]
    spec = spec_of(await db.get_one(InterviewRow, session.interview_id))
    return _Answered(spec, root, await read_item(db, str(root.item_hash)), session.user_id)


async def _read_resume(db: AsyncSession, answered: _Answered) -> list[str]:
    """The text of the interview's résumé: what stands there may be said too."""
    if answered.spec.resume_id is None:
        return []
    try:
        return [(await find_resume(db, Actor(answered.user_id), answered.spec.resume_id)).text]
    except NotFound:  # deleted meanwhile
        return []


async def request_recap(
    context: Context, db: AsyncSession, actor: Actor, session_id: UUID, key: str | None = None
) -> Recap:
    """Have a finished session summed up again; what is there stays until the new one is written.

    Raises:
        NotFound: no such session.
        NotOver: it still goes on.
    """
    session = await find_session(db, actor, session_id)
    if session.state != "ended":
        raise NotOver("It is summed up when it has ended.")
    row = await db.get(RecapRow, session_id)

    async def make(new_id: UUID) -> None:
        await context.queue.enqueue(
            db, "write_recap", key=f"{session_id}:{new_id}", session_id=str(session_id),
            attempt=str((row.attempt if row else 0) + 1),
        )  # fmt: skip

    await once(db, actor, key, f"recap:{session_id}", context.clock(), make)
    return await queries.read_recap(db, actor, session_id)


async def write_recap(context: Context, session_id: UUID, attempt: int) -> None:
    """Let a model sum up a finished session; without one nothing is kept and the report's own paragraph stands."""
    async with context.database.read() as db:
        spec = await read_spec(db, session_id)
    if spec is None:
        return
    assigned = await engines.assign(context, "coach", session_id, spec.send_answers_to)
    if assigned is None:  # as in most sessions: nothing is read for it
        return
    async with context.database.read() as db:
        roots = [root for root in replay(await read_log(db, session_id)).core if root.answered]
        items = {root.id: await read_item(db, root.item_hash) for root in roots if root.item_hash}
    if roots:
        await _keep_recap(context, session_id, attempt, await summarise(assigned.model, roots, items))


async def give_up_recap(context: Context, session_id: UUID, attempt: int) -> None:
    """The job failed: nothing of a model stands, and the report says so."""
    await _keep_recap(context, session_id, attempt, Recap(reason=GAVE_UP))


async def _keep_recap(context: Context, session_id: UUID, attempt: int, recap: Recap) -> None:
    body = recap.model_dump(mode="json", exclude={"at"})
    async with context.database.write() as db:
        if await db.get(SessionRow, session_id) is None:
            return
        row = await db.get(RecapRow, session_id, with_for_update=True)
        if row is None:
            db.add(RecapRow(session_id=session_id, attempt=attempt, body=body, updated_at=context.clock()))
        elif attempt >= row.attempt and (recap.lines or not row.body.get("lines")):
            row.attempt, row.body, row.updated_at = attempt, body, context.clock()
