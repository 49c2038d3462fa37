"""Which engine judges an answer: the built-in always does, a model on top of it where one is set up and agreed to."""

import asyncio
from collections.abc import Collection
from typing import Literal
from uuid import UUID

from greenroom.engines import service as engines
from greenroom.grading.builtin import grade
from greenroom.grading.model import grade_by_model
from greenroom.grading.schemas import Grade
from greenroom.interviews.replay import Root
from greenroom.kit.web import Context
from greenroom.library.schemas import Item

Choice = Literal["set_up", "builtin"]


async def judge(
    context: Context, session_id: UUID, agreed: Collection[str], item: Item, root: Root, choice: Choice
) -> Grade:
    """The grade of an answer with its follow-ups. `agreed` names the recipients that may get it; `choice` is the
    engines that are set up, or the built-in alone."""
    builtin = await asyncio.to_thread(grade, item, root.turns, asked=root.asked)
    if choice == "builtin":
        return builtin
    assigned = await engines.assign(context, "evaluator", session_id, agreed)
    if assigned is None:
        return builtin
    return await grade_by_model(assigned.model, item, root.turns, builtin, asked=root.asked)
