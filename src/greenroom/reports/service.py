"""What a report lets its reader start: a question again, the weakest three, the sample."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from greenroom.accounts.service import Actor
from greenroom.grading import service as grading
from greenroom.interviews import retries, sample
from greenroom.interviews.errors import NothingToRetry
from greenroom.interviews.models import SessionRow
from greenroom.kit.web import Context

WEAKEST = 3


async def retry_weakest(
    context: Context, db: AsyncSession, actor: Actor, session_id: UUID, key: str | None = None
) -> SessionRow:
    """Begin a short session with the three questions whose answers have the lowest levels, or as many as there are.

    Raises:
        NotFound: no such session.
        NothingToRetry: no answer is assessed yet.
    """
    scores = await grading.list_scores(db, actor, session_id)
    judged = [
        (score.grade.level, score.number, score.question_id)
        for score in scores
        if score.state == "assessed" and score.grade and score.grade.level is not None
    ]
    if not judged:
        raise NothingToRetry("No answer of this session is assessed yet, so none is the weakest.")
    weakest = sorted(judged)[:WEAKEST]
    chosen = [question for _, _, question in sorted(weakest, key=lambda found: found[1])]
    return await retries.start_retry(context, db, actor, session_id, chosen, key)


async def create_sample(
    context: Context, db: AsyncSession, actor: Actor, key: str | None = None
) -> SessionRow:
    """A finished sample session. Its own rating is not asked for: the answers are ours."""
    row = await sample.create_sample(context, db, actor, key)
    await grading.rate_own(context, db, actor, row.id, {})
    return row
