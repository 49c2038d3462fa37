"""Questions written by a model, over REST."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Response

from greenroom.accounts.requests import IdempotencyKey
from greenroom.accounts.service import Actor, local_actor
from greenroom.interviews.own_items import OwnItem
from greenroom.kit.errors import Invalid, KeyReused, NotFound, describe
from greenroom.kit.web import Ctx, ReadDb, WriteDb
from greenroom.writing import service
from greenroom.writing.schemas import Writing, WritingCreate, WritingKeep
from greenroom.writing.service import NotReady, NoWriter

router = APIRouter(prefix="/api/v1/question-writings", tags=["items"])
Me = Annotated[Actor, Depends(local_actor)]


@router.post("", status_code=202, summary="Have questions written", responses=describe(NoWriter, KeyReused))
async def order_questions(
    context: Ctx, db: WriteDb, actor: Me, wanted: WritingCreate, key: IdempotencyKey = None
) -> Writing:
    """A model writes questions about a topic or a job description. Ask for the order again until it is `ready` or
    `failed`; nothing is asked in an interview before it is kept."""
    return service.present(await service.order(context, db, actor, wanted, key))


@router.get("", summary="List orders of questions, newest first")
async def list_orders(db: ReadDb, actor: Me) -> list[Writing]:
    """The last twenty."""
    return await service.list_orders(db, actor)


@router.get("/{writing_id}", summary="Read an order of questions", responses=describe(NotFound))
async def read_order(db: ReadDb, actor: Me, writing_id: UUID) -> Writing:
    """How far it is, the drafts, and what was dropped and why."""
    return service.present(await service.find(db, actor, writing_id))


@router.post("/{writing_id}/cancel", status_code=204, summary="Stop an order", responses=describe(NotFound))
async def cancel_order(db: WriteDb, actor: Me, writing_id: UUID) -> Response:
    """What was written until now can still be kept."""
    await service.cancel(db, actor, writing_id)
    return Response(status_code=204)


@router.post("/{writing_id}/keep", summary="Keep drafts", responses=describe(NotFound, NotReady, Invalid))
async def keep_drafts(
    context: Ctx, db: WriteDb, actor: Me, writing_id: UUID, choice: WritingKeep
) -> list[OwnItem]:
    """The chosen drafts, now own questions of the bank (`GET /items`)."""
    return await service.keep(context, db, actor, writing_id, choice.items)


@router.delete("/{writing_id}", status_code=204, summary="Forget an order", responses=describe(NotFound))
async def remove_order(db: WriteDb, actor: Me, writing_id: UUID) -> Response:
    """Its drafts go with it; what was kept stays in the bank."""
    await service.remove(db, actor, writing_id)
    return Response(status_code=204)
