"""Tables of the people who use an installation."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from greenroom.kit.db import Model


class User(Model):
    """A person. The local mode has exactly one, without e-mail or password."""

    __tablename__ = "users"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    created_at: Mapped[datetime]


class RequestKeyRow(Model):
    """An idempotency key of a creating request and what it created, so that a repeat gives the same answer."""

    __tablename__ = "request_keys"

    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    key: Mapped[str] = mapped_column(String(100), primary_key=True)
    fingerprint: Mapped[str] = mapped_column(String(64))
    created_id: Mapped[UUID]
    created_at: Mapped[datetime]
