"""Reports over REST."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends

from greenroom.accounts.service import Actor, local_actor
from greenroom.kit.errors import NotFound, describe
from greenroom.kit.web import ReadDb
from greenroom.reports import queries
from greenroom.reports.schemas import Report

router = APIRouter(prefix="/api/v1", tags=["reports"])
Me = Annotated[Actor, Depends(local_actor)]


@router.get("/sessions/{session_id}/report", summary="Read the report", responses=describe(NotFound))
async def read_report(db: ReadDb, actor: Me, session_id: UUID) -> Report:
    """Everything the report page shows, in its order, as one object."""
    return await queries.read_report(db, actor, session_id)
