"""Criteria to dimensions to overall. Pure: same judgements, same numbers, in whatever order they come.

Levels are 1-5. What was not observed weighs nothing, neither for nor against. The interval of a mean joins two doubts:
how sure each level is (half-widths taken as independent between answers, and as one and the same within an answer) and
how much the answers differ among themselves.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import fsum, hypot, sqrt
from typing import Literal

from greenroom.grading.schemas import CriterionResult, Grade
from greenroom.library.schemas import CriterionId

Dimension = Literal[
    "content", "depth", "structure", "communication", "soft_skills", "technical_accuracy",
    "timing", "role_fit", "company_fit",
]  # fmt: skip

HALF_WIDTH_IN_SIGMAS = 1.28  # the graders' intervals are made to hold eight answers in ten
LEAST_ANSWERS = 2  # one answer is an answer, not an interview
CRITERIA_SHARE = 0.5  # of what sets a criterion apart from the others goes into its dimension
CRITERION_HALF = 1.0  # levels by which a single criterion, judged by rules, is taken to be unsure


@dataclass(frozen=True, slots=True)
class Estimate:
    """A level with its interval, all 1-5."""

    level: float
    low: float
    high: float

    @property
    def half(self) -> float:
        """Half of the interval as it was before the scale cut it: intervals are drawn evenly around the level, so
        the longer side is whole unless both were cut (from 2 levels on)."""
        return max(self.high - self.level, self.level - self.low)


@dataclass(frozen=True, slots=True)
class Scheme:
    """Criteria of each dimension with their weights; weights of dimensions by type of question and family of role."""

    dimensions: Mapping[Dimension, Mapping[CriterionId, float]]
    types: Mapping[str, Mapping[Dimension, float]]
    families: Mapping[str, Mapping[Dimension, float]]

    def weight(self, dimension: Dimension, kind: str, family: str) -> float:
        """What a dimension weighs in a question of this type for a role of this family; 1 where nothing is said."""
        return self.types.get(kind, {}).get(dimension, 1.0) * self.families.get(family, {}).get(
            dimension, 1.0
        )


@dataclass(frozen=True, slots=True)
class Folded:
    """A level for all together and for each dimension; None where nothing was observed."""

    overall: Estimate | None
    dimensions: Mapping[Dimension, Estimate | None]


def estimate_of(grade: Grade) -> Estimate | None:
    """The level of one answer with its interval; None when there is no number."""
    if grade.level is None or grade.low is None or grade.high is None:
        return None
    return Estimate(grade.level, grade.low, grade.high)


def fold_answer(
    judged: Estimate | None, criteria: Sequence[CriterionResult], scheme: Scheme, kind: str, family: str = ""
) -> Folded:
    """One answer: its level, and each dimension that a criterion shows.

    The level is calibrated on answers as a whole, criteria are judged by rules. So criteria spread the dimensions
    around the level and leave their weighted mean where it is; letting them move it by a quarter raised the error on
    answers of another hand from 0.68 to 0.74 levels.
    """
    if judged is None:
        return Folded(None, dict[Dimension, Estimate | None].fromkeys(scheme.dimensions))
    own: dict[Dimension, float | None] = {
        name: _mean_criterion(criteria, parts) for name, parts in scheme.dimensions.items()
    }
    seen = [(value, scheme.weight(name, kind, family)) for name, value in own.items() if value is not None]
    total = fsum(w for _, w in seen)
    centre = fsum(value * w for value, w in seen) / total if total else judged.level
    half = hypot(judged.half, CRITERIA_SHARE * CRITERION_HALF)
    spread: dict[Dimension, Estimate | None] = {
        name: None if value is None else _around(judged.level + CRITERIA_SHARE * (value - centre), half)
        for name, value in own.items()
    }
    return Folded(judged, spread)


def _mean_criterion(criteria: Sequence[CriterionResult], parts: Mapping[CriterionId, float]) -> float | None:
    """The weighted mean level of a dimension's criteria that were observed."""
    seen = [
        (criterion.level, parts[criterion.id])
        for criterion in criteria
        if criterion.id in parts and criterion.level is not None and criterion.state != "not_observed"
    ]
    return fsum(level * w for level, w in seen) / fsum(w for _, w in seen) if seen else None


def fold_answers(answers: Iterable[Folded], scheme: Scheme) -> Folded:
    """Several answers, each with the same weight: overall, and each dimension over the answers that show it."""
    found = list(answers)
    return Folded(
        combine(one.overall for one in found),
        {name: combine(one.dimensions.get(name) for one in found) for name in scheme.dimensions},
    )


def combine(found: Iterable[Estimate | None]) -> Estimate | None:
    """The mean level of what was observed, every estimate with the same weight; None without any."""
    seen = [one for one in found if one is not None]
    if len(seen) < 2:  # one answer keeps its own interval
        return seen[0] if seen else None
    count = len(seen)
    level = fsum(one.level for one in seen) / count
    own = fsum((one.half / HALF_WIDTH_IN_SIGMAS) ** 2 for one in seen) / count**2
    between = fsum((one.level - level) ** 2 for one in seen) / (count - 1) / count
    return _around(level, HALF_WIDTH_IN_SIGMAS * sqrt(own + between))


def _around(level: float, half: float) -> Estimate:
    level = min(5.0, max(1.0, level))
    return Estimate(level, max(1.0, level - half), min(5.0, level + half))
