"""What this slice keeps of a person: handed out whole, and erased whole."""

from typing import Any
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from greenroom.documents.models import CompanyRow, JobTargetRow, ResumeRow

OWNED = (ResumeRow, JobTargetRow, CompanyRow)


async def export_documents(db: AsyncSession, user_id: UUID) -> dict[str, list[dict[str, Any]]]:
    """Every row of the person by table, with all columns, deleted ones that can still be restored included."""
    found: dict[str, list[dict[str, Any]]] = {}
    for model in OWNED:
        rows = await db.scalars(select(model).where(model.user_id == user_id).order_by(model.id))
        names = [column.key for column in model.__table__.columns]
        found[model.__tablename__] = [{name: getattr(row, name) for name in names} for row in rows]
    return found


async def erase_documents(db: AsyncSession, user_id: UUID) -> int:
    """Delete every row of the person, waiting uploads included; gives how many documents there were."""
    erased = 0
    for model in OWNED:
        gone = await db.scalars(delete(model).where(model.user_id == user_id).returning(model.id))
        erased += len(gone.all())
    return erased
