"""Rounds: sessions of one interview that belong together, each with its own type of questions"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.add_column("sessions", sa.Column("type", sa.String(length=20), nullable=True))
    op.add_column("sessions", sa.Column("round", sa.Integer(), nullable=False, server_default="1"))
    op.add_column("sessions", sa.Column("rounds", sa.Integer(), nullable=False, server_default="1"))
    op.add_column("sessions", sa.Column("run_id", sa.Uuid(), nullable=True))
    op.create_index("ix_sessions_run_id", "sessions", ["run_id"])


def downgrade() -> None:
    op.drop_index("ix_sessions_run_id", "sessions")
    for column in ("run_id", "rounds", "round", "type"):
        op.drop_column("sessions", column)
