"""Scores over REST."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Response
from pydantic import BaseModel

from greenroom.accounts.requests import IdempotencyKey
from greenroom.accounts.service import Actor, local_actor
from greenroom.grading import calibration, disputes, regrading, service
from greenroom.grading.calibration import Calibration
from greenroom.grading.disputes import DisputedAnswer
from greenroom.grading.judging import Choice
from greenroom.grading.schemas import DisputeCreate, OwnRatings, Regrade, RegradeCreate, ScoreView
from greenroom.grading.service import NotAnswered, StillPending
from greenroom.grading.tiers import TierMissing
from greenroom.kit.errors import Invalid, KeyReused, NotFound, describe
from greenroom.kit.web import Ctx, ReadDb, WriteDb, locate

router = APIRouter(prefix="/api/v1/sessions/{session_id}", tags=["scores"])
Me = Annotated[Actor, Depends(local_actor)]


objections = APIRouter(prefix="/api/v1", tags=["scores"])


@objections.get("/disputes", summary="List objections to scores")
async def list_disputes(db: ReadDb, actor: Me) -> list[DisputedAnswer]:
    """Each with question, answer and key points. With a person's `score` (0-1) added, one object a line, the list is an
    input of `greenroom grade-report`, which measures the evaluator against people."""
    return await disputes.list_disputes(db, actor)


@objections.get("/calibration", summary="Compare own levels and objections with ours")
async def read_calibration(db: ReadDb, actor: Me) -> Calibration:
    """By type of question and engine: how far own levels are from ours, and which way objections point."""
    return await calibration.read_calibration(db, actor)


class Created(BaseModel):
    id: UUID


@router.get("/scores", summary="Scores of a session", responses=describe(NotFound))
async def list_scores(db: ReadDb, actor: Me, session_id: UUID) -> list[ScoreView]:
    """One entry per scored question that the panel has left behind; pending ones have no grade yet."""
    return await service.list_scores(db, actor, session_id)


@router.get("/scores/{question_id}", summary="Score of one question", responses=describe(NotFound))
async def read_score(db: ReadDb, actor: Me, session_id: UUID, question_id: str) -> ScoreView:
    """The current judgement with criteria, verbatim evidence, anchor, confidence and source."""
    return (await service.list_scores(db, actor, session_id, question_id))[0]


@router.post(
    "/scores/{question_id}/retry", status_code=202, summary="Assess one answer again",
    responses=describe(NotFound, NotAnswered, StillPending),
)  # fmt: skip
async def retry_score(
    context: Ctx, db: WriteDb, actor: Me, session_id: UUID, question_id: str, engine: Choice = "set_up"
) -> ScoreView:
    """The answer is judged in the background, by the engines that are set up or by the built-in alone; watch its
    state or the session's events. Earlier scores are kept."""
    return await service.request_grading(context, db, actor, session_id, question_id, engine)


@router.post(
    "/rating",
    status_code=204,
    summary="Rate own answers before seeing ours",
    responses=describe(NotFound, Invalid),
)
async def rate_own(context: Ctx, db: WriteDb, actor: Me, session_id: UUID, ratings: OwnRatings) -> Response:
    """Kept once; an empty object skips it."""
    await service.rate_own(context, db, actor, session_id, ratings.levels)
    return Response(status_code=204)


@router.post(
    "/scores/{question_id}/disputes", status_code=201, summary="Say that a score looks wrong",
    responses=describe(NotFound, NotAnswered, Invalid),
)  # fmt: skip
async def dispute(
    response: Response,
    context: Ctx,
    db: WriteDb,
    actor: Me,
    session_id: UUID,
    question_id: str,
    said: DisputeCreate,
) -> Created:
    """Kept beside the score and shown with it."""
    locate(response, f"/api/v1/sessions/{session_id}/report")  # where the objection is shown
    return Created(id=await service.dispute(context, db, actor, session_id, question_id, said.text))


@router.post(
    "/regrades", status_code=202, summary="Judge a whole session again",
    responses=describe(NotFound, NotAnswered, StillPending, TierMissing, KeyReused, Invalid),
)  # fmt: skip
async def start_regrade(
    response: Response,
    context: Ctx,
    db: WriteDb,
    actor: Me,
    session_id: UUID,
    wanted: RegradeCreate,
    key: IdempotencyKey = None,
) -> Regrade:
    """By another engine, tier or rubric, in the background. Every judgement so far is kept; the new ones become
    current. Watch `done` and `total`, or the session's events."""
    made = await regrading.start_regrade(context, db, actor, session_id, wanted, key)
    locate(response, f"/api/v1/sessions/{session_id}/regrades/{made}")
    return await regrading.read_regrade(db, actor, session_id, made)


@router.get("/regrades", summary="List the times a session was judged again", responses=describe(NotFound))
async def list_regrades(db: ReadDb, actor: Me, session_id: UUID) -> list[Regrade]:
    """Newest first, each with both judgements of every answer and the difference."""
    return await regrading.list_regrades(db, actor, session_id)


@router.get("/regrades/{regrade_id}", summary="Read one regrade", responses=describe(NotFound))
async def read_regrade(db: ReadDb, actor: Me, session_id: UUID, regrade_id: UUID) -> Regrade:
    """How far it is, who judged before and after, and what changed, for each answer and over all."""
    return await regrading.read_regrade(db, actor, session_id, regrade_id)


@router.post("/regrades/{regrade_id}/cancel", summary="Stop a regrade", responses=describe(NotFound))
async def cancel_regrade(context: Ctx, db: WriteDb, actor: Me, session_id: UUID, regrade_id: UUID) -> Regrade:
    """What was judged again stays, the other answers keep the judgement they had."""
    await regrading.cancel_regrade(context, db, actor, session_id, regrade_id)
    return await regrading.read_regrade(db, actor, session_id, regrade_id)
