"""Judging a session again, as pages."""

from typing import Annotated
from uuid import UUID, uuid4

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import ValidationError

from greenroom.accounts.service import Actor, local_actor
from greenroom.grading import calibration, regrading
from greenroom.grading.schemas import RegradeCreate
from greenroom.interviews.pages import SEE_OTHER, read_form
from greenroom.kit.errors import Invalid
from greenroom.kit.web import Ctx, ReadDb, WriteDb, render

router = APIRouter(include_in_schema=False)
Me = Annotated[Actor, Depends(local_actor)]


@router.get("/sessions/{session_id}/regrades")
async def show_regrades(request: Request, db: ReadDb, actor: Me, session_id: UUID) -> Response:
    """What to judge again by, and what came of it so far."""
    found = await regrading.list_regrades(db, actor, session_id)
    return render(request, "regrades.html", session_id=session_id, regrades=found, key=str(uuid4()))


@router.post("/sessions/{session_id}/regrades")
async def start_regrade(request: Request, context: Ctx, db: WriteDb, actor: Me, session_id: UUID) -> Response:
    """Begin, and show how far it is."""
    form = await read_form(request)
    try:
        wanted = RegradeCreate.model_validate({n: form[n] for n in ("engine", "rubric") if form.get(n)})
    except ValidationError as error:
        raise Invalid("Choose an engine and a rubric from the list. Nothing was changed.") from error
    made = await regrading.start_regrade(context, db, actor, session_id, wanted, form.get("key"))
    return RedirectResponse(f"/sessions/{session_id}/regrades/{made}", SEE_OTHER)


@router.get("/sessions/{session_id}/regrades/{regrade_id}")
async def show_regrade(
    request: Request, db: ReadDb, actor: Me, session_id: UUID, regrade_id: UUID
) -> Response:
    """Both judgements of every answer side by side; asks for itself again while it runs."""
    found = await regrading.read_regrade(db, actor, session_id, regrade_id)
    return render(request, "regrade.html", regrade=found)


@router.post("/sessions/{session_id}/regrades/{regrade_id}/cancel")
async def cancel_regrade(
    context: Ctx, db: WriteDb, actor: Me, session_id: UUID, regrade_id: UUID
) -> Response:
    """Stop before the next answer."""
    await regrading.cancel_regrade(context, db, actor, session_id, regrade_id)
    return RedirectResponse(f"/sessions/{session_id}/regrades/{regrade_id}", SEE_OTHER)


@router.get("/calibration")
async def show_calibration(request: Request, db: ReadDb, actor: Me) -> Response:
    """Where people disagreed with the evaluator: own levels and objections, by type and engine."""
    return render(request, "calibration.html", report=await calibration.read_calibration(db, actor))
