"""Kinds of sessions: retries point to the session they repeat; a finished session keeps its ribbon"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.add_column(
        "sessions", sa.Column("kind", sa.String(length=10), nullable=False, server_default="interview")
    )
    op.add_column("sessions", sa.Column("ribbon", sa.JSON(), nullable=True))
    op.add_column("sessions", sa.Column("of_session_id", sa.Uuid(), nullable=True))
    op.create_index("ix_sessions_of_session_id", "sessions", ["of_session_id"])


def downgrade() -> None:
    op.drop_index("ix_sessions_of_session_id", "sessions")
    for column in ("of_session_id", "ribbon", "kind"):
        op.drop_column("sessions", column)
