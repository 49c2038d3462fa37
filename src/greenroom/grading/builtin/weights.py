"""Fitted numbers of the built-in grader, read from `weights.json`, and the arithmetic that uses them.

`benchmarks/fit_grader.py` writes the file from the SAF answers (MIT) and our own sample answers only.
All shares are 0-1.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from itertools import pairwise
from typing import Any, Literal

from pydantic import BaseModel

_LEAST = 0.25  # of an estimate is left where nothing connects the answer to the question
Tier = Literal["lexical", "embeddings"]
Head = Literal["reference", "story", "plan", "points"]


@dataclass(frozen=True, slots=True)
class Kernel:
    """How graded anchors move an estimate: a common shift, likeness within `reach`, and a slope."""

    shift: float
    likeness: float
    reach: float
    noise: float
    slope: float


@dataclass(frozen=True, slots=True)
class Model:
    """A small linear regressor with its isotonic calibration and conformal half-widths."""

    version: str
    features: tuple[str, ...]
    mean: tuple[float, ...]
    scale: tuple[float, ...]
    weights: tuple[float, ...]
    bias: float
    knots: tuple[tuple[float, float], ...]
    widths: tuple[tuple[float, float], ...]
    kernel: Kernel
    topic: tuple[float, float] | None = None

    def estimate(self, measures: Mapping[str, float]) -> float:
        """The calibrated share for one answer's measures."""
        raw = self.bias
        for name, mean, scale, weight in zip(self.features, self.mean, self.scale, self.weights, strict=True):
            raw += weight * (measures[name] - mean) / scale
        return interpolate(self.knots, raw)

    def nearness(self, relevance: float) -> float:
        """What is left of an estimate for an answer of this relevance (0-1): all of it from the second bound of
        `topic` on, `_LEAST` of it at the first and below."""
        if self.topic is None:
            return 1.0
        low, full = self.topic
        return _LEAST + (1 - _LEAST) * min(1.0, max(0.0, relevance - low) / (full - low))

    def half_width(self, share: float) -> float:
        """Half of the 80% interval around an estimate (split conformal, by the estimate's size)."""
        return interpolate(self.widths, share)


def interpolate(knots: Sequence[tuple[float, float]], at: float) -> float:
    """The piecewise linear value, constant beyond the ends."""
    if at <= knots[0][0]:
        return knots[0][1]
    for (x0, y0), (x1, y1) in pairwise(knots):
        if at <= x1:
            return y0 + (y1 - y0) * (at - x0) / (x1 - x0) if x1 > x0 else y1
    return knots[-1][1]


class _File(BaseModel):
    """The JSON form of a model."""

    features: tuple[str, ...]
    mean: tuple[float, ...]
    scale: tuple[float, ...]
    weights: tuple[float, ...]
    bias: float
    knots: tuple[tuple[float, float], ...]
    widths: tuple[tuple[float, float], ...]
    kernel: dict[str, float]


@lru_cache(maxsize=8)
def load_model(head: Head, tier: Tier) -> Model:
    """The shipped numbers of one head and tier."""
    raw = json.loads(files("greenroom.grading.builtin").joinpath("weights.json").read_text(encoding="utf-8"))
    return read_model(raw[head][tier], raw["version"], raw[head].get("topic"))


def read_model(raw: Mapping[str, Any], version: str, topic: Sequence[float] | None = None) -> Model:
    """A model from its JSON form."""
    file = _File.model_validate(raw)
    return Model(
        version, file.features, file.mean, file.scale, file.weights, file.bias, file.knots, file.widths,
        Kernel(**file.kernel), (topic[0], topic[1]) if topic else None,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Intervals:
    """Half-widths in levels that held 80% of answers of another hand, by type of question; `other` for the rest."""

    widths: Mapping[str, float]
    other: float

    def half_width(self, kind: str) -> float:
        """Half of the 80% interval of one answer, in levels."""
        return self.widths.get(kind, self.other)


@lru_cache(maxsize=2)
def load_intervals(tier: Tier) -> Intervals:
    """The shipped half-widths of bank items; `benchmarks/fit_intervals.py` writes them."""
    raw = json.loads(
        files("greenroom.grading.builtin").joinpath("intervals.json").read_text(encoding="utf-8")
    )
    return Intervals(raw[tier]["widths"], raw[tier]["other"])


def blend(
    kernel: Kernel,
    share: float,
    likeness: Sequence[float],
    anchors: Sequence[tuple[float, float, Sequence[float]]],
) -> float:
    """An estimate moved toward graded anchors, as the mean of a Gaussian process over their residuals.

    `anchors` holds for each anchor its own estimate, its given score, and its likeness to every anchor;
    `likeness` is that of the answer to each anchor. Two answers go together through a common shift of the
    question, through likeness, and through the slope of the estimates.
    """
    if not anchors:
        return share
    centre = sum(estimate for estimate, *_ in anchors) / len(anchors)

    def together(alike: float, a: float, b: float) -> float:
        near = kernel.likeness * 2.718281828459045 ** (-(1 - alike) / kernel.reach)
        return kernel.shift + near + kernel.slope * (a - centre) * (b - centre)

    matrix = [
        [
            together(row[2][j], row[0], anchors[j][0]) + (kernel.noise if i == j else 0)
            for j in range(len(anchors))
        ]
        for i, row in enumerate(anchors)
    ]
    pull = solve(matrix, [score - estimate for estimate, score, _ in anchors])
    moved = sum(p * together(s, share, a[0]) for p, s, a in zip(pull, likeness, anchors, strict=True))
    return min(1.0, max(0.0, share + moved))


def solve(matrix: Sequence[Sequence[float]], right: Sequence[float]) -> list[float]:
    """The solution of a small positive definite system (Gaussian elimination with pivoting)."""
    rows = [[*row, value] for row, value in zip(matrix, right, strict=True)]
    size = len(rows)
    for column in range(size):
        pivot = max(range(column, size), key=lambda r: abs(rows[r][column]))
        rows[column], rows[pivot] = rows[pivot], rows[column]
        for r in range(column + 1, size):
            factor = rows[r][column] / rows[column][column]
            rows[r] = [a - factor * b for a, b in zip(rows[r], rows[column], strict=True)]
    found = [0.0] * size
    for row in reversed(range(size)):
        rest = sum(rows[row][c] * found[c] for c in range(row + 1, size))
        found[row] = (rows[row][size] - rest) / rows[row][row]
    return found
