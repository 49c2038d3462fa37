"""Shapes of the library's data: every YAML file of the package is validated against these.

Levels are 1-5 (behaviourally anchored), difficulty is on the logit-like scale -2..2 of the
candidate's ability, durations are seconds of candidate speech or its written equivalent.
"""

from typing import Annotated, Literal, cast

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, field_validator, model_validator

from greenroom.kit.faults import Form

Level = Literal["entry", "mid", "senior", "lead"]
ItemType = Literal[
    "behavioral",
    "technical",
    "situational",
    "case",
    "system_design",
    "coding",
    "hr_screen",
    "meeting",
    "presentation",
    "opening",
    "closing",
]
InterviewType = Literal[
    "behavioral", "technical", "situational", "mixed", "case", "system_design", "coding", "hr_screen"
]
Structure = Literal["star", "claim_evidence", "tradeoff", "steps", "code", "free"]
Competency = Literal[
    "communication", "teamwork", "conflict", "customer_focus", "problem_solving", "critical_thinking",
    "decision_making", "planning", "accountability", "adaptability", "learning", "initiative",
    "leadership", "influence", "integrity", "role_knowledge",
]  # fmt: skip
Family = Literal[
    "software", "infrastructure", "data", "product", "business", "commercial", "care", "engineering"
]  # fmt: skip
CriterionId = Literal[
    "relevance", "structure", "specificity", "ownership", "result", "reflection",
    "accuracy", "depth", "reasoning", "clarity", "conciseness",
]  # fmt: skip
CapReason = Literal[
    "no_situation", "no_action", "no_result", "hypothetical", "no_own_action", "must_missing", "misconception"
]

Slug = Annotated[str, Form(r"^[a-z][a-z0-9_]*$", "small letters, digits and _, a letter first")]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
ItemId = Annotated[
    str,
    Form(
        r"^[a-z]+(\.[a-z0-9_]+)*\.\d{3}$",
        "small letters, digits and _, parts apart by full stops, three digits at the end: own.returns.001",
    ),
]
RoleName = Annotated[
    str,
    Form(
        r"^(\*|family:[a-z]+|[a-z][a-z0-9_]*)$",
        "'*' for all, a role as `greenroom bank` names it (backend), or family: and its name (family:care)",
    ),
]
Tag = Annotated[
    str, Form(r"^[a-z]+(\.[a-z0-9_]+)+$", "two parts or more, apart by a full stop: topic.returns")
]
DrillId = Annotated[str, Form(r"^drill\.[a-z0-9_]+$", "drill. and its name: drill.result_line")]


class Strict(BaseModel):
    """Frozen, and unknown keys are errors: a typo in a data file must not pass unseen."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Duration(Strict):
    """Seconds an answer should take: target, and the range in which nothing is said about length."""

    target: int = Field(ge=15, le=2400)
    min: int = Field(ge=5)
    max: int = Field(le=3600)

    @model_validator(mode="after")
    def _ordered(self) -> "Duration":
        if not self.min < self.target < self.max:
            raise ValueError("min must be below target, and target below max")
        return self


class KeyPoint(Strict):
    """One thing a good answer contains. A cue matches when the stems of all its words stand in one sentence."""

    id: Slug
    text: Text
    weight: int = Field(ge=1, le=3)
    must: bool = False
    cues: list[Text] = Field(min_length=3)


class Misconception(Strict):
    """A wrong belief people state fluently, with phrases that give it away."""

    id: Slug
    text: Text
    cues: list[Text] = Field(default_factory=list[Text])


class Variants(Strict):
    """The same question easier to grasp, and one step further."""

    simple: Text
    deeper: Text


class Cap(Strict):
    """The highest level an answer can reach when the condition holds."""

    if_: CapReason = Field(alias="if")
    max: int = Field(ge=1, le=4)


class FollowUp(Strict):
    """A probe: `when` is a trigger of the conductor or `missing.<key point id>`."""

    when: Annotated[
        str,
        Form(
            r"^(off_topic|too_short|hypothetical|we_heavy|no_measure|vague|strong|missing\.[a-z0-9_]+)$",
            "missing. and the id of a key point (missing.result), or one of off_topic, too_short, hypothetical, "
            "we_heavy, no_measure, vague, strong",
        ),
    ]
    ask: Text


class RedFlag(Strict):
    """Wording that works against the candidate, and what to say about the wording (never about the person)."""

    id: Slug
    cues: list[Text] = Field(min_length=1)
    say: Text


SampleKind = Literal["plain", "keyword_stuffed", "misconception", "terse"]


class Sample(Strict):
    """An answer we wrote and levelled; never shown as a person's own."""

    score: int = Field(ge=1, le=5)
    kind: SampleKind = "plain"
    text: Text


class Exhibit(Strict):
    """Something a case shows: a small table or a note, as text."""

    title: Text
    body: Text


class CodeTest(Strict):
    """Standard input and the exact standard output expected."""

    input: str
    output: str


class Item(Strict):
    """One bank item: a question, what a good answer contains, and how to probe it."""

    id: ItemId
    type: ItemType
    lang: Literal["en"] = "en"
    roles: list[RoleName] = Field(min_length=1)
    stacks: list[Slug] = Field(default_factory=list[Slug])
    levels: list[Level] = Field(min_length=1)
    competency: Competency
    secondary: list[Competency] = Field(default_factory=list[Competency])
    difficulty: float = Field(ge=-2, le=2)
    discrimination: float = Field(ge=0.3, le=1.5)
    duration_s: Duration
    prompt: Text
    variants: Variants | None = None
    clarify: dict[Slug, Text] = Field(default_factory=dict[Slug, Text])
    structure: Structure
    key_points: list[KeyPoint] = Field(default_factory=list[KeyPoint], max_length=8)
    reference: Text | None = None
    misconceptions: list[Misconception] = Field(default_factory=list[Misconception])
    criteria: list[CriterionId] = Field(default_factory=list[CriterionId])
    anchors: dict[Literal[1, 3, 5], Text] = Field(default_factory=dict[Literal[1, 3, 5], Text])
    caps: list[Cap] = Field(default_factory=list[Cap])
    followups: list[FollowUp] = Field(default_factory=list[FollowUp])
    red_flags: list[RedFlag] = Field(default_factory=list[RedFlag])
    samples: list[Sample] = Field(default_factory=list[Sample])
    tags: list[Tag] = Field(default_factory=list[str])
    drills: list[DrillId] = Field(default_factory=list[str])
    cooldown_sessions: int = Field(default=3, ge=0)
    # coding
    starter: dict[str, str] = Field(default_factory=dict[str, str])
    public_tests: list[CodeTest] = Field(default_factory=list[CodeTest])
    hidden_tests: list[CodeTest] = Field(default_factory=list[CodeTest])
    complexity: str | None = None
    hints: list[Text] = Field(default_factory=list[Text])
    # case
    exhibits: list[Exhibit] = Field(default_factory=list[Exhibit])
    # system design
    requirements: list[Text] = Field(default_factory=list[Text])
    components: list[Text] = Field(default_factory=list[Text])
    tradeoffs: list[Text] = Field(default_factory=list[Text])

    @field_validator("anchors", mode="before")
    @classmethod
    def _number_levels(cls, value: object) -> object:
        """JSON knows only text keys: a stored item comes back with "1" for 1."""
        if not isinstance(value, dict):
            return value
        anchors = cast("dict[object, object]", value)
        return {int(key) if key in ("1", "3", "5") else key: text for key, text in anchors.items()}

    @model_validator(mode="after")
    def _whole(self) -> "Item":
        points = {p.id for p in self.key_points}
        if len(points) != len(self.key_points):
            raise ValueError("key point ids must be unique within the item")
        for followup in self.followups:
            kind, _, part = followup.when.partition(".")
            if kind == "missing" and part not in points | {"situation", "action", "result"}:
                raise ValueError(f"follow-up {followup.when!r} names no key point of this item")
        if self.type in ("opening", "closing"):
            return self
        if not 4 <= len(self.key_points) <= 8:
            raise ValueError("a scored item needs 4-8 key points")
        if not any(p.must for p in self.key_points):
            raise ValueError("a scored item needs at least one key point with must: true")
        if set(self.anchors) != {1, 3, 5}:
            raise ValueError("a scored item needs anchors 1, 3 and 5")
        if self.variants is None or not self.clarify or not self.criteria or not self.followups:
            raise ValueError("a scored item needs variants, clarify, criteria and followups")
        if self.type in ("technical", "system_design", "coding") and not (
            self.reference and self.misconceptions
        ):
            raise ValueError("this type needs a reference answer and misconceptions")
        return self
