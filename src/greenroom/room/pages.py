"""The room as a page. Without JavaScript its form posts here; with it, the island talks to the API."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import ValidationError

from greenroom.accounts.service import Actor, local_actor
from greenroom.interviews import sessions
from greenroom.interviews.errors import EmptyAnswer, SessionOver, SessionPaused, Stale, TooManyTurns
from greenroom.interviews.pages import SEE_OTHER, read_form
from greenroom.interviews.sessions import MOVES_THAT_USE_UP_A_DRAFT, MOVES_WITH_WORDS
from greenroom.kit.errors import KeyReused, Problem
from greenroom.kit.web import Ctx, ReadDb, WriteDb, render
from greenroom.room import text
from greenroom.room.protocol import ANSWER_LIMIT, TurnCreate

router = APIRouter(include_in_schema=False)
Me = Annotated[Actor, Depends(local_actor)]
TOO_LONG = "That is longer than 20,000 characters. Nothing was sent; shorten it."
NOT_UNDERSTOOD = "That move is not known here. Nothing was sent, and your words are still here."


@router.get("/sessions/{session_id}")
async def show_room(request: Request, context: Ctx, db: ReadDb, actor: Me, session_id: UUID) -> Response:
    """The room as it is now."""
    return render(request, "room.html", room=await text.read_room(context, db, actor, session_id))


@router.post("/sessions/{session_id}/turns")
async def take_turn(request: Request, context: Ctx, db: WriteDb, actor: Me, session_id: UUID) -> Response:
    """Take the move and show the room again; what cannot be taken comes back with the words still in the dock."""
    form = await read_form(request)
    kind, written = form.get("kind", "answer"), form.get("text", "")
    speaks = kind in MOVES_WITH_WORDS
    try:
        turn = TurnCreate.model_validate_strings(
            {"kind": kind, "text": written if speaks else "", "after_seq": form.get("after_seq", "0")}
        )
        view, _ = await text.move(context, db, actor, session_id, turn, form.get("key"))
        if "text" in form and kind not in MOVES_THAT_USE_UP_A_DRAFT and len(written) <= ANSWER_LIMIT:
            await sessions.save_draft(db, actor, session_id, written, view.seq)  # begun, and not sent yet
    except ValidationError:
        notice = TOO_LONG if len(written) > ANSWER_LIMIT else NOT_UNDERSTOOD
        return await _again(request, context, db, actor, session_id, form, notice, 422)
    except (Stale, SessionOver, SessionPaused, EmptyAnswer, TooManyTurns, KeyReused) as problem:
        return await _again(request, context, db, actor, session_id, form, sentence(problem), problem.status)
    target = ("/break" if view.round else "/report") if view.state == "ended" else ""
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
