"""Background jobs of this slice."""

from uuid import UUID

from greenroom.grading import service
from greenroom.grading.judging import Choice
from greenroom.kit.jobs import Job
from greenroom.kit.web import Context


def grading_jobs(context: Context) -> list[Job]:
    """The jobs and their handlers. `attempt` is absent when the answer is judged for the first time."""

    async def grade_answer(
        *, session_id: str, question_id: str, attempt: str = "1", choice: Choice = "set_up"
    ) -> None:
        await service.grade_answer(context, UUID(session_id), question_id, int(attempt), choice)

    async def give_up(
        *, session_id: str, question_id: str, attempt: str = "1", choice: Choice = "set_up"
    ) -> None:
        del choice
        await service.mark_failed(context, UUID(session_id), question_id, int(attempt))

    return [Job("grade_answer", grade_answer, on_failure=give_up)]
