"""Judging answers in the background, one job an answer; every judgement is kept, one is current."""

from typing import cast
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from greenroom.accounts.service import Actor
from greenroom.grading.judging import Choice, judge
from greenroom.grading.models import DisputeRow, GradedAnswerRow, OwnRatingRow, ScoreRow
from greenroom.grading.schemas import AnswerState, Grade, ScoreView
from greenroom.interviews.models import LogRow
from greenroom.interviews.queries import find_session, read_item, read_log, read_spec
from greenroom.interviews.replay import Root, replay
from greenroom.kit.db import insert_missing
from greenroom.kit.errors import Invalid, NotFound, Problem
from greenroom.kit.ids import uuid7
from greenroom.kit.web import Context


class StillPending(Problem):
    status = 409
    slug = "still-pending"
    title = "This answer is being assessed"


class NotAnswered(Problem):
    status = 409
    slug = "not-answered"
    title = "There is no finished answer to assess"


async def grade_answer(
    context: Context, session_id: UUID, question_id: str, attempt: int, choice: Choice = "set_up"
) -> None:
    """Judge one answer and make the judgement current. Running twice leaves one score per attempt.

    The database is not held while the engine works.
    """
    async with context.database.read() as db:
        spec = await read_spec(db, session_id)
        if spec is None:
            return
        state = replay(await read_log(db, session_id))
        root = state.roots.get(question_id)
        if root is None or root.item_hash is None or not root.turns:
            return
        item = await read_item(db, root.item_hash)
    async with context.database.write() as db:
        await mark_pending(db, context, session_id, root, number_of(state.core, question_id), attempt)
    result = await judge(context, session_id, spec.send_answers_to, item, root, choice)
    async with context.database.write() as db:
        await keep_score(db, context, session_id, question_id, attempt, result)


def number_of(core: list[Root], question_id: str) -> int:
    """The number a core question is shown under, from 1; 0 for the others."""
    return next((n for n, root in enumerate(core, start=1) if root.id == question_id), 0)


async def mark_pending(
    db: AsyncSession, context: Context, session_id: UUID, root: Root, number: int, attempt: int
) -> None:
    """Show that the answer is being judged; an older score stays current meanwhile."""
    await insert_missing(
        db,
        GradedAnswerRow,
        [
            {
                "session_id": session_id,
                "question_id": root.id,
                "number": number,
                "item_hash": root.item_hash,
                "competency": root.competency or "",
                "persona": root.persona,
                "state": "pending",
                "attempts": attempt,
                "current_score_id": None,
                "updated_at": context.clock(),
            }
        ],
        ["session_id", "question_id"],
    )


async def keep_score(
    db: AsyncSession, context: Context, session_id: UUID, question_id: str, attempt: int, result: Grade
) -> None:
    """Store a judgement and point to it."""
    answer = await db.get(GradedAnswerRow, (session_id, question_id), with_for_update=True)
    if answer is None:  # deleted meanwhile
        return
    done = await db.scalar(
        select(ScoreRow.id).where(
            ScoreRow.session_id == session_id,
            ScoreRow.question_id == question_id,
            ScoreRow.attempt == attempt,
        )
    )
    if done is None:
        done = uuid7()
        db.add(
            ScoreRow(
                id=done,
                session_id=session_id,
                question_id=question_id,
                attempt=attempt,
                status=result.status,
                score=result.score,
                level=result.level,
                engine=result.source.engine,
                tier=result.source.tier,
                engine_version=result.source.engine_version,
                rubric_version=result.source.rubric_version,
                grade=result.model_dump(mode="json"),
                reason="; ".join(result.reasons),
                created_at=context.clock(),
            )
        )
    answer.current_score_id, answer.state = done, result.status
    answer.attempts, answer.updated_at = attempt, context.clock()


async def mark_failed(context: Context, session_id: UUID, question_id: str, attempt: int) -> None:
    """All attempts of the job failed: the answer reads "not assessed" and can be retried alone."""
    async with context.database.write() as db:
        root = replay(await read_log(db, session_id)).roots.get(question_id)
        if root is None:
            return
        await mark_pending(db, context, session_id, root, 0, attempt)
        answer = await db.get_one(GradedAnswerRow, (session_id, question_id), with_for_update=True)
        await settle(db, answer)
        answer.updated_at = context.clock()


async def settle(db: AsyncSession, answer: GradedAnswerRow) -> None:
    """An answer that is judged no more goes back to its current judgement, or is "failed" without one."""
    score = await db.get(ScoreRow, answer.current_score_id) if answer.current_score_id else None
    answer.state = cast("AnswerState", score.status) if score else "failed"


async def request_grading(
    context: Context, db: AsyncSession, actor: Actor, session_id: UUID, question_id: str,
    choice: Choice = "set_up",
) -> ScoreView:  # fmt: skip
    """Judge one answer again, alone, by the engines that are set up or by the built-in; the score so far stays until
    the new one is there.

    Raises:
        NotFound: no such session or question.
        NotAnswered: the question has no finished answer.
        StillPending: a judgement is under way.
    """
    await find_session(db, actor, session_id)
    state = replay(await read_log(db, session_id))
    root = state.roots.get(question_id)
    if root is None or not root.scored:
        raise NotFound("There is no such question in this session.")
    is_open = state.current is not None and state.current.root_id == question_id
    if not root.turns or is_open:
        raise NotAnswered("Answer the question first; it is assessed when the panel moves on.")
    answer = await db.get(GradedAnswerRow, (session_id, question_id), with_for_update=True)
    if answer is None or answer.state == "pending":
        raise StillPending("It is already being assessed; its score appears here by itself.")
    answer.attempts += 1
    answer.state, answer.updated_at = "pending", context.clock()
    await db.flush()
    await context.queue.enqueue(
        db, "grade_answer", key=f"{session_id}:{question_id}:{answer.attempts}",
        session_id=str(session_id), question_id=question_id, attempt=str(answer.attempts),
        choice=choice,
    )  # fmt: skip
    return (await list_scores(db, actor, session_id, question_id))[0]


async def list_scores(
    db: AsyncSession, actor: Actor, session_id: UUID, question_id: str | None = None
) -> list[ScoreView]:
    """Every scored question that was left behind, in order, with its current judgement or where it stands."""
    session = await find_session(db, actor, session_id)
    state = replay(await read_log(db, session.id))
    rows = {
        answer.question_id: (answer, score)
        for answer, score in await db.execute(
            select(GradedAnswerRow, ScoreRow)
            .outerjoin(ScoreRow, ScoreRow.id == GradedAnswerRow.current_score_id)
            .where(GradedAnswerRow.session_id == session_id)
        )
    }
    open_id = state.current.root_id if state.current else None
    found: list[ScoreView] = []
    for number, root in enumerate(state.core, start=1):
        if not root.scored or root.id == open_id or (question_id and root.id != question_id):
            continue
        answer, score = rows.get(root.id, (None, None))
        waiting: AnswerState = "pending" if root.turns else "not_observed"
        found.append(
            ScoreView(
                question_id=root.id,
                number=number,
                competency=root.competency,
                persona=root.persona,
                state=answer.state if answer else waiting,
                attempts=answer.attempts if answer else 0,
                score_id=score.id if score else None,
                item_hash=answer.item_hash if answer else root.item_hash,
                grade=Grade.model_validate(score.grade) if score else None,
                at=score.created_at if score else None,
            )
        )
    if question_id and not found:
        raise NotFound("There is no such scored question in this session yet.")
    return found


async def rate_own(
    context: Context, db: AsyncSession, actor: Actor, session_id: UUID, levels: dict[str, int | None]
) -> None:
    """Keep the candidate's own levels (1-5) by question; None means skipped. Given once, before ours are shown."""
    await find_session(db, actor, session_id)
    known = {root.id for root in replay(await read_log(db, session_id)).core}
    if not set(levels) <= known:
        raise Invalid("A rating names a question that this session does not have. Nothing was kept.")
    now = context.clock()
    await insert_missing(
        db,
        OwnRatingRow,
        [
            {
                "session_id": session_id,
                "question_id": question,
                "level": levels.get(question),
                "created_at": now,
            }
            for question in sorted(known)
        ],
        ["session_id", "question_id"],
    )


async def read_own_ratings(db: AsyncSession, session_id: UUID) -> dict[str, int | None] | None:
    """The candidate's own levels by question, or None when the 30 seconds have not been offered yet."""
    rows = (await db.scalars(select(OwnRatingRow).where(OwnRatingRow.session_id == session_id))).all()
    return {row.question_id: row.level for row in rows} if rows else None


async def dispute(
    context: Context, db: AsyncSession, actor: Actor, session_id: UUID, question_id: str, text: str
) -> UUID:
    """Keep "this looks wrong" with the score it is about."""
    found = (await list_scores(db, actor, session_id, question_id))[0]
    if found.score_id is None:
        raise NotAnswered("There is no score yet that could be wrong.")
    row = DisputeRow(id=uuid7(), score_id=found.score_id, text=text, created_at=context.clock())
    db.add(row)
    await db.flush()
    return row.id


async def list_disputes(db: AsyncSession, session_id: UUID) -> dict[str, list[str]]:
    """What was said against current and earlier scores, by question."""
    found: dict[str, list[str]] = {}
    rows = await db.execute(
        select(ScoreRow.question_id, DisputeRow.text)
        .join(ScoreRow, ScoreRow.id == DisputeRow.score_id)
        .where(ScoreRow.session_id == session_id)
        .order_by(DisputeRow.id)
    )
    for question, text in rows:
        found.setdefault(question, []).append(text)
    return found


async def last_change(db: AsyncSession, session_id: UUID) -> tuple[int, str]:
    """The last log entry and a mark that changes with every judgement: what an event stream watches."""
    seq = await db.scalar(
        select(LogRow.seq).where(LogRow.session_id == session_id).order_by(LogRow.seq.desc()).limit(1)
    )
    rows = await db.execute(
        select(GradedAnswerRow.question_id, GradedAnswerRow.state, GradedAnswerRow.attempts)
        .where(GradedAnswerRow.session_id == session_id)
        .order_by(GradedAnswerRow.question_id)
    )
    return seq or 0, ";".join(f"{question}={state}{attempts}" for question, state, attempts in rows)
