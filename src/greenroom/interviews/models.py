"""Tables of interviews, sessions and the append-only session log."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from greenroom.interviews.schemas import SessionKind
from greenroom.kit.db import Model


class InterviewRow(Model):
    """One configured interview. The columns that lists filter by stand beside the whole spec.

    `planned_at` is set while it is kept for later: until it is begun or given up.
    """

    __tablename__ = "interviews"
    __table_args__ = (Index("ix_interviews_owner", "user_id", "id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(300))
    role: Mapped[str] = mapped_column(String(120))
    role_title: Mapped[str] = mapped_column(String(160))
    company: Mapped[str] = mapped_column(String(120))
    type: Mapped[str] = mapped_column(String(20))
    level: Mapped[str] = mapped_column(String(20))
    minutes: Mapped[int]
    mode: Mapped[str] = mapped_column(String(20))
    scenario: Mapped[str] = mapped_column(String(20), server_default="interview")
    spec: Mapped[dict[str, Any]]
    plan: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]
    planned_at: Mapped[datetime | None]
    planned_zone: Mapped[str | None] = mapped_column(String(60))
    deleted_at: Mapped[datetime | None]


class SessionRow(Model):
    """One run of an interview. `seq` is the last log entry; `clock_at` the page's last sign of life.

    `run_id` is the id of the first round's session; it stands on every round of the same run. `type` is that of the
    session's own questions; rows of before rounds have none, theirs is the interview's.
    A retry names the session whose questions it asks again, which may be deleted by now. `ribbon` is drawn once, when
    the session ends.
    """

    __tablename__ = "sessions"
    __table_args__ = (Index("ix_sessions_owner", "user_id", "id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    interview_id: Mapped[UUID] = mapped_column(ForeignKey("interviews.id", ondelete="CASCADE"), index=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    kind: Mapped[SessionKind] = mapped_column(String(10), server_default="interview")
    of_session_id: Mapped[UUID | None] = mapped_column(index=True)
    type: Mapped[str | None] = mapped_column(String(20))
    round: Mapped[int] = mapped_column(server_default="1")
    rounds: Mapped[int] = mapped_column(server_default="1")
    run_id: Mapped[UUID | None] = mapped_column(index=True)
    state: Mapped[str] = mapped_column(String(10))
    seq: Mapped[int]
    seed: Mapped[int]
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    deleted_at: Mapped[datetime | None]
    name: Mapped[str] = mapped_column(String(300))
    used_ms: Mapped[int]
    total_ms: Mapped[int]
    clock_at: Mapped[datetime]
    questions_asked: Mapped[int]
    questions_planned: Mapped[int]
    plan: Mapped[dict[str, Any]]
    draft: Mapped[str] = mapped_column(Text)
    draft_seq: Mapped[int]
    ribbon: Mapped[list[Any] | None]


class LogRow(Model):
    """One entry of a session's log; never changed. `key` is the client's idempotency key of the turn."""

    __tablename__ = "session_log"
    __table_args__ = (UniqueConstraint("session_id", "key", name="uq_session_log_key"),)

    session_id: Mapped[UUID] = mapped_column(ForeignKey("sessions.id", ondelete="CASCADE"), primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(30))
    at: Mapped[datetime]
    payload: Mapped[dict[str, Any]]
    key: Mapped[str | None] = mapped_column(String(100))


class FrozenItemRow(Model):
    """A bank item as a session used it, by the hash of its content: it outlives every change of the bank."""

    __tablename__ = "frozen_items"

    hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    body: Mapped[dict[str, Any]]
