"""Background jobs of this slice."""

from uuid import UUID

from greenroom.advice import service
from greenroom.kit.jobs import Job
from greenroom.kit.web import Context


def advice_jobs(context: Context) -> list[Job]:
    """The jobs and their handlers. A recap's `attempt` is absent when the session has just ended."""

    async def rewrite_answer(*, session_id: str, question_id: str, attempt: str) -> None:
        await service.write_rewrite(context, UUID(session_id), question_id, int(attempt))

    async def give_up_rewrite(*, session_id: str, question_id: str, attempt: str) -> None:
        await service.give_up_rewrite(context, UUID(session_id), question_id, int(attempt))

    async def write_recap(*, session_id: str, attempt: str = "1") -> None:
        await service.write_recap(context, UUID(session_id), int(attempt))

    async def give_up_recap(*, session_id: str, attempt: str = "1") -> None:
        await service.give_up_recap(context, UUID(session_id), int(attempt))

    return [
        Job("rewrite_answer", rewrite_answer, on_failure=give_up_rewrite),
        Job("write_recap", write_recap, on_failure=give_up_recap),
    ]
