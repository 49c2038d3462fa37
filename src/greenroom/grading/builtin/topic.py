"""Whether an answer is about its question at all: a small logistic regression on what both have in common.

Apart from the scorer: it knows nothing of how good an answer is. `benchmarks/fit_topic.py` fits it on honest answers
to their own question and to other ones (SAF and our own samples only).
"""

import json
import math
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files

from pydantic import BaseModel, ConfigDict

from greenroom.grading.builtin.alignment import Statement, align
from greenroom.grading.builtin.weights import Tier
from greenroom.providers.embeddings.base import Embeddings

_FEW_WORDS = 5  # so few words may all be other words for the right thing
_LEAST = 0.05  # of an estimate is left for an answer to something else


class Topic(BaseModel):
    """The fitted numbers of a tier. `doubt` is the probability below which an estimate begins to lose, `foreign`
    the one below which an answer is called off topic; fewer than one honest answer in a hundred lies there."""

    model_config = ConfigDict(frozen=True)

    features: tuple[str, ...]
    mean: tuple[float, ...]
    scale: tuple[float, ...]
    weights: tuple[float, ...]
    bias: float
    doubt: float
    foreign: float

    def probability(self, signs: Mapping[str, float]) -> float:
        """The probability 0-1 that the answer is one to this question, where half of all answers are."""
        raw = self.bias
        for name, mean, scale, weight in zip(self.features, self.mean, self.scale, self.weights, strict=True):
            raw += weight * (signs[name] - mean) / scale
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, raw))))

    def left(self, probability: float, words: int) -> float:
        """What is left of an estimate: all of it from `doubt` on. Without embeddings a few words are spared."""
        if "text" not in self.features and words < _FEW_WORDS:
            return 1.0
        return _LEAST + (1 - _LEAST) * min(1.0, probability / self.doubt)


def read_signs(
    question: Statement, reference: Statement, answer: Statement, embed: Embeddings | None
) -> dict[str, float]:
    """What answer and question have in common, beside the measures against the reference."""
    said = answer.plain
    hits = sum(stem in question.plain or stem in reference.plain for stem in said)
    signs = {
        "known": align(said, {*question.plain, *reference.plain}),
        "asked": align(question.plain, said),
        "any": float(hits > 0),
        "hits": float(min(3, hits)),
        "unknown": float(min(20, len(said) - hits)),
        "length": math.log(len(said) + 1),
    }
    if embed is not None:
        both = f"{question.text} {reference.text}"
        signs["field"] = embed.compare_texts([answer.text or "."], [both])[0][0]
    return signs


@lru_cache(maxsize=2)
def load_topic(tier: Tier) -> Topic:
    """The shipped numbers of a tier."""
    raw = json.loads(files("greenroom.grading.builtin").joinpath("topic.json").read_text(encoding="utf-8"))
    return Topic.model_validate(raw[tier])
