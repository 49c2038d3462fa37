"""Rewrites and recaps over REST."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends

from greenroom.accounts.service import Actor, local_actor
from greenroom.advice import queries, service
from greenroom.advice.schemas import Recap, Rewrite
from greenroom.advice.service import AfterTheEnd, NotOver
from greenroom.grading.service import NotAnswered, StillPending
from greenroom.interviews.api import IdempotencyKey
from greenroom.kit.errors import KeyReused, NotFound, describe
from greenroom.kit.web import Ctx, ReadDb, WriteDb

router = APIRouter(prefix="/api/v1/sessions/{session_id}", tags=["coach"])
Me = Annotated[Actor, Depends(local_actor)]


@router.get("/rewrites", summary="Rewrites of answers", responses=describe(NotFound))
async def list_rewrites(db: ReadDb, actor: Me, session_id: UUID) -> list[Rewrite]:
    """Those that were asked for, in the order of the questions."""
    return await queries.list_rewrites(db, actor, session_id)


@router.post(
    "/questions/{question_id}/rewrite", status_code=202, summary="Suggest a rewrite of an answer",
    responses=describe(NotFound, NotAnswered, StillPending, AfterTheEnd, KeyReused),
)  # fmt: skip
async def request_rewrite(
    context: Ctx, db: WriteDb, actor: Me, session_id: UUID, question_id: str, key: IdempotencyKey = None
) -> Rewrite:
    """The candidate's own words in order, with blanks; `pending` while a model works on a better one. Every number,
    name and tool of a model's version stands in the answer or the résumé. In a graded run: after its end."""
    return await service.request_rewrite(context, db, actor, session_id, question_id, key)


@router.get(
    "/questions/{question_id}/rewrite", summary="Read a rewrite", responses=describe(NotFound)
)  # fmt: skip
async def read_rewrite(db: ReadDb, actor: Me, session_id: UUID, question_id: str) -> Rewrite:
    """With who wrote it, what was left out of it, a reminder of the structure, and a cue for the length."""
    return await queries.read_rewrite(db, actor, session_id, question_id)


@router.get("/recap", summary="Read the recap", responses=describe(NotFound))
async def read_recap(db: ReadDb, actor: Me, session_id: UUID) -> Recap:
    """What a model wrote about a finished session, each line with the words it rests on. Without lines, the report's
    own paragraph is the summary; `reason` says why when a model was asked."""
    return await queries.read_recap(db, actor, session_id)


@router.post(
    "/recap", status_code=202, summary="Sum up again", responses=describe(NotFound, NotOver, KeyReused)
)  # fmt: skip
async def request_recap(
    context: Ctx, db: WriteDb, actor: Me, session_id: UUID, key: IdempotencyKey = None
) -> Recap:
    """A session is summed up when it ends; this asks again, for instance with a model that was connected later."""
    return await service.request_recap(context, db, actor, session_id, key)
