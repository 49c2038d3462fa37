"""A run through an interview with several rounds: beginning the next one, and what it may know of those before."""

import secrets
from collections.abc import Collection
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from greenroom.accounts.requests import once
from greenroom.accounts.service import Actor
from greenroom.interviews import plan as planning
from greenroom.interviews import rounds
from greenroom.interviews.errors import RoundOpen, RoundsOver
from greenroom.interviews.models import InterviewRow, SessionRow
from greenroom.interviews.queries import (
    find_session,
    interviews_visible_to,
    list_asked_items,
    list_run,
    plan_of,
    read_log,
    spec_of,
)
from greenroom.interviews.references import Memory, memory_of
from greenroom.interviews.replay import replay
from greenroom.interviews.schemas import Plan
from greenroom.interviews.service import list_recent_items, open_session, read_leanings
from greenroom.kit.errors import NotFound
from greenroom.kit.web import Context
from greenroom.library import catalog


async def start_round(
    context: Context, db: AsyncSession, actor: Actor, session_id: UUID, number: int | None = None,
    key: str | None = None,
) -> SessionRow:  # fmt: skip
    """Begin another round of the run that a session belongs to: the first one not begun, or the one named.

    A round that has begun is given as it is: it is held once in a run.

    Raises:
        NotFound: no such session, or the interview has no such round.
        RoundsOver: every round has begun.
        RoundOpen: another round has not ended.
        KeyReused: the key was used for another request.
    """
    session = await find_session(db, actor, session_id)
    # Two tabs may ask at once: whoever comes second waits here, and then finds the round begun.
    query = interviews_visible_to(actor).where(InterviewRow.id == session.interview_id)
    interview = await db.scalar(query.with_for_update())
    if interview is None:
        raise NotFound("The interview of this session was deleted.")
    held = await list_run(db, actor, session)
    number = _choose(session, held, number)
    if number in held:
        return held[number]
    if still := next((row for row in held.values() if row.state != "ended"), None):
        raise RoundOpen(
            f"Round {still.round} has not ended. End it first; its answers are kept.",
            session_id=str(still.id),
        )

    async def make(new_id: UUID) -> None:
        before = [held[n] for n in sorted(held)]
        plan = await _plan_round(db, actor, interview, number, [row.id for row in before])
        await open_session(
            db, new_id, interview, plan, context.clock(), name=session.name, run_id=session.run_id,
            earlier=await _recall(db, plan, before),
        )  # fmt: skip

    made = await once(db, actor, key, f"round:{session.run_id}:{number}", context.clock(), make)
    return await find_session(db, actor, made)


def _choose(session: SessionRow, held: Collection[int], number: int | None) -> int:
    if session.run_id is None:
        raise RoundsOver("This interview has one round. Practise it again, or set up a new one.")
    if number is not None:
        if not 1 <= number <= session.rounds:
            raise NotFound(f"This interview has no round {number}.")
        return number
    following = next((n for n in range(1, session.rounds + 1) if n not in held), None)
    if following is None:
        raise RoundsOver("All rounds of this interview have begun. The summary shows them together.")
    return following


async def _plan_round(
    db: AsyncSession, actor: Actor, interview: InterviewRow, number: int, before: Collection[UUID]
) -> Plan:
    """The round as it was planned with the interview, without what has been asked in this run; a new plan when it
    was held in an earlier run, or when too little of it is left."""
    library, spec = catalog.load(), spec_of(interview)
    planned = plan_of(interview).of_round(number)
    asked = await list_asked_items(db, before)
    known = await db.scalar(
        select(SessionRow.id)
        .where(
            SessionRow.interview_id == interview.id,
            SessionRow.kind == "interview",
            SessionRow.round == number,
        )
        .limit(1)
    )
    fresh = rounds.without(planned, asked, library)
    if fresh is not None and (known is None or spec.seed is not None):
        return fresh
    seed = planned.seed if known is None else secrets.randbelow(2**31)
    try:
        plan = rounds.build_round(
            spec.in_round(number),
            library,
            seed=seed,
            never=asked,
            recent=set[str]().union(*await list_recent_items(db, actor)),
            leanings=await read_leanings(db, actor, spec),
        )
    except planning.NotOfferedError:
        # The bank has shrunk since: what is left is asked, and the log says what was dropped.
        left = {key: value for key, value in planned.pool.items() if key not in asked}
        unscored = {key: value for key, value in planned.pool.items() if library.items[key].type in ("opening", "closing")}  # fmt: skip
        plan = planned.model_copy(update={"pool": unscored | left})
    return plan.model_copy(update={"round": number, "rounds": planned.rounds})


async def _recall(db: AsyncSession, plan: Plan, before: Collection[SessionRow]) -> Memory | None:
    """The latest thing told in a round before to somebody else than the one who opens this one."""
    library = catalog.load()
    stories = [key for key, item in library.items.items() if item.structure == "star"]
    for row in reversed(list(before)):
        state = replay(await read_log(db, row.id))
        if remembered := memory_of(state, plan.panel[0].slug, stories, library.nouns):
            return remembered
    return None
