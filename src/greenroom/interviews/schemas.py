"""Shapes of interviews, plans and sessions, shared by pages and API."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    field_validator,
    model_validator,
)

from greenroom.interviews import appointments
from greenroom.kit.faults import Form
from greenroom.kit.texts import Clean, clean, visible
from greenroom.library.scenes import Scene
from greenroom.library.schemas import Competency, InterviewType, Level
from greenroom.memory.schemas import Reminder

Mode = Literal["practice", "graded"]
Tone = Literal["friendly", "neutral", "tough"]
Difficulty = Literal["easy", "standard", "hard"]
Timing = Literal["on", "x1.5", "x2", "off"]
Minutes = Literal[15, 30, 45, 60]
PersonaSlug = Literal["hr", "hiring_manager", "tech_lead", "bar_raiser", "peer"]
BlockKind = Literal["opening", "warm_up", "core", "candidate_questions", "close"]
SessionState = Literal["active", "paused", "ended"]
SessionKind = Literal["interview", "retry", "sample"]

Scenario = Literal["interview", "meeting", "presentation", "own"]
MOST_ROUNDS = 4
DESCRIPTION_LIMIT = 4_000
LEAST_DESCRIBED = 8  # words

Short = Annotated[str, StringConstraints(strip_whitespace=True, max_length=120), AfterValidator(clean)]
Name = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120), AfterValidator(visible)
]


class Planned(BaseModel):
    """When an interview is to begin: a time on the clocks of a zone, or one with its own offset."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"at": "2027-03-09T18:30", "zone": "Europe/Lisbon"}]},
    )

    at: datetime = Field(description="local time of the zone (2027-03-09T18:30), or with an offset")
    zone: Annotated[str, StringConstraints(strip_whitespace=True, max_length=60)] = Field(
        default="UTC", description="name of a time zone, such as Europe/Lisbon"
    )

    @field_validator("at")
    @classmethod
    def _in_reach(cls, value: datetime) -> datetime:
        if not 2000 <= value.year <= 2200:
            raise ValueError("choose a day of the next two years")
        return value.replace(second=0, microsecond=0)

    @field_validator("zone")
    @classmethod
    def _known(cls, value: str) -> str:
        appointments.find_zone(value)
        return value

    @model_validator(mode="after")
    def _exists(self) -> "Planned":
        appointments.resolve(self.at, self.zone)
        return self

    @property
    def instant(self) -> datetime:
        """The same as aware UTC."""
        return appointments.resolve(self.at, self.zone)


class Round(BaseModel):
    """A further round of an interview: its questions, length and panel. The rest is as in the first."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"type": "technical", "minutes": 30, "panel": 2}]},
    )

    type: InterviewType = "mixed"
    minutes: Minutes = 30
    panel: int = Field(default=2, ge=1, le=4, description="how many interviewers")


class InterviewCreate(BaseModel):
    """What a person asks for. `role` is a role slug, an alias or a free title; `seed` makes a session repeatable."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "role": "backend",
                    "company": "Saltmarsh Water",
                    "level": "mid",
                    "type": "mixed",
                    "minutes": 30,
                    "panel": 2,
                }
            ]
        },
    )

    scenario: Scenario = Field(
        default="interview", description="what is practised; `own`: what `description` tells of"
    )
    scene: Annotated[
        str, StringConstraints(max_length=60), Form(r"^[a-z0-9_]*$", "GET /scenes names it: food_bank")
    ] = Field(
        default="", description="a meeting or presentation of GET /scenes; empty: the first of its kind"
    )
    description: Clean = Field(
        default="",
        max_length=DESCRIPTION_LIMIT,
        description="for `own`: who meets, what about, what you want; the agenda is read out of it",
    )
    role: Name = "backend"
    company: Short = ""
    level: Level = "mid"
    type: InterviewType = "mixed"
    minutes: Minutes = 30
    panel: int = Field(default=2, ge=1, le=4, description="how many interviewers")
    tone: Tone = "neutral"
    difficulty: Difficulty = "standard"
    mode: Mode = "practice"
    timing: Timing = "on"
    job_description: Clean = Field(default="", max_length=50_000)
    send_answers_to: list[Short] = Field(
        default_factory=list[str],
        max_length=10,
        description="recipients outside this machine that models may send answers to, as GET /engines/recipients "
        "names them; empty: nothing leaves this machine",
    )
    job_id: UUID | None = Field(
        default=None, description="a job target: what it asks for steers the questions"
    )
    resume_id: UUID | None = Field(
        default=None, description="a résumé: the panel asks when an answer differs from it"
    )
    name: Short = Field(
        default="", description="own name of the interview; empty: made from role and company"
    )
    then: list[Round] = Field(
        default_factory=list[Round],
        max_length=MOST_ROUNDS - 1,
        description="the rounds after the first, in order; each is a session of its own, and no question comes twice",
    )
    planned: Planned | None = Field(default=None, description="when to begin; left out: whenever you like")
    seed: int | None = Field(default=None, ge=0, le=2**31 - 1)

    @field_validator("send_answers_to", mode="before")
    @classmethod
    def _lines(cls, value: object) -> object:
        """A form sends the ticked names as lines."""
        return value.splitlines() if isinstance(value, str) else value

    @model_validator(mode="after")
    def _fits_scenario(self) -> "InterviewCreate":
        if self.scenario != "interview" and self.then:
            raise ValueError("only an interview has several rounds")
        if self.scenario == "own" and len(self.description.split()) < LEAST_DESCRIBED:
            raise ValueError(f"describe what you want to practise, in {LEAST_DESCRIBED} words or more")
        return self

    @property
    def rounds(self) -> int:
        """How many rounds there are."""
        return 1 + len(self.then)

    def in_round(self, number: int) -> "InterviewCreate":
        """What is asked for in a round, counted from 1. Raises IndexError when there is no such round."""
        if number == 1:
            return self.model_copy(update={"then": []})
        if not 1 < number <= self.rounds:
            raise IndexError(number)
        return self.model_copy(update={**self.then[number - 2].model_dump(), "then": []})


class InterviewUpdate(BaseModel):
    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"name": "Dress rehearsal"}]})
    name: Name


class SessionUpdate(BaseModel):
    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"name": "Monday morning"}]})
    name: Name


class Material(BaseModel):
    """Something a question speaks of, to be read beside it: an exhibit, the requirements, code to start from.

    `wraps` is false where columns or indentation carry meaning, so that no line may be broken.
    """

    title: str
    body: str
    wraps: bool = True


class PersonaCard(BaseModel):
    """One panel member as the room shows it. `portrait` names a drawing, `voice` a voice of the library."""

    slug: PersonaSlug
    name: str
    role: str
    portrait: str


class PlanBlock(BaseModel):
    """One stretch of the interview. Seconds are of interview time; core blocks own one competency."""

    kind: BlockKind
    start_s: int
    seconds: int
    persona: PersonaSlug
    competency: Competency | None = None
    title: str
    importance: float = Field(default=1, description="what is dropped first when time runs short: the lowest")
    why: str = Field(default="", description="why this competency is asked, in one sentence")
    item: str = Field(
        default="", description="the question of this block; empty: chosen while the interview runs"
    )
    topic: str = Field(default="", description="what the question speaks of, in the agenda's words")
    aspect: str = Field(default="", description="which side of the topic: cost, risk, people …")
    side: str = Field(default="", description="the same in words: what it costs, what can go wrong …")
    talk: bool = Field(
        default=False, description="the candidate presents here, in as many parts as they like"
    )


class PlanScene(BaseModel):
    """What a meeting or a presentation is about, as it was when the plan was made."""

    slug: str
    presents: bool
    you: str
    situation: str
    opening: str
    invitation: str
    facts: list[str] = Field(default_factory=list)
    read: Scene | None = Field(
        default=None,
        description="an own description as it was read when a model was asked; later sessions are of the same reading",
    )


class Plan(BaseModel):
    """The frozen blueprint of a session: blocks in order, panel, and the pool of items (id -> content hash)."""

    seed: int
    minutes: int
    type: InterviewType
    level: Level
    role: str
    role_title: str
    role_note: str = Field(
        default="", description="said when the role was not known and the nearest was taken"
    )
    blocks: list[PlanBlock]
    panel: list[PersonaCard]
    probes_max: int
    pool: dict[str, str]
    notes: list[str] = Field(default_factory=list)
    reminders: list[Reminder] = Field(
        default_factory=list[Reminder],
        description="what earlier answers lacked, for those who want to be remembered; frozen when a session begins",
    )
    scenario: Scenario = "interview"
    scene: PlanScene | None = Field(
        default=None, description="of a meeting, a presentation or an own description"
    )
    round: int = Field(default=1, description="which round of the interview this is")
    rounds: int = Field(default=1, description="how many there are")
    later: list["Plan"] = Field(
        default_factory=list["Plan"], description="plans of the rounds after this one"
    )

    def of_round(self, number: int) -> "Plan":
        """The plan of a round, from that of the first. Raises IndexError when there is no such round."""
        for plan in (self, *self.later):
            if plan.round == number:
                return plan.model_copy(update={"later": []})
        raise IndexError(number)


class Appointment(BaseModel):
    """When an interview is planned: the instant in UTC, and the same on the clocks of the zone it was planned in.

    `twice` says that this local time comes twice that night and the first is meant.
    """

    at: datetime
    zone: str
    local: datetime
    twice: bool = False


class Interview(BaseModel):
    """The configured interview with its plan. `planned` until its first session begins."""

    id: UUID
    name: str
    created_at: datetime
    planned: Appointment | None = None
    spec: InterviewCreate
    plan: Plan
    sessions: list[UUID] = Field(default_factory=list[UUID])


SegmentKind = Literal["ask", "probe", "you", "think", "gap", "rest", "now"]
EvidenceMark = Literal["met", "part", "miss"]


class RibbonSegment(BaseModel):
    """A stretch of the ribbon to scale; `marks` hang evidence under a candidate segment (position 0-1, state)."""

    kind: SegmentKind
    seconds: int
    marks: list[tuple[float, EvidenceMark]] = Field(default_factory=list[tuple[float, EvidenceMark]])


class RibbonQuestion(BaseModel):
    label: str
    number: int | None = None
    seconds: int
    segments: list[RibbonSegment]


class SessionSummary(BaseModel):
    """A row of the history. `overall` is 0-100 or none; `state` says what can be done with it.

    `kind` is interview, retry (some questions of `of_session_id` again) or sample (answers written by us).
    `at_target` counts the assessed answers that reach the target of their level; none while one is being scored.
    Sessions with the same `run_id` are the rounds of one run through an interview.
    """

    id: UUID
    interview_id: UUID
    kind: SessionKind = "interview"
    of_session_id: UUID | None = None
    run_id: UUID | None = None
    round: int = 1
    rounds: int = 1
    scenario: Scenario = "interview"
    name: str
    role_title: str
    company: str
    type: InterviewType
    level: Level
    mode: Mode
    state: SessionState
    started_at: datetime
    ended_at: datetime | None = None
    used_s: int
    total_s: int
    questions_asked: int
    questions_planned: int
    overall: int | None = None
    at_target: int | None = None
    assessed: int = 0
    ribbon: list[RibbonQuestion] = Field(default_factory=list[RibbonQuestion])
