"""Reports, the history and comparisons over REST."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from greenroom.accounts.service import Actor, local_actor
from greenroom.interviews import retries
from greenroom.interviews import service as interviews
from greenroom.interviews.api import IdempotencyKey
from greenroom.interviews.errors import NothingToRetry
from greenroom.interviews.schemas import SessionSummary, SessionUpdate
from greenroom.kit.errors import Invalid, KeyReused, NotFound, describe
from greenroom.kit.web import Ctx, ReadDb, WriteDb, locate
from greenroom.reports import history, queries, service
from greenroom.reports.compare import Comparison
from greenroom.reports.history import Filters
from greenroom.reports.rounds import RunSummary
from greenroom.reports.schemas import Report
from greenroom.room import text
from greenroom.room.protocol import RoomView

router = APIRouter(prefix="/api/v1", tags=["reports"])
Me = Annotated[Actor, Depends(local_actor)]


@router.get("/sessions", tags=["sessions"], summary="List sessions", responses=describe(NotFound, Invalid))
async def list_sessions(
    request: Request, response: Response, db: ReadDb, actor: Me, filters: Annotated[Filters, Query()]
) -> list[SessionSummary]:
    """A page of the history with ribbons and scores; the `Link` header names the next page, if there may be one."""
    found = await history.list_sessions(db, actor, filters)
    if len(found) == filters.limit:
        following = request.url.include_query_params(before=str(found[-1].id))
        response.headers["Link"] = f'<{following.path}?{following.query}>; rel="next"'
    return found


@router.patch(
    "/sessions/{session_id}", tags=["sessions"], summary="Rename a session", responses=describe(NotFound, Invalid)
)  # fmt: skip
async def rename_session(db: WriteDb, actor: Me, session_id: UUID, change: SessionUpdate) -> SessionSummary:
    """The session under its new name."""
    await interviews.rename_session(db, actor, session_id, change.name)
    return await history.read_summary(db, actor, session_id)


@router.get(
    "/sessions/{session_id}/summary", summary="All rounds of an interview together", responses=describe(NotFound)
)  # fmt: skip
async def read_summary(db: ReadDb, actor: Me, session_id: UUID) -> RunSummary:
    """The rounds of the run this session belongs to: each one's result, and all answers together with their doubt."""
    return await queries.read_run(db, actor, session_id)


@router.get("/comparisons", summary="Compare two sessions", responses=describe(NotFound, Invalid))
async def compare(db: ReadDb, actor: Me, a: UUID, b: UUID) -> Comparison:
    """Competency by competency, the earlier session first. A change is claimed only when intervals do not touch, and
    never across versions of the evaluator."""
    return await queries.compare_sessions(db, actor, a, b)


@router.post(
    "/sample", tags=["sessions"], status_code=201, summary="Create the sample session", responses=describe(KeyReused)
)  # fmt: skip
async def create_sample(
    response: Response, context: Ctx, db: WriteDb, actor: Me, key: IdempotencyKey = None
) -> SessionSummary:
    """A finished session with answers written by us, to see a whole report. Delete it like any other."""
    row = await service.create_sample(context, db, actor, key)
    locate(response, f"/api/v1/sessions/{row.id}/report")
    return await history.read_summary(db, actor, row.id)


@router.get("/sessions/{session_id}/report", summary="Read the report", responses=describe(NotFound))
async def read_report(db: ReadDb, actor: Me, session_id: UUID) -> Report:
    """Everything the report page shows, in its order, as one object."""
    return await queries.read_report(db, actor, session_id)


@router.post(
    "/sessions/{session_id}/questions/{question_id}/retries", tags=["sessions"], status_code=201,
    summary="Practise one question again", responses=describe(NotFound, NothingToRetry, KeyReused),
)  # fmt: skip
async def retry_question(
    response: Response,
    context: Ctx,
    db: WriteDb,
    actor: Me,
    session_id: UUID,
    question_id: str,
    key: IdempotencyKey = None,
) -> RoomView:
    """The room of a short session with only this question. Its report shows the difference to the first answer."""
    row = await retries.start_retry(context, db, actor, session_id, [question_id], key)
    locate(response, f"/api/v1/sessions/{row.id}")
    return await text.read_room(context, db, actor, row.id)


class RetryCreate(BaseModel):
    """Which questions to practise again; without any, the three with the lowest levels."""

    model_config = ConfigDict(extra="forbid")
    questions: list[str] = Field(default_factory=list[str], max_length=9, examples=[["q3", "q5"]])


@router.post(
    "/sessions/{session_id}/retries", tags=["sessions"], status_code=201, summary="Practise questions again",
    responses=describe(NotFound, NothingToRetry, KeyReused, Invalid),
)  # fmt: skip
async def retry_questions(
    response: Response,
    context: Ctx,
    db: WriteDb,
    actor: Me,
    session_id: UUID,
    wanted: RetryCreate,
    key: IdempotencyKey = None,
) -> RoomView:
    """The room of a short session with only these questions."""
    if wanted.questions:
        row = await retries.start_retry(context, db, actor, session_id, wanted.questions, key)
    else:
        row = await service.retry_weakest(context, db, actor, session_id, key)
    locate(response, f"/api/v1/sessions/{row.id}")
    return await text.read_room(context, db, actor, row.id)
