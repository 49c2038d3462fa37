"""Shapes of a communication analysis. Evidence is verbatim: `turn` is the utterance's number, places are code points."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from greenroom.answers.schemas import Frozen, Span
from greenroom.kit.texts import Clean, clean, visible

State = Literal["waiting", "measuring", "reading", "ready", "failed"]
Handling = Literal["direct", "indirect", "short", "asked_back", "open"]
Aspect = Literal["clarity", "structure", "questions", "listening", "conciseness"]
LIMIT = 200_000
Short = Annotated[str, StringConstraints(strip_whitespace=True, max_length=120), AfterValidator(clean)]


class AnalysisCreate(BaseModel):
    """A transcript to be analysed. Lines may begin with a name and a time; WebVTT and SubRip are read too."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "title": "Call with a client",
                    "text": "Ana: How did it go?\nBo: I think we fixed it in two days.",
                }
            ]
        },
    )

    text: Annotated[Clean, AfterValidator(visible)] = Field(min_length=1, max_length=LIMIT)
    title: Short = ""
    send_to: list[Short] = Field(
        default_factory=list[Short], max_length=10,
        description="recipients outside this machine that may get the transcript, as GET /engines/recipients names "
        "them; empty: nothing leaves this machine",
    )  # fmt: skip


class Tally(Frozen):
    """How often something was said, per 100 words, and where (at most ten places)."""

    count: int
    per_100_words: float
    evidence: list[Span] = Field(default_factory=list[Span])


class Finding(Frozen):
    """Something that makes it easier or harder to follow, with the words that show it."""

    aspect: Aspect
    text: str
    evidence: list[Span] = Field(default_factory=list[Span])


class SpeakerFacts(Frozen):
    """What one speaker did. `share` is of all words; `words_per_minute` is none without times."""

    name: str
    utterances: int
    words: int
    share: float = Field(ge=0, le=1)
    longest_words: int
    words_per_minute: int | None = None
    fillers: Tally
    hedges: Tally
    own_words: int = Field(description="I, me, my")
    team_words: int = Field(description="we, us, our")
    questions: int = Field(description="utterances that ask")
    sentence_words: float = Field(description="mean length of a sentence")
    parts: dict[str, int] = Field(description="utterances of 40 words or more with situation, action, result")
    findings: list[Finding] = Field(default_factory=list[Finding])


class Exchange(Frozen):
    """A question and what followed. direct: its first sentence takes up the question's words."""

    asked_by: str
    question: Span
    answered_by: str = ""
    answer: Span | None = None
    words: int = 0
    handling: Handling


class Facts(Frozen):
    """What code counts in a transcript. `notes` say what could not be told, and why."""

    words: int
    utterances: int
    labelled: bool
    timed: bool
    minutes: float | None = None
    speakers: list[SpeakerFacts]
    exchanges: list[Exchange]
    notes: list[str] = Field(default_factory=list[str])


class Reading(Frozen):
    """A model's findings, each with a quote that was looked up; or why there are none."""

    written_by: str = ""
    prompt: str = ""
    findings: list[Finding] = Field(default_factory=list[Finding])
    dropped: int = 0
    reason: str = ""


class Analysis(Frozen):
    """A transcript and what was found in it. `facts` are there when it is `reading` or `ready`."""

    id: UUID
    title: str
    state: State
    created_at: datetime
    words: int
    facts: Facts | None = None
    reading: Reading = Field(default_factory=Reading)
    problem: str = ""
    text: str = Field(default="", description="the transcript; left out in lists")
