"""Levels over several answers, with their doubt. Pure.

Every answer weighs the same. The interval of a mean joins two doubts: how sure each answer's level is (half-widths of
their intervals, taken as independent) and how much the answers differ among themselves (standard error of the mean).
Numbers of different rubric versions of the same item never meet here: a session freezes its items. Judgements of
different engines, tiers or engine versions are never averaged either: `agree` says whether they may meet.
"""

from collections.abc import Iterable, Sequence

from greenroom.grading.folds import Estimate, combine, estimate_of
from greenroom.grading.rubric import confidence_of, score_of
from greenroom.grading.schemas import Grade
from greenroom.library.schemas import Level
from greenroom.reports.schemas import Change, Interval, Stand

TARGETS: dict[Level, float] = {"entry": 3.0, "mid": 3.5, "senior": 4.0, "lead": 4.0}
"""The level of the anchors a prepared candidate reaches; items are chosen for the interview's level already."""
AT_TARGET = 0.25  # levels around the target that count as being at it


Version = tuple[str, str, str]
"""Engine, tier and engine version of a judgement."""


Mean = Estimate
mean_of = estimate_of


def version_of(grade: Grade) -> Version:
    """Who judged, as far as numbers of two judgements may be put together."""
    return grade.source.engine, grade.source.tier, grade.source.engine_version


def agree(versions: Iterable[Version]) -> bool:
    """Whether judgements of these versions may be averaged or set against each other."""
    return len(set(versions)) <= 1


def average_grades(grades: Sequence[Grade]) -> Mean | None:
    """The mean level of assessed answers; None without any, and where different versions judged."""
    if not agree(map(version_of, grades)):
        return None
    return average([mean for mean in map(mean_of, grades) if mean])


def average(found: Sequence[Mean]) -> Mean | None:
    """The mean of levels, every answer with the same weight; None without any."""
    return combine(found)


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
    return "at" if abs(judged.level - judged.target) <= AT_TARGET else "maybe"


def reaches(judged: Interval) -> bool:
    """Whether the best estimate is at its target or above."""
    return judged.level >= judged.target - AT_TARGET


def judge_change(before: Interval | None, after: Interval | None, *, comparable: bool) -> Change:
    """What may be said about two levels: a change is claimed only when their intervals do not touch."""
    if before is None or after is None:
        return "unseen"
    if not comparable:
        return "versions"
    if after.low > before.high:
        return "higher"
    return "lower" if after.high < before.low else "unclear"
