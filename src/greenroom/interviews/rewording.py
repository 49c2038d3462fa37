"""A stored question through a model: what its follow-up is about, and its words; or the bank's line stands.

Both are asked for after the turn and kept as further entries. The bank's line is in the log before a model is asked,
so nothing waits for one: a crash, a time-out or unfit words change nothing but a note in the log.
"""

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import replace

import structlog
from sqlalchemy import select

from greenroom.engines import service as engines
from greenroom.interviews import agents, log, proposals, reminders, sessions
from greenroom.interviews.models import SessionRow
from greenroom.interviews.sessions import Running
from greenroom.kit.web import Context
from greenroom.providers.llm.base import ProviderError

logger = structlog.get_logger()
Written = Callable[[str, str, bool], None]
"""Gets the question's id, its words so far, and whether they are final."""


async def reword(context: Context, running: Running, written: Written) -> None:
    """Let a model propose what the follow-up just asked is about, and word the question. `running` is the session as
    the turn left it. Never raises for what a model does; without one in this session, or when the move came a second
    time, nothing happens."""
    session_id, said = running.row.id, fresh_question(running)
    if said is None or running.repeated:
        return
    assigned = await engines.assign(
        context, "interviewer", session_id, running.brief.spec.send_answers_to, later=True
    )
    if assigned is None:
        return
    ends = time.monotonic() + assigned.deadline_s
    try:
        subject = proposals.subject_of(running.brief, running.state, said)
        if subject is not None:
            after = await _propose(context, running, subject, assigned)
            if after is None:
                return
            running, said = after, fresh_question(after)
        if said is not None:
            await _reword(context, running, said, assigned, written, ends)
    finally:
        await assigned.book.close()


async def _propose(
    context: Context, running: Running, subject: proposals.Subject, assigned: engines.Assigned
) -> Running | None:  # fmt: skip
    """Ask what to follow up and write down the proposal, then what the conductor made of it; gives the session after,
    or None when the candidate has gone on meanwhile. Half of the time is left for the words.
    """
    question_id = str(subject.said.question_id)
    entries: list[log.AnyPayload]
    try:
        async with asyncio.timeout(assigned.deadline_s / 2):
            proposed = await agents.propose_follow_up(assigned.model, running.brief, subject)
        decided = proposals.decide(running.brief, running.state, subject, proposed, context.clock())
        entries = [proposed, *decided]
    except ProviderError as error:
        entries = [_failed(question_id, error.kind)]
    except TimeoutError:
        entries = [_failed(question_id, "timeout")]
    return await _store(context, running, question_id, entries)


async def _reword(
    context: Context, running: Running, said: log.PanelSaid, assigned: engines.Assigned,
    written: Written, ends: float,
) -> None:  # fmt: skip
    question_id = str(said.question_id)
    try:
        async with asyncio.timeout(max(0.0, ends - time.monotonic())):
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
    stored = await _store(context, running, question_id, [entry])
    final = entry.text if stored and isinstance(entry, log.WordingReplaced) else said.words
    written(question_id, final, True)


def fresh_question(running: Running) -> log.PanelSaid | None:
    """The question the panel has just asked and nobody has reworded; None when its last words were something else.

    The opening is left as it is: nothing was said yet that a model could take up.
    """
    state = running.state
    if state.ended or state.paused or state.current is None or not any(r.turns for r in state.roots.values()):
        return None
    changed: log.FollowUpChanged | None = None
    for entry in reversed(running.entries):
        match entry.payload:
            case log.PanelSaid(refers_to=taken) if taken.startswith(reminders.PREFIX):
                return None  # what is said of an earlier session stands: a model learns nothing of other sessions
            case log.PanelSaid() as said if said.purpose in ("question", "follow_up"):
                return _as_shown(said, changed) if said.question_id == state.current.id else None
            case log.FollowUpChanged() as change:
                changed = change
            case log.Observed() | log.Noticed() | log.Skipped() | log.FollowUpProposed():
                continue
            case _:
                return None
    return None


def _as_shown(said: log.PanelSaid, changed: log.FollowUpChanged | None) -> log.PanelSaid:
    if changed is None:
        return said
    now = {"trigger": changed.trigger, "text": changed.text, "lead_in": changed.lead_in, "why": changed.why}
    return said.model_copy(update=now)


def _kept(question_id: str, reason: str) -> log.Noticed:
    logger.info("wording.kept", reason=reason)
    return log.Noticed(notice="wording_kept", detail=reason, question_id=question_id)


def _failed(question_id: str, reason: str) -> log.Noticed:
    logger.info("proposal.failed", reason=reason)
    return log.Noticed(notice="proposal_failed", detail=reason, question_id=question_id)


async def _store(
    context: Context, running: Running, question_id: str, entries: Sequence[log.AnyPayload]
) -> Running | None:
    """Append the entries unless the candidate has gone on, or begun to write and words would change; gives the
    session with them."""
    changes = any(isinstance(entry, log.WordingReplaced | log.FollowUpChanged) for entry in entries)
    async with context.database.write() as db:
        row = await db.scalar(select(SessionRow).where(SessionRow.id == running.row.id).with_for_update())
        if row is None or row.deleted_at is not None or (changes and row.draft.strip()):
            return None
        # Nothing was written since: the log need not be read and folded again.
        untouched = row.seq == running.state.seq
        now = replace(running, row=row) if untouched else await sessions.take_up(db, row)
        current = now.state.current
        since = now.entries[running.state.seq :] if not untouched else []
        moved = any(not isinstance(e.payload, log.ClockStopped | log.ClockRan) for e in since)
        if moved or current is None or current.id != question_id:
            return None
        await sessions.append(db, now, entries, context.clock())
        return now
