"""Interviews and sessions over REST."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response

from greenroom.accounts.requests import IdempotencyKey
from greenroom.accounts.service import Actor, local_actor
from greenroom.engines import service as engines
from greenroom.engines.schemas import Estimate
from greenroom.interviews import calendars, queries, scenarist, service
from greenroom.interviews.errors import AlreadyBegun, NotOffered
from greenroom.interviews.models import InterviewRow
from greenroom.interviews.offers import estimate_plan
from greenroom.interviews.schemas import (
    Interview,
    InterviewCreate,
    InterviewUpdate,
    Plan,
    Planned,
)
from greenroom.kit.deletion import NothingToRestore
from greenroom.kit.errors import Invalid, KeyReused, NotFound, describe
from greenroom.kit.web import Ctx, ReadDb, WriteDb, locate

router = APIRouter(prefix="/api/v1", tags=["interviews"])
Me = Annotated[Actor, Depends(local_actor)]
CALENDAR: dict[str, Any] = {
    "content": {"text/calendar": {}},
    "description": "an iCalendar file with one event",
}
Limit = Annotated[int, Query(ge=1, le=100)]


@router.post("/plans", summary="Preview the plan of an interview", responses=describe(NotOffered, Invalid))
async def preview_plan(db: ReadDb, actor: Me, spec: InterviewCreate) -> Plan:
    """What the interview would look like; nothing is kept."""
    return await service.preview(db, actor, spec)


@router.post("/estimates", summary="What a session is likely to cost", responses=describe(NotOffered))
async def estimate_costs(context: Ctx, db: ReadDb, actor: Me, spec: InterviewCreate) -> Estimate:
    """By purpose, with the engines that are set up and agreed to in `send_answers_to`; nothing is kept."""
    known = await engines.list_all(context, db)
    return estimate_plan(
        await service.preview(db, actor, spec),
        known,
        spec.send_answers_to,
        context.settings.session_budget_usd,
    )


@router.post(
    "/interviews",
    status_code=201,
    summary="Create an interview",
    responses=describe(Invalid, NotOffered, KeyReused),
)
async def create_interview(
    response: Response,
    context: Ctx,
    db: WriteDb,
    actor: Me,
    spec: InterviewCreate,
    key: IdempotencyKey = None,
) -> Interview:
    """The interview with its frozen plan. Start a session to meet the panel. A model that was agreed to reads an own
    description, in eight seconds at most; the plan's `notes` say who read it."""
    read = await scenarist.read_own(context, actor, spec, key)
    row = await service.create_interview(context, db, actor, spec, key, read)
    locate(response, f"/api/v1/interviews/{row.id}")
    return await queries.present_interview(db, row)


@router.get("/interviews", summary="List interviews, newest first")
async def list_interviews(
    db: ReadDb,
    actor: Me,
    before: UUID | None = None,
    limit: Limit = 50,
    planned: Annotated[
        bool, Query(description="only those kept for later and not begun, the soonest first, in one page")
    ] = False,
) -> list[Interview]:
    """A page of interviews; `before` is the last id of the page before."""
    if planned:
        rows = await queries.list_planned(db, actor, limit)
        return [await queries.present_interview(db, row) for row in rows]
    return await queries.list_interviews(db, actor, before=before, limit=limit)


@router.get("/interviews/{interview_id}", summary="Read an interview", responses=describe(NotFound))
async def read_interview(db: ReadDb, actor: Me, interview_id: UUID) -> Interview:
    """The interview, its plan and the ids of its sessions."""
    return await queries.present_interview(db, await queries.find_interview(db, actor, interview_id))


@router.patch(
    "/interviews/{interview_id}", summary="Rename an interview", responses=describe(NotFound, Invalid)
)
async def rename_interview(db: WriteDb, actor: Me, interview_id: UUID, change: InterviewUpdate) -> Interview:
    """The interview under its new name."""
    row: InterviewRow = await service.rename_interview(db, actor, interview_id, change.name)
    return await queries.present_interview(db, row)


@router.put(
    "/interviews/{interview_id}/planned",
    summary="Keep an interview for later, or move it",
    responses=describe(NotFound, AlreadyBegun, Invalid),
)
async def plan_interview(
    context: Ctx, db: WriteDb, actor: Me, interview_id: UUID, planned: Planned
) -> Interview:
    """The interview with its time; its plan stays as it was made. To give it up, delete the interview."""
    row = await service.plan_for(context, db, actor, interview_id, planned)
    return await queries.present_interview(db, row)


@router.get(
    "/interviews/{interview_id}/calendar",
    summary="A planned interview for your calendar",
    response_class=Response,
    responses={**describe(NotFound), 200: CALENDAR},
)
async def read_calendar(
    request: Request, context: Ctx, db: ReadDb, actor: Me, interview_id: UUID
) -> Response:
    """iCalendar (RFC 5545). After a change the same file again moves the event."""
    row = await queries.find_interview(db, actor, interview_id)
    if row.planned_at is None:
        raise NotFound("This interview is not planned for a time.")
    return calendars.respond(row, str(request.base_url), context.clock())


@router.delete(
    "/interviews/{interview_id}", status_code=204, summary="Delete an interview", responses=describe(NotFound)
)
async def delete_interview(context: Ctx, db: WriteDb, actor: Me, interview_id: UUID) -> Response:
    """Gone from every list at once, for good after ten seconds."""
    await service.delete_interview(context, db, actor, interview_id)
    return Response(status_code=204)


@router.post(
    "/interviews/{interview_id}/restore",
    status_code=204,
    summary="Undo a deletion",
    responses=describe(NothingToRestore),
)
async def restore_interview(context: Ctx, db: WriteDb, actor: Me, interview_id: UUID) -> Response:
    """Within ten seconds of the deletion."""
    await service.restore_interview(context, db, actor, interview_id)
    return Response(status_code=204)


@router.delete(
    "/sessions/{session_id}",
    tags=["sessions"],
    status_code=204,
    summary="Delete a session",
    responses=describe(NotFound),
)
async def delete_session(context: Ctx, db: WriteDb, actor: Me, session_id: UUID) -> Response:
    """Gone from every list at once, with its scores and report; for good after ten seconds."""
    await service.delete_session(context, db, actor, session_id)
    return Response(status_code=204)


@router.post(
    "/sessions/{session_id}/restore", tags=["sessions"], status_code=204, summary="Undo a deletion",
    responses=describe(NothingToRestore),
)  # fmt: skip
async def restore_session(context: Ctx, db: WriteDb, actor: Me, session_id: UUID) -> Response:
    """Within ten seconds of the deletion."""
    await service.restore_session(context, db, actor, session_id)
    return Response(status_code=204)
