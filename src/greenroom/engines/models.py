"""Tables of engines, what they are used for, and the calls they were sent."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from greenroom.kit.db import Model


class EngineRow(Model):
    """One model at one vendor. The key is sealed with AES-256-GCM; it never leaves the server again."""

    __tablename__ = "engines"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    vendor: Mapped[str] = mapped_column(String(30))
    model: Mapped[str] = mapped_column(String(200))
    address: Mapped[str] = mapped_column(String(200))
    region: Mapped[str] = mapped_column(String(200))
    project: Mapped[str] = mapped_column(String(200))
    structured: Mapped[str | None] = mapped_column(String(10))
    sealed_key: Mapped[bytes | None] = mapped_column(LargeBinary)
    created_at: Mapped[datetime]
    tested_at: Mapped[datetime | None]
    test_problem: Mapped[str] = mapped_column(String(30))


class EngineUseRow(Model):
    """An engine's place in the order for one purpose; the lowest is asked first."""

    __tablename__ = "engine_uses"

    purpose: Mapped[str] = mapped_column(String(20), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    engine_id: Mapped[UUID] = mapped_column(ForeignKey("engines.id", ondelete="CASCADE"), index=True)


class ModelCallRow(Model):
    """One attempt at a model. `cost` is in millionths of a US dollar, null when unknown. No words are kept here.

    `interview_id` is set for a call that prepared an interview, until its first session takes the call over.
    """

    __tablename__ = "model_calls"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    session_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("sessions.id", ondelete="SET NULL"), index=True
    )
    interview_id: Mapped[UUID | None] = mapped_column(index=True)
    purpose: Mapped[str] = mapped_column(String(20))
    engine: Mapped[str] = mapped_column(String(240))
    model: Mapped[str] = mapped_column(String(240))
    prompt: Mapped[str] = mapped_column(String(60))
    input_tokens: Mapped[int | None]
    output_tokens: Mapped[int | None]
    cost: Mapped[int | None] = mapped_column(BigInteger)
    problem: Mapped[str] = mapped_column(String(30))
    request_id: Mapped[str] = mapped_column(String(100))
    milliseconds: Mapped[int]
    at: Mapped[datetime]
