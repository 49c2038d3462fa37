"""The session log: what may be written down, and the state that follows from it.

The log is append-only and is the only truth of a session. An entry is (seq, at, payload); `at` is
aware UTC server time, `seq` counts from 1. Everything said is stored as words, so a replay needs
neither bank nor grader: `interviews.replay` folds entries into a `State`.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from greenroom.answers.schemas import Observation
from greenroom.interviews.schemas import (
    BlockKind,
    Difficulty,
    EvidenceMark,
    Material,
    Mode,
    PersonaSlug,
    Timing,
    Tone,
)
from greenroom.library.schemas import Competency

Purpose = Literal[
    "greeting", "question", "follow_up", "repeat", "clarify", "hint", "nudge", "handover",
    "answer_to_candidate", "notice", "close",
]  # fmt: skip
CountsAs = Literal["answer", "own_question", "move"]
EndReason = Literal["complete", "time", "candidate", "conduct", "abandoned"]
Notice = Literal[
    "injection", "swearing", "conduct", "other_language", "distress", "dropped", "cut", "dont_know", "follow_up_withheld",
    "wording_kept", "proposal_declined", "proposal_failed",
]  # fmt: skip


class Payload(BaseModel):
    """Frozen, and unknown keys are errors: an entry is never edited and never half understood."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Started(Payload):
    """First entry. `total_s` is the length with the timing applied; `prior` the ability taken for granted."""

    kind: Literal["started"] = "started"
    seed: int
    mode: Mode
    tone: Tone
    difficulty: Difficulty
    timing: Timing
    total_s: int
    prior: float


class PanelSaid(Payload):
    """One utterance of the panel.

    `question_id` is the question it belongs to (`q3`, its follow-ups `q3.1`, `q3.2`), `root_id` the
    main question (`q3`). `lead_in` is said before `text`. `frame` is the end of
    `text` that only belongs to the first asking ("Take your time."). `marks` is what a hint shows. `lines` are the
    ids of the templates used and `refers_to` the candidate's words taken up: neither comes again soon. `material` is
    what the question speaks of; it is shown, not said.
    """

    kind: Literal["panel_said"] = "panel_said"
    persona: PersonaSlug
    purpose: Purpose
    text: str
    lead_in: str = ""
    block: int = 0
    block_kind: BlockKind = "opening"
    question_id: str | None = None
    root_id: str | None = None
    item_id: str | None = None
    item_hash: str | None = None
    competency: Competency | None = None
    frame: str = ""
    material: list[Material] = Field(default_factory=list[Material])
    scored: bool = False
    difficulty: float = 0
    discrimination: float = 0
    why: str = ""
    trigger: str = ""
    source: Literal["bank", "model"] = "bank"
    marks: list[tuple[str, EvidenceMark]] = Field(default_factory=list[tuple[str, EvidenceMark]])
    lines: list[str] = Field(default_factory=list)
    refers_to: str = ""

    @property
    def words(self) -> str:
        """All of it as it is heard: lead-in, then the text."""
        return f"{self.lead_in} {self.text}".strip()


class CandidateSaid(Payload):
    """One utterance of the candidate. `event` is what the conductor took it for (answer, repeat, clarify …)."""

    kind: Literal["candidate_said"] = "candidate_said"
    text: str
    counts_as: CountsAs
    event: str = "answer"
    question_id: str | None = None
    root_id: str | None = None
    probed: bool = False
    thinking_ms: int | None = None


class Thought(Payload):
    """The candidate asked for time to think; silence is measured anew."""

    kind: Literal["thought"] = "thought"
    question_id: str | None = None


class Skipped(Payload):
    """The question was passed on: its competency is "not observed", which is not a low score."""

    kind: Literal["skipped"] = "skipped"
    root_id: str
    reason: Literal["candidate", "silence", "time"] = "candidate"


class Paused(Payload):
    kind: Literal["paused"] = "paused"
    reason: Literal["candidate", "silence", "distress", "abandoned"] = "candidate"


class Resumed(Payload):
    kind: Literal["resumed"] = "resumed"


class ClockStopped(Payload):
    """The page was gone. `since` is its last sign of life: time counts until then only."""

    kind: Literal["clock_stopped"] = "clock_stopped"
    since: datetime


class ClockRan(Payload):
    """The page is back; time counts again from this entry on."""

    kind: Literal["clock_ran"] = "clock_ran"


class Observed(Payload):
    """What the answer to a main question shows so far (all its turns)."""

    kind: Literal["observed"] = "observed"
    root_id: str
    observation: Observation


class WordingReplaced(Payload):
    """A model's final wording of a question already asked, lead-in included; shown from now on."""

    kind: Literal["wording_replaced"] = "wording_replaced"
    question_id: str
    text: str
    source: Literal["model"] = "model"
    engine: str = ""


class FollowUpProposed(Payload):
    """What a model would follow up instead: a trigger of the closed list ("none" for nothing) and the words of the
    answer it is about. It stands before whatever is done about it, so a replay asks no model."""

    kind: Literal["follow_up_proposed"] = "follow_up_proposed"
    question_id: str
    trigger: str
    quote: str = ""
    engine: str = ""


class FollowUpChanged(Payload):
    """The open follow-up is asked by another trigger, as the conductor decided; shown from now on."""

    kind: Literal["follow_up_changed"] = "follow_up_changed"
    question_id: str
    trigger: str
    text: str
    lead_in: str = ""
    refers_to: str = ""
    lines: list[str] = Field(default_factory=list)
    why: str = ""

    @property
    def words(self) -> str:
        """All of it as it is heard."""
        return f"{self.lead_in} {self.text}".strip()


class Noticed(Payload):
    """Something that happened beside the answers, for the report and the log: no effect on a score."""

    kind: Literal["noticed"] = "noticed"
    notice: Notice
    detail: str = ""
    competency: Competency | None = None
    question_id: str | None = None


class Ended(Payload):
    kind: Literal["ended"] = "ended"
    reason: EndReason


AnyPayload = Annotated[
    Started | PanelSaid | CandidateSaid | Thought | Skipped | Paused | Resumed | ClockStopped | ClockRan
    | Observed | WordingReplaced | FollowUpProposed | FollowUpChanged | Noticed | Ended,
    Field(discriminator="kind"),
]  # fmt: skip


class Entry(BaseModel):
    """One line of the log. `at` is aware UTC."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    seq: int = Field(ge=1)
    at: datetime
    payload: AnyPayload

    @property
    def kind(self) -> str:
        return self.payload.kind


_PAYLOAD: TypeAdapter[AnyPayload] = TypeAdapter(AnyPayload)


def read_entry(seq: int, at: datetime, payload: str) -> Entry:
    """The entry of a stored line; `payload` is its JSON text.

    Raises:
        ValidationError: no payload is written like that.
    """
    return Entry.model_construct(seq=seq, at=at, payload=_PAYLOAD.validate_json(payload))


EventKind = Literal[
    "answer", "question", "repeat", "clarify", "think", "skip", "hint", "pause", "resume", "end", "tick",
    "done",
]  # fmt: skip


class Event(BaseModel):
    """What reaches the conductor: a move of the room's protocol, or a tick.

    A tick comes with the heartbeat: `idle_s` is seconds since the last keystroke, sound or entry, and
    `typing` is true while words are being written, which silence never interrupts.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: EventKind = "answer"
    text: str = ""
    idle_s: float = 0
    typing: bool = False
    thinking_ms: int | None = None


def shown_words(entries: Iterable[Entry]) -> dict[str, tuple[str, Literal["bank", "model"]]]:
    """The words last shown of questions that are not in their first words any more, and whose words they are."""
    shown: dict[str, tuple[str, Literal["bank", "model"]]] = {}
    for entry in entries:
        match entry.payload:
            case WordingReplaced() as worded:
                shown[worded.question_id] = (worded.text, "model")
            case FollowUpChanged() as changed:
                shown[changed.question_id] = (changed.words, "bank")
            case _:
                pass
    return shown
