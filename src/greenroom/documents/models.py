"""Tables of résumés, job targets, company profiles, and of uploads while they wait to be read."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from greenroom.kit.db import Model


class ResumeRow(Model):
    """One résumé: the text taken out of it and its facts. `state`: waiting, reading, ready, failed, cancelled."""

    __tablename__ = "resumes"
    __table_args__ = (Index("ix_resumes_owner", "user_id", "id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(200))
    source: Mapped[str] = mapped_column(String(220))
    state: Mapped[str] = mapped_column(String(10))
    page: Mapped[int]
    pages: Mapped[int]
    problem: Mapped[str] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Text)
    facts: Mapped[dict[str, Any]]
    flags: Mapped[list[Any]]
    created_at: Mapped[datetime]
    deleted_at: Mapped[datetime | None]


class JobTargetRow(Model):
    """One job the person aims at. The columns that lists show stand beside the facts of the advertisement."""

    __tablename__ = "job_targets"
    __table_args__ = (Index("ix_job_targets_owner", "user_id", "id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    title: Mapped[str] = mapped_column(String(300))
    company: Mapped[str] = mapped_column(String(300))
    role: Mapped[str] = mapped_column(String(120))
    level: Mapped[str] = mapped_column(String(20))
    goals: Mapped[str] = mapped_column(Text)
    source: Mapped[str] = mapped_column(String(220))
    state: Mapped[str] = mapped_column(String(10))
    page: Mapped[int]
    pages: Mapped[int]
    problem: Mapped[str] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Text)
    facts: Mapped[dict[str, Any]]
    flags: Mapped[list[Any]]
    created_at: Mapped[datetime]
    deleted_at: Mapped[datetime | None]


class UploadRow(Model):
    """The sealed bytes of a document until it is read; the row goes with the end of the reading, whatever its end."""

    __tablename__ = "document_uploads"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    resume_id: Mapped[UUID | None] = mapped_column(ForeignKey("resumes.id", ondelete="CASCADE"), index=True)
    job_id: Mapped[UUID | None] = mapped_column(ForeignKey("job_targets.id", ondelete="CASCADE"), index=True)
    file_name: Mapped[str] = mapped_column(String(200))
    body: Mapped[bytes] = mapped_column(LargeBinary)


class CompanyRow(Model):
    """What the person knows of a company, and the profile made of it; it is made anew after 30 days."""

    __tablename__ = "company_profiles"
    __table_args__ = (UniqueConstraint("user_id", "key", name="uq_company_profiles_owner_key"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(200))
    key: Mapped[str] = mapped_column(String(200))
    industry: Mapped[str] = mapped_column(String(40))
    notes: Mapped[str] = mapped_column(Text)
    pages: Mapped[str] = mapped_column(Text)
    profile: Mapped[dict[str, Any]]
    built_at: Mapped[datetime]
    created_at: Mapped[datetime]


class ResearchRow(Model):
    """The research of one company by a model: how far it is, what was read, and what stands there with its quotes."""

    __tablename__ = "company_researches"

    company_id: Mapped[UUID] = mapped_column(
        ForeignKey("company_profiles.id", ondelete="CASCADE"), primary_key=True
    )
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    run: Mapped[UUID]
    state: Mapped[str] = mapped_column(String(20))
    problem: Mapped[str] = mapped_column(Text)
    engine: Mapped[str] = mapped_column(String(240))
    done: Mapped[int]
    total: Mapped[int]
    asked: Mapped[dict[str, Any]]
    sources: Mapped[list[Any]]
    findings: Mapped[list[Any]]
    left_out: Mapped[int]
    asked_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
