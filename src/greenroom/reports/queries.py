"""Reading a session's report."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from greenroom.accounts.service import Actor
from greenroom.advice import queries as advice
from greenroom.documents import vocabulary
from greenroom.documents.models import JobTargetRow, ResumeRow
from greenroom.documents.queries import jobs_visible_to, resumes_visible_to
from greenroom.documents.schemas import JobFacts, Requirement, ResumeFacts
from greenroom.documents.terms import find_terms
from greenroom.engines import books
from greenroom.grading import service as grading
from greenroom.grading.dimensions import load_scheme
from greenroom.grading.models import GradedAnswerRow, ScoreRow
from greenroom.grading.schemas import Grade, ScoreView
from greenroom.interviews.models import InterviewRow, SessionRow
from greenroom.interviews.queries import (
    find_session,
    list_run,
    plan_of,
    read_item,
    read_log,
    sessions_visible_to,
    spec_in,
    spec_of,
)
from greenroom.interviews.replay import Root, replay
from greenroom.interviews.schemas import InterviewCreate
from greenroom.interviews.templates import requirements
from greenroom.kit.errors import Invalid, NotFound
from greenroom.library import catalog
from greenroom.library.schemas import Item
from greenroom.reports.assemble import assemble
from greenroom.reports.compare import Comparison, compare
from greenroom.reports.facts import Facts, OtherAnswer
from greenroom.reports.fit import MOST_MUSTS, Papers
from greenroom.reports.levels import mean_of, version_of
from greenroom.reports.rounds import Held, RunSummary, summarise
from greenroom.reports.schemas import Report


async def read_report(db: AsyncSession, actor: Actor, session_id: UUID) -> Report:
    """The report of a session as of now; one that still runs has a report of what was left behind.

    Raises:
        NotFound: no such session for the actor.
    """
    session = await find_session(db, actor, session_id)
    interview = await db.get_one(InterviewRow, session.interview_id)
    entries = await read_log(db, session_id)
    roots = replay(entries).core
    scores = await grading.list_scores(db, actor, session_id)
    return assemble(
        Facts(
            session_id=session.id,
            interview_id=interview.id,
            name=session.name,
            spec=spec_in(interview, session),
            plan=plan_of(session),
            started_at=session.started_at,
            ended_at=session.ended_at,
            entries=entries,
            scores=scores,
            items=await _read_items(db, roots, scores),
            library=catalog.load(),
            scheme=load_scheme(),
            own=await grading.read_own_ratings(db, session_id),
            disputes=await grading.list_disputes(db, session_id),
            kind=session.kind,
            of_session_id=await find_first(db, actor, session),
            others=await list_other_answers(db, actor, session),
            papers=await read_papers(db, actor, spec_of(interview)) if session.kind == "interview" else None,
            costs=await books.read_costs(db, session_id),
            rewrites={r.question_id: r for r in await advice.list_rewrites(db, actor, session_id)},
            recap=await advice.read_recap(db, actor, session_id),
        )
    )


async def read_papers(db: AsyncSession, actor: Actor, spec: InterviewCreate) -> Papers | None:
    """The job and the résumé of an interview, as they are now; deleted ones are left out."""
    target = await db.scalar(jobs_visible_to(actor).where(JobTargetRow.id == spec.job_id))
    held = await db.scalar(resumes_visible_to(actor).where(ResumeRow.id == spec.resume_id))
    job = JobFacts.model_validate(target.facts) if target else read_pasted(spec.job_description)
    if job is None and held is None:
        return None
    return Papers(
        job=job,
        job_name=", ".join(part for part in (target.title, target.company) if part) if target else "",
        resume=ResumeFacts.model_validate(held.facts) if held else None,
        resume_text=held.text if held else "",
        vocabulary=vocabulary.load(),
    )


def read_pasted(description: str) -> JobFacts | None:
    """What a pasted description asks for, by its set phrases alone: the whole reader works apart, on job targets."""
    asked = requirements(description)
    if not asked:
        return None
    words = vocabulary.load()
    musts = [
        Requirement(text=text, skills=[term.name for term in find_terms(text, words)], confidence="low")
        for text in asked[:MOST_MUSTS]
    ]
    return JobFacts(must_haves=musts)


async def _read_items(
    db: AsyncSession, roots: Sequence[Root], scores: Sequence[ScoreView]
) -> dict[str, Item]:
    """The items by question id: the ones that the current judgements are by, else those that were asked."""
    judged_by = {score.question_id: score.item_hash for score in scores if score.item_hash}
    hashes = {root.id: judged_by.get(root.id) or root.item_hash for root in roots}
    return {question: await read_item(db, found) for question, found in hashes.items() if found}


async def find_first(db: AsyncSession, actor: Actor, session: SessionRow) -> UUID | None:
    """The session whose questions a retry asks again, while it is still there."""
    if session.of_session_id is None:
        return None
    return await db.scalar(
        sessions_visible_to(actor)
        .where(SessionRow.id == session.of_session_id)
        .with_only_columns(SessionRow.id)
    )


async def list_other_answers(db: AsyncSession, actor: Actor, session: SessionRow) -> list[OtherAnswer]:
    """Judged answers to the same questions: of the first session for a retry, of its retries for the first."""
    related = (
        SessionRow.id == session.of_session_id
        if session.of_session_id
        else SessionRow.of_session_id == session.id
    )
    visible = sessions_visible_to(actor).where(related).subquery()
    rows = await db.execute(
        select(
            visible.c.id, visible.c.started_at, GradedAnswerRow.question_id, GradedAnswerRow.item_hash,
            ScoreRow.grade,
        )
        .join(GradedAnswerRow, GradedAnswerRow.session_id == visible.c.id)
        .join(ScoreRow, ScoreRow.id == GradedAnswerRow.current_score_id)
        .where(ScoreRow.status == "assessed")
        .order_by(visible.c.id)
    )  # fmt: skip
    found: list[OtherAnswer] = []
    for session_id, started_at, question_id, item_hash, body in rows:
        grade = Grade.model_validate(body)
        mean = mean_of(grade)
        if mean:
            first = session.of_session_id is not None
            found.append(
                OtherAnswer(session_id, question_id, item_hash, first, started_at, mean, version_of(grade))
            )
    return found


async def compare_sessions(db: AsyncSession, actor: Actor, one: UUID, other: UUID) -> Comparison:
    """Two sessions of the actor side by side.

    Raises:
        NotFound: one of them does not exist for the actor.
        Invalid: both are the same.
    """
    if one == other:
        raise Invalid("Choose two different sessions: this is the same one twice.")
    return compare(await read_report(db, actor, one), await read_report(db, actor, other))


async def read_run(db: AsyncSession, actor: Actor, session_id: UUID) -> RunSummary:
    """All rounds of the run that a session belongs to.

    Raises:
        NotFound: no such session for the actor, or its interview has one round.
    """
    session = await find_session(db, actor, session_id)
    if session.run_id is None:
        raise NotFound("This interview has one round; its report is all there is.")
    interview = await db.get_one(InterviewRow, session.interview_id)
    planned = plan_of(interview)
    rows = await list_run(db, actor, session)
    held = {number: await _read_held(db, actor, row) for number, row in rows.items()}
    plans = [
        plan_of(rows[number]) if number in rows else planned.of_round(number)
        for number in range(1, session.rounds + 1)
    ]
    return summarise(
        session.run_id, interview.id, plans, held, session.name, interview.company, spec_of(interview).mode
    )


async def _read_held(db: AsyncSession, actor: Actor, row: SessionRow) -> Held:
    report = await read_report(db, actor, row.id)
    scores = await grading.list_scores(db, actor, row.id)
    grades = {one.question_id: one.grade for one in scores if one.grade and one.grade.status == "assessed"}
    return Held(report, grades, ended=row.state == "ended")
