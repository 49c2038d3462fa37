"""Calls to models that prepare an interview, until its first session takes over what they cost"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    op.add_column("model_calls", sa.Column("interview_id", sa.Uuid(), nullable=True))
    op.create_index("ix_model_calls_interview_id", "model_calls", ["interview_id"])


def downgrade() -> None:
    op.drop_index("ix_model_calls_interview_id", "model_calls")
    op.drop_column("model_calls", "interview_id")
