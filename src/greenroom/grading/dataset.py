"""Lines of answers that people bring along, and the lines that come back.

A line has `question`, `answer`, and at least one of `references`, `rubric` and `anchors`. Scores are 0-1
unless the line says `scale_max`.
"""

import json
from typing import Any, Self, cast

from pydantic import (
    AliasChoices,
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    field_validator,
    model_validator,
)

from greenroom.answers.schemas import AnswerTurn, PointEvidence
from greenroom.grading.builtin.reference import GradedAnswer, Judgement, Reference, judge
from greenroom.grading.builtin.weights import Tier, load_model
from greenroom.grading.rubric import verdict_of
from greenroom.providers.embeddings.base import Embeddings

MOST_CHARACTERS = 20_000


class Anchor(BaseModel):
    """A graded answer."""

    text: str = Field(validation_alias=AliasChoices("text", "answer"), min_length=1)
    score: float = Field(ge=0)


class Line(BaseModel):
    """One answer to grade. Unknown fields are ignored; `score` is what people gave, for the report only."""

    model_config = ConfigDict(extra="ignore")

    question: str = ""
    answer: str = Field(max_length=MOST_CHARACTERS)
    references: list[str] = Field(
        default_factory=list[str],
        validation_alias=AliasChoices("references", "reference", "reference_answer"),
    )
    rubric: list[str] = Field(default_factory=list[str])
    anchors: list[Anchor] = Field(default_factory=list[Anchor], max_length=40)
    scale_max: float | None = Field(default=None, gt=0)
    score: float | None = Field(default=None, ge=0, validation_alias=AliasChoices("score", "human"))
    id: str | int | None = None
    question_id: str | int | None = None
    group: str | int | None = None
    dataset: str | None = None

    @field_validator("references", "rubric", "anchors", mode="before")
    @classmethod
    def _listed(cls, value: object) -> object:
        """A single text is a list of one, nothing is an empty list."""
        if value is None or value == "":
            return []
        return [value] if isinstance(value, str) else value

    @field_validator("rubric", mode="before")
    @classmethod
    def _pointed(cls, value: object) -> object:
        """Rubric points may be texts or objects with a text."""
        return [_text_of(part) for part in cast("list[object]", value)] if isinstance(value, list) else value

    @model_validator(mode="after")
    def _gradable(self) -> Self:
        if not (self.references or self.rubric or self.anchors):
            raise ValueError("one of references, rubric and anchors is needed")
        for given in [*(a.score for a in self.anchors), *([self.score] if self.score is not None else [])]:
            if given > 1 and (self.scale_max is None or given > self.scale_max):
                raise ValueError(f"score {given:g} is above 1: scores are 0-1, or give scale_max")
        return self

    def share(self, score: float) -> float:
        """A score on 0-1. With `scale_max` above 1 only scores above 1 are divided, so 0-1 scores stay."""
        return score / self.scale_max if self.scale_max and score > 1 else score

    def target(self) -> Reference:
        """What the answer is compared with."""
        anchors = tuple(GradedAnswer(a.text, self.share(a.score)) for a in self.anchors)
        return Reference(self.question, tuple(self.references), tuple(self.rubric), anchors)

    @property
    def human(self) -> float | None:
        """What people gave, 0-1."""
        return None if self.score is None else self.share(self.score)


def _text_of(part: object) -> object:
    known = cast("dict[str, object]", part) if isinstance(part, dict) else {}
    return known.get("text", part)  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]


class BadLineError(ValueError):
    """A line that cannot be graded; the text says why."""


def read_line(text: str) -> Line:
    """A line of JSON as a `Line`; BadLineError with the reason in words."""
    try:
        raw = json.loads(text)
    except RecursionError as error:
        raise BadLineError("not JSON that can be read: nested too deeply") from error
    except json.JSONDecodeError as error:
        raise BadLineError(f"not JSON: {error.msg} at column {error.colno}") from error
    if not isinstance(raw, dict):
        raise BadLineError('not an object: a line begins with { and has "question" and "answer"')
    try:
        return Line.model_validate(raw)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        message = "is missing" if first["type"] == "missing" else first["msg"].removeprefix("Value error, ")
        raise BadLineError(f"{where}: {message}" if where else message) from error


def grade_line(line: Line, *, tier: Tier = "lexical", embed: Embeddings | None = None) -> dict[str, Any]:
    """The graded line: status, score 0-100 with its interval or none, flags, reasons, evidence, who judged."""
    try:
        judged = judge(line.target(), [AnswerTurn(seq=1, text=line.answer)], tier=tier, embed=embed)
    except ValueError as error:
        raise BadLineError(str(error)) from error
    known = {"id": line.id, "question_id": line.question_id, "group": line.group, "dataset": line.dataset}
    return {
        **{name: value for name, value in known.items() if value is not None},
        "status": "not_enough" if judged.share is None else "assessed",
        **_numbers(judged),
        "validity": judged.verdict.validity,
        "reasons": [judged.verdict.reason] if judged.verdict.reason else [],
        "flags": list(judged.flags),
        "evidence": [_evidence(point) for point in judged.points],
        "source": {"engine": "builtin", "tier": tier, "version": load_model("reference", tier).version},
        **({} if line.human is None else {"human": round(line.human, 4)}),
    }


def _numbers(judged: Judgement) -> dict[str, Any]:
    if judged.share is None or judged.low is None or judged.high is None:
        return {"score": None, "interval": None, "verdict": None, "confidence": None}
    width = judged.high - judged.low
    return {
        "score": round(100 * judged.share),
        "interval": [round(100 * judged.low), round(100 * judged.high)],
        "verdict": verdict_of(judged.share),
        "confidence": "high" if width <= 0.3 else "medium" if width <= 0.55 else "low",
    }


def _evidence(point: PointEvidence) -> dict[str, Any]:
    quote = (
        {}
        if point.span is None
        else {"quote": point.span.text, "start": point.span.start, "end": point.span.end}
    )
    return {"point": point.id, "state": point.state, **quote}
