"""The table of orders for questions."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from greenroom.kit.db import Model


class WritingRow(Model):
    """An order for questions, how far it is, and what was written; `drafts` wait for the person's look."""

    __tablename__ = "question_writings"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    state: Mapped[str] = mapped_column(String(20))
    problem: Mapped[str] = mapped_column(Text)
    engine: Mapped[str] = mapped_column(String(240))
    wanted: Mapped[dict[str, Any]]
    done: Mapped[int]
    drafts: Mapped[list[Any]]
    dropped: Mapped[list[Any]]
    created_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
