"""The room's protocol: what a client sends, and the one view of the room it gets back.

TypeScript types are generated from this module; a drift between the two fails the tests.
"""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from greenroom.engines.schemas import Meter
from greenroom.interviews.schemas import (
    EvidenceMark,
    Material,
    Mode,
    PersonaCard,
    RibbonQuestion,
    Scenario,
    Timing,
)
from greenroom.kit.texts import Clean
from greenroom.library.schemas import Structure

MoveKind = Literal[
    "answer", "question", "repeat", "clarify", "think", "skip", "hint", "pause", "resume", "end",
    "done",
]  # fmt: skip
RoomState = Literal["listening", "thinking", "paused", "ended"]
ANSWER_LIMIT = 20_000
Whole = Annotated[int, Field(ge=0, le=2**31 - 1)]
"""A count that both databases can store."""


class TurnCreate(BaseModel):
    """One thing the candidate does. `after_seq` is the last entry the client has seen: an older one is refused (409).

    `answer` sends words (the conductor recognises "could you repeat that?" in them by itself); `question` is an own
    question to the panel; `done` ends a presentation, with a last part or without; the others are the buttons of the dock and carry no text.
    """

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {"kind": "answer", "text": "I led the migration and cut costs by 40%.", "after_seq": 3}
            ]
        },
    )

    kind: MoveKind = "answer"
    text: Clean = Field(default="", max_length=ANSWER_LIMIT)
    after_seq: Whole
    thinking_ms: Whole | None = Field(
        default=None, description="from question shown to first keystroke; display only"
    )


class Line(BaseModel):
    """One utterance of the transcript. `who` is 'panel' or 'you'; `offset_s` is interview time."""

    seq: int
    who: Literal["panel", "you"]
    name: str
    text: str
    offset_s: int
    persona: str | None = None
    kind: str = Field(
        description="question, follow_up, clarify, repeat, acknowledgement, hint, answer, close …"
    )
    source: Literal["bank", "model", "candidate"] = "bank"


class CurrentQuestion(BaseModel):
    id: str
    persona: str
    competency: str | None
    competency_title: str
    text: str
    is_follow_up: bool
    lead_in: str = Field(default="", description="acknowledgement or bridge said before the question")
    material: list[Material] = Field(
        default_factory=list[Material],
        description="what the question speaks of: exhibits, requirements, code",
    )


class ClockView(BaseModel):
    """Server time. `used_s` counts interview time only; `running` is false while paused or with the timer off."""

    total_s: int
    used_s: int
    running: bool
    timing: Timing


class Counter(BaseModel):
    number: int
    of: int


class RoundView(BaseModel):
    """Which round of the interview this is, and how many there are."""

    number: int
    of: int


class Cue(BaseModel):
    """Practice only: how an answer to this question is built, and the range of words in which nothing is said of length."""

    structure: Structure
    least_words: int
    most_words: int


class RoomView(BaseModel):
    """Everything a client needs to draw the room. `seq` goes back as `after_seq` of the next turn."""

    session_id: UUID
    interview_id: UUID
    title: str
    mode: Mode
    scenario: Scenario = "interview"
    state: RoomState
    seq: int
    block: str
    clock: ClockView
    counter: Counter
    round: RoundView | None = Field(default=None, description="none when the interview has one round")
    panel: list[PersonaCard]
    floor: str | None = Field(description="persona who has the floor")
    question: CurrentQuestion | None
    notice: str = Field(default="", description="one sentence for the status line, e.g. after repeat or skip")
    hint: list[tuple[str, EvidenceMark]] = Field(default_factory=list[tuple[str, EvidenceMark]])
    cue: Cue | None = Field(
        default=None, description="in practice, for a main question; never in graded mode"
    )
    moves: list[MoveKind]
    draft: str = ""
    ribbon: list[RibbonQuestion]
    transcript: list[Line]
    engine: str = "Built-in interviewer"
    meter: Meter | None = Field(
        default=None, description="what models have cost; none while nothing that costs took part"
    )


class RoundStart(BaseModel):
    """Which round to begin; left out, the first that has not begun."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"round": 2}]})
    round: int | None = Field(default=None, ge=1, le=4)


class WordsView(BaseModel):
    """A question's words so far. When `done`, they are final: the model's, or the bank's when the model gave none."""

    question_id: str
    text: str
    done: bool


class DraftUpdate(BaseModel):
    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"text": "I began with the", "after_seq": 3}]}
    )
    text: Clean = Field(max_length=ANSWER_LIMIT)
    after_seq: Whole


class Heartbeat(BaseModel):
    """Sent every 10 s while the page is open; a gap over 30 s stops the clock."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"typing": True}]})
    typing: bool = False
