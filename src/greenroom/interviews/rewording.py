"""A stored question in a model's words: asked for after the turn, kept as one more entry, or the bank's line stands.

The bank's line is in the log before a model is asked, so nothing waits for one: a crash, a time-out or unfit words
change nothing but a note in the log.
"""

import asyncio
from collections.abc import Callable
from uuid import UUID

import structlog
from sqlalchemy import select

from greenroom.engines import service as engines
from greenroom.interviews import agents, log, sessions
from greenroom.interviews.models import SessionRow
from greenroom.interviews.sessions import Running
from greenroom.kit.web import Context
from greenroom.providers.llm.base import ProviderError

logger = structlog.get_logger()
Written = Callable[[str, str, bool], None]
"""Gets the question's id, its words so far, and whether they are final."""


async def reword(context: Context, session_id: UUID, written: Written) -> None:
    """Word the question that was just asked, if a model does that in this session. Never raises for what a model does."""
    async with context.database.read() as db:
        row = await db.get(SessionRow, session_id)
        if row is None:
            return
        running = await sessions.take_up(db, row)
    said = fresh_question(running)
    if said is None:
        return
    assigned = await engines.assign(
        context, "interviewer", session_id, running.brief.spec.send_answers_to, later=True
    )
    if assigned is None:
        return
    try:
        await _reword(context, session_id, running, said, assigned, written)
    finally:
        await assigned.book.close()


async def _reword(
    context: Context, session_id: UUID, running: Running, said: log.PanelSaid, assigned: engines.Assigned,
    written: Written,
) -> None:  # fmt: skip
    question_id = str(said.question_id)
    try:
        async with asyncio.timeout(assigned.deadline_s):
            words = await agents.word_question(
                assigned.model,
                running.brief,
                running.state,
                said,
                lambda text: written(question_id, text, False),
            )
        entry: log.AnyPayload = log.WordingReplaced(
            question_id=question_id, text=words.text, engine=words.engine
        )
    except agents.UnfitWordsError as unfit:
        entry = _kept(question_id, unfit.fault)
    except ProviderError as error:
        entry = _kept(question_id, error.kind)
    except TimeoutError:
        entry = _kept(question_id, "timeout")
    kept = await _store(context, session_id, running.state.seq, question_id, entry)
    final = entry.text if kept and isinstance(entry, log.WordingReplaced) else said.words
    written(question_id, final, True)


def fresh_question(running: Running) -> log.PanelSaid | None:
    """The question the panel has just asked and nobody has reworded; None when its last words were something else.

    The opening is left as it is: nothing was said yet that a model could take up.
    """
    state = running.state
    if state.ended or state.paused or state.current is None or not any(r.turns for r in state.roots.values()):
        return None
    for entry in reversed(running.entries):
        match entry.payload:
            case log.PanelSaid() as said if said.purpose in ("question", "follow_up"):
                return said if said.question_id == state.current.id else None
            case log.Observed() | log.Noticed() | log.Skipped():
                continue
            case _:
                return None
    return None


def _kept(question_id: str, reason: str) -> log.Noticed:
    logger.info("wording.kept", reason=reason)
    return log.Noticed(notice="wording_kept", detail=reason, question_id=question_id)


async def _store(
    context: Context, session_id: UUID, seq: int, question_id: str, entry: log.AnyPayload
) -> bool:
    """Append the entry unless the candidate has gone on or begun to write; gives whether it was appended."""
    async with context.database.write() as db:
        row = await db.scalar(select(SessionRow).where(SessionRow.id == session_id).with_for_update())
        if row is None or row.deleted_at is not None:
            return False
        running = await sessions.take_up(db, row)
        current = running.state.current
        moved = any(not isinstance(e.payload, log.ClockStopped | log.ClockRan) for e in running.entries[seq:])
        writing = bool(row.draft.strip()) and isinstance(entry, log.WordingReplaced)
        if moved or writing or current is None or current.id != question_id:
            return False
        await sessions.append(db, running, [entry], context.clock())
        return True
