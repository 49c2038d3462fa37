"""Background jobs of this slice."""

from uuid import UUID

from greenroom.analyses import service
from greenroom.analyses.models import AnalysisRow
from greenroom.kit import deletion
from greenroom.kit.jobs import Job
from greenroom.kit.web import Context


def analysis_jobs(context: Context) -> list[Job]:
    """The jobs and their handlers."""

    async def analyse_transcript(*, id: str) -> None:  # noqa: A002 - the job's argument
        await service.analyse(context, UUID(id))

    async def give_up(*, id: str) -> None:  # noqa: A002 - the job's argument
        await service.give_up(context, UUID(id))

    async def purge_analysis(*, id: str, deleted_at: str) -> None:  # noqa: A002 - the job's argument
        async with context.database.write() as db:
            await deletion.complete(db, AnalysisRow, UUID(id), deleted_at)

    return [
        Job("analyse_transcript", analyse_transcript, on_failure=give_up),
        Job("purge_analysis", purge_analysis),
    ]
