"""Sessions that are judged again: by what, how far, and both judgements of every answer"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    op.create_table(
        "regrades",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("choice", sa.String(length=15), nullable=False),
        sa.Column("rubric", sa.String(length=10), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["session_id"], ["sessions.id"], name=op.f("fk_regrades_session_id_sessions"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_regrades")),
    )
    op.create_index(op.f("ix_regrades_session_id"), "regrades", ["session_id"])
    op.create_table(
        "regraded_answers",
        sa.Column("regrade_id", sa.Uuid(), nullable=False),
        sa.Column("question_id", sa.String(length=40), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("before_score_id", sa.Uuid(), nullable=True),
        sa.Column("after_score_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["regrade_id"],
            ["regrades.id"],
            name=op.f("fk_regraded_answers_regrade_id_regrades"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("regrade_id", "question_id", name=op.f("pk_regraded_answers")),
    )


def downgrade() -> None:
    op.drop_table("regraded_answers")
    op.drop_index(op.f("ix_regrades_session_id"), table_name="regrades")
    op.drop_table("regrades")
