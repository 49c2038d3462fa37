"""A language model as evaluator: three samples, every quote checked in the answer, code does the arithmetic.

The built-in grade comes first: its gate decides whether there is anything to judge, its caps hold for the model too,
and it is what stands, visibly, when the model gives nothing usable.
"""

import asyncio
import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median, median_low
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from greenroom.answers.noise import clean_turns
from greenroom.answers.observe import question_texts
from greenroom.answers.parts import read_story
from greenroom.answers.quotes import find_quote
from greenroom.answers.schemas import AnswerTurn, Observation, PointEvidence, Span
from greenroom.answers.text import Stretch
from greenroom.grading.builtin.criteria import heard_share
from greenroom.grading.builtin.feedback import write_feedback
from greenroom.grading.builtin.own_words import order_words
from greenroom.grading.rubric import (
    Ceiling,
    anchors_of,
    ceiling_of,
    conditions_of,
    score_of,
    state_of,
    version_of,
)
from greenroom.grading.schemas import CriterionResult, Grade, Source
from greenroom.grading.screening import screen
from greenroom.kit.prompts import fill, visible
from greenroom.library.schemas import CriterionId, Item
from greenroom.providers.llm.base import LanguageModel, Prompt, ProviderError, Reply

PROMPT = Path(__file__).parent / "prompts" / "answer.v1.md"
SAMPLES = 3
FAR_APART = 1.0
"""Levels between samples from which the judgement is of low confidence."""
FAR_FROM_BUILTIN = 1.25
WHY_CHARS = 200
_CREDIT = {"missing": 0, "partial": 1, "met": 2}
_STATES: tuple[Literal["missing", "partial", "met"], ...] = ("missing", "partial", "met")

DESCRIPTIONS: dict[CriterionId, str] = {
    "relevance": "answers the question that was asked",
    "structure": "has an order that can be followed: for a story situation, action, result",
    "specificity": "names numbers, names and details that could be checked",
    "ownership": "says what the speaker did, decided or said",
    "result": "says how it ended and how large the effect was",
    "reflection": "says what was learnt or changed afterwards",
    "accuracy": "what is said is right and the essential is there",
    "depth": "goes beyond the essential: how it works, where it breaks",
    "reasoning": "gives reasons and weighs one thing against another",
    "clarity": "the sentences are easy to follow and say one thing each",
    "conciseness": "says it without detours and repetition",
}


class _Said(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class CriterionSaid(_Said):
    id: str
    level: int = Field(ge=1, le=5)
    quote: str = Field(default="", max_length=1_000)
    why: str = Field(default="", max_length=1_000)


class PointSaid(_Said):
    id: str
    state: Literal["met", "partial", "missing"]
    quote: str = Field(default="", max_length=1_000)


class Verdict(_Said):
    """One sample: every criterion and key point of the item, each with its quote."""

    criteria: list[CriterionSaid] = Field(max_length=20)
    points: list[PointSaid] = Field(max_length=20)


@dataclass(frozen=True)
class _Sample:
    """What is left of a verdict after its quotes were looked up."""

    criteria: dict[str, tuple[int, Span | None, str]]
    points: dict[str, tuple[int, Span | None]]


async def grade_by_model(
    model: LanguageModel,
    item: Item,
    turns: Sequence[AnswerTurn],
    builtin: Grade,
    *,
    asked: Sequence[str] = (),
) -> Grade:
    """The model's grade, or the built-in one marked with why it stands."""
    seen = builtin.observation
    if seen is None or builtin.status != "assessed" or seen.validity != "ok":
        return builtin  # the gate: there is nothing to judge, or it is decided already
    cleaned = clean_turns(turns, question_texts(item, asked), list(item.anchors.values()))
    screened = screen(turns, cleaned, item.lang)
    if not screened.text.strip():
        return _fall_back(builtin, model.name, "screened", "nothing was left that could be shown to it")
    try:
        replies = await _sample(model, item, screened.text)
    except ProviderError as error:
        return _fall_back(builtin, model.name, error.kind, _REASONS.get(error.kind, "it gave no judgement"))
    samples = [_look_up(reply.output, item, turns, screened.text) for reply in replies]
    criteria = [_settle_criterion(criterion, samples) for criterion in item.criteria]
    judged = [c.level for c in criteria if c.level is not None]
    if len(judged) * 2 < len(item.criteria):
        return _fall_back(builtin, replies[0].engine, "quotes", "its quotes were not in the answer")
    observed = seen.model_copy(update={"points": [_settle_point(p, samples) for p in seen.points]})
    spread = _spread([_level_of(item, observed, sample) for sample in samples])
    return _assemble(
        item, cleaned.kept, builtin, observed, criteria, judged, spread, replies, screened.left_out
    )


_REASONS = {
    "timeout": "it did not answer in time",
    "budget": "the session's budget is spent",
    "refused": "it refused",
    "invalid_output": "its judgement did not fit the schema",
    "credentials": "its key was refused",
}


async def _sample(model: LanguageModel, item: Item, answer: str) -> list[Reply[Verdict]]:
    """Three verdicts, each with criteria and key points in another order."""

    async def one(n: int) -> Reply[Verdict]:
        return await model.ask(build_prompt(item, answer, n), Verdict)

    results = await asyncio.gather(*(one(n) for n in range(SAMPLES)), return_exceptions=True)
    replies = [result for result in results if not isinstance(result, BaseException)]
    if len(replies) * 2 > SAMPLES:
        return replies
    raise next(result for result in results if isinstance(result, BaseException))


def build_prompt(item: Item, answer: str, sample: int) -> Prompt:
    """The request for one sample; `sample` decides the order."""
    order = random.Random(f"{item.id}:{sample}")
    criteria = order.sample(item.criteria, len(item.criteria))
    points = order.sample(item.key_points, len(item.key_points))
    filled = fill(
        PROMPT,
        question=item.prompt,
        anchors="\n".join(f"{level}: {text}" for level, text in sorted(item.anchors.items())),
        reference=item.reference or "",
        criteria="\n".join(f"{c}: {DESCRIPTIONS[c]}" for c in criteria),
        points="\n".join(f"{p.id}: {p.text}" for p in points),
        answer=answer,
    )
    return Prompt(filled.instructions, filled.data, filled.version, filled.temperature, filled.max_tokens)


def _look_up(verdict: Verdict, item: Item, turns: Sequence[AnswerTurn], shown: str) -> _Sample:
    """The verdict with its quotes found in the answer. A judgement above 2 without a quote that is there is void; so
    is a quote from a part that the model was not shown."""

    def place(quote: str) -> Span | None:
        span = find_quote(turns, quote)
        return span if span and find_quote([AnswerTurn(seq=0, text=shown)], span.text) else None

    known = set(item.criteria)
    criteria: dict[str, tuple[int, Span | None, str]] = {}
    for said in verdict.criteria:
        span = place(said.quote)
        if said.id in known and (span or said.level <= 2):
            criteria.setdefault(said.id, (said.level, span, _one_line(said.why)))
    points: dict[str, tuple[int, Span | None]] = {}
    for said in verdict.points:
        span = place(said.quote)
        points.setdefault(said.id, (_CREDIT[said.state] if span else 0, span))
    return _Sample(criteria, points)


def _one_line(text: str) -> str:
    return " ".join(visible(text).split())[:WHY_CHARS]


def _settle_criterion(criterion: CriterionId, samples: Sequence[_Sample]) -> CriterionResult:
    """The median of the samples in which the criterion is not void; without a majority it is not observed."""
    found = [sample.criteria[criterion] for sample in samples if criterion in sample.criteria]
    if len(found) * 2 <= len(samples):
        return CriterionResult(
            id=criterion, state="not_observed", why="No words of the answer were found for it."
        )
    level = float(median(level for level, _, _ in found))
    nearest = min(found, key=lambda said: abs(said[0] - level))
    spans = list({(s.turn, s.start): s for _, s, _ in found if s}.values())[:3] if level > 2 else []
    return CriterionResult(
        id=criterion, state=state_of(level), level=level, evidence=spans, why=nearest[2] or "-"
    )


def _settle_point(point: PointEvidence, samples: Sequence[_Sample]) -> PointEvidence:
    found = [sample.points.get(point.id, (0, None)) for sample in samples]
    credit = median_low(sorted(credit for credit, _ in found))
    span = next((span for c, span in found if c >= credit and span), None) if credit else None
    return point.model_copy(update={"state": _STATES[credit], "span": span, "similarity": credit / 2})


def _level_of(item: Item, seen: Observation, sample: _Sample) -> float | None:
    """The level one sample alone would give, before caps."""
    levels = [level for level, _, _ in sample.criteria.values()]
    points = [
        p.model_copy(update={"state": _STATES[sample.points.get(p.id, (0, None))[0]]}) for p in seen.points
    ]
    return _blend(item, heard_share(item, points), levels) if levels else None


def _blend(item: Item, heard: float, levels: Sequence[float]) -> float:
    """Key points and criteria, weighed as the built-in engine weighs them."""
    weight = 0.6 if item.structure == "star" else 0.75
    return weight * (1 + 4 * min(1.0, 1.1 * heard)) + (1 - weight) * sum(levels) / len(levels)


def _spread(levels: Sequence[float | None]) -> float:
    known = [level for level in levels if level is not None]
    return max(known) - min(known) if known else 4.0


def _ceiling(item: Item, kept: Sequence[Stretch], builtin: Grade, seen: Observation) -> Ceiling:
    """The caps of the rubric. What kind of answer it is, code decides; which key points were heard, the model does."""
    own_actions = len(read_story(kept).actions)
    by_code = conditions_of(item, builtin.observation or seen, own_actions=own_actions)
    by_model = conditions_of(item, seen, own_actions=own_actions)
    return ceiling_of(item, (by_code - {"must_missing"}) | (by_model & {"must_missing"}))


def _assemble(
    item: Item, kept: Sequence[Stretch], builtin: Grade, seen: Observation, criteria: list[CriterionResult],
    judged: list[float], spread: float, replies: Sequence[Reply[Verdict]], left_out: int,
) -> Grade:  # fmt: skip
    ceiling = _ceiling(item, kept, builtin, seen)
    free = _blend(item, heard_share(item, seen.points), judged)
    level = round(min(ceiling.level, free), 2)
    margin = max(0.5, spread / 2 + 0.25)
    low, high = round(max(1.0, level - margin), 2), round(min(5.0, level + margin), 2)
    gap = abs(level - (builtin.level or level))
    flags = [flag for flag in builtin.flags if not flag.startswith("model_")]
    flags += ["samples_disagree"] if spread > FAR_APART else []
    flags += ["far_from_builtin"] if gap > FAR_FROM_BUILTIN else []
    flags += ["text_withheld_from_model"] if left_out else []
    words = write_feedback(item, seen, criteria, level, ceiling)
    anchor, following = anchors_of(item, level)
    engine = replies[0].engine
    return builtin.model_copy(
        update={
            "reasons": [
                *(f"Held at level {ceiling.level:g}: {r}." for r in ceiling.reasons if free > ceiling.level),
                *([f"The built-in evaluator finds level {builtin.level:g}."] if gap > FAR_FROM_BUILTIN else []),
            ],
            "level": level, "low": low, "high": high,
            "score": score_of(level), "score_low": score_of(low), "score_high": score_of(high),
            "confidence": "low" if spread > FAR_APART or gap > FAR_FROM_BUILTIN else "medium",
            "criteria": criteria, "points": seen.points, "anchor": anchor, "next_anchor": following,
            "why_not_higher": words.why_not_higher, "keep": words.keep, "change": words.change,
            "drill": words.drill, "restructured": order_words(item, kept, seen), "flags": flags, "observation": seen,
            "source": Source(
                engine="model", tier=engine[:60], engine_version=PROMPT.name.removesuffix(".md"),
                rubric_version=version_of(item), label=f"{engine}, {len(replies)} samples, quotes checked",
            ),
        }
    )  # fmt: skip


def _fall_back(builtin: Grade, engine: str, flag: str, reason: str) -> Grade:
    """The built-in grade, which says why it stands."""
    return builtin.model_copy(
        update={
            "flags": [*builtin.flags, f"model_{flag}"],
            "reasons": [
                *builtin.reasons,
                f"Judged by the built-in evaluator: {engine} was asked, but {reason}.",
            ],
        }
    )
