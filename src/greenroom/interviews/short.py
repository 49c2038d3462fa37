"""Plans of short sessions: chosen questions only, without opening, warm-up or the candidate's own questions. Pure."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from greenroom.interviews.schemas import PersonaSlug, Plan, PlanBlock
from greenroom.library.contents import Library
from greenroom.library.schemas import Competency, Item

ROOM_S = 90
"""Beside the longest answer of an item: reading it, and a follow-up."""
PROBES_A_QUESTION = 2


@dataclass(frozen=True)
class Chosen:
    """A question to ask: its item with the hash it is frozen under, who asks it, and for which competency."""

    item: Item
    hash: str
    persona: PersonaSlug
    competency: Competency


def build(of: Plan, chosen: Sequence[Chosen], library: Library, *, minutes: int | None = None) -> Plan:
    """A plan that asks exactly `chosen`, with the panel, level and role of another plan.

    Minutes follow from the items' own longest answers unless they are given.
    """
    order = {card.slug: at for at, card in enumerate(of.panel)}
    asked = sorted(chosen, key=lambda question: order[question.persona])
    blocks: list[PlanBlock] = []
    start = 0
    for question in asked:
        info = library.competencies[question.competency]
        seconds = question.item.duration_s.max + ROOM_S
        blocks.append(
            PlanBlock(
                kind="core", start_s=start, seconds=seconds, persona=question.persona,
                competency=question.competency, title=info.title, why=f"{info.title}: {info.why}.",
            )
        )  # fmt: skip
        start += seconds
    blocks.append(PlanBlock(kind="close", start_s=start, seconds=0, persona=blocks[0].persona, title="Close"))
    speaking = {block.persona for block in blocks}
    return of.model_copy(
        update={
            "minutes": minutes or math.ceil(start / 60),
            "blocks": blocks,
            "panel": [card for card in of.panel if card.slug in speaking],
            "probes_max": PROBES_A_QUESTION * len(asked),
            "pool": {question.item.id: question.hash for question in asked},
            "notes": [],
            "rounds": 1,
            "later": [],
        }
    )
