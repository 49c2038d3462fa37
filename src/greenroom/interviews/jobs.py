"""Background jobs of this slice."""

from uuid import UUID

from greenroom.interviews import own_items, remembering, service
from greenroom.interviews.models import InterviewRow, SessionRow
from greenroom.kit.jobs import Job
from greenroom.kit.web import Context


def interview_jobs(context: Context) -> list[Job]:
    """The jobs and their handlers."""

    async def purge_interview(*, id: str, deleted_at: str) -> None:  # noqa: A002 - the job's argument
        async with context.database.write() as db:
            await service.purge(db, InterviewRow, UUID(id), deleted_at)

    async def purge_session(*, id: str, deleted_at: str) -> None:  # noqa: A002 - the job's argument
        async with context.database.write() as db:
            await service.purge(db, SessionRow, UUID(id), deleted_at)

    async def remember_answer(*, session_id: str, question_id: str) -> None:
        await remembering.remember(context, UUID(session_id), question_id)

    async def remember_all(*, user_id: str) -> None:
        await remembering.remember_all(context, UUID(user_id))

    async def purge_item(*, id: str, removed_at: str) -> None:  # noqa: A002 - the job's argument
        await own_items.purge_item(id, removed_at)

    return [
        Job("purge_interview", purge_interview),
        Job("purge_session", purge_session),
        Job("purge_item", purge_item),
        Job("remember_answer", remember_answer),
        Job("remember_all", remember_all),
    ]
