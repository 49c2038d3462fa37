"""The report as a page, and the forms on it."""

import contextlib
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse

from greenroom.accounts.service import Actor, local_actor
from greenroom.grading import service as grading
from greenroom.grading.service import NotAnswered, StillPending
from greenroom.interviews.pages import SEE_OTHER, read_form
from greenroom.kit.errors import NotFound
from greenroom.kit.texts import clean
from greenroom.kit.web import Ctx, ReadDb, WriteDb, render
from greenroom.reports import queries

router = APIRouter(include_in_schema=False)
Me = Annotated[Actor, Depends(local_actor)]
DISPUTE_LIMIT = 2_000


@router.get("/sessions/{session_id}/report")
async def show_report(request: Request, db: ReadDb, actor: Me, session_id: UUID) -> Response:
    """The whole report."""
    return render(request, "report.html", report=await queries.read_report(db, actor, session_id))


@router.get("/sessions/{session_id}/report/questions/{question_id}")
async def show_card(request: Request, db: ReadDb, actor: Me, session_id: UUID, question_id: str) -> Response:
    """One card as a fragment: a pending one asks for itself again until it is done."""
    report = await queries.read_report(db, actor, session_id)
    card = next((card for card in report.cards if card.id == question_id), None)
    if card is None:
        raise NotFound("There is no such question in this report.")
    return render(request, "_card.html", report=report, card=card)


@router.post("/sessions/{session_id}/rating")
async def rate_own(request: Request, context: Ctx, db: WriteDb, actor: Me, session_id: UUID) -> Response:
    """Keep the own levels, or that they were skipped."""
    form = await read_form(request)
    levels = {
        name.removeprefix("level-"): int(value)
        for name, value in form.items()
        if name.startswith("level-") and value in ("1", "2", "3", "4", "5")
    }
    await grading.rate_own(context, db, actor, session_id, dict(levels))
    return RedirectResponse(f"/sessions/{session_id}/report", SEE_OTHER)


@router.post("/sessions/{session_id}/scores/{question_id}/retry")
async def retry_score(context: Ctx, db: WriteDb, actor: Me, session_id: UUID, question_id: str) -> Response:
    """Judge one answer again; the card says how it goes."""
    with contextlib.suppress(StillPending, NotAnswered):
        await grading.request_grading(context, db, actor, session_id, question_id)
    return RedirectResponse(f"/sessions/{session_id}/report#{question_id}", SEE_OTHER)


@router.post("/sessions/{session_id}/scores/{question_id}/disputes")
async def dispute(
    request: Request, context: Ctx, db: WriteDb, actor: Me, session_id: UUID, question_id: str
) -> Response:
    """Keep what looks wrong."""
    said = clean((await read_form(request)).get("text", "")).strip()[:DISPUTE_LIMIT]
    if said:
        await grading.dispute(context, db, actor, session_id, question_id, said)
    return RedirectResponse(f"/sessions/{session_id}/report#{question_id}", SEE_OTHER)
