"""Background jobs of this slice."""

from uuid import UUID

from greenroom.grading import regrading, service
from greenroom.grading.judging import Choice
from greenroom.kit.jobs import Job
from greenroom.kit.web import Context

FAILED = "The engine failed three times; the earlier judgement stands."


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

    async def regrade_answer(*, regrade_id: str, question_id: str) -> None:
        await regrading.regrade_answer(context, UUID(regrade_id), question_id)

    async def leave_as_it_was(*, regrade_id: str, question_id: str) -> None:
        await regrading.give_up(context, UUID(regrade_id), question_id, FAILED)

    return [
        Job("grade_answer", grade_answer, on_failure=give_up),
        Job("regrade_answer", regrade_answer, on_failure=leave_as_it_was),
    ]
