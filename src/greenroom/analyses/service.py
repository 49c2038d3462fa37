"""Analysing transcripts in the background: counted by code first, then read by a model where that is agreed to."""

import asyncio
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession

from greenroom.accounts.requests import once
from greenroom.accounts.service import Actor
from greenroom.analyses.measure import measure
from greenroom.analyses.models import AnalysisRow
from greenroom.analyses.reading import read_by_model
from greenroom.analyses.schemas import Analysis, AnalysisCreate, Facts, Reading
from greenroom.analyses.transcript import Transcript, name_transcript, read_transcript
from greenroom.engines import service as engines
from greenroom.kit import deletion
from greenroom.kit.errors import NotFound
from greenroom.kit.web import Context

GAVE_UP = "The analysis failed on our side. The transcript is kept; delete it and paste it again."


def analyses_visible_to(actor: Actor) -> Select[AnalysisRow]:
    """The actor's transcripts that are not deleted."""
    return select(AnalysisRow).where(AnalysisRow.user_id == actor.user_id, AnalysisRow.deleted_at.is_(None))


async def find_analysis(db: AsyncSession, actor: Actor, analysis_id: UUID) -> AnalysisRow:
    """One transcript.

    Raises:
        NotFound: there is none with this id for the actor.
    """
    row = await db.scalar(analyses_visible_to(actor).where(AnalysisRow.id == analysis_id))
    if row is None:
        raise NotFound("There is no such analysis.")
    return row


def present(row: AnalysisRow, *, whole: bool = True) -> Analysis:
    """An analysis as the API shows it; without `whole` neither the text nor what was found."""
    return Analysis.model_validate(
        {
            "id": row.id, "title": row.title, "state": row.state, "created_at": row.created_at, "words": row.words,
            "problem": row.problem, "facts": row.facts if whole else None, "text": row.text if whole else "",
            "reading": row.reading if whole else Reading(),
        }
    )  # fmt: skip


async def create_analysis(
    context: Context, db: AsyncSession, actor: Actor, new: AnalysisCreate, key: str | None = None
) -> Analysis:
    """Keep a transcript and have it analysed.

    Raises:
        KeyReused: the key was used with another transcript.
    """

    async def make(new_id: UUID) -> None:
        title = new.title or name_transcript(new.text)
        db.add(
            AnalysisRow(
                id=new_id, user_id=actor.user_id, title=title, state="waiting", text=new.text,
                words=len(new.text.split()), send_to=list(new.send_to), facts=None,
                reading=Reading().model_dump(mode="json"), problem="", created_at=context.clock(), deleted_at=None,
            )
        )  # fmt: skip
        await db.flush()
        await context.queue.enqueue(db, "analyse_transcript", key=str(new_id), id=str(new_id))

    made = await once(db, actor, key, f"analysis:{new.model_dump_json()}", context.clock(), make)
    return present(await find_analysis(db, actor, made))


async def list_analyses(
    db: AsyncSession, actor: Actor, *, before: UUID | None = None, limit: int = 50
) -> list[Analysis]:
    """The newest first, without text; `before` is the last id of the page before."""
    query = analyses_visible_to(actor).order_by(AnalysisRow.id.desc()).limit(limit)
    if before is not None:
        query = query.where(AnalysisRow.id < before)
    return [present(row, whole=False) for row in await db.scalars(query)]


async def delete_analysis(context: Context, db: AsyncSession, actor: Actor, analysis_id: UUID) -> None:
    """Take a transcript and everything found in it off every list at once; ten seconds later it is really gone.

    Raises:
        NotFound: there is none with this id for the actor.
    """
    await deletion.begin(context, db, await find_analysis(db, actor, analysis_id), "purge_analysis")


async def restore_analysis(context: Context, db: AsyncSession, actor: Actor, analysis_id: UUID) -> None:
    """Undo a deletion within its ten seconds.

    Raises:
        NothingToRestore: it is gone, or never was.
    """
    await deletion.undo(db, AnalysisRow, analysis_id, actor.user_id, context.clock())


async def analyse(context: Context, analysis_id: UUID) -> None:
    """Count, keep, let a model read, keep. A second run starts where the first one stopped."""
    async with context.database.read() as db:
        row = await db.get(AnalysisRow, analysis_id)
        if row is None or row.state in ("ready", "failed"):
            return
        text, agreed = row.text, [str(name) for name in row.send_to]
    await _keep(context, analysis_id, "measuring")
    told, facts = await asyncio.to_thread(_measure, text)
    assigned = await engines.assign(context, "coach", None, agreed)
    if assigned is None:
        await _keep(context, analysis_id, "ready", facts=facts)
        return
    await _keep(context, analysis_id, "reading", facts=facts)
    reading = await read_by_model(assigned.model, told.utterances)
    await _keep(context, analysis_id, "ready", reading=reading)


def _measure(text: str) -> tuple[Transcript, Facts]:
    told = read_transcript(text)
    return told, measure(told)


async def give_up(context: Context, analysis_id: UUID) -> None:
    """The job failed: what was counted stays, and the page says so."""
    async with context.database.read() as db:
        row = await db.get(AnalysisRow, analysis_id)
    if row is None:
        return
    if row.facts is None:
        await _keep(context, analysis_id, "failed", problem=GAVE_UP)
    else:
        await _keep(context, analysis_id, "ready", reading=Reading(reason="the work failed on our side"))


async def _keep(
    context: Context, analysis_id: UUID, state: str, *, facts: Facts | None = None, reading: Reading | None = None,
    problem: str = "",
) -> None:  # fmt: skip
    async with context.database.write() as db:
        row = await db.get(AnalysisRow, analysis_id, with_for_update=True)
        if row is None:  # deleted meanwhile
            return
        row.state, row.problem = state, problem
        if facts is not None:
            row.facts = facts.model_dump(mode="json")
        if reading is not None:
            row.reading = reading.model_dump(mode="json")
