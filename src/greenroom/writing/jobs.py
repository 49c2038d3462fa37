"""Background jobs of this slice."""

from uuid import UUID

from greenroom.kit.jobs import Job
from greenroom.kit.web import Context
from greenroom.writing import service


def writing_jobs(context: Context) -> list[Job]:
    """The jobs and their handlers."""

    async def write_questions(*, id: str) -> None:  # noqa: A002 - the job's argument
        await service.write(context, UUID(id))

    async def give_up(*, id: str) -> None:  # noqa: A002 - the job's argument
        await service.give_up(context, UUID(id))

    return [Job("write_questions", write_questions, on_failure=give_up)]
