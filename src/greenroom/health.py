"""Is the process up, and can it reach its database?"""

from fastapi import APIRouter
from pydantic import BaseModel
from sqlalchemy import text

from greenroom import __version__
from greenroom.kit.web import ReadDb

router = APIRouter(tags=["operations"])


class Health(BaseModel):
    """`status` is always "ok": a process that cannot answer this sends 503 instead."""

    status: str
    version: str


@router.get("/health", summary="Process and database are well")
async def health(db: ReadDb) -> Health:
    """200 when the database answers; 503 otherwise."""
    await db.execute(text("select 1"))
    return Health(status="ok", version=__version__)
