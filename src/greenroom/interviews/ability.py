"""What the answers so far say about ability: a Gaussian belief on the difficulty scale (-2..2).

The expected level of an answer is `3 + a(θ - b)` for an item of discrimination `a` and difficulty `b`;
the noise variance of a level is 0.72. Levels are 1-5.
"""

from dataclasses import dataclass
from typing import Final

from greenroom.interviews.schemas import Difficulty
from greenroom.library.schemas import Level

NOISE: Final = 0.72
PRIOR: Final[dict[Level, float]] = {"entry": -1.0, "mid": 0.0, "senior": 1.0, "lead": 1.5}
SHIFT: Final[dict[Difficulty, float]] = {"easy": -0.5, "standard": 0.0, "hard": 0.5}


@dataclass(frozen=True)
class Posterior:
    """Mean and variance of ability."""

    mean: float
    variance: float = 1.0


def prior(level: Level, difficulty: Difficulty) -> float:
    """The ability a level is taken to have before the first answer, shifted by the chosen difficulty."""
    return PRIOR[level] + SHIFT[difficulty]


def expected_level(mean: float, difficulty: float, discrimination: float) -> float:
    """The level an answer is expected to reach (not clipped to 1-5: differences must stay visible)."""
    return 3 + discrimination * (mean - difficulty)


def learned(variance: float, discrimination: float) -> float:
    """The share of the variance that an answer to an item takes away, 0 to 1. In this model it does not depend on
    difficulty; levels end at 1 and 5 though, so that an item far too hard or too easy tells less."""
    information = variance * discrimination**2
    return information / (information + NOISE)


def updated(belief: Posterior, level: float, difficulty: float, discrimination: float) -> Posterior:
    """The belief after an answer of `level` to an item."""
    gain = belief.variance * discrimination / (belief.variance * discrimination**2 + NOISE)
    surprise = level - expected_level(belief.mean, difficulty, discrimination)
    return Posterior(belief.mean + gain * surprise, belief.variance * (1 - gain * discrimination))
