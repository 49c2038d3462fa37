"""The page of earlier answers: the plain question whether to remember, and the search."""

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request, Response
from fastapi.responses import RedirectResponse

from greenroom.accounts.service import Actor, local_actor
from greenroom.kit.texts import clean
from greenroom.kit.web import Ctx, ReadDb, WriteDb, render
from greenroom.memory import queries, service
from greenroom.memory.schemas import FoundAnswer

router = APIRouter(include_in_schema=False, prefix="/answers")
Me = Annotated[Actor, Depends(local_actor)]
SEE_OTHER = 303
QUERY_CHARS = 300


@router.get("")
async def show_answers(request: Request, context: Ctx, db: ReadDb, actor: Me, q: str = "") -> Response:
    """The search, or the question whether to remember."""
    memory = await queries.read_memory(context, db, actor)
    query = clean(q)[:QUERY_CHARS]
    found: list[FoundAnswer] = []
    if memory.on:
        found = await queries.search(context, db, actor, query)
    return render(request, "answers.html", memory=memory, query=query, found=found)


@router.get("/forget")
async def ask_forget(request: Request, context: Ctx, db: ReadDb, actor: Me) -> Response:
    """What would be erased, and the question whether to."""
    memory = await queries.read_memory(context, db, actor)
    if not memory.on:
        return RedirectResponse("/answers", SEE_OTHER)
    return render(request, "forget.html", memory=memory)


@router.post("/memory")
async def change_memory(
    context: Ctx, db: WriteDb, actor: Me, on: Annotated[str, Form()] = "", sure: Annotated[str, Form()] = ""
) -> Response:
    """Turn the memory on, or off: that erases at once and for good, so it is asked once more before."""
    if on == "yes":
        await service.turn_on(context, db, actor)
    elif sure == "yes":
        await service.turn_off(db, actor)
    else:
        return RedirectResponse("/answers/forget", SEE_OTHER)
    return RedirectResponse("/answers", SEE_OTHER)
