"""Communication analyses over REST."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response

from greenroom.accounts.service import Actor, local_actor
from greenroom.analyses import service
from greenroom.analyses.schemas import Analysis, AnalysisCreate
from greenroom.interviews.api import IdempotencyKey
from greenroom.kit.deletion import NothingToRestore
from greenroom.kit.errors import Invalid, KeyReused, NotFound, describe
from greenroom.kit.web import Ctx, ReadDb, WriteDb

router = APIRouter(prefix="/api/v1/analyses", tags=["analyses"])
Me = Annotated[Actor, Depends(local_actor)]


@router.post("", status_code=202, summary="Analyse a transcript", responses=describe(Invalid, KeyReused))
async def create_analysis(
    context: Ctx, db: WriteDb, actor: Me, new: AnalysisCreate, key: IdempotencyKey = None
) -> Analysis:
    """The analysis in the state `waiting`; ask for it again until it is `ready` or `failed`. Counted by code on this
    machine; a model's findings come on top where one is connected and `send_to` names its recipient."""
    return await service.create_analysis(context, db, actor, new, key)


@router.get("", summary="List analyses, newest first")
async def list_analyses(
    db: ReadDb, actor: Me, before: UUID | None = None, limit: Annotated[int, Query(ge=1, le=100)] = 50
) -> list[Analysis]:
    """Without text and findings; `before` is the last id of the page before."""
    return await service.list_analyses(db, actor, before=before, limit=limit)


@router.get("/{analysis_id}", summary="Read an analysis", responses=describe(NotFound))
async def read_analysis(db: ReadDb, actor: Me, analysis_id: UUID) -> Analysis:
    """Talk ratio, pace, fillers, hedges, I and we, questions and what followed, structure and clarity, with the words
    that show each."""
    return service.present(await service.find_analysis(db, actor, analysis_id))


@router.delete("/{analysis_id}", status_code=204, summary="Delete an analysis", responses=describe(NotFound))
async def delete_analysis(context: Ctx, db: WriteDb, actor: Me, analysis_id: UUID) -> Response:
    """The transcript and everything found in it: gone from every list at once, for good after ten seconds."""
    await service.delete_analysis(context, db, actor, analysis_id)
    return Response(status_code=204)


@router.post(
    "/{analysis_id}/restore", status_code=204, summary="Undo a deletion", responses=describe(NothingToRestore)
)
async def restore_analysis(context: Ctx, db: WriteDb, actor: Me, analysis_id: UUID) -> Response:
    """Within ten seconds of the deletion."""
    await service.restore_analysis(context, db, actor, analysis_id)
    return Response(status_code=204)
