"""The first page: what waits to be gone on with, what is planned, and the forms of planned interviews."""

from typing import Annotated, Any
from uuid import UUID, uuid4

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse

from greenroom.accounts.service import Actor, local_actor
from greenroom.interviews import calendars, queries, service
from greenroom.interviews.appointments import list_zones
from greenroom.interviews.forms import parse_planned, read_form
from greenroom.kit.errors import Invalid, NotFound
from greenroom.kit.web import Ctx, ReadDb, WriteDb, render

router = APIRouter(include_in_schema=False)
Me = Annotated[Actor, Depends(local_actor)]
SEE_OTHER = 303


async def read_planned(db: ReadDb, actor: Actor) -> list[dict[str, Any]]:
    """What the lists of planned interviews show, the soonest first."""
    return [
        {"row": row, "when": queries.appointment_of(row)} for row in await queries.list_planned(db, actor)
    ]


@router.get("/")
async def show_home(
    request: Request, context: Ctx, db: ReadDb, actor: Me, deleted: UUID | None = None
) -> Response:
    """What waits; who has nothing waiting begins with the set-up."""
    planned = await read_planned(db, actor)
    running = await queries.list_open_sessions(db, actor)
    rounds = await queries.list_waiting_rounds(db, actor)
    if not (planned or running or rounds or deleted):
        return RedirectResponse("/new", SEE_OTHER)
    return await _show(request, context, db, actor, {}, deleted=deleted)


async def _show(
    request: Request, context: Ctx, db: ReadDb, actor: Actor, wrong: dict[str, Any], *,
    deleted: UUID | None = None, status: int = 200,
) -> Response:  # fmt: skip
    undo = (
        {"label": "The planned interview was deleted.", "url": f"/interviews/{deleted}/restore"}
        if deleted
        else None
    )
    return render(
        request, "home.html", status=status, planned=await read_planned(db, actor), now=context.clock(),
        running=await queries.list_open_sessions(db, actor), zones=list_zones(), wrong=wrong, undo=undo,
        rounds=await queries.list_waiting_rounds(db, actor), key=str(uuid4()),
    )  # fmt: skip


@router.post("/interviews/{interview_id}/planned")
async def change_time(request: Request, context: Ctx, db: WriteDb, actor: Me, interview_id: UUID) -> Response:
    """Move a planned interview; what cannot be used comes back with what was typed."""
    form = await read_form(request)
    planned, errors = parse_planned(form)
    if planned is not None:
        try:
            await service.plan_for(context, db, actor, interview_id, planned)
            return RedirectResponse("/", SEE_OTHER)
        except Invalid as problem:
            errors = {"planned_at": f"Date and time: {problem.detail}"}
    await queries.find_interview(db, actor, interview_id)
    wrong = {"id": interview_id, "errors": errors, "form": form}
    return await _show(request, context, db, actor, wrong, status=422)


@router.post("/interviews/{interview_id}/delete")
async def delete_interview(context: Ctx, db: WriteDb, actor: Me, interview_id: UUID) -> Response:
    """Give up a planned interview, and offer the undo."""
    await service.delete_interview(context, db, actor, interview_id)
    return RedirectResponse(f"/?deleted={interview_id}", SEE_OTHER)


@router.post("/interviews/{interview_id}/restore")
async def restore_interview(context: Ctx, db: WriteDb, actor: Me, interview_id: UUID) -> Response:
    """Undo the deletion."""
    await service.restore_interview(context, db, actor, interview_id)
    return RedirectResponse("/", SEE_OTHER)


@router.get("/interviews/{interview_id}/calendar.ics")
async def download_calendar(
    request: Request, context: Ctx, db: ReadDb, actor: Me, interview_id: UUID
) -> Response:
    """The planned interview as a file for a calendar."""
    row = await queries.find_interview(db, actor, interview_id)
    if row.planned_at is None:
        raise NotFound("This interview is not planned for a time.")
    return calendars.respond(row, str(request.base_url), context.clock())
