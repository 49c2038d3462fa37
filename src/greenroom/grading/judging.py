"""Which engine judges an answer: the built-in always does, a model on top of it where one is set up and agreed to."""

import asyncio
from collections.abc import Collection
from typing import Literal
from uuid import UUID

from greenroom.engines import service as engines
from greenroom.grading.builtin import grade
from greenroom.grading.builtin.weights import Tier
from greenroom.grading.model import grade_by_model
from greenroom.grading.schemas import Grade
from greenroom.grading.tiers import open_tier
from greenroom.interviews.replay import Root
from greenroom.kit.web import Context
from greenroom.library.schemas import Item
from greenroom.settings import Settings

Choice = Literal["set_up", "builtin", "lexical", "embeddings"]
"""The engines that are set up; the built-in alone, in the tier of the settings; or in this tier."""

TIERS: dict[Choice, Tier] = {"lexical": "lexical", "embeddings": "embeddings"}


async def judge(
    context: Context, session_id: UUID, agreed: Collection[str], item: Item, root: Root, choice: Choice
) -> Grade:
    """The grade of an answer with its follow-ups. `agreed` names the recipients that may get it.

    Raises:
        TierMissing: the choice names a tier that cannot be had.
    """
    builtin = await asyncio.to_thread(_judge_here, context.settings, item, root, TIERS.get(choice))
    if choice != "set_up":
        return builtin
    assigned = await engines.assign(context, "evaluator", session_id, agreed)
    if assigned is None:
        return builtin
    return await grade_by_model(assigned.model, item, root.turns, builtin, asked=root.asked)


def _judge_here(settings: Settings, item: Item, root: Root, wanted: Tier | None) -> Grade:
    tier, embed, note = open_tier(settings, wanted)
    judged = grade(item, root.turns, tier=tier, embed=embed, asked=root.asked)
    return judged.model_copy(update={"reasons": [*judged.reasons, note]}) if note else judged
