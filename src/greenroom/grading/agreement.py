"""Agreement of scores with those of people: correlation, error, weighted kappa, labels; bootstrap by question.

Scores are shares 0-1. Intervals resample whole questions, because answers to one question go together.
"""

import math
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

CORRECT = 0.75  # level 4: the share from which an answer counts as correct where people gave labels only
_LEVELS = 5


@dataclass(frozen=True, slots=True)
class Pair:
    """One answer: its question, the score people gave and the score given here."""

    question: str
    human: float
    given: float


@dataclass(frozen=True, slots=True)
class Figure:
    """A value with its 95% bootstrap interval."""

    value: float
    low: float
    high: float


Statistic = Callable[[Sequence[Pair]], float]


def pearson(pairs: Sequence[Pair]) -> float:
    """Pearson's r over all answers; nan where one side does not vary."""
    n = len(pairs)
    if n < 2:
        return math.nan
    mean_h, mean_g = sum(p.human for p in pairs) / n, sum(p.given for p in pairs) / n
    cov = sum((p.human - mean_h) * (p.given - mean_g) for p in pairs)
    var_h = sum((p.human - mean_h) ** 2 for p in pairs)
    var_g = sum((p.given - mean_g) ** 2 for p in pairs)
    return cov / math.sqrt(var_h * var_g) if var_h > 1e-12 and var_g > 1e-12 else math.nan


def within_question(pairs: Sequence[Pair]) -> float:
    """Pearson's r inside each question, averaged over questions in which both sides vary."""
    values = [r for group in by_question(pairs).values() if not math.isnan(r := pearson(group))]
    return sum(values) / len(values) if values else math.nan


def rmse(pairs: Sequence[Pair]) -> float:
    """Root mean squared error on the 0-1 scale."""
    return math.sqrt(sum((p.human - p.given) ** 2 for p in pairs) / len(pairs)) if pairs else math.nan


def kappa(pairs: Sequence[Pair]) -> float:
    """Quadratic weighted kappa over five levels."""
    cells = [(round(p.human * (_LEVELS - 1)), round(p.given * (_LEVELS - 1))) for p in pairs]
    rows = [sum(h == i for h, _ in cells) for i in range(_LEVELS)]
    columns = [sum(g == i for _, g in cells) for i in range(_LEVELS)]
    seen = sum((h - g) ** 2 for h, g in cells)
    expected = sum(rows[i] * columns[j] * (i - j) ** 2 for i in range(_LEVELS) for j in range(_LEVELS)) / max(
        1, len(cells)
    )
    return 1 - seen / expected if expected else math.nan


def macro_f1(pairs: Sequence[Pair], *, cut: float = CORRECT) -> float:
    """Mean F1 of correct and not correct; people's score counts as correct above a half."""
    scores: list[float] = []
    for wanted in (True, False):
        true = sum((p.human > 0.5) is wanted and (p.given >= cut) is wanted for p in pairs)
        said = sum((p.given >= cut) is wanted for p in pairs)
        real = sum((p.human > 0.5) is wanted for p in pairs)
        scores.append(2 * true / (said + real) if said + real else 0.0)
    return sum(scores) / 2


def is_labelled(pairs: Sequence[Pair]) -> bool:
    """Whether people gave two labels only, not scores."""
    return {p.human for p in pairs} <= {0.0, 1.0}


def by_question(pairs: Sequence[Pair]) -> dict[str, list[Pair]]:
    """The pairs of each question."""
    groups: dict[str, list[Pair]] = {}
    for pair in pairs:
        groups.setdefault(pair.question, []).append(pair)
    return groups


def bootstrap(pairs: Sequence[Pair], statistic: Statistic, *, times: int = 400, seed: int = 1) -> Figure:
    """The statistic with its 95% interval from resampled questions; deterministic for a seed."""
    groups = list(by_question(pairs).values())
    rng = random.Random(seed)
    values: list[float] = []
    for _ in range(times):
        drawn = [pair for _ in groups for pair in rng.choice(groups)]
        value = statistic(drawn)
        if not math.isnan(value):
            values.append(value)
    values.sort()
    if len(values) < 20:
        return Figure(statistic(pairs), math.nan, math.nan)
    return Figure(statistic(pairs), values[int(0.025 * len(values))], values[int(0.975 * len(values))])


def recalibrate(pairs: Sequence[Pair], *, parts: int = 10) -> list[Pair]:
    """The same pairs with scores mapped to the people's scale, the map fitted on other questions each time.

    Isotonic, so the order within a question hardly changes: it shows what is left when only the graders'
    leniency is learned. Needs at least two questions; else the pairs come back as they were.
    """
    questions = sorted(by_question(pairs))
    if len(questions) < 2:
        return list(pairs)
    part_of = {question: n % min(parts, len(questions)) for n, question in enumerate(questions)}
    done: list[Pair] = []
    for part in range(min(parts, len(questions))):
        known = [p for p in pairs if part_of[p.question] != part]
        curve = isotonic([(p.given, p.human) for p in known])
        done += [
            Pair(p.question, p.human, step(curve, p.given)) for p in pairs if part_of[p.question] == part
        ]
    return done


def isotonic(points: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """The best rising fit (pool adjacent violators), as block centres and values."""
    blocks: list[list[float]] = []  # sum x, sum y, count
    for x, y in sorted(points):
        blocks.append([x, y, 1.0])
        while len(blocks) > 1 and blocks[-2][1] / blocks[-2][2] >= blocks[-1][1] / blocks[-1][2]:
            last = blocks.pop()
            blocks[-1] = [a + b for a, b in zip(blocks[-1], last, strict=True)]
    return [(x / n, y / n) for x, y, n in blocks]


def step(curve: Sequence[tuple[float, float]], at: float) -> float:
    """The fitted value at a place, linear between block centres."""
    if at <= curve[0][0]:
        return curve[0][1]
    for (x0, y0), (x1, y1) in pairwise(curve):
        if at <= x1:
            return y0 + (y1 - y0) * (at - x0) / (x1 - x0) if x1 > x0 else y1
    return curve[-1][1]
