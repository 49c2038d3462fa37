"""Shapes of a grade. Code aggregates; nothing here is a holistic guess.

Levels are 1-5, scores 0-100 by `(level - 1) * 25`, intervals are on the same scale as what they surround.
"""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from greenroom.answers.schemas import Frozen, Observation, PartSpan, PointEvidence, Span
from greenroom.kit.texts import Clean
from greenroom.library.schemas import Competency, CriterionId

CriterionState = Literal["met", "partial", "not_met", "not_observed"]
Confidence = Literal["low", "medium", "high"]
Status = Literal["assessed", "not_enough", "not_observed", "failed"]


class CriterionResult(Frozen):
    """One criterion with its verbatim evidence; `why` says in one sentence what carried the judgement."""

    id: CriterionId
    state: CriterionState
    level: float | None = Field(default=None, ge=1, le=5)
    evidence: list[Span] = Field(default_factory=list[Span])
    why: str


class Source(Frozen):
    """Who judged: engine ('builtin' or 'model'), tier or model id, and the versions of rubric and engine."""

    engine: Literal["builtin", "model"]
    tier: str
    engine_version: str
    rubric_version: str
    label: str = Field(description="for people: 'Built-in evaluator, early version'")


class Grade(Frozen):
    """The judgement of one answer. `status` other than assessed has no number, and says why in `reasons`."""

    status: Status
    reasons: list[str] = Field(default_factory=list[str])
    level: float | None = Field(default=None, ge=1, le=5)
    low: float | None = Field(default=None, ge=1, le=5)
    high: float | None = Field(default=None, ge=1, le=5)
    score: int | None = Field(default=None, ge=0, le=100)
    score_low: int | None = Field(default=None, ge=0, le=100)
    score_high: int | None = Field(default=None, ge=0, le=100)
    confidence: Confidence = "low"
    criteria: list[CriterionResult] = Field(default_factory=list[CriterionResult])
    points: list[PointEvidence] = Field(default_factory=list[PointEvidence])
    parts: list[PartSpan] = Field(default_factory=list[PartSpan])
    anchor: str = Field(default="", description="the anchor of the level reached, in the item's words")
    next_anchor: str = Field(default="", description="the anchor of the next level")
    why_not_higher: str = ""
    keep: str = ""
    change: str = ""
    drill: str = Field(default="", description="drill id")
    restructured: str = Field(default="", description="the candidate's own words in order, with [blanks]")
    flags: list[str] = Field(default_factory=list[str])
    formative: bool = True
    source: Source
    observation: Observation | None = None


AnswerState = Literal["pending", "assessed", "not_enough", "not_observed", "failed"]


class ScoreView(BaseModel):
    """Where the judgement of one question stands; `grade` is the current one, if any."""

    question_id: str
    number: int
    competency: Competency | None
    persona: str
    state: AnswerState
    attempts: int
    score_id: UUID | None
    item_hash: str | None = Field(description="the rubric that the current judgement is by, by its content")
    grade: Grade | None
    at: datetime | None


RegradeState = Literal["running", "done", "failed", "cancelled"]
RubricChoice = Literal["frozen", "current"]
"""The rubric the session was held with, or the one that the bank has today."""


class RegradeCreate(BaseModel):
    """By what to judge a session again. Without anything: by the engines that are set up, with the same rubric."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"engine": "lexical", "rubric": "frozen"}]}
    )
    engine: Literal["set_up", "builtin", "lexical", "embeddings"] = Field(
        default="set_up",
        description="the engines that are set up, the built-in alone, or the built-in in this tier",
    )
    rubric: RubricChoice = Field(
        default="frozen", description="the session's own, or what the bank has today"
    )


class JudgedBy(Frozen):
    """One judgement in short: its numbers, or why there are none, and who judged by which rubric."""

    score_id: UUID
    status: Status
    level: float | None
    low: float | None
    high: float | None
    score: int | None
    by: str = Field(examples=["Built-in evaluator (early version), by words"])
    version: str = Field(description="engine version and tier", examples=["3, lexical"])
    rubric_version: str


class RegradedAnswer(Frozen):
    """One answer of a regrade. `difference` is in points of 100; `apart` says whether the intervals do not touch, so
    that it is more than chance."""

    question_id: str
    number: int
    state: RegradeState
    reason: str = Field(default="", description="why it failed")
    before: JudgedBy | None
    after: JudgedBy | None
    difference: int | None
    apart: bool


class RegradedOverall(Frozen):
    """All answers together, each side over its own; None where fewer than two have a number, or engines are mixed."""

    before: int | None
    after: int | None
    difference: int | None


class Regrade(Frozen):
    """One time that a session was judged again. Both judgements of every answer are kept; the new one is current."""

    id: UUID
    session_id: UUID
    engine: str
    rubric: RubricChoice
    state: RegradeState
    created_at: datetime
    ended_at: datetime | None
    done: int
    total: int
    answers: list[RegradedAnswer]
    overall: RegradedOverall


class OwnRatings(BaseModel):
    """The candidate's own level (1-5, or null for skipped) by question id."""

    model_config = ConfigDict(extra="forbid")
    levels: dict[str, Annotated[int, Field(ge=1, le=5)] | None] = Field(examples=[{"q3": 4, "q4": None}])


class DisputeCreate(BaseModel):
    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"text": "I did name the number: forty seconds."}]}
    )
    text: Clean = Field(min_length=1, max_length=2_000, description="what looks wrong, in own words")
