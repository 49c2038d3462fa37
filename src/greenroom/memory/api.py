"""The memory over REST."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query

from greenroom.accounts.service import Actor, local_actor
from greenroom.kit.errors import describe
from greenroom.kit.texts import clean
from greenroom.kit.web import Ctx, ReadDb, WriteDb
from greenroom.memory import queries, service
from greenroom.memory.schemas import FoundAnswer, Memory, MemoryUpdate
from greenroom.memory.service import MemoryOff

router = APIRouter(prefix="/api/v1", tags=["memory"])
Me = Annotated[Actor, Depends(local_actor)]


@router.get("/memory", summary="Whether earlier answers are remembered")
async def read_memory(context: Ctx, db: ReadDb, actor: Me) -> Memory:
    """Off until the person turns it on."""
    return await queries.read_memory(context, db, actor)


@router.put("/memory", summary="Turn the memory on or off")
async def change_memory(context: Ctx, db: WriteDb, actor: Me, change: MemoryUpdate) -> Memory:
    """On: finished answers, those so far too, are kept searchable, and panels may refer to what an earlier answer
    lacked. Off: all of it is erased at once; sessions and reports stay."""
    if change.on:
        await service.turn_on(context, db, actor)
    else:
        await service.turn_off(db, actor)
    return await queries.read_memory(context, db, actor)


@router.get("/answers", summary="Search earlier answers", responses=describe(MemoryOff))
async def search_answers(
    context: Ctx, db: ReadDb, actor: Me,
    q: Annotated[str, Query(max_length=300, description="words, or what it was about", examples=["late delivery"])] = "",
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
) -> list[FoundAnswer]:  # fmt: skip
    """Answers with these words, the best first, and with embeddings those near in meaning; without `q` the latest."""
    return await queries.search(context, db, actor, clean(q), limit=limit)
