"""The book of calls: every attempt is a row, and a session's money ends at its budget."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import String, bindparam, case, cast, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from greenroom.engines.models import ModelCallRow
from greenroom.engines.schemas import CallView, CostLine, Costs, Meter, MonthLine
from greenroom.kit.ids import uuid7
from greenroom.kit.web import Context
from greenroom.providers import prices
from greenroom.providers.llm.base import ProviderError, Purpose, Usage
from greenroom.providers.llm.guarded import Call

MILLION = 1_000_000
# A model without a known price has no cost to count: its calls are.
MOST_CALLS = 600


class SessionBook:
    """Books the calls of one piece of work in a session, or in none (a trial).

    What was spent before is read once; what this work spends is added as it goes. With `later` the rows are written
    by `close`, when nobody waits any more. `written` are the ids of its rows so far.
    """

    def __init__(
        self,
        context: Context,
        purpose: Purpose,
        session_id: UUID | None,
        spent: int,
        calls: int,
        *,
        later: bool,
    ) -> None:
        self._context, self._session_id = context, session_id
        self._purpose: Purpose = purpose
        self._spent, self._calls = spent, calls
        self._refused: set[str] = set()
        self._later: list[Call] | None = [] if later else None
        self.written: list[UUID] = []

    async def allow(self, engine: str, *, paid: bool) -> None:
        """Raises ProviderError("budget") when the session's money or calls are used up; what is free goes on. Calls
        that are under way when the money runs out are paid. That an engine was not asked any more is booked once."""
        budget = self._context.settings.session_budget_usd * MILLION
        if not self._session_id or not (self._calls >= MOST_CALLS or (paid and self._spent >= budget)):
            return
        if engine not in self._refused:
            self._refused.add(engine)
            await self.note(Call(self._purpose, engine, "", "", Usage(0, 0), 0, "budget", "", 0))
        raise ProviderError("budget", engine=engine)

    async def note(self, call: Call) -> None:
        """Keep one attempt."""
        self._spent, self._calls = self._spent + (call.cost or 0), self._calls + 1
        if self._later is not None:
            self._later.append(call)
        else:
            await self._write([call])

    async def close(self) -> None:
        """Write what was kept for later."""
        if self._later:
            calls, self._later = self._later, []
            await self._write(calls)

    async def _write(self, calls: Sequence[Call]) -> None:
        ids = [uuid7() for _ in calls]
        async with self._context.database.write() as db:
            db.add_all(
                ModelCallRow(
                    id=id_, session_id=self._session_id, purpose=call.purpose, engine=call.engine[:240],
                    model=call.model[:240], prompt=call.prompt, input_tokens=call.usage.input_tokens,
                    output_tokens=call.usage.output_tokens, cost=call.cost, problem=call.problem,
                    request_id=call.request_id, milliseconds=call.milliseconds, at=self._context.clock(),
                )
                for id_, call in zip(ids, calls, strict=True)
            )  # fmt: skip
        self.written += ids


async def open_book(
    context: Context, db: AsyncSession, purpose: Purpose, session_id: UUID | None, *, later: bool = False
) -> SessionBook:
    """The book of a session with what was spent so far."""
    spent, calls = 0, 0
    if session_id is not None:
        totals = select(func.coalesce(func.sum(ModelCallRow.cost), 0), func.count())
        found = (await db.execute(totals.where(ModelCallRow.session_id == session_id))).one()
        spent, calls = (int(number or 0) for number in found)
    return SessionBook(context, purpose, session_id, spent, calls, later=later)


async def keep_for_interview(db: AsyncSession, calls: Sequence[UUID], interview_id: UUID) -> None:
    """Say which interview these calls prepared."""
    if calls:
        mine = update(ModelCallRow).where(ModelCallRow.id.in_(calls))
        await db.execute(mine.values(interview_id=interview_id))


async def charge_session(db: AsyncSession, interview_id: UUID, session_id: UUID) -> None:
    """Put what the interview's preparation cost on this session's bill, unless an earlier session has it already."""
    waiting = update(ModelCallRow).where(ModelCallRow.interview_id == interview_id)
    await db.execute(waiting.values(interview_id=None, session_id=session_id))


async def read_costs(db: AsyncSession, session_id: UUID, budget_usd: float | None = None) -> Costs:
    """What the session's models have cost so far, by purpose and engine. `budget_usd` is repeated."""
    row = ModelCallRow
    found = await db.execute(
        select(
            row.purpose,
            row.engine,
            func.sum(case((row.problem != "budget", 1), else_=0)),
            func.sum(case((row.problem.not_in(("", "budget")), 1), else_=0)),
            func.coalesce(func.sum(row.input_tokens), 0),
            func.coalesce(func.sum(row.output_tokens), 0),
            func.coalesce(func.sum(row.cost), 0),
            # A refused attempt without tokens costs nothing; an answered one without a price is unknown.
            func.sum(case(((row.cost.is_(None)) & (row.problem == ""), 1), else_=0)),
            func.sum(case((row.problem == "budget", 1), else_=0)),
        )
        .where(row.session_id == session_id)
        .group_by(row.purpose, row.engine)
        .order_by(row.purpose, row.engine)
    )
    lines, known, unknown, refused = list[CostLine](), 0, 0, 0
    for purpose, engine, *numbers in found:
        calls, failed, tokens_in, tokens_out, cost, without, stopped = (
            int(number or 0) for number in numbers
        )
        known, unknown, refused = known + cost, unknown + without, refused + stopped
        lines.append(
            CostLine(
                purpose=purpose, engine=engine, calls=calls, failed=failed, input_tokens=tokens_in,
                output_tokens=tokens_out, usd=None if without else cost / MILLION,
            )
        )  # fmt: skip
    return Costs(
        lines=lines, usd=known / MILLION, unknown=unknown, budget_usd=budget_usd, budget_spent=refused > 0, prices_as_of=prices.load().as_of.isoformat(),
    )  # fmt: skip


# Built once, because every turn reads it.
_METER = select(
    func.coalesce(func.sum(ModelCallRow.cost), 0),
    func.coalesce(
        func.sum(case(((ModelCallRow.cost.is_(None)) & (ModelCallRow.problem == ""), 1), else_=0)), 0
    ),
    func.coalesce(func.sum(case((ModelCallRow.problem == "budget", 1), else_=0)), 0),
).where(ModelCallRow.session_id == bindparam("session"))


async def read_meter(context: Context, db: AsyncSession, session_id: UUID) -> Meter | None:
    """What the session has cost so far; None while no model took part that costs anything."""
    found = (await db.execute(_METER, {"session": session_id})).one()
    known, unknown, refused = (int(number) for number in found)
    if not (known or unknown or refused):
        return None
    return Meter(
        usd=known / MILLION,
        unknown=unknown,
        budget_usd=context.settings.session_budget_usd,
        budget_spent=refused > 0,
    )


async def list_calls(
    db: AsyncSession, *, session_id: UUID | None = None, before: UUID | None = None, limit: int = 50
) -> list[CallView]:
    """Calls of one session, or all of this installation, newest first; no words are among it."""
    query = select(ModelCallRow).order_by(ModelCallRow.id.desc()).limit(limit)
    if session_id:
        query = query.where(ModelCallRow.session_id == session_id)
    rows = await db.scalars(query.where(ModelCallRow.id < before) if before else query)
    return [
        CallView(
            id=row.id, session_id=row.session_id, at=row.at, purpose=row.purpose, engine=row.engine, model=row.model,
            prompt=row.prompt, input_tokens=row.input_tokens, output_tokens=row.output_tokens,
            usd=None if row.cost is None else row.cost / MILLION, problem=row.problem, milliseconds=row.milliseconds,
        )
        for row in rows
    ]  # fmt: skip


async def sum_months(db: AsyncSession) -> list[MonthLine]:
    """What each engine has cost in each month, newest month first."""
    row = ModelCallRow
    month = func.substr(cast(row.at, String), 1, 7)
    found = await db.execute(
        select(
            month,
            row.engine,
            func.sum(case((row.problem != "budget", 1), else_=0)),
            func.coalesce(func.sum(row.cost), 0),
            func.sum(case(((row.cost.is_(None)) & (row.problem == ""), 1), else_=0)),
        )
        .group_by(month, row.engine)
        .order_by(month.desc(), row.engine)
        .limit(200)
    )
    lines = [(when, engine, *(int(number or 0) for number in numbers)) for when, engine, *numbers in found]
    return [
        MonthLine(month=when, engine=engine, calls=calls, usd=cost / MILLION, unknown=unknown)
        for when, engine, calls, cost, unknown in lines
        if calls
    ]
