"""The room as a page. Without JavaScript its form posts here; with it, the island talks to the API."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import ValidationError

from greenroom.accounts.service import Actor, local_actor
from greenroom.interviews.errors import EmptyAnswer, SessionOver, SessionPaused, Stale
from greenroom.interviews.pages import SEE_OTHER, read_form
from greenroom.kit.errors import Problem
from greenroom.kit.web import Ctx, ReadDb, WriteDb, render
from greenroom.room import text
from greenroom.room.protocol import TurnCreate

router = APIRouter(include_in_schema=False)
Me = Annotated[Actor, Depends(local_actor)]


@router.get("/sessions/{session_id}")
async def show_room(request: Request, context: Ctx, db: ReadDb, actor: Me, session_id: UUID) -> Response:
    """The room as it is now."""
    return render(request, "room.html", room=await text.read_room(context, db, actor, session_id))


@router.post("/sessions/{session_id}/turns")
async def take_turn(request: Request, context: Ctx, db: WriteDb, actor: Me, session_id: UUID) -> Response:
    """Take the move and show the room again; what cannot be taken comes back with the words still in the dock."""
    form = await read_form(request)
    try:
        turn = TurnCreate(
            kind=form.get("kind", "answer"),  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType] - validated here
            text=form.get("text", "") if form.get("kind", "answer") in ("answer", "question") else "",
            after_seq=int(form.get("after_seq", "0")),
        )
        view = await text.move(context, db, actor, session_id, turn, form.get("key"))
    except (ValidationError, ValueError):
        return await _again(
            request,
            context,
            db,
            actor,
            session_id,
            form,
            "That is longer than 20,000 characters. Nothing was sent; shorten it.",
            422,
        )
    except (Stale, SessionOver, SessionPaused, EmptyAnswer) as problem:
        return await _again(request, context, db, actor, session_id, form, sentence(problem), problem.status)
    target = "/report" if view.state == "ended" else ""
    return RedirectResponse(f"/sessions/{session_id}{target}", SEE_OTHER)


def sentence(problem: Problem) -> str:
    """The problem as one line for the status."""
    return f"{problem.title}. {problem.detail}"


async def _again(
    request: Request,
    context: Ctx,
    db: WriteDb,
    actor: Actor,
    session_id: UUID,
    form: dict[str, str],
    notice: str,
    status: int,
) -> Response:
    room = await text.read_room(context, db, actor, session_id)
    return render(
        request,
        "room.html",
        status=status,
        room=room.model_copy(update={"draft": form.get("text", ""), "notice": notice}),
    )
