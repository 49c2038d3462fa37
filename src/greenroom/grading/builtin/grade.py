"""The built-in judgement of one answer: gate, criteria, level with interval, caps, words."""

from collections.abc import Callable, Sequence
from typing import Literal

from greenroom.answers.noise import Cleaned, clean_turns
from greenroom.answers.observe import has_number, question_texts, read_observation
from greenroom.answers.parts import read_story
from greenroom.answers.schemas import AnswerTurn, Observation
from greenroom.grading.builtin.criteria import Evidence, heard_share, judge_criteria
from greenroom.grading.builtin.feedback import write_feedback
from greenroom.grading.rubric import (
    Ceiling,
    anchors_of,
    ceiling_of,
    conditions_of,
    confidence_of,
    score_of,
    version_of,
)
from greenroom.grading.schemas import CriterionResult, Grade, Source
from greenroom.library.schemas import Item

Tier = Literal["lexical", "embeddings"]
Embed = Callable[[Sequence[str]], Sequence[Sequence[float]]]

ENGINE_VERSION = "0.1"
LABEL = "Built-in evaluator, early version"
_VOID_LEVEL = {
    "dont_know": 1.0,
    "injection_only": 1.0,
    "copied_question": 1.0,
    "off_topic": 1.25,
    "boilerplate": 1.25,
    "keyword_list": 1.25,
}


def grade(
    item: Item,
    turns: Sequence[AnswerTurn],
    *,
    tier: Tier = "lexical",
    embed: Embed | None = None,
    asked: Sequence[str] = (),
) -> Grade:
    """The grade of an answer with its follow-ups; pure and deterministic.

    `asked` are lines of the interviewer beyond the item's own wordings. The embeddings tier needs `embed`,
    which maps texts to unit vectors; ValueError without it.
    """
    if tier == "embeddings" and embed is None:
        raise ValueError("the embeddings tier needs an embed function")
    cleaned = clean_turns(turns, question_texts(item, asked), list(item.anchors.values()))
    seen = read_observation(item, turns, cleaned, asked)
    source = Source(
        engine="builtin",
        tier=tier,
        engine_version=ENGINE_VERSION,
        rubric_version=version_of(item),
        label=LABEL,
    )
    if not has_number(seen):
        words = write_feedback(item, seen, [], None, Ceiling(5.0))
        return Grade(
            status="not_enough", reasons=seen.reasons, change=words.change, drill=words.drill,
            flags=seen.flags, points=seen.points, source=source, observation=seen,
        )  # fmt: skip
    return _assess(item, seen, cleaned, source)


def _assess(item: Item, seen: Observation, cleaned: Cleaned, source: Source) -> Grade:
    story = read_story(cleaned.kept)
    evidence = Evidence(item, seen, story, cleaned.kept)
    voided = seen.validity != "ok"
    criteria = [] if voided else judge_criteria(evidence)
    ceiling = ceiling_of(item, conditions_of(item, seen, own_actions=len(story.actions)))
    level = (
        _VOID_LEVEL.get(seen.validity, 1.0)
        if voided
        else min(ceiling.level, estimate_level(evidence, criteria))
    )
    level = round(level, 2)
    margin = 0.25 if voided else 0.9
    low, high = round(max(1.0, level - margin), 2), round(min(5.0, level + margin), 2)
    words = write_feedback(item, seen, criteria, level, ceiling)
    held = () if voided else ceiling.reasons
    anchor, following = anchors_of(item, level)
    return Grade(
        status="assessed",
        reasons=[*seen.reasons, *(f"Held at level {ceiling.level:g}: {r}." for r in held)],
        level=level, low=low, high=high,
        score=score_of(level), score_low=score_of(low), score_high=score_of(high),
        confidence=confidence_of(low, high),
        criteria=criteria, points=seen.points, parts=seen.parts,
        anchor=anchor, next_anchor=following,
        why_not_higher=words.why_not_higher, keep=words.keep, change=words.change, drill=words.drill,
        restructured=words.restructured, flags=seen.flags,
        formative=item.structure == "star", source=source, observation=seen,
    )  # fmt: skip


def estimate_level(evidence: Evidence, criteria: Sequence[CriterionResult]) -> float:
    """The level before caps: the share of key points heard, and the criteria."""
    heard = 1 + 4 * min(1.0, 1.1 * heard_share(evidence.item, evidence.seen.points))
    levels = [c.level for c in criteria if c.level is not None]
    shape = sum(levels) / len(levels) if levels else heard
    weight = 0.6 if evidence.item.structure == "star" else 0.75
    return weight * heard + (1 - weight) * shape
