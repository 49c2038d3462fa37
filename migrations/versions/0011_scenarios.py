"""What is practised: an interview, a meeting, a presentation, or what an own description tells of"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    op.add_column(
        "interviews", sa.Column("scenario", sa.String(length=20), nullable=False, server_default="interview")
    )


def downgrade() -> None:
    op.drop_column("interviews", "scenario")
