"""The text transport of the conductor: the room's view, and moves from the dock."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from greenroom.accounts.service import Actor
from greenroom.engines import books
from greenroom.interviews import log, rewording, sessions
from greenroom.interviews.errors import Stale
from greenroom.interviews.models import InterviewRow, SessionRow
from greenroom.interviews.queries import find_session, plan_of, read_log, spec_in
from greenroom.interviews.schemas import InterviewCreate, Plan
from greenroom.interviews.sessions import Running
from greenroom.kit.web import Context
from greenroom.room.board import Board
from greenroom.room.protocol import RoomView, TurnCreate, WordsView
from greenroom.room.view import build_view


async def read_room(context: Context, db: AsyncSession, actor: Actor, session_id: UUID) -> RoomView:
    """The room as it is now.

    Raises:
        NotFound: no such session for the actor.
    """
    row = await find_session(db, actor, session_id)
    interview = await db.get_one(InterviewRow, row.interview_id)
    return await draw_room(
        context, db, row, spec_in(interview, row), plan_of(row), await read_log(db, row.id)
    )


async def draw_room(
    context: Context,
    db: AsyncSession,
    row: SessionRow,
    spec: InterviewCreate,
    plan: Plan,
    entries: list[log.Entry],
) -> RoomView:
    """The view of a session whose parts were read already."""
    until = sessions.counted_until(row, context.clock())
    view = build_view(row.id, row.interview_id, row.name, spec, plan, entries, now=until, draft=row.draft)
    return view.model_copy(update={"meter": await books.read_meter(context, db, row.id)})


async def move(
    context: Context, db: AsyncSession, actor: Actor, session_id: UUID, turn: TurnCreate, key: str | None
) -> tuple[RoomView, Running]:
    """Take one move; gives the room after it, and the session as it was left, for `reword`.

    Raises:
        Stale: with the fresh room in `room`; and what `interviews.sessions.take_turn` raises.
    """
    event = log.Event(kind=turn.kind, text=turn.text, thinking_ms=turn.thinking_ms)
    try:
        running = await sessions.take_turn(context, db, actor, session_id, event, turn.after_seq, key)
    except Stale as stale:
        view = await read_room(context, db, actor, session_id)
        raise Stale(stale.detail, room=view.model_dump(mode="json")) from stale
    view = await draw_room(context, db, running.row, running.brief.spec, running.brief.plan, running.entries)
    return view, running


async def reword(context: Context, running: Running) -> None:
    """Let a model word the question just asked and show its words as they come; without a model nothing happens."""

    def show(question_id: str, words: str, done: bool) -> None:
        context.one(Board).write(running.row.id, WordsView(question_id=question_id, text=words, done=done))

    await rewording.reword(context, running, show)
