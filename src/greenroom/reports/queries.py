"""Reading a session's report."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from greenroom.accounts.service import Actor
from greenroom.grading import service as grading
from greenroom.interviews.models import InterviewRow
from greenroom.interviews.queries import find_session, plan_of, read_item, read_log, spec_of
from greenroom.interviews.replay import replay
from greenroom.library import catalog
from greenroom.reports.assemble import assemble
from greenroom.reports.facts import Facts
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
    return assemble(
        Facts(
            session_id=session.id,
            interview_id=interview.id,
            name=session.name,
            spec=spec_of(interview),
            plan=plan_of(session),
            started_at=session.started_at,
            ended_at=session.ended_at,
            entries=entries,
            scores=await grading.list_scores(db, actor, session_id),
            items={root.id: await read_item(db, root.item_hash) for root in roots if root.item_hash},
            library=catalog.load(),
            own=await grading.read_own_ratings(db, session_id),
            disputes=await grading.list_disputes(db, session_id),
        )
    )
