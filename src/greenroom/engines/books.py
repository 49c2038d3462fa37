"""The book of calls: every attempt is a row, and a session's money ends at its budget."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import case, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from greenroom.engines.models import ModelCallRow
from greenroom.engines.schemas import CostLine, Costs
from greenroom.kit.ids import uuid7
from greenroom.kit.web import Context
from greenroom.providers import prices
from greenroom.providers.llm.base import ProviderError
from greenroom.providers.llm.guarded import Call

MILLION = 1_000_000
# A model without a known price has no cost to count: its calls are.
MOST_CALLS = 600


class SessionBook:
    """Books the calls of one piece of work in a session, or in none (a trial).

    What was spent before is read once; what this work spends is added as it goes. With `later` the rows are written
    by `close`, when nobody waits any more.
    """

    def __init__(
        self, context: Context, session_id: UUID | None, spent: int, calls: int, *, later: bool
    ) -> None:
        self._context, self._session_id = context, session_id
        self._spent, self._calls = spent, calls
        self._later: list[Call] | None = [] if later else None

    async def allow(self) -> None:
        """Raises ProviderError("budget") when the session's money or calls are used up."""
        budget = self._context.settings.session_budget_usd * MILLION
        if self._session_id and (self._calls >= MOST_CALLS or (self._spent > 0 and self._spent >= budget)):
            raise ProviderError("budget")

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
        async with self._context.database.write() as db:
            db.add_all(
                ModelCallRow(
                    id=uuid7(), session_id=self._session_id, purpose=call.purpose, engine=call.engine[:240],
                    model=call.model[:240], prompt=call.prompt, input_tokens=call.usage.input_tokens,
                    output_tokens=call.usage.output_tokens, cost=call.cost, problem=call.problem,
                    request_id=call.request_id, milliseconds=call.milliseconds, at=self._context.clock(),
                )
                for call in calls
            )  # fmt: skip


async def open_book(
    context: Context, db: AsyncSession, session_id: UUID | None, *, later: bool = False
) -> SessionBook:
    """The book of a session with what was spent so far."""
    spent, calls = 0, 0
    if session_id is not None:
        totals = select(func.coalesce(func.sum(ModelCallRow.cost), 0), func.count())
        found = (await db.execute(totals.where(ModelCallRow.session_id == session_id))).one()
        spent, calls = (int(number or 0) for number in found)
    return SessionBook(context, session_id, spent, calls, later=later)


async def read_costs(context: Context, db: AsyncSession, session_id: UUID) -> Costs:
    """What the session's models have cost so far, by purpose and engine."""
    row = ModelCallRow
    found = await db.execute(
        select(
            row.purpose,
            row.engine,
            func.count(),
            func.sum(case((row.problem != "", 1), else_=0)),
            func.coalesce(func.sum(row.input_tokens), 0),
            func.coalesce(func.sum(row.output_tokens), 0),
            func.coalesce(func.sum(row.cost), 0),
            # A refused attempt without tokens costs nothing; an answered one without a price is unknown.
            func.sum(case(((row.cost.is_(None)) & (row.problem == ""), 1), else_=0)),
        )
        .where(row.session_id == session_id)
        .group_by(row.purpose, row.engine)
        .order_by(row.purpose, row.engine)
    )
    lines, known, unknown = list[CostLine](), 0, 0
    for purpose, engine, *numbers in found:
        calls, failed, tokens_in, tokens_out, cost, without = (int(number or 0) for number in numbers)
        known, unknown = known + cost, unknown + without
        lines.append(
            CostLine(
                purpose=purpose, engine=engine, calls=calls, failed=failed, input_tokens=tokens_in,
                output_tokens=tokens_out, usd=None if without else cost / MILLION,
            )
        )  # fmt: skip
    return Costs(
        lines=lines, usd=known / MILLION, unknown=unknown, budget_usd=context.settings.session_budget_usd,
        prices_as_of=prices.load().as_of.isoformat(),
    )  # fmt: skip
