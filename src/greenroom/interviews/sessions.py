"""A session as it runs: turns, heartbeats and drafts. The log is the only truth; a turn is one transaction."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from greenroom.accounts.service import Actor
from greenroom.answers.observe import observe
from greenroom.answers.schemas import Observation
from greenroom.documents.queries import Material, gather_material
from greenroom.interviews import conductor, log
from greenroom.interviews.brief import Brief
from greenroom.interviews.errors import EmptyAnswer, SessionOver, SessionPaused, Stale, TooManyTurns
from greenroom.interviews.events import AnswerCompleted, SessionEnded
from greenroom.interviews.models import FrozenItemRow, InterviewRow, LogRow, SessionRow
from greenroom.interviews.queries import (
    find_session,
    find_session_and_spec,
    plan_of,
    read_item,
    read_log,
    spec_in,
)
from greenroom.interviews.references import Memory
from greenroom.interviews.replay import State, replay
from greenroom.interviews.ribbon import draw, fold_timeline
from greenroom.interviews.schemas import InterviewCreate, Plan
from greenroom.kit.db import insert_missing
from greenroom.kit.errors import KeyReused, NotFound
from greenroom.kit.web import Context
from greenroom.library import catalog
from greenroom.memory.service import is_on

CLOCK_GAP = timedelta(seconds=30)
TURNS_A_QUESTION = 60
SILENCE_FROM_S = 55  # no rung of the silence ladder is earlier
MOVES_WITH_WORDS = frozenset({"answer", "question", "done"})
MAY_BE_SILENT = frozenset({"done"})
MOVES_THAT_USE_UP_A_DRAFT = MOVES_WITH_WORDS | {"skip", "end"}


@dataclass
class Running:
    """A session taken up in a transaction: its row, what the panel has on the table, its log and the state.

    `repeated` says that the move was taken before, under the same key: whoever took it has asked the models already.
    """

    row: SessionRow
    brief: Brief
    entries: list[log.Entry]
    state: State
    repeated: bool = False


async def take_up(db: AsyncSession, row: SessionRow, spec: InterviewCreate | None = None) -> Running:
    """The session as its log says, ready to go on; `spec` is what was asked for in its round, if it was read already."""
    if spec is None:
        spec = spec_in(await db.get_one(InterviewRow, row.interview_id), row)
    brief = await brief_of(db, Actor(row.user_id), spec, plan_of(row))
    entries = await read_log(db, row.id)
    return Running(row, brief, entries, replay(entries))


async def brief_of(db: AsyncSession, actor: Actor, spec: InterviewCreate, plan: Plan) -> Brief:
    """What the panel has on the table: the plan, its items as they were when the session was frozen, and what the
    person has told of job, company and résumé. What was deleted meanwhile is not known any more.
    """
    library = catalog.load()
    items = {
        key: library.items[key]
        if library.hashes.get(key) == content_hash
        else await read_item(db, content_hash)
        for key, content_hash in plan.pool.items()
    }
    told = await _read_material(db, actor, spec)
    known = plan.scene.facts if plan.scene else []
    if told is None:
        return Brief(plan=plan, spec=spec, items=items, library=library, company_facts=known)
    points = [*told.focus.must_haves, *told.focus.thin, *told.focus.missing]
    stack = [skill.name for skill in told.job.stack] if told.job else []
    return Brief(
        plan=plan, spec=spec, items=items, library=library,
        company_facts=[*known, *told.company_facts], resume=told.resume, focus=[*(point.text for point in points), *stack, told.goals],
    )  # fmt: skip


async def _read_material(db: AsyncSession, actor: Actor, spec: InterviewCreate) -> Material | None:
    if not (spec.job_id or spec.resume_id or spec.company):
        return None
    try:
        return await gather_material(
            db, actor, job_id=spec.job_id, resume_id=spec.resume_id, company=spec.company
        )
    except NotFound:
        return await gather_material(db, actor, job_id=None, resume_id=None, company=spec.company)


async def freeze_items(db: AsyncSession, plan: Plan) -> None:
    """Keep every item the plan may ask by its content, so that no later bank changes this session."""
    hashes = set(plan.pool.values())
    known = set(await db.scalars(select(FrozenItemRow.hash).where(FrozenItemRow.hash.in_(hashes))))
    library = catalog.load()
    missing = [
        {
            "hash": content_hash,
            "body": library.items[key].model_dump(mode="json", by_alias=True, exclude_defaults=True),
        }
        for key, content_hash in plan.pool.items()
        if content_hash not in known and library.hashes.get(key) == content_hash
    ]
    await insert_missing(db, FrozenItemRow, missing, ["hash"])


async def open_log(
    db: AsyncSession, row: SessionRow, spec: InterviewCreate, plan: Plan, now: datetime,
    earlier: Memory | None = None,
) -> Running:  # fmt: skip
    """Freeze the plan's items and write the first entries: the start, the greeting and the first question."""
    await freeze_items(db, plan)
    brief = replace(await brief_of(db, Actor(row.user_id), spec, plan), earlier=earlier)
    running = Running(row, brief, [], State())
    await append(db, running, conductor.open_session(brief, now), now)
    return running


async def take_turn(
    context: Context, db: AsyncSession, actor: Actor, session_id: UUID, event: log.Event,
    after_seq: int, key: str | None = None,
) -> Running:  # fmt: skip
    """Store what the candidate did and what the panel says to it, in one transaction; gives the session after it.

    The same key again changes nothing. Raises:
        NotFound: no such session for the actor.
        Stale: the panel or another tab has gone on since `after_seq`.
        SessionOver, SessionPaused: the state does not take this move.
        EmptyAnswer, TooManyTurns: the move cannot be used; nothing is stored.
    """
    row, spec = await find_session_and_spec(db, actor, session_id)
    running = await take_up(db, row, spec)
    if key and await _was_taken(db, session_id, key, event):
        return replace(running, repeated=True)
    _check(running.state, running.entries, event, after_seq)
    now = context.clock()
    await _settle_clock(db, running, now)
    with db.no_autoflush:  # all of the turn is written in one go
        await conduct(context, db, running, event, now, key)
    if event.kind in MOVES_THAT_USE_UP_A_DRAFT:
        row.draft = ""
    row.draft_seq = running.state.seq
    return running


async def conduct(
    context: Context,
    db: AsyncSession,
    running: Running,
    event: log.Event,
    now: datetime,
    key: str | None = None,
) -> None:
    """Let the conductor answer one event, store its entries and tell what was completed."""
    state = running.state
    before = set(_completed(state))
    observation = observe_answer(running, event)
    await append(db, running, conductor.next_move(running.brief, state, event, observation, now), now, key)
    left = [question_id for question_id in _completed(state) if question_id not in before]
    remembered = bool(left) and await is_on(db, running.row.user_id)
    for question_id in left:
        completed = AnswerCompleted(session_id=running.row.id, question_id=question_id)
        await context.publish(db, completed)
        if remembered:
            await context.queue.enqueue(
                db, "remember_answer", key=completed.key, **completed.model_dump(mode="json")
            )
    if state.ended:
        await context.publish(db, SessionEnded(session_id=running.row.id))


def observe_answer(running: Running, event: log.Event) -> Observation | None:
    """What the answer to the open question shows with these words added; None when they answer no bank item."""
    root = running.state.root
    item = running.brief.item(root.item_id) if root else None
    if root is None or item is None:
        return None
    turns = conductor.answer_turns(running.brief, running.state, event)
    return observe(item, turns, asked=root.asked) if turns else None


async def append(
    db: AsyncSession,
    running: Running,
    payloads: Sequence[log.AnyPayload],
    now: datetime,
    key: str | None = None,
) -> None:
    """Write entries after the last one, fold them into the state and bring the session's row up to date.

    The key stands on the first entry: it is unique in the session, so a turn cannot be taken twice. All of it goes to
    the database with the next query or the commit, in one go.
    """
    row, state = running.row, running.state
    entries = [
        log.Entry(seq=state.seq + n, at=now, payload=payload) for n, payload in enumerate(payloads, start=1)
    ]
    replay(entries, state)
    running.entries.extend(entries)
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
        row.ribbon = draw_whole(running.brief.plan, running.entries)


def draw_whole(plan: Plan, entries: Sequence[log.Entry]) -> list[dict[str, Any]]:
    """The ribbon of a finished session as it is stored: lists show many of them, and it never changes again."""
    state, timeline = fold_timeline(entries)
    return [question.model_dump(mode="json") for question in draw(plan, state, timeline, None)]


async def _was_taken(db: AsyncSession, session_id: UUID, key: str, event: log.Event) -> bool:
    known = await db.scalar(select(LogRow).where(LogRow.session_id == session_id, LogRow.key == key[:100]))
    if known is None:
        return False
    said = known.payload.get("text") if known.kind == "candidate_said" else None
    if said != ((event.text or None) if event.kind in MOVES_WITH_WORDS else None):
        raise KeyReused(
            "This Idempotency-Key came with another move or other words before. Nothing was changed; use a new key."
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
    if event.kind in MOVES_WITH_WORDS - MAY_BE_SILENT and not event.text.strip():
        raise EmptyAnswer("Write something first, or use Skip.")
    asked = state.current
    if asked is None or event.kind in ("end", "skip", "pause", "resume"):
        return
    if event.kind == "done" and not asked.is_follow_up:
        return  # what was presented in many parts can be finished
    since = next((n for n, e in enumerate(reversed(entries)) if _asks(e.payload, asked.id)), 0)
    said = sum(
        isinstance(entry.payload, log.CandidateSaid | log.Thought)
        for entry in entries[len(entries) - since :]
    )
    if said >= TURNS_A_QUESTION:
        raise TooManyTurns(
            "A question takes 60 turns. Skip it or end the interview; everything so far is kept."
        )


def _asks(payload: log.AnyPayload, question_id: str) -> bool:
    """Whether this is the asking itself, of a main question or a follow-up: each has turns of its own."""
    return (
        isinstance(payload, log.PanelSaid)
        and payload.purpose in ("question", "follow_up")
        and payload.question_id == question_id
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


def counted_until(row: SessionRow, now: datetime) -> datetime:
    """The moment up to which time counts: who comes back finds the clock as it was left, before the log says so."""
    return row.clock_at if now - row.clock_at > CLOCK_GAP else now


async def _settle_clock(db: AsyncSession, running: Running, now: datetime) -> None:
    """When the page was away for more than 30 s, take that time out of the interview."""
    row, state = running.row, running.state
    if state.running_since is None or now - row.clock_at <= CLOCK_GAP:
        return
    since = max(row.clock_at, state.running_since)
    await append(db, running, [log.ClockStopped(since=since), log.ClockRan()], now)


async def beat(context: Context, db: AsyncSession, actor: Actor, session_id: UUID, *, typing: bool) -> None:
    """The page is open: time counts. Long silence makes the panel say something; it is never scored."""
    row = await find_session(db, actor, session_id, lock=True)
    if row.state != "active":
        return
    now = context.clock()
    running = await take_up(db, row)
    await _settle_clock(db, running, now)
    state = running.state
    idle = (now - (state.last_at or now)).total_seconds()
    due = conductor.due(running.brief, state, now)
    if due in ("cut", "end") and row.draft.strip() and state.current is not None:
        # Time is up in the middle of a sentence: what was written so far is the answer.
        await conduct(context, db, running, log.Event(kind="answer", text=row.draft), now)
        row.draft, row.draft_seq = "", state.seq
    elif due or (not typing and idle >= SILENCE_FROM_S):
        await conduct(context, db, running, log.Event(kind="tick", idle_s=idle, typing=typing), now)
    row.clock_at = now


async def save_draft(db: AsyncSession, actor: Actor, session_id: UUID, text: str, after_seq: int) -> None:
    """Keep unsent words; an older page does not overwrite the draft of a newer question."""
    row = await find_session(db, actor, session_id, lock=True)
    if row.state != "ended" and after_seq >= row.draft_seq:
        row.draft, row.draft_seq = text, after_seq
