"""Arithmetic of a rubric: levels to scores, caps, anchors, the version of what judged.

Levels are 1-5; the score shown is `(level - 1) * 25`. Code aggregates; nothing here reads an answer.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from greenroom.answers.outcome import OUTCOMES
from greenroom.answers.schemas import Observation
from greenroom.answers.standing import STRAY
from greenroom.grading.schemas import Confidence, CriterionState
from greenroom.library.schemas import CapReason, Item

FOUND: frozenset[CapReason] = frozenset(
    ("hypothetical", "misconception")
)  # seen in the answer; the others are not seen
DOUBT = 0.6  # levels by which the estimate errs on answers of other people
# An answer that stands nearer to other questions (`answers/standing.py`): below the first bound it is surely to another
# one, below the second it may be. Of good answers of other people 0% and 11% fall below, of stray ones 53% and 68%.
STRAY_HOLDS = ((STRAY, 2.5), (0.3, 3.0))
STRAY_WORDS = "it has more in common with other questions than with this one"
MET, PARTIAL = 3.75, 2.25  # levels from which a criterion counts as met or partly met

CAP_WORDS: dict[CapReason, str] = {
    "no_situation": "the answer names no situation",
    "no_action": "the answer names no action",
    "no_result": "the answer states no result",
    "hypothetical": "the answer says what would be done, not what was done",
    "no_own_action": "the answer shows no action of your own",
    "must_missing": "an essential point is missing",
    "misconception": "the answer states a known misconception",
}


@dataclass(frozen=True, slots=True)
class Ceiling:
    """The highest level that the caps allow, and in words what caps it."""

    level: float
    reasons: tuple[str, ...] = ()


def score_of(level: float) -> int:
    """The level 1-5 as a score 0-100."""
    return round((min(5.0, max(1.0, level)) - 1) * 25)


def state_of(level: float) -> CriterionState:
    """Met, partial or not met for a criterion's level."""
    return "met" if level >= MET else "partial" if level >= PARTIAL else "not_met"


def confidence_of(low: float, high: float) -> Confidence:
    """How sure: by the width of the interval in levels."""
    width = high - low
    return "high" if width <= 1.2 else "medium" if width <= 2.2 else "low"


def conditions_of(item: Item, observation: Observation, *, own_actions: int) -> set[CapReason]:
    """The cap conditions that hold for an answer, whether or not the item names them."""
    parts = {part.part for part in observation.parts}
    heard = {point.id for point in observation.points if point.state != "missing"}
    conditions: set[CapReason] = set()
    if observation.hypothetical:
        conditions.add("hypothetical")
    if item.structure == "star":
        conditions |= {c for c, part in _PART_CAPS if part not in parts}
        if not own_actions:
            conditions.add("no_own_action")
        if _outcome_heard(heard):
            conditions.discard("no_result")
    if any(point.must and point.id not in heard for point in item.key_points):
        conditions.add("must_missing")
    if any(flag.startswith("misconception.") or flag == "negated_reference" for flag in observation.flags):
        conditions.add("misconception")
    return conditions


_PART_CAPS: tuple[tuple[CapReason, str], ...] = (
    ("no_situation", "situation"),
    ("no_action", "action"),
    ("no_result", "result"),
)


def _outcome_heard(heard: set[str]) -> bool:
    """A key point named for the outcome shows a result that the part cues may have missed."""
    return bool(heard & OUTCOMES)


def ceiling_of(item: Item, conditions: Iterable[CapReason], estimate: float = 1.0) -> Ceiling:
    """The lowest cap whose condition holds.

    A cap for something that was not found holds only where the `estimate` (level before caps) does not speak against
    it: by more than `DOUBT` levels above the cap, the thing is likelier said in words that were not recognised.
    """
    held = set(conditions)
    caps = [cap for cap in item.caps if cap.if_ in held and (cap.if_ in FOUND or estimate <= cap.max + DOUBT)]
    if not caps:
        return Ceiling(5.0)
    lowest = min(cap.max for cap in caps)
    return Ceiling(float(lowest), tuple(CAP_WORDS[cap.if_] for cap in caps if cap.max == lowest))


def is_stray(standing: float | None) -> bool:
    """Whether an answer may belong to another question, so that its level is held."""
    return standing is not None and standing < STRAY_HOLDS[-1][0]


def hold_stray(ceiling: Ceiling, standing: float | None) -> Ceiling:
    """The ceiling of an answer that may belong to another question; `standing` is how surely it belongs to this one."""
    for bound, level in STRAY_HOLDS:
        if standing is not None and standing < bound and level < ceiling.level:
            return Ceiling(level, (STRAY_WORDS,))
    return ceiling


def anchors_of(item: Item, level: float) -> tuple[str, str]:
    """The anchor of the level reached and the one above it ("" at the top or without anchors)."""
    reached = 5 if level >= 4.5 else 3 if level >= 2.5 else 1
    if reached == 5:
        return item.anchors.get(5, ""), ""
    return item.anchors.get(reached, ""), item.anchors.get(3 if reached == 1 else 5, "")


def version_of(item: Item) -> str:
    """A short hash of everything in the item that a judgement depends on."""
    parts: Sequence[str] = [
        item.model_dump_json(
            include={"key_points", "criteria", "anchors", "caps", "misconceptions", "reference", "samples"}
        )
    ]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:12]


def verdict_of(share: float) -> str:
    """A share 0-1 in a word: correct from level 4 on, partly correct from level 2.5, else incorrect."""
    return "correct" if share >= 0.75 else "partly" if share >= 0.375 else "incorrect"
