"""The event stream of a session: the room after every change, and each score as it is done.

The stream reads the log, so any process can serve it and a client that comes back with Last-Event-ID misses nothing.
No database connection is held between two looks.
"""

import time
from collections.abc import AsyncIterator
from uuid import UUID

from fastapi.sse import ServerSentEvent
from sqlalchemy.ext.asyncio import AsyncSession

from greenroom.accounts.service import Actor
from greenroom.grading import service as grading
from greenroom.interviews.queries import find_session
from greenroom.kit.cancellation import finish
from greenroom.kit.errors import NotFound
from greenroom.kit.web import Context
from greenroom.room import text
from greenroom.room.board import Board

LOOK_S = 0.5


async def stream(
    context: Context, actor: Actor, session_id: UUID, last_seq: int
) -> AsyncIterator[ServerSentEvent]:
    """Events `room` (id: seq, data: RoomView), `words` (data: WordsView) and `score` (data: ScoreView); ends with
    `gone` when it was deleted."""
    states: dict[str, str] = {}
    mark = None
    with context.one(Board).reading(session_id) as reader:
        while True:
            try:
                # Whoever goes away in the middle of a look does not break its connection.
                look = _look(context, actor, session_id, last_seq, mark, states)
                events, last_seq, mark = await finish(look)
            except NotFound:
                yield ServerSentEvent(event="gone", data={"session_id": str(session_id)})
                return
            for event in events:
                yield event
            ends = time.monotonic() + LOOK_S
            while (left := ends - time.monotonic()) > 0:
                words = await reader.wait(left)
                if words is not None:
                    yield ServerSentEvent(event="words", data=words)
                if words is not None and words.done:
                    break  # the room with the final words is there


async def _look(
    context: Context, actor: Actor, session_id: UUID, last_seq: int, mark: str | None, states: dict[str, str]
) -> tuple[list[ServerSentEvent], int, str]:
    """What is new since `last_seq` and `mark`; `states` remembers which scores were sent."""
    async with context.database.read() as db:
        return await _read_news(context, db, actor, session_id, last_seq, mark, states)


async def _read_news(
    context: Context, db: AsyncSession, actor: Actor, session_id: UUID, last_seq: int, mark: str | None,
    states: dict[str, str],
) -> tuple[list[ServerSentEvent], int, str]:  # fmt: skip
    events: list[ServerSentEvent] = []
    seq, now_mark = await grading.last_change(db, session_id)
    if seq > last_seq:
        view = await text.read_room(context, db, actor, session_id)
        last_seq = view.seq
        events.append(ServerSentEvent(event="room", id=str(view.seq), data=view))
    elif mark is None:
        await find_session(db, actor, session_id)
    if now_mark != mark or not seq:
        for score in await grading.list_scores(db, actor, session_id):
            state = f"{score.state}{score.attempts}"
            if states.get(score.question_id) != state:
                states[score.question_id] = state
                events.append(ServerSentEvent(event="score", data=score))
    return events, last_seq, now_mark
