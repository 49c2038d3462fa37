"""Objections with all that a person needs to score the answer, as lines that `greenroom grade-report` measures."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, Field
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from greenroom.accounts.service import Actor
from greenroom.grading.models import DisputeRow, GradedAnswerRow, ScoreRow
from greenroom.interviews.models import FrozenItemRow, SessionRow
from greenroom.interviews.queries import read_log, sessions_visible_to
from greenroom.interviews.replay import Root, replay
from greenroom.library.schemas import Item


class DisputedAnswer(BaseModel):
    """One objection. Add `score` (0-1, a person's) and the line is one of `greenroom grade-report`."""

    id: UUID
    session_id: UUID
    question_id: str
    at: datetime
    objection: str
    question: str
    answer: str = Field(description="the candidate's words, follow-ups included")
    rubric: list[str] = Field(description="the key points of the item, as it was asked")
    references: list[str]
    our_score: int | None = Field(description="0-100, of the judgement that is objected to")
    judged_by: str
    rubric_version: str


async def list_disputes(db: AsyncSession, actor: Actor) -> list[DisputedAnswer]:
    """The actor's objections, oldest first; those of deleted sessions are gone with them."""
    visible = sessions_visible_to(actor).with_only_columns(SessionRow.id).scalar_subquery()
    rows = await db.execute(
        select(DisputeRow, ScoreRow, FrozenItemRow.body)
        .join(ScoreRow, ScoreRow.id == DisputeRow.score_id)
        .join(
            GradedAnswerRow,
            (GradedAnswerRow.session_id == ScoreRow.session_id)
            & (GradedAnswerRow.question_id == ScoreRow.question_id),
        )
        .join(FrozenItemRow, FrozenItemRow.hash == GradedAnswerRow.item_hash)
        .where(ScoreRow.session_id.in_(visible))
        .order_by(DisputeRow.id)
    )
    asked: dict[UUID, dict[str, Root]] = {}
    found: list[DisputedAnswer] = []
    for dispute, score, body in rows:
        if score.session_id not in asked:
            asked[score.session_id] = replay(await read_log(db, score.session_id)).roots
        root, item = asked[score.session_id][score.question_id], Item.model_validate(body)
        found.append(
            DisputedAnswer(
                id=dispute.id, session_id=score.session_id, question_id=score.question_id, at=dispute.created_at,
                objection=dispute.text, question=root.text, answer="\n".join(turn.text for turn in root.turns),
                rubric=[point.text for point in item.key_points],
                references=[item.reference] if item.reference else [], our_score=score.score,
                judged_by=f"{score.engine} {score.engine_version}, {score.tier}", rubric_version=score.rubric_version,
            )
        )  # fmt: skip
    return found
