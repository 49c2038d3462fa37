"""Interviews kept for later: when, and in which time zone that was said"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.add_column("interviews", sa.Column("planned_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("interviews", sa.Column("planned_zone", sa.String(length=60), nullable=True))


def downgrade() -> None:
    op.drop_column("interviews", "planned_zone")
    op.drop_column("interviews", "planned_at")
