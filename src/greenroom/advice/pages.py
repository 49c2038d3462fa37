"""The coach in the report and in the room: fragments, and the form that asks for a rewrite."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse

from greenroom.accounts.service import Actor, local_actor
from greenroom.advice import queries, service
from greenroom.advice.schemas import Rewrite
from greenroom.interviews.pages import SEE_OTHER, read_form
from greenroom.kit.web import Ctx, ReadDb, WriteDb, render

router = APIRouter(include_in_schema=False, prefix="/sessions/{session_id}")
Me = Annotated[Actor, Depends(local_actor)]


def _fragment(request: Request, session_id: UUID, question_id: str, rewrite: Rewrite, back: str) -> Response:
    return render(
        request, "_rewrite.html", session_id=session_id, question_id=question_id, rewrite=rewrite, back=back
    )


@router.get("/questions/{question_id}/rewrite")
async def show_rewrite(
    request: Request, db: ReadDb, actor: Me, session_id: UUID, question_id: str
) -> Response:
    """One rewrite as a fragment: a pending one asks for itself again until it is done."""
    rewrite = await queries.read_rewrite(db, actor, session_id, question_id)
    return _fragment(request, session_id, question_id, rewrite, "report")


@router.post("/questions/{question_id}/rewrite")
async def request_rewrite(
    request: Request, context: Ctx, db: WriteDb, actor: Me, session_id: UUID, question_id: str
) -> Response:
    """Ask for a rewrite; without scripts the reader goes back to where the button was."""
    back = (await read_form(request)).get("back", "report")
    rewrite = await service.request_rewrite(context, db, actor, session_id, question_id)
    if request.headers.get("HX-Request"):
        return _fragment(request, session_id, question_id, rewrite, back)
    where = f"/sessions/{session_id}" if back == "room" else f"/sessions/{session_id}/report#{question_id}"
    return RedirectResponse(where, SEE_OTHER)


@router.get("/coach")
async def show_coach(request: Request, db: ReadDb, actor: Me, session_id: UUID) -> Response:
    """What the coach says in a practice room about the last answer, as a fragment."""
    found = await queries.read_cue(db, actor, session_id)
    if found is None:
        return render(request, "_coach.html", question="")
    rewrites = await queries.list_rewrites(db, actor, session_id)
    rewrite = next((one for one in rewrites if one.question_id == found.question_id), None)
    return render(
        request, "_coach.html", session_id=session_id, question_id=found.question_id, question=found.question,
        number=found.number, reminder=found.reminder, pacing=found.pacing, rewrite=rewrite,
    )  # fmt: skip
