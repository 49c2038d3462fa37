"""The table of analysed transcripts."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from greenroom.kit.db import Model


class AnalysisRow(Model):
    """One transcript with its text; `facts` and `reading` come from the job."""

    __tablename__ = "analyses"
    __table_args__ = (Index("ix_analyses_owner", "user_id", "id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    title: Mapped[str] = mapped_column(String(120))
    state: Mapped[str] = mapped_column(String(10))
    text: Mapped[str] = mapped_column(Text)
    words: Mapped[int]
    send_to: Mapped[list[Any]]
    facts: Mapped[dict[str, Any] | None]
    reading: Mapped[dict[str, Any]]
    problem: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime]
    deleted_at: Mapped[datetime | None]
