"""The book of calls: every attempt is a row, and a session's money ends at its budget."""

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
    """Books the calls of one session, or of none (research). The budget counts what is known to have been spent."""

    def __init__(self, context: Context, session_id: UUID | None) -> None:
        self._context, self._session_id = context, session_id

    async def allow(self) -> None:
        """Raises ProviderError("budget") when the session's money or calls are used up."""
        if self._session_id is None:
            return
        async with self._context.database.read() as db:
            spent, calls = (
                await db.execute(
                    select(func.coalesce(func.sum(ModelCallRow.cost), 0), func.count()).where(
                        ModelCallRow.session_id == self._session_id
                    )
                )
            ).one()
        if calls >= MOST_CALLS or (spent and spent >= self._context.settings.session_budget_usd * MILLION):
            raise ProviderError("budget")

    async def note(self, call: Call) -> None:
        """Keep one attempt."""
        async with self._context.database.write() as db:
            db.add(
                ModelCallRow(
                    id=uuid7(), session_id=self._session_id, purpose=call.purpose, engine=call.engine[:240],
                    model=call.model[:240], prompt=call.prompt, input_tokens=call.usage.input_tokens,
                    output_tokens=call.usage.output_tokens, cost=call.cost, problem=call.problem,
                    request_id=call.request_id, milliseconds=call.milliseconds, at=self._context.clock(),
                )
            )  # fmt: skip


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
