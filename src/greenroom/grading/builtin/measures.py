"""What an answer to a bank item is measured by: shares 0-1 that the regressor weighs.

`story` items tell what happened (structure star), `plan` items say what one does or wants and why, `points`
items are judged against a reference.
"""

import math
from collections.abc import Callable, Sequence
from statistics import fmean

from greenroom.answers.lexicon import STOP_STEMS
from greenroom.answers.parts import is_past
from greenroom.answers.text import Stretch, stems_of
from greenroom.grading.builtin.alignment import align, prepare, prepare_text
from greenroom.grading.builtin.criteria import CREDIT, Evidence, find_reasons, judge_criterion
from greenroom.grading.builtin.manner import load_manner, measure_manner
from greenroom.grading.builtin.weights import Head
from greenroom.library.schemas import CriterionId, Item
from greenroom.providers.embeddings.base import Embeddings

_CRITERIA: dict[Head, tuple[CriterionId, ...]] = {
    "story": ("structure", "specificity", "ownership", "result", "reflection"),
    "plan": ("reasoning", "specificity", "clarity"),
    "points": ("reasoning", "specificity", "clarity"),
}
_PERSONS = frozenset(("i", "we", "he", "she", "they", "it"))
_GENERAL = frozenset(
    (
        "you", "people", "everyone", "everybody", "someone", "one", "always", "usually", "often", "never",
        "generally", "normally", "important", "should", "must", "would", "can", "believe", "think",
    )
)  # fmt: skip
_FULL = 90  # words of a developed answer; more adds nothing


def head_of(item: Item) -> Head:
    """Which regressor judges answers to the item."""
    if item.structure == "star":
        return "story"
    return "points" if item.reference else "plan"


def measure_item(evidence: Evidence, embed: Embeddings | None = None) -> dict[str, float]:
    """The measures of one answer; the last three only with embeddings."""
    item, seen = evidence.item, evidence.seen
    words = sum(len(s.tokens) for s in evidence.sentences)
    weights = {point.id: point.weight for point in item.key_points}
    must = [CREDIT[p.state] for p in seen.points for k in item.key_points if k.id == p.id and k.must]
    total = sum(weights.values()) or 1
    found = {
        "heard": evidence.heard,
        "soft": sum(p.similarity * weights[p.id] for p in seen.points) / total,
        "must": fmean(must) if must else evidence.heard,
        "reference": _reference_share(evidence),
        "manner": measure_manner(evidence.sentences, load_manner(head_of(item))),
        "developed": min(1.0, math.log(1 + words) / math.log(1 + _FULL)),
        "told": _share(evidence.sentences, _is_told),
        "general": _share(evidence.sentences, _is_general),
        "acts": min(1.0, len(evidence.story.actions) / 4),
        "checkable": min(1.0, (len(seen.measures) + len(seen.names)) / 4),
        "reasons": min(1.0, len(find_reasons(evidence)) / 4),
        "hedged": min(1.0, len(seen.hedges) / max(1, len(evidence.sentences))),
        "hypothetical": float(seen.hypothetical and item.structure == "star"),
        "wrong": float(any(f.startswith("misconception.") or f == "negated_reference" for f in seen.flags)),
    }
    for criterion in _CRITERIA[head_of(item)]:
        found[criterion] = ((judge_criterion(criterion, evidence).level or 1) - 1) / 4
    return found | (_meaning(evidence, embed) if embed else {})


def _share(sentences: Sequence[Stretch], holds: Callable[[Stretch], bool]) -> float:
    """By words, so that it matters little where a recogniser's text is cut into sentences."""
    words = sum(len(s.tokens) for s in sentences)
    return sum(len(s.tokens) for s in sentences if holds(s)) / words if words else 0.0


def _is_told(sentence: Stretch) -> bool:
    """Whether somebody did something: a person and a past form."""
    words = [t.word for t in sentence.tokens]
    return any(w in _PERSONS for w in words) and any(is_past(w) for w in words)


def _is_general(sentence: Stretch) -> bool:
    """Whether it speaks of what holds or should be, without anything that happened."""
    words = [t.word for t in sentence.tokens]
    return any(w in _GENERAL for w in words) and not any(is_past(w) for w in words)


def _reference_share(evidence: Evidence) -> float:
    """How much of the model answer's words (or of the top anchor's) the answer has."""
    text = evidence.item.reference or evidence.item.anchors.get(5, "")
    question = frozenset(stems_of(evidence.item.prompt)) - STOP_STEMS
    wanted = prepare_text(text, question)
    return align(wanted.weights, prepare(evidence.sentences, question).plain)


def _meaning(evidence: Evidence, embed: Embeddings) -> dict[str, float]:
    """How near sentences come to the key points, and the whole to the best rather than the poorest anchor."""
    sentences = [s.text for s in evidence.sentences]
    if not sentences:
        return {"near_points": 0.0, "near_top": 0.0, "near_reference": 0.0}
    item = evidence.item
    points = embed.compare_texts([p.text for p in item.key_points], sentences)
    whole = " ".join(sentences)
    poles = embed.compare_texts(
        [item.anchors.get(5) or item.prompt, item.anchors.get(1) or item.prompt], [whole]
    )
    reference = item.reference or item.anchors.get(5) or item.prompt
    return {
        "near_points": fmean(max(0.0, *row) for row in points),
        "near_top": poles[0][0] - poles[1][0],
        "near_reference": embed.compare_texts([reference], [whole])[0][0],
    }
