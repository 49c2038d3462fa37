"""Tables of the memory. The words' index (`remembered_words`) belongs to each database and is filled by triggers."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from greenroom.kit.db import Model


class MemoryConsentRow(Model):
    """The person wants earlier answers to be remembered; without this row nothing is."""

    __tablename__ = "memory_consents"

    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    given_at: Mapped[datetime]


class RememberedRow(Model):
    """One answered question. `lack` is what the answer had not: number, result, own_part, or "". `vector` is the
    answer's meaning as 32-bit floats by `vector_model`; it goes with the session, like the row."""

    __tablename__ = "remembered_answers"
    __table_args__ = (UniqueConstraint("session_id", "question_id", name="uq_remembered_answers_question"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    session_id: Mapped[UUID] = mapped_column(ForeignKey("sessions.id", ondelete="CASCADE"))
    question_id: Mapped[str] = mapped_column(String(40))
    competency: Mapped[str] = mapped_column(String(30))
    question: Mapped[str] = mapped_column(Text)
    answer: Mapped[str] = mapped_column(Text)
    lack: Mapped[str] = mapped_column(String(20))
    at: Mapped[datetime]
    vector_model: Mapped[str] = mapped_column(String(60))
    vector: Mapped[bytes | None] = mapped_column(LargeBinary)
