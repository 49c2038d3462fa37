"""How likely the words of a short message are to be each of the candidate's moves, where no rule is sure.

A linear model over words, pairs of words and word parts. Weights come from `benchmarks/fit_events.py`,
which fits them on labelled messages and on sentences of written answers.
"""

import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from itertools import pairwise
from typing import Final

from greenroom.answers.text import stem_word

WEIGHTS: Final = "recogniser.json"
LONGEST: Final = 24
"""Words of the longest message it is asked about: longer ones are answers or caught by a rule."""
PART: Final = 4
"""Letters of a word part."""

_TOKEN: Final = re.compile(r"[a-z']+|\d+|\?")


@dataclass(frozen=True)
class Weights:
    """Moves, their bias, and by feature the weight for each move it speaks for or against."""

    moves: tuple[str, ...]
    bias: tuple[float, ...]
    features: Mapping[str, Mapping[int, float]]


def features(text: str) -> dict[str, float]:
    """Features of a folded text without fillers; their length is the same for long and short texts."""
    tokens = [("#" if token.isdigit() else token) for token in _TOKEN.findall(text)]
    stems = [stem_word(token) if len(token) > 3 else token for token in tokens]
    line = ["<", *stems, ">"]
    found = {f"w {stem}": 1.0 for stem in stems}
    found |= {f"b {a} {b}": 1.0 for a, b in pairwise(line)}
    found |= {f"k {a} {b}": 0.7 for a, b in zip(line, line[2:], strict=False)}
    found[f"n {min(6, len(stems) // 4)}"] = 1.0
    for token in tokens:
        if len(token) > PART + 1:
            found |= {f"p {token[at : at + PART]}": 0.4 for at in range(len(token) - PART + 1)}
    length = math.sqrt(sum(value * value for value in found.values())) / 3
    return {name: value / length for name, value in found.items()}


def likelihoods(text: str) -> dict[str, float]:
    """The probability of each move, `answer` among them, for a folded text; they sum to 1."""
    weights = _load()
    scores = list(weights.bias)
    for name, value in features(text).items():
        for at, weight in weights.features.get(name, {}).items():
            scores[at] += value * weight
    top = max(scores)
    powers = [math.exp(score - top) for score in scores]
    return {move: power / sum(powers) for move, power in zip(weights.moves, powers, strict=True)}


@lru_cache(maxsize=1)
def _load() -> Weights:
    raw = json.loads(files("greenroom.interviews").joinpath(WEIGHTS).read_text(encoding="utf-8"))
    rows: dict[str, dict[str, float]] = raw["features"]
    return Weights(
        tuple(raw["moves"]),
        tuple(raw["bias"]),
        {name: {int(at): weight for at, weight in row.items()} for name, row in rows.items()},
    )
