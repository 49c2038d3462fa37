"""Levels over several answers, with their doubt. Pure.

Every answer weighs the same. The interval of a mean joins two doubts: how sure each answer's level is (half-widths of
their intervals, taken as independent) and how much the answers differ among themselves (standard error of the mean).
Numbers of different rubric versions of the same item never meet here: a session freezes its items.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import fmean, variance

from greenroom.grading.rubric import confidence_of, score_of
from greenroom.grading.schemas import Grade
from greenroom.library.schemas import Level
from greenroom.reports.schemas import Interval, Stand

TARGETS: dict[Level, float] = {"entry": 3.0, "mid": 3.5, "senior": 4.0, "lead": 4.0}
"""The level of the anchors a prepared candidate reaches; items are chosen for the interview's level already."""
HALF_WIDTH_IN_SIGMAS = 1.28  # the graders' intervals are made to hold eight answers in ten
LEAST_ANSWERS = 2  # one answer is an answer, not an interview


@dataclass(frozen=True)
class Mean:
    """A level with its interval, all 1-5."""

    level: float
    low: float
    high: float


def average(grades: Sequence[Grade]) -> Mean | None:
    """The mean level of assessed answers; None without any."""
    found = [
        (g.level, g.low, g.high)
        for g in grades
        if g.level is not None and g.low is not None and g.high is not None
    ]
    if not found:
        return None
    levels = [level for level, _, _ in found]
    count = len(found)
    own = fmean(((high - low) / 2 / HALF_WIDTH_IN_SIGMAS) ** 2 for _, low, high in found) / count
    between = variance(levels) / count if count > 1 else 0.0
    half = HALF_WIDTH_IN_SIGMAS * sqrt(own + between)
    level = fmean(levels)
    return Mean(level, max(1.0, level - half), min(5.0, level + half))


def present(mean: Mean | None, target_of: Level) -> Interval | None:
    """The mean as the report shows it, rounded to a tenth, with the target of the interview's level."""
    if mean is None:
        return None
    level, low, high = (round(value, 1) for value in (mean.level, mean.low, mean.high))
    return Interval(
        level=level, low=low, high=high, target=TARGETS[target_of],
        score=score_of(level), score_low=score_of(low), score_high=score_of(high),
        confidence=confidence_of(low, high),
    )  # fmt: skip


def judge_stand(judged: Interval | None) -> Stand:
    """Where a level stands against its target; claimed only when the interval leaves no doubt."""
    if judged is None:
        return "not_observed"
    if judged.low > judged.target:
        return "above"
    if judged.high < judged.target:
        return "below"
    return "at" if abs(judged.level - judged.target) <= 0.25 else "maybe"
