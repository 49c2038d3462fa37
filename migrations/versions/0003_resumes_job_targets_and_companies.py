"""Résumés, job targets and company profiles"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def owned(table: str, *columns: sa.Column) -> None:
    """A table of things that belong to a user and go with them."""
    op.create_table(
        table,
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        *columns,
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f(f"fk_{table}_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )


def reading() -> list[sa.Column]:
    """The columns of a document and of the reading of it."""
    return [
        sa.Column("source", sa.String(length=220), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("page", sa.Integer(), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("flags", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
    ]


def upgrade() -> None:
    owned("resumes", sa.Column("name", sa.String(length=200), nullable=False), *reading())
    op.create_index("ix_resumes_owner", "resumes", ["user_id", "id"])
    owned(
        "job_targets",
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("company", sa.String(length=300), nullable=False),
        sa.Column("role", sa.String(length=120), nullable=False),
        sa.Column("level", sa.String(length=20), nullable=False),
        sa.Column("goals", sa.Text(), nullable=False),
        *reading(),
    )
    op.create_index("ix_job_targets_owner", "job_targets", ["user_id", "id"])
    owned(
        "company_profiles",
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("industry", sa.String(length=40), nullable=False),
        sa.Column("notes", sa.Text(), nullable=False),
        sa.Column("pages", sa.Text(), nullable=False),
        sa.Column("profile", sa.JSON(), nullable=False),
        sa.Column("built_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.UniqueConstraint("user_id", "key", name="uq_company_profiles_owner_key"),
    )
    op.create_table(
        "document_uploads",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("resume_id", sa.Uuid(), nullable=True),
        sa.Column("job_id", sa.Uuid(), nullable=True),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["resume_id"], ["resumes.id"], name=op.f("fk_document_uploads_resume_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["job_id"], ["job_targets.id"], name=op.f("fk_document_uploads_job_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document_uploads")),
    )
    op.create_index("ix_document_uploads_resume_id", "document_uploads", ["resume_id"])
    op.create_index("ix_document_uploads_job_id", "document_uploads", ["job_id"])


def downgrade() -> None:
    op.drop_table("document_uploads")
    op.drop_table("company_profiles")
    op.drop_table("job_targets")
    op.drop_table("resumes")
