"""What a job target moves in the blueprint: competencies its advertisement asks for, and those its goals name. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from greenroom.interviews.schemas import PlanBlock
from greenroom.interviews.selection import words
from greenroom.library.schemas import Competency
from greenroom.library.taxonomy import CompetencyInfo

ASKED: Final = (1.5, 1.2, 0.9)
"""How much weight the competencies a job asks for most gain; the weights of a blueprint go from 0.4 to 8."""
NAMED: Final = 3.0
"""What a competency gains that the person's own goals name: it is what they came to practise."""
VAGUE: Final = frozenset(words("role", "knowledge", "focus", "making", "thinking"))
"""Words of competencies' names that say nothing by themselves."""


@dataclass(frozen=True)
class Leaning:
    """How much weight a competency gains, and why, as the end of a sentence."""

    weight: float
    why: str


Leanings = Mapping[Competency, Leaning]


def lean(
    asked: Sequence[Competency], goals: str, competencies: Mapping[Competency, CompetencyInfo]
) -> dict[Competency, Leaning]:
    """Leanings of a job target: `asked` are its competencies, the most wanted first."""
    found: dict[Competency, Leaning] = {
        competency: Leaning(weight, "the job asks for it")
        for competency, weight in zip(asked, ASKED, strict=False)
    }
    wanted = words(goals)
    for slug, info in competencies.items():
        if wanted & (words(info.title, slug.replace("_", " ")) - VAGUE):
            before = found[slug].weight if slug in found else 0.0
            found[slug] = Leaning(before + NAMED, "your goals name it")
    return found


def explain(blocks: list[PlanBlock], leanings: Leanings) -> list[PlanBlock]:
    """The blocks with what a job target has moved said in their reasons."""
    explained: list[PlanBlock] = []
    for block in blocks:
        leaning = leanings.get(block.competency) if block.competency else None
        why = f"{block.why[:-1]}, and {leaning.why}." if leaning else block.why
        explained.append(block.model_copy(update={"why": why}))
    return explained
