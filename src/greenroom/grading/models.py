"""Tables of scores: every judgement is kept, and one of them is current for each question."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from greenroom.grading.schemas import AnswerState, RegradeState
from greenroom.kit.db import Model


class GradedAnswerRow(Model):
    """One answered question and where its grading stands: pending, assessed, not_enough, not_observed or failed."""

    __tablename__ = "graded_answers"

    session_id: Mapped[UUID] = mapped_column(ForeignKey("sessions.id", ondelete="CASCADE"), primary_key=True)
    question_id: Mapped[str] = mapped_column(String(40), primary_key=True)
    number: Mapped[int]
    item_hash: Mapped[str] = mapped_column(String(64))
    competency: Mapped[str] = mapped_column(String(30))
    persona: Mapped[str] = mapped_column(String(30))
    state: Mapped[AnswerState] = mapped_column(String(15))
    attempts: Mapped[int]
    current_score_id: Mapped[UUID | None]
    updated_at: Mapped[datetime]


class ScoreRow(Model):
    """One judgement of one answer; never changed."""

    __tablename__ = "scores"
    __table_args__ = (UniqueConstraint("session_id", "question_id", "attempt", name="uq_scores_attempt"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    session_id: Mapped[UUID] = mapped_column(ForeignKey("sessions.id", ondelete="CASCADE"))
    question_id: Mapped[str] = mapped_column(String(40))
    attempt: Mapped[int]
    status: Mapped[str] = mapped_column(String(15))
    score: Mapped[int | None]
    level: Mapped[float | None]
    engine: Mapped[str] = mapped_column(String(20))
    tier: Mapped[str] = mapped_column(String(60))
    engine_version: Mapped[str] = mapped_column(String(40))
    rubric_version: Mapped[str] = mapped_column(String(40))
    grade: Mapped[dict[str, Any]]
    reason: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime]


class RegradeRow(Model):
    """One time that a whole session was judged again: by what, by which rubric, and how far it is."""

    __tablename__ = "regrades"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    session_id: Mapped[UUID] = mapped_column(ForeignKey("sessions.id", ondelete="CASCADE"), index=True)
    choice: Mapped[str] = mapped_column(String(15))
    rubric: Mapped[str] = mapped_column(String(10))
    state: Mapped[RegradeState] = mapped_column(String(10))
    created_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class RegradedAnswerRow(Model):
    """One answer of it: the judgement that was current before, and the one that came out."""

    __tablename__ = "regraded_answers"

    regrade_id: Mapped[UUID] = mapped_column(ForeignKey("regrades.id", ondelete="CASCADE"), primary_key=True)
    question_id: Mapped[str] = mapped_column(String(40), primary_key=True)
    attempt: Mapped[int]
    state: Mapped[RegradeState] = mapped_column(String(10))
    reason: Mapped[str] = mapped_column(Text)
    before_score_id: Mapped[UUID | None]
    after_score_id: Mapped[UUID | None]


class OwnRatingRow(Model):
    """The candidate's own rating of an answer, level 1-5, given before ours is shown."""

    __tablename__ = "own_ratings"

    session_id: Mapped[UUID] = mapped_column(ForeignKey("sessions.id", ondelete="CASCADE"), primary_key=True)
    question_id: Mapped[str] = mapped_column(String(40), primary_key=True)
    level: Mapped[int | None]
    created_at: Mapped[datetime]


class DisputeRow(Model):
    """'This looks wrong': what the candidate says about one score."""

    __tablename__ = "disputes"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    score_id: Mapped[UUID] = mapped_column(ForeignKey("scores.id", ondelete="CASCADE"), index=True)
    text: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime]
