"""Engines over REST."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response

from greenroom.accounts.service import Actor, local_actor
from greenroom.engines import books, queries, service
from greenroom.engines.schemas import (
    CallView,
    EngineCreate,
    EngineList,
    EngineView,
    MonthLine,
    Recipient,
    TestResult,
    UseUpdate,
    VendorView,
)
from greenroom.engines.vault import KeyUnreadable
from greenroom.kit.errors import Invalid, NotFound, describe
from greenroom.kit.web import Ctx, ReadDb, WriteDb, locate
from greenroom.providers.llm.base import Purpose

router = APIRouter(prefix="/api/v1/engines", tags=["engines"])
Me = Annotated[Actor, Depends(local_actor)]


@router.get("", summary="Models and what they are used for")
async def list_engines(context: Ctx, db: ReadDb, _: Me) -> EngineList:
    """Keys are never among it."""
    return await queries.read_engines(context, db)


@router.get("/vendors", summary="Vendors that can be connected")
async def list_vendors(_: Me) -> list[VendorView]:
    """What each needs, and an example."""
    return queries.list_vendors()


@router.get("/recipients", summary="Who would get answers")
async def list_recipients(context: Ctx, db: ReadDb, _: Me) -> list[Recipient]:
    """Names for `send_answers_to` of an interview. Nothing goes to a recipient that is not named there."""
    return await service.list_recipients(context, db)


@router.get("/calls", summary="What was asked of models, newest first")
async def list_calls(
    db: ReadDb, _: Me, before: UUID | None = None, limit: Annotated[int, Query(ge=1, le=200)] = 50
) -> list[CallView]:
    """Every attempt with its tokens, cost and fault; no words are kept. `before` is the last id of the page before."""
    return await books.list_calls(db, before=before, limit=limit)


@router.get("/months", summary="What models have cost by month")
async def list_months(db: ReadDb, _: Me) -> list[MonthLine]:
    """By month and engine, newest first, at the list prices of the day of each call."""
    return await books.sum_months(db)


@router.post("", status_code=201, summary="Add a model", responses=describe(Invalid))
async def add_engine(response: Response, context: Ctx, db: WriteDb, _: Me, new: EngineCreate) -> EngineView:
    """The key is encrypted before it is stored and is never shown again."""
    locate(response, "/api/v1/engines")  # one engine has no address of its own
    return queries.view_of(await service.add_engine(context, db, new))


@router.delete("/{engine_id}", status_code=204, summary="Remove a model", responses=describe(NotFound))
async def remove_engine(db: WriteDb, _: Me, engine_id: UUID) -> Response:
    """Its key is deleted with it; what it was used for goes to the next engine or to the built-in."""
    await service.remove_engine(db, engine_id)
    return Response(status_code=204)


@router.post("/{engine_id}/trials", summary="Try a model", responses=describe(NotFound, KeyUnreadable))
async def try_engine(context: Ctx, _: Me, engine_id: UUID) -> TestResult:
    """Sends one harmless request and says in words what happened; it may cost a fraction of a cent."""
    return await service.try_row(context, engine_id)


@router.put("/uses/{purpose}", summary="Set the order for a purpose", responses=describe(Invalid))
async def use_engines(context: Ctx, db: WriteDb, _: Me, purpose: Purpose, use: UseUpdate) -> EngineList:
    """The first is asked first, the others when it fails; with an empty list the built-in does the work."""
    await service.use_engines(db, purpose, use.engines)
    return await queries.read_engines(context, db)
