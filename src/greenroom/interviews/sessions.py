"""A session as it runs: turns, heartbeats and drafts. The log is the only truth; a turn is one transaction."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from greenroom.accounts.service import Actor
from greenroom.answers.observe import observe
from greenroom.answers.schemas import Observation
from greenroom.interviews import conductor, log
from greenroom.interviews.brief import Brief
from greenroom.interviews.errors import EmptyAnswer, SessionOver, SessionPaused, Stale, TooManyTurns
from greenroom.interviews.events import AnswerCompleted, SessionEnded
from greenroom.interviews.models import FrozenItemRow, InterviewRow, LogRow, SessionRow
from greenroom.interviews.queries import find_session, plan_of, read_item, read_log, spec_of
from greenroom.interviews.replay import State, replay
from greenroom.interviews.schemas import InterviewCreate, Plan
from greenroom.kit.db import insert_missing
from greenroom.kit.errors import KeyReused
from greenroom.kit.web import Context
from greenroom.library import catalog

CLOCK_GAP = timedelta(seconds=30)
TURNS_A_QUESTION = 60
SILENCE_FROM_S = 55  # no rung of the silence ladder is earlier
MOVES_WITH_WORDS = frozenset({"answer", "question"})


def brief_of(spec: InterviewCreate, plan: Plan) -> Brief:
    """What the panel has on the table: the plan and the items of its pool."""
    library = catalog.load()
    items = {key: library.items[key] for key in plan.pool if key in library.items}
    return Brief(plan=plan, spec=spec, items=items, library=library)


async def open_log(db: AsyncSession, row: SessionRow, brief: Brief, now: datetime) -> None:
    """Write the first entries: the start, the greeting and the first question."""
    await append(db, row, State(), conductor.open_session(brief, now), now, None)


async def take_turn(
    context: Context, db: AsyncSession, actor: Actor, session_id: UUID, event: log.Event,
    after_seq: int, key: str | None = None,
) -> None:  # fmt: skip
    """Store what the candidate did and what the panel says to it, in one transaction.

    The same key again changes nothing. Raises:
        NotFound: no such session for the actor.
        Stale: the panel or another tab has gone on since `after_seq`.
        SessionOver, SessionPaused: the state does not take this move.
        EmptyAnswer, TooManyTurns: the move cannot be used; nothing is stored.
    """
    row = await find_session(db, actor, session_id, lock=True)
    if key and await _was_taken(db, session_id, key, event):
        return
    entries = await read_log(db, session_id)
    state = replay(entries)
    _check(state, entries, event, after_seq)
    now = context.clock()
    await _settle_clock(db, row, state, now)
    brief = await _brief_of_session(db, row)
    await conduct(context, db, row, brief, state, event, now, key)
    row.draft, row.draft_seq = "", state.seq


async def _brief_of_session(db: AsyncSession, row: SessionRow) -> Brief:
    interview = await db.get_one(InterviewRow, row.interview_id)
    return brief_of(spec_of(interview), plan_of(row))


async def conduct(
    context: Context, db: AsyncSession, row: SessionRow, brief: Brief, state: State, event: log.Event,
    now: datetime, key: str | None,
) -> None:  # fmt: skip
    """Let the conductor answer one event, store its entries and tell what was completed."""
    before = set(_completed(state))
    observation = await observe_answer(db, brief, state, event)
    await append(db, row, state, conductor.next_move(brief, state, event, observation, now), now, key)
    for question_id in _completed(state):
        if question_id not in before:
            await context.publish(db, AnswerCompleted(session_id=row.id, question_id=question_id))
    if state.ended:
        await context.publish(db, SessionEnded(session_id=row.id))


async def observe_answer(
    db: AsyncSession, brief: Brief, state: State, event: log.Event
) -> Observation | None:
    """What the answer to the open question shows with these words added; None when they answer no bank item."""
    turns = conductor.answer_turns(brief, state, event)
    if not turns or state.root is None or state.root.item_hash is None:
        return None
    return observe(await read_item(db, state.root.item_hash), turns, asked=state.root.asked)


async def append(
    db: AsyncSession,
    row: SessionRow,
    state: State,
    payloads: Sequence[log.AnyPayload],
    now: datetime,
    key: str | None,
) -> None:
    """Write entries after the last one, fold them into `state` and bring the session's row up to date.

    The key stands on the first entry: it is unique in the session, so a turn cannot be taken twice.
    """
    entries = [
        log.Entry(seq=state.seq + n, at=now, payload=payload) for n, payload in enumerate(payloads, start=1)
    ]
    replay(entries, state)
    library = catalog.load()
    asked = {
        said.item_hash: library.items[said.item_id].model_dump(
            mode="json", by_alias=True, exclude_defaults=True
        )
        for said in payloads
        if isinstance(said, log.PanelSaid) and said.item_id and said.item_hash
    }
    await insert_missing(
        db, FrozenItemRow, [{"hash": hash_, "body": body} for hash_, body in asked.items()], ["hash"]
    )
    db.add_all(
        LogRow(
            session_id=row.id, seq=entry.seq, kind=entry.kind, at=now,
            payload=entry.payload.model_dump(mode="json"), key=key if n == 0 else None,
        )
        for n, entry in enumerate(entries)
    )  # fmt: skip
    row.seq, row.state, row.clock_at = state.seq, state.session_state, now
    row.used_ms = round(state.elapsed(now) * 1000)
    row.questions_asked = len(state.core)
    if state.ended and row.ended_at is None:
        row.ended_at = now
    await db.flush()


async def _was_taken(db: AsyncSession, session_id: UUID, key: str, event: log.Event) -> bool:
    known = await db.scalar(select(LogRow).where(LogRow.session_id == session_id, LogRow.key == key[:100]))
    if known is None:
        return False
    said = known.payload.get("text")
    if known.kind == "candidate_said" and event.kind in MOVES_WITH_WORDS and said != event.text:
        raise KeyReused(
            "This Idempotency-Key came with other words before. Nothing was changed; use a new key."
        )
    return True


def _check(state: State, entries: Sequence[log.Entry], event: log.Event, after_seq: int) -> None:
    """Refuse what does not fit the state, before anything is written."""
    if state.ended:
        raise SessionOver(
            "Your answers are kept and the report is there. Start a new session to go on practising."
        )
    if after_seq > state.seq or any(_moves_on(entry.payload) for entry in entries[after_seq:]):
        raise Stale(
            "Something was said since this page was drawn, perhaps in another tab. Your words are still here."
        )
    if state.paused and event.kind not in ("resume", "end"):
        raise SessionPaused("Continue first; nothing was lost.")
    if event.kind in MOVES_WITH_WORDS and not event.text.strip():
        raise EmptyAnswer("Write something first, or use Skip.")
    root = state.root
    if root is None or event.kind in ("end", "skip", "pause", "resume"):
        return
    since = next((n for n, e in enumerate(reversed(entries)) if _asks(e.payload, root.id)), 0)
    said = sum(
        isinstance(entry.payload, log.CandidateSaid | log.Thought)
        for entry in entries[len(entries) - since :]
    )
    if said >= TURNS_A_QUESTION:
        raise TooManyTurns(
            "A question takes 60 turns. Skip it or end the interview; everything so far is kept."
        )


def _asks(payload: log.AnyPayload, root_id: str) -> bool:
    return (
        isinstance(payload, log.PanelSaid)
        and payload.purpose == "question"
        and payload.question_id == root_id
    )


def _moves_on(payload: log.AnyPayload) -> bool:
    """Whether an entry changes what the candidate has in front of them; a nudge or the clock does not."""
    match payload:
        case log.PanelSaid():
            return payload.purpose in ("question", "follow_up", "close", "greeting")
        case log.CandidateSaid() | log.Skipped() | log.Ended() | log.Paused() | log.Resumed():
            return True
        case _:
            return False


def _completed(state: State) -> list[str]:
    """Scored questions with an answer that the panel has left behind."""
    open_id = state.current.root_id if state.current else None
    return [root.id for root in state.core if root.scored and root.turns and root.id != open_id]


async def _settle_clock(db: AsyncSession, row: SessionRow, state: State, now: datetime) -> None:
    """When the page was away for more than 30 s, take that time out of the interview."""
    if state.running_since is None or now - row.clock_at <= CLOCK_GAP:
        return
    since = max(row.clock_at, state.running_since)
    await append(db, row, state, [log.ClockStopped(since=since), log.ClockRan()], now, None)


async def beat(context: Context, db: AsyncSession, actor: Actor, session_id: UUID, *, typing: bool) -> None:
    """The page is open: time counts. Long silence makes the panel say something; it is never scored."""
    row = await find_session(db, actor, session_id, lock=True)
    if row.state != "active":
        return
    now = context.clock()
    state = replay(await read_log(db, session_id))
    await _settle_clock(db, row, state, now)
    last_at = state.last_at or now
    idle = (now - last_at).total_seconds()
    brief = await _brief_of_session(db, row)
    due = conductor.due(brief, state, now)
    if due in ("cut", "end") and row.draft.strip() and state.current is not None:
        # Time is up in the middle of a sentence: what was written so far is the answer.
        await conduct(context, db, row, brief, state, log.Event(kind="answer", text=row.draft), now, None)
        row.draft, row.draft_seq = "", state.seq
    elif due or (not typing and idle >= SILENCE_FROM_S):
        event = log.Event(kind="tick", idle_s=idle, typing=typing)
        await conduct(context, db, row, brief, state, event, now, None)
    row.clock_at = now


async def save_draft(db: AsyncSession, actor: Actor, session_id: UUID, text: str, after_seq: int) -> None:
    """Keep unsent words; an older page does not overwrite the draft of a newer question."""
    row = await find_session(db, actor, session_id, lock=True)
    if row.state != "ended" and after_seq >= row.draft_seq:
        row.draft, row.draft_seq = text, after_seq
