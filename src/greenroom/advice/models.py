"""Tables of what models wrote about a session; both go with it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from greenroom.kit.db import Model


class RewriteRow(Model):
    """The latest rewrite of an answer that was asked for. `attempt` counts how often."""

    __tablename__ = "rewrites"

    session_id: Mapped[UUID] = mapped_column(ForeignKey("sessions.id", ondelete="CASCADE"), primary_key=True)
    question_id: Mapped[str] = mapped_column(String(40), primary_key=True)
    attempt: Mapped[int]
    state: Mapped[str] = mapped_column(String(10))
    body: Mapped[dict[str, Any]]
    updated_at: Mapped[datetime]


class RecapRow(Model):
    """What a model wrote about the whole session, or why nothing of it stands."""

    __tablename__ = "recaps"

    session_id: Mapped[UUID] = mapped_column(ForeignKey("sessions.id", ondelete="CASCADE"), primary_key=True)
    attempt: Mapped[int]
    body: Mapped[dict[str, Any]]
    updated_at: Mapped[datetime]
