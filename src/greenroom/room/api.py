"""The room over REST and server-sent events."""

from collections.abc import AsyncIterator
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, BackgroundTasks, Body, Depends, Header, Response
from fastapi.sse import EventSourceResponse, ServerSentEvent

from greenroom.accounts.service import Actor, local_actor
from greenroom.engines import books
from greenroom.engines import service as engines
from greenroom.engines.schemas import CallView, Costs
from greenroom.interviews import runs, service, sessions
from greenroom.interviews.api import IdempotencyKey
from greenroom.interviews.errors import (
    EmptyAnswer,
    RoundOpen,
    RoundsOver,
    SessionOver,
    SessionPaused,
    Stale,
    TooManyTurns,
)
from greenroom.interviews.queries import find_session
from greenroom.kit.errors import Invalid, KeyReused, NotFound, describe
from greenroom.kit.web import Ctx, ReadDb, WriteDb, locate
from greenroom.room import events, text
from greenroom.room.protocol import DraftUpdate, Heartbeat, RoomView, RoundStart, TurnCreate

router = APIRouter(prefix="/api/v1", tags=["sessions"])
Me = Annotated[Actor, Depends(local_actor)]


@router.post(
    "/interviews/{interview_id}/sessions", status_code=201, summary="Start a session",
    responses=describe(NotFound, KeyReused),
)  # fmt: skip
async def start_session(
    response: Response, context: Ctx, db: WriteDb, actor: Me, interview_id: UUID, after: BackgroundTasks,
    key: IdempotencyKey = None,
) -> RoomView:  # fmt: skip
    """The room with the first question; it waits for no engine."""
    row = await service.start_session(context, db, actor, interview_id, key)
    after.add_task(engines.warm, context, "interviewer")
    locate(response, f"/api/v1/sessions/{row.id}")
    return await text.read_room(context, db, actor, row.id)


@router.post(
    "/sessions/{session_id}/rounds", status_code=201, summary="Begin the next round",
    responses=describe(NotFound, RoundOpen, RoundsOver, KeyReused, Invalid),
)  # fmt: skip
async def start_round(
    response: Response, context: Ctx, db: WriteDb, actor: Me, session_id: UUID,
    wanted: Annotated[RoundStart | None, Body(examples=[{"round": 2}])] = None, key: IdempotencyKey = None,
) -> RoomView:  # fmt: skip
    """The room of the round after this session's; with `round` of that one. A round that has begun is given as it is."""
    number = wanted.round if wanted else None
    row = await runs.start_round(context, db, actor, session_id, number, key)
    locate(response, f"/api/v1/sessions/{row.id}")
    return await text.read_room(context, db, actor, row.id)


@router.get("/sessions/{session_id}", summary="Read the room", responses=describe(NotFound))
async def read_room(context: Ctx, db: ReadDb, actor: Me, session_id: UUID) -> RoomView:
    """Everything a client needs to draw the room and to go on."""
    return await text.read_room(context, db, actor, session_id)


@router.post(
    "/sessions/{session_id}/turns", summary="Answer, ask, or make another move",
    responses=describe(NotFound, Stale, SessionOver, SessionPaused, EmptyAnswer, TooManyTurns, KeyReused, Invalid),
)  # fmt: skip
async def take_turn(
    context: Ctx, db: WriteDb, actor: Me, session_id: UUID, turn: TurnCreate, after: BackgroundTasks,
    key: IdempotencyKey = None,
) -> RoomView:  # fmt: skip
    """The room after the move. Answer, move and the panel's line are stored before this is sent; where a model words
    the panel's questions, its words follow on the stream."""
    view, running = await text.move(context, db, actor, session_id, turn, key)
    after.add_task(text.reword, context, running)
    return view


@router.get("/sessions/{session_id}/costs", summary="What models have cost", responses=describe(NotFound))
async def read_costs(context: Ctx, db: ReadDb, actor: Me, session_id: UUID) -> Costs:
    """By purpose and engine, at the list prices of a dated table; unknown where the table has no price."""
    await find_session(db, actor, session_id)
    return await books.read_costs(db, session_id, context.settings.session_budget_usd)


@router.get(
    "/sessions/{session_id}/costs/calls", summary="What models were asked", responses=describe(NotFound)
)
async def list_calls(db: ReadDb, actor: Me, session_id: UUID, before: UUID | None = None) -> list[CallView]:
    """The session's calls, newest first, 50 at a time; `before` is the last id of the page before."""
    await find_session(db, actor, session_id)
    return await books.list_calls(db, session_id=session_id, before=before)


@router.put(
    "/sessions/{session_id}/draft", status_code=204, summary="Keep unsent words", responses=describe(NotFound)
)
async def save_draft(db: WriteDb, actor: Me, session_id: UUID, draft: DraftUpdate) -> Response:
    """Shown again when the room is opened anywhere."""
    await sessions.save_draft(db, actor, session_id, draft.text, draft.after_seq)
    return Response(status_code=204)


@router.post(
    "/sessions/{session_id}/heartbeat",
    status_code=204,
    summary="The page is open",
    responses=describe(NotFound),
)
async def beat(context: Ctx, db: WriteDb, actor: Me, session_id: UUID, heartbeat: Heartbeat) -> Response:
    """Every 10 s; after a gap of more than 30 s the gap does not count as interview time."""
    await sessions.beat(context, db, actor, session_id, typing=heartbeat.typing)
    return Response(status_code=204)


async def known_session(db: ReadDb, actor: Me, session_id: UUID) -> UUID:
    """The id, once it is certain that the session is the actor's: a stream cannot answer 404 later."""
    return (await find_session(db, actor, session_id)).id


@router.get(
    "/sessions/{session_id}/events", summary="Watch the room", response_class=EventSourceResponse,
    responses=describe(NotFound),
)  # fmt: skip
async def watch(
    context: Ctx,
    actor: Me,
    session_id: Annotated[UUID, Depends(known_session, scope="function")],
    last_event_id: Annotated[int, Header(alias="Last-Event-ID", ge=0)] = 0,
) -> AsyncIterator[ServerSentEvent]:
    """`room` after every change (its id is the seq), `words` while a model words a question, `score` as each answer is assessed, `gone` when it is deleted."""
    async for event in events.stream(context, actor, session_id, last_event_id):
        yield event
