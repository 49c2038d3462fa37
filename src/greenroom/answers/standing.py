"""Whether an answer is to this question or rather to another one of its kind.

A good story told to the wrong question shares words with every question; it shares more with its own. So the answer is
laid beside the question's field (prompt, key points, cues, anchors) and beside the fields of the other questions of the
bank of that type, words weighted by how few fields have them. What stands is the share of the nearest field that this
one reaches, joined with how much of the key points was heard. Fields and numbers come from
`benchmarks/fit_standing.py`; paraphrase lowers the share, which is why the bounds that use it are low.
"""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from itertools import repeat
from math import exp, log, sqrt

from greenroom.answers.lexicon import STOP_STEMS
from greenroom.answers.schemas import PointEvidence
from greenroom.answers.text import Stretch, stems_of
from greenroom.library.schemas import Item

STRAY = (
    0.2  # standing below which an answer is to another question; no good answer of other people was, of 35
)
LEAST_STEMS = 20  # different words from which a question's field says what it is about
Vector = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Fields:
    """Rarity of stems among the fields of one type of question, the field of each question by its id, and the line
    from heard points and share of the nearest field to log odds."""

    rarity: Mapping[str, float]
    items: Mapping[str, Vector]
    bias: float
    heard: float
    nearest: float


def measure_standing(item: Item, kept: Sequence[Stretch], points: Sequence[PointEvidence]) -> float | None:
    """0-1: how surely the answer is to this question (a half: as likely as to another of its type). None where the
    type has no fields, or the question too few words to say."""
    fields = load_fields().get(item.type)
    if fields is None or not item.key_points or not kept:
        return None
    own = weigh_field(item, fields.rarity)
    if len(own) < LEAST_STEMS:
        return None
    value = fields.bias + fields.heard * soft_heard(item, points) + fields.nearest * share_of_nearest(
        item.id, own, kept, fields
    )  # fmt: skip
    return round(1 / (1 + exp(-value)), 4)


def soft_heard(item: Item, points: Sequence[PointEvidence]) -> float:
    """The weighted likeness of an answer to the item's key points, 0-1."""
    weights = {point.id: point.weight for point in item.key_points}
    return sum(p.similarity * weights[p.id] for p in points) / (sum(weights.values()) or 1)


def share_of_nearest(name: str, own: Vector, kept: Sequence[Stretch], fields: Fields) -> float:
    """The answer's likeness to its own field as a share of that to the nearest one: 1 where none is nearer."""
    said = sorted(
        {t.stem for s in kept for t in s.tokens}
    )  # sums in one order are the same to the last digit
    mine = _overlap(own, said)
    others = (_overlap(field, said) for other, field in fields.items.items() if other != name)
    return mine / (max(mine, max(others, default=0.0)) or 1.0)


def _overlap(field: Vector, said: Sequence[str]) -> float:
    return sum(map(field.get, said, repeat(0.0)))  # a few thousand words a turn: no generator


def field_counts(item: Item) -> Counter[str]:
    """How often each content stem stands in what describes the question; the prompt counts twice."""
    variants = [item.variants.simple, item.variants.deeper] if item.variants else []
    points = [text for point in item.key_points for text in (point.text, *point.cues)]
    texts = [item.prompt, item.prompt, *variants, *points, *item.anchors.values()]
    return Counter(stem for text in texts for stem in stems_of(text) if stem not in STOP_STEMS)


def weigh_field(item: Item, rarity: Mapping[str, float]) -> dict[str, float]:
    """The question's field as a vector of length 1, already weighted for an answer that has a stem or not."""
    return weigh_counts({stem: n for stem, n in field_counts(item).items() if stem in rarity}, rarity)


def weigh_counts(counts: Mapping[str, int], rarity: Mapping[str, float]) -> dict[str, float]:
    """Counts of stems as such a vector."""
    weights = {stem: (1 + log(n)) * rarity[stem] for stem, n in counts.items()}
    length = sqrt(sum(value * value for value in weights.values())) or 1.0
    return {stem: value / length * rarity[stem] for stem, value in weights.items()}


@lru_cache(maxsize=1)
def load_fields() -> Mapping[str, Fields]:
    """The shipped fields by type of question."""
    raw = json.loads(files("greenroom.answers").joinpath("standing.json").read_text(encoding="utf-8"))
    return {
        kind: Fields(
            one["rarity"],
            {name: weigh_counts(field, one["rarity"]) for name, field in one["items"].items()},
            **one["line"],
        )
        for kind, one in raw.items()
    }
