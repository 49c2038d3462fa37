"""What a model writes of a question, made into an item of the bank: code sets everything that measures. Pure."""

from collections.abc import Mapping
from typing import Any, Final

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from greenroom.kit.texts import clean
from greenroom.library.faults import explain_shape
from greenroom.library.schemas import Competency, Item, Level
from greenroom.writing.schemas import Kind


class _Said(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class PointSaid(_Said):
    """One thing a good answer contains."""

    name: str = Field(max_length=30, description="one lower-case word")
    text: str = Field(max_length=160, description="what a good answer says, in one line")
    essential: bool = Field(description="whether no good answer can be without it; at least one is")
    cues: list[str] = Field(min_length=3, max_length=10, description="short phrases such an answer would use")


class MisconceptionSaid(_Said):
    name: str = Field(max_length=30)
    text: str = Field(max_length=200)
    cues: list[str] = Field(default_factory=list[str], max_length=6)


class QuestionSaid(_Said):
    """One question as a model writes it."""

    prompt: str = Field(max_length=600, description="the question as it is asked aloud, at most 45 words")
    simple: str = Field(max_length=400, description="the same question in plainer words")
    deeper: str = Field(max_length=400, description="one step further, asked after a strong answer")
    clarification: str = Field(max_length=300, description="what is meant by it, for somebody who asks")
    competency: Competency
    points: list[PointSaid] = Field(min_length=4, max_length=8)
    weak: str = Field(max_length=300, description="what an answer of level 1 is like")
    fair: str = Field(max_length=300, description="what an answer of level 3 is like")
    strong: str = Field(max_length=300, description="what an answer of level 5 is like")
    follow_up: str = Field(max_length=300, description="asked when an answer stays vague")
    reference: str = Field(default="", max_length=1_500, description="technical questions: the right answer")
    misconceptions: list[MisconceptionSaid] = Field(default_factory=list[MisconceptionSaid], max_length=4)


DIFFICULTY: Final[Mapping[Level, float]] = {"entry": -1.0, "mid": 0.0, "senior": 0.8, "lead": 1.2}
"""Where questions of a level lie on the scale of the bank; a question of unknown difficulty lies in the middle."""
DISCRIMINATION: Final = 0.8
"""Below that of the bank's own: nobody has answered it yet."""
# Structure, criteria, caps and seconds of each type, as most items of the bank have them.
TYPES: Final[Mapping[Kind, Mapping[str, Any]]] = {
    "behavioral": {
        "structure": "star",
        "criteria": ["relevance", "structure", "specificity", "ownership", "result", "reflection"],
        "caps": [{"if": "no_result", "max": 3}, {"if": "hypothetical", "max": 2}, {"if": "no_own_action", "max": 2}],
        "duration_s": {"target": 120, "min": 45, "max": 210},
    },
    "situational": {
        "structure": "steps",
        "criteria": ["relevance", "structure", "specificity", "reasoning", "ownership"],
        "caps": [{"if": "no_action", "max": 2}],
        "duration_s": {"target": 120, "min": 45, "max": 210},
    },
    "technical": {
        "structure": "claim_evidence",
        "criteria": ["relevance", "accuracy", "depth", "reasoning", "clarity"],
        "caps": [{"if": "must_missing", "max": 3}, {"if": "misconception", "max": 3}],
        "duration_s": {"target": 150, "min": 45, "max": 240},
    },
}  # fmt: skip


def make_item(
    said: QuestionSaid, item_id: str, kind: Kind, level: Level, role: str
) -> tuple[Item | None, list[str]]:
    """The item, or what keeps it from being one, in words that can be sent back."""
    row: dict[str, Any] = {
        "id": item_id, "type": kind, "roles": [role], "levels": [level], "competency": said.competency,
        "difficulty": DIFFICULTY[level], "discrimination": DISCRIMINATION, **TYPES[kind],
        "prompt": _line(said.prompt),
        "variants": {"simple": _line(said.simple), "deeper": _line(said.deeper)},
        "clarify": {"scope": _line(said.clarification)},
        "key_points": [
            {
                "id": _slug(point.name, n), "text": _line(point.text), "weight": 3 if point.essential else 2,
                "must": point.essential, "cues": [_line(cue).lower() for cue in point.cues if cue.strip()],
            }
            for n, point in enumerate(said.points, start=1)
        ],
        "anchors": {1: _line(said.weak), 3: _line(said.fair), 5: _line(said.strong)},
        "followups": [{"when": "vague", "ask": _line(said.follow_up)}],
    }  # fmt: skip
    if kind == "technical":
        row["reference"] = _line(said.reference) or None
        row["misconceptions"] = [
            {"id": _slug(wrong.name, n), "text": _line(wrong.text), "cues": [_line(cue) for cue in wrong.cues if cue.strip()]}
            for n, wrong in enumerate(said.misconceptions, start=1)
        ]  # fmt: skip
    if any(mark in str(row) for mark in ("http://", "https://", "<", ">")) or _has_braces(row):
        return None, ["no markup, links, angle brackets or braces may stand in it"]
    try:
        return Item.model_validate(row), []
    except ValidationError as error:
        return None, [explain_shape(found) for found in error.errors()]


def _has_braces(row: Mapping[str, Any]) -> bool:
    """Braces are blanks of the bank, which a model must not open."""
    texts = [row["prompt"], *row["variants"].values(), *row["clarify"].values(), row["followups"][0]["ask"]]
    return any("{" in text or "}" in text for text in texts)


def _line(text: str) -> str:
    return " ".join(clean(text).split())


def _slug(name: str, number: int) -> str:
    """A key point's id: letters of the name, with its number when nothing is left or it could stand twice."""
    kept = "".join(char for char in name.lower() if "a" <= char <= "z")[:20]
    return f"{kept or 'point'}_{number}"
