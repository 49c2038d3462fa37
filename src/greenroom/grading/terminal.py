"""`greenroom regrade` and `greenroom calibration`: the same services, for a terminal on this machine."""

import asyncio
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from uuid import UUID

import typer

from greenroom.accounts.service import local_actor
from greenroom.grading import regrading
from greenroom.grading.calibration import read_calibration, render_calibration
from greenroom.grading.schemas import JudgedBy, Regrade, RegradeCreate
from greenroom.kit.errors import Problem
from greenroom.kit.web import Context

Opened = Callable[[], AbstractAsyncContextManager[Context]]


def regrade(opened: Opened, session_id: UUID, wanted: RegradeCreate, *, as_json: bool) -> int:
    """Judge a session again here and now, and print both judgements of every answer; 1 when that cannot be."""

    async def run() -> Regrade:
        async with opened() as context:
            async with context.database.write() as db:
                made = await regrading.start_regrade(
                    context, db, await local_actor(), session_id, wanted, None
                )
            async with context.database.read() as db:
                waiting = await regrading.read_regrade(db, await local_actor(), session_id, made)
            for n, answer in enumerate(waiting.answers, start=1):
                typer.echo(f"{n} of {waiting.total} …", err=True)
                await regrading.regrade_answer(context, made, answer.question_id)
            async with context.database.read() as db:
                return await regrading.read_regrade(db, await local_actor(), session_id, made)

    try:
        done = asyncio.run(run())
    except Problem as problem:
        typer.echo(f"greenroom: {problem.detail}", err=True)
        return 1
    typer.echo(done.model_dump_json(indent=2) if as_json else render_regrade(done))
    return 0


def render_regrade(done: Regrade) -> str:
    """Both judgements of every answer, and over all."""
    rows = [
        f"{answer.number:>3}  {_shown(answer.before)} -> {_shown(answer.after)}  {_signed(answer.difference)}"
        + ("" if answer.apart or answer.difference is None else "  (the intervals touch)")
        for answer in done.answers
    ]
    whole = f"all  {done.overall.before} -> {done.overall.after}  {_signed(done.overall.difference)}"
    return "\n".join([*rows, whole])


def _shown(judged: JudgedBy | None) -> str:
    if judged is None:
        return "-"
    return f"{'-' if judged.score is None else judged.score} [{judged.version}]"


def _signed(difference: int | None) -> str:
    return "" if difference is None else f"{difference:+d}"


def calibrate(opened: Opened, *, as_json: bool) -> int:
    """Print where own levels and objections differ from the evaluator's levels."""

    async def run() -> str:
        async with opened() as context, context.database.read() as db:
            report = await read_calibration(db, await local_actor())
        return report.model_dump_json(indent=2) if as_json else render_calibration(report)

    typer.echo(asyncio.run(run()))
    return 0
