"""The built-in judgement of one answer: gate, criteria, level with interval, caps, words."""

from collections.abc import Sequence

from greenroom.answers.noise import Cleaned, clean_turns
from greenroom.answers.observe import has_number, question_stems, question_texts, read_observation
from greenroom.answers.outcome import settle_parts
from greenroom.answers.parts import read_story
from greenroom.answers.schemas import AnswerTurn, Observation
from greenroom.grading.builtin.alignment import prepare
from greenroom.grading.builtin.criteria import Evidence, judge_criteria
from greenroom.grading.builtin.feedback import write_feedback
from greenroom.grading.builtin.manner import load_manner, measure_manner
from greenroom.grading.builtin.measures import head_of, measure_item
from greenroom.grading.builtin.own_words import order_words
from greenroom.grading.builtin.reference import likeness
from greenroom.grading.builtin.samples import read_anchors
from greenroom.grading.builtin.weights import Tier, blend, load_intervals, load_model
from greenroom.grading.rubric import (
    Ceiling,
    anchors_of,
    ceiling_of,
    conditions_of,
    confidence_of,
    hold_stray,
    score_of,
    version_of,
)
from greenroom.grading.schemas import Grade, Source
from greenroom.library.schemas import Item
from greenroom.providers.embeddings.base import Embeddings

ENGINE_VERSION = "4"
_MOSTLY = 0.5  # with this share of the points heard, an essential one that no cue found may be in other words
LABELS: dict[Tier, str] = {
    "lexical": "Built-in evaluator (early version), by words",
    "embeddings": "Built-in evaluator (early version), by words and meaning",
}
_VOID_LEVEL = {
    "dont_know": 1.0,
    "injection_only": 1.0,
    "copied_question": 1.0,
    "off_topic": 1.0,
    "boilerplate": 1.0,
    "keyword_list": 1.0,
}


def grade(
    item: Item,
    turns: Sequence[AnswerTurn],
    *,
    tier: Tier = "lexical",
    embed: Embeddings | None = None,
    asked: Sequence[str] = (),
) -> Grade:
    """The grade of an answer with its follow-ups; pure and deterministic.

    `asked` are lines of the interviewer beyond the item's own wordings. The embeddings tier needs `embed`;
    ValueError without it.
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
        label=LABELS[tier],
    )
    if not has_number(seen):
        words = write_feedback(item, seen, [], None, Ceiling(5.0))
        return Grade(
            status="not_enough", reasons=seen.reasons, change=words.change, drill=words.drill,
            flags=seen.flags, points=seen.points, source=source, observation=seen,
        )  # fmt: skip
    return _assess(item, seen, cleaned, source, embed if tier == "embeddings" else None)


def _assess(
    item: Item, seen: Observation, cleaned: Cleaned, source: Source, embed: Embeddings | None
) -> Grade:
    story = read_story(cleaned.kept)
    evidence = Evidence(item, seen, story, cleaned.kept)
    voided = seen.validity != "ok"
    criteria = [] if voided else judge_criteria(evidence)
    conditions = conditions_of(item, seen, own_actions=len(story.actions))
    if evidence.heard >= _MOSTLY:
        conditions.discard("must_missing")
    level, margin = (_VOID_LEVEL.get(seen.validity, 1.0), 0.25) if voided else estimate_level(evidence, embed)
    ceiling = hold_stray(ceiling_of(item, conditions, level), seen.standing)
    binds = level > ceiling.level
    level = round(min(level, ceiling.level), 2)
    low, high = round(max(1.0, level - margin), 2), round(min(5.0, level + margin), 2)
    manner = measure_manner(evidence.sentences, load_manner(head_of(item)))
    words = write_feedback(item, seen, criteria, level, ceiling, manner)
    held = ceiling.reasons if binds and not voided else ()  # a ceiling above the level held nothing
    anchor, following = anchors_of(item, level)
    return Grade(
        status="assessed",
        reasons=[*seen.reasons, *(f"Held at level {ceiling.level:g}: {r}." for r in held)],
        level=level, low=low, high=high,
        score=score_of(level), score_low=score_of(low), score_high=score_of(high),
        confidence=confidence_of(low, high),
        criteria=criteria, points=seen.points, parts=settle_parts(seen.parts, seen.points),
        anchor=anchor, next_anchor=following,
        why_not_higher=words.why_not_higher, keep=words.keep, change=words.change, drill=words.drill,
        restructured="" if voided else order_words(item, cleaned.kept, seen), flags=seen.flags,
        formative=item.structure == "star", source=source, observation=seen,
    )  # fmt: skip


def estimate_level(evidence: Evidence, embed: Embeddings | None) -> tuple[float, float]:
    """The level before caps and half of its 80% interval, both in levels.

    The item's own graded samples are the anchors: an answer is moved by what the regressor got wrong on them.
    """
    item = evidence.item
    tier: Tier = "embeddings" if embed else "lexical"
    model = load_model(head_of(item), tier)
    share = model.estimate(measure_item(evidence, embed))
    anchors = read_anchors(item)
    if anchors:
        estimates = [model.estimate(measure_item(anchor.evidence, embed)) for anchor in anchors]
        own = prepare(evidence.sentences, question_stems(item))
        alike = likeness([own, *(anchor.statement for anchor in anchors)], embed)
        rows = [
            (estimate, (anchor.level - 1) / 4, alike[n + 1][1:])
            for n, (estimate, anchor) in enumerate(zip(estimates, anchors, strict=True))
        ]
        share = blend(model.kernel, share, alike[0][1:], rows)
    level = 1 + 4 * share * model.nearness(evidence.seen.relevance)
    return level, load_intervals(tier).half_width(item.type)
