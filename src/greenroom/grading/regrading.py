"""Judging a whole session again: by another engine, tier or rubric, in the background, with both judgements kept."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from greenroom.accounts.requests import once
from greenroom.accounts.service import Actor
from greenroom.grading.folds import LEAST_ANSWERS, Estimate, combine
from greenroom.grading.judging import TIERS, Choice, judge
from greenroom.grading.models import GradedAnswerRow, RegradedAnswerRow, RegradeRow, ScoreRow
from greenroom.grading.rubric import score_of
from greenroom.grading.schemas import (
    Grade,
    JudgedBy,
    Regrade,
    RegradeCreate,
    RegradedAnswer,
    RegradedOverall,
    RegradeState,
    RubricChoice,
)
from greenroom.grading.service import NotAnswered, StillPending, keep_score, settle
from greenroom.grading.tiers import open_embeddings
from greenroom.interviews.models import FrozenItemRow, InterviewRow, SessionRow
from greenroom.interviews.queries import find_session, read_item, read_log, sessions_visible_to, spec_of
from greenroom.interviews.replay import replay
from greenroom.kit.db import insert_missing
from greenroom.kit.errors import NotFound
from greenroom.kit.web import Context
from greenroom.library import catalog


async def start_regrade(
    context: Context, db: AsyncSession, actor: Actor, session_id: UUID, wanted: RegradeCreate, key: str | None
) -> UUID:
    """Queue every judged answer of a session to be judged again; gives the id of the regrade.

    Raises:
        NotFound: no such session.
        NotAnswered: it has no answer that was judged.
        StillPending: one of its answers is being judged.
        TierMissing: the tier asked for cannot be had here.
        KeyReused: the key came with another request.
    """
    session = await find_session(db, actor, session_id, lock=True)
    if TIERS.get(wanted.engine) == "embeddings":
        open_embeddings(context.settings)

    async def make(regrade_id: UUID) -> None:
        answers = await _lock_answers(db, session_id)
        regrade = RegradeRow(
            id=regrade_id, session_id=session.id, choice=wanted.engine, rubric=wanted.rubric, state="running",
            created_at=context.clock(), ended_at=None,
        )  # fmt: skip
        db.add(regrade)
        await db.flush()
        for answer in answers:
            answer.attempts += 1
            answer.state, answer.updated_at = "pending", context.clock()
            db.add(
                RegradedAnswerRow(
                    regrade_id=regrade_id, question_id=answer.question_id, attempt=answer.attempts, state="running",
                    reason="", before_score_id=answer.current_score_id, after_score_id=None,
                )
            )  # fmt: skip
            await context.queue.enqueue(
                db, "regrade_answer", key=f"{regrade_id}:{answer.question_id}",
                regrade_id=str(regrade_id), question_id=answer.question_id,
            )  # fmt: skip

    request = f"POST /sessions/{session_id}/regrades {wanted.model_dump_json()}"
    return await once(db, actor, key, request, context.clock(), make)


async def _lock_answers(db: AsyncSession, session_id: UUID) -> list[GradedAnswerRow]:
    """The judged answers of a session, held until the transaction ends."""
    found = await db.scalars(
        select(GradedAnswerRow)
        .where(GradedAnswerRow.session_id == session_id)
        .order_by(GradedAnswerRow.number, GradedAnswerRow.question_id)
        .with_for_update()
    )
    answers = list(found)
    if any(answer.state == "pending" for answer in answers):
        raise StillPending("Answers of this session are being assessed. Wait for them, or cancel that first.")
    judged = [answer for answer in answers if answer.current_score_id is not None]
    if not judged:
        raise NotAnswered("There is no assessed answer in this session yet.")
    return judged


async def regrade_answer(context: Context, regrade_id: UUID, question_id: str) -> None:
    """Judge one answer of a regrade and make the judgement current. Running twice leaves one score; nothing is judged
    once the regrade was cancelled. The database is not held while the engine works."""
    async with context.database.read() as db:
        regrade = await db.get(RegradeRow, regrade_id)
        if regrade is None or regrade.state != "running":
            return
        session = await db.get_one(SessionRow, regrade.session_id)
        root = replay(await read_log(db, session.id)).roots[question_id]
        answer = await db.get_one(GradedAnswerRow, (session.id, question_id))
        item = await read_item(db, answer.item_hash)
        agreed = spec_of(await db.get_one(InterviewRow, session.interview_id)).send_answers_to
    choice: Choice = _choice(regrade.choice)
    today = catalog.load().items.get(item.id) if regrade.rubric == "current" else None
    judged = await judge(context, session.id, agreed, today or item, root, choice)
    async with context.database.write() as db:
        row = await db.get(RegradedAnswerRow, (regrade_id, question_id), with_for_update=True)
        if row is None or row.state != "running":  # deleted or cancelled meanwhile
            return
        await keep_score(db, context, session.id, question_id, row.attempt, judged)
        answer = await db.get_one(GradedAnswerRow, (session.id, question_id))
        if today is not None:
            answer.item_hash = await _freeze(db, item.id)
        row.state, row.after_score_id = "done", answer.current_score_id
        await _end(context, db, regrade_id)


def _choice(text: str) -> Choice:
    return RegradeCreate.model_validate({"engine": text}).engine


async def _freeze(db: AsyncSession, item_id: str) -> str:
    """Keep the bank's item of today by its content; gives the hash."""
    library = catalog.load()
    body = library.items[item_id].model_dump(mode="json", by_alias=True, exclude_defaults=True)
    await insert_missing(db, FrozenItemRow, [{"hash": library.hashes[item_id], "body": body}], ["hash"])
    return library.hashes[item_id]


async def give_up(context: Context, regrade_id: UUID, question_id: str, reason: str) -> None:
    """All attempts failed: the answer keeps the judgement it had, and the regrade says which one failed."""
    async with context.database.write() as db:
        row = await db.get(RegradedAnswerRow, (regrade_id, question_id), with_for_update=True)
        if row is None or row.state != "running":
            return
        row.state, row.reason = "failed", reason
        regrade = await db.get_one(RegradeRow, regrade_id)
        await settle(db, await db.get_one(GradedAnswerRow, (regrade.session_id, question_id)))
        await _end(context, db, regrade_id)


async def _end(context: Context, db: AsyncSession, regrade_id: UUID) -> None:
    """Close the regrade when none of its answers is open."""
    await db.flush()
    regrade = await db.get_one(RegradeRow, regrade_id, with_for_update=True)
    states = set(
        await db.scalars(select(RegradedAnswerRow.state).where(RegradedAnswerRow.regrade_id == regrade_id))
    )
    if "running" not in states and regrade.state == "running":
        regrade.state, regrade.ended_at = "failed" if states == {"failed"} else "done", context.clock()


async def cancel_regrade(
    context: Context, db: AsyncSession, actor: Actor, session_id: UUID, regrade_id: UUID
) -> None:
    """Stop before the next answer. What was judged again stays; the others keep the judgement they had.

    Raises:
        NotFound: no such regrade.
    """
    await _find(db, actor, session_id, regrade_id)
    regrade = await db.get_one(RegradeRow, regrade_id, with_for_update=True)
    if regrade.state != "running":
        return
    regrade.state, regrade.ended_at = "cancelled", context.clock()
    rows = await db.scalars(
        select(RegradedAnswerRow)
        .where(RegradedAnswerRow.regrade_id == regrade_id, RegradedAnswerRow.state == "running")
        .with_for_update()
    )
    for row in rows:
        row.state = "cancelled"
        await settle(db, await db.get_one(GradedAnswerRow, (session_id, row.question_id)))


async def list_regrades(db: AsyncSession, actor: Actor, session_id: UUID) -> list[Regrade]:
    """Every time the session was judged again, newest first."""
    await find_session(db, actor, session_id)
    rows = await db.scalars(
        select(RegradeRow).where(RegradeRow.session_id == session_id).order_by(RegradeRow.id.desc())
    )
    return [await _present(db, row) for row in rows]


async def read_regrade(db: AsyncSession, actor: Actor, session_id: UUID, regrade_id: UUID) -> Regrade:
    """One regrade with its progress and what it changed.

    Raises:
        NotFound: no such regrade of a session of the actor.
    """
    return await _present(db, await _find(db, actor, session_id, regrade_id))


async def _find(db: AsyncSession, actor: Actor, session_id: UUID, regrade_id: UUID) -> RegradeRow:
    mine = sessions_visible_to(actor).with_only_columns(SessionRow.id).scalar_subquery()
    row = await db.scalar(
        select(RegradeRow).where(
            RegradeRow.id == regrade_id, RegradeRow.session_id == session_id, RegradeRow.session_id.in_(mine)
        )
    )
    if row is None:
        raise NotFound("This session was not judged again under this id.")
    return row


async def _present(db: AsyncSession, row: RegradeRow) -> Regrade:
    rows = (
        await db.execute(
            select(RegradedAnswerRow, GradedAnswerRow.number)
            .join(
                GradedAnswerRow,
                (GradedAnswerRow.session_id == row.session_id)
                & (GradedAnswerRow.question_id == RegradedAnswerRow.question_id),
            )
            .where(RegradedAnswerRow.regrade_id == row.id)
            .order_by(GradedAnswerRow.number, RegradedAnswerRow.question_id)
        )
    ).all()
    ids = {i for answer, _ in rows for i in (answer.before_score_id, answer.after_score_id) if i}
    scores = {s.id: s for s in await db.scalars(select(ScoreRow).where(ScoreRow.id.in_(ids)))} if ids else {}
    answers = [_present_answer(answer, number, scores) for answer, number in rows]
    rubric: RubricChoice = "current" if row.rubric == "current" else "frozen"
    return Regrade(
        id=row.id, session_id=row.session_id, engine=row.choice, rubric=rubric, state=row.state,
        created_at=row.created_at, ended_at=row.ended_at, done=sum(a.state != "running" for a in answers),
        total=len(answers), answers=answers, overall=_compare(answers),
    )  # fmt: skip


def _present_answer(row: RegradedAnswerRow, number: int, scores: dict[UUID, ScoreRow]) -> RegradedAnswer:
    before = _in_short(scores.get(row.before_score_id) if row.before_score_id else None)
    after = _in_short(scores.get(row.after_score_id) if row.after_score_id else None)
    difference, apart = _difference(before, after)
    state: RegradeState = row.state
    return RegradedAnswer(
        question_id=row.question_id, number=number, state=state, reason=row.reason, before=before, after=after,
        difference=difference, apart=apart,
    )  # fmt: skip


def _in_short(score: ScoreRow | None) -> JudgedBy | None:
    if score is None:
        return None
    grade = Grade.model_validate(score.grade)
    return JudgedBy(
        score_id=score.id, status=grade.status, level=grade.level, low=grade.low, high=grade.high, score=grade.score,
        by=grade.source.label, version=f"{score.engine_version}, {score.tier}", rubric_version=score.rubric_version,
    )  # fmt: skip


def _difference(before: JudgedBy | None, after: JudgedBy | None) -> tuple[int | None, bool]:
    """Points of 100, and whether the intervals do not touch."""
    if before is None or after is None or before.score is None or after.score is None:
        return None, False
    one, other = _bounds(before), _bounds(after)
    return after.score - before.score, other[0] > one[1] or other[1] < one[0]


def _bounds(judged: JudgedBy) -> tuple[float, float]:
    return judged.low or 1.0, judged.high or 5.0


def _compare(answers: Iterable[RegradedAnswer]) -> RegradedOverall:
    """Both sides over the answers that were judged twice."""
    twice = [(a.before, a.after) for a in answers if a.before and a.after]
    before, after = _overall([one for one, _ in twice]), _overall([other for _, other in twice])
    difference = None if before is None or after is None else after - before
    return RegradedOverall(before=before, after=after, difference=difference)


def _overall(judged: list[JudgedBy]) -> int | None:
    """0-100 by the rules of the report: two answers at least, and one engine."""
    if len({one.version for one in judged}) != 1:
        return None
    found = [Estimate(one.level, *_bounds(one)) for one in judged if one.level is not None]
    mean = combine(found) if len(found) >= LEAST_ANSWERS else None
    return score_of(mean.level) if mean else None
