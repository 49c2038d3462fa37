"""Shapes of an observation: what one answer shows before anyone judges it.

Positions are Unicode code points of the stored text of one turn (`seq` of the session log).
"""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

Part = Literal["situation", "task", "action", "result", "reflection"]
Validity = Literal[
    "ok", "empty", "too_short", "gibberish", "copied_question", "keyword_list", "off_topic",
    "boilerplate", "injection_only", "dont_know", "other_language", "code_only",
]  # fmt: skip
PointState = Literal["met", "partial", "missing"]


class Frozen(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class AnswerTurn(Frozen):
    """One candidate utterance that counts toward an answer. `probed` is true when it answers a follow-up."""

    seq: int
    text: str
    probed: bool = False


class Span(Frozen):
    """A verbatim quote: `turn` is the utterance's seq, start/end are code points of its stored text."""

    turn: int
    start: int
    end: int
    text: str


class PartSpan(Frozen):
    part: Part
    span: Span


class PointEvidence(Frozen):
    """Whether a key point was heard, with the words that show it (None when missing)."""

    id: str
    state: PointState
    similarity: float = Field(ge=0, le=1)
    span: Span | None = None
    probed: bool = False


class Observation(Frozen):
    """Facts of one answer (all its turns). Counts are words; ratios 0-1; `level` is a quick estimate 1-5."""

    validity: Validity
    reasons: list[str] = Field(default_factory=list[str], description="why the validity is not ok, in words")
    flags: list[str] = Field(
        default_factory=list[str],
        description="slugs: injection_phrase, hidden_characters, repeated, word_list, negated_reference, "
        "misconception.<id>, verbatim_anchor …",
    )
    language: str | None = None
    words: int = 0
    sentences: int = 0
    relevance: float = Field(default=0, ge=0, le=1)
    standing: float | None = Field(
        default=None,
        ge=0,
        le=1,
        description="how surely it answers this question rather than another of its type; none where not measured",
    )
    parts: list[PartSpan] = Field(default_factory=list[PartSpan])
    points: list[PointEvidence] = Field(default_factory=list[PointEvidence])
    own_words: int = Field(default=0, description="first-person singular pronouns")
    team_words: int = Field(default=0, description="first-person plural pronouns")
    hedges: list[Span] = Field(default_factory=list[Span])
    measures: list[Span] = Field(default_factory=list[Span], description="numbers with what they measure")
    names: list[Span] = Field(
        default_factory=list[Span], description="projects, tools and proper names a probe can refer to"
    )
    hypothetical: bool = False
    level: float = Field(default=1, ge=1, le=5)
