"""The report of a session: one object, shown as page, JSON and PDF.

Levels are 1-5 and scores 0-100; both are None together when nothing could be judged. Texts are ready to be shown:
answers are cut into pieces, so that no reader of a report has to place evidence again.
"""

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import Field

from greenroom.advice.schemas import Recap, Rewrite
from greenroom.answers.schemas import Frozen, Part
from greenroom.documents.schemas import Coverage
from greenroom.engines.schemas import Costs
from greenroom.grading.folds import Dimension
from greenroom.grading.schemas import AnswerState, Confidence, CriterionState
from greenroom.interviews.schemas import (
    EvidenceMark,
    InterviewType,
    Material,
    Mode,
    PersonaSlug,
    RibbonQuestion,
    Scenario,
    SessionKind,
)
from greenroom.library.schemas import Competency, CriterionId, Level

Stand = Literal["above", "at", "maybe", "below", "pending", "versions", "few", "not_observed"]
"""Where a level stands, or why there is none. few: one answer is not enough to say it of an interview."""
Change = Literal["higher", "lower", "unclear", "versions", "unseen"]
"""What may be said about two levels. unclear: the intervals touch. versions: judged by different versions.
unseen: one of the two is not there."""
OwnState = Literal["open", "given", "skipped"]


class Interval(Frozen):
    """A level with where it probably lies, the target of the interview's level, and the same as scores."""

    level: float = Field(ge=1, le=5)
    low: float = Field(ge=1, le=5)
    high: float = Field(ge=1, le=5)
    target: float = Field(ge=1, le=5)
    score: int = Field(ge=0, le=100)
    score_low: int = Field(ge=0, le=100)
    score_high: int = Field(ge=0, le=100)
    confidence: Confidence


class Piece(Frozen):
    """A run of text. `mark` makes it evidence, `letters` tie it to the key points whose evidence ends here, `blank` is
    for the candidate to fill."""

    text: str
    mark: EvidenceMark | None = None
    letters: list[str] = Field(default_factory=list[str])
    blank: bool = False


class Spoken(Frozen):
    """One utterance within a card; the pieces in order are the whole text. `offset_s` is interview time."""

    seq: int
    who: Literal["panel", "you"]
    name: str
    offset_s: int
    pieces: list[Piece]


class PartLength(Frozen):
    """How long a part of the answer is, in words; 0 says that the part is missing."""

    part: Part
    words: int = Field(ge=0)


class PointLine(Frozen):
    """One key point. `letter` is the one of its evidence; `note` says what a partly heard point lacks."""

    letter: str = ""
    text: str
    state: EvidenceMark
    note: str = ""
    probed: bool = False


class CriterionLine(Frozen):
    id: CriterionId
    title: str
    state: CriterionState
    level: float | None = None
    why: str


class DrillLine(Frozen):
    id: str
    title: str
    minutes: int
    goal: str
    steps: list[str] = Field(default_factory=list[str])
    example: str = ""


class Again(Frozen):
    """The same question answered another time. `change` is what may be said from the earlier answer to the later."""

    session_id: UUID
    question_id: str
    at: datetime = Field(description="when that session began")
    judged: Interval
    change: Change
    difference: float = Field(description="later minus earlier, in levels")


class QuestionCard(Frozen):
    """One scored question with its answer and judgement. `judged` is None unless the state is assessed."""

    id: str
    number: int
    state: AnswerState
    persona: str = Field(description="name of who asked")
    competency: Competency | None
    competency_title: str
    offset_s: int
    question: str
    material: list[Material] = Field(
        default_factory=list[Material], description="what the question spoke of, as it was shown"
    )
    turns: list[Spoken] = Field(description="the answer, and the follow-ups with their answers")
    words: int
    spoken_s: int = Field(description="seconds from question to end of the answer, all turns")
    judged: Interval | None = None
    reasons: list[str] = Field(default_factory=list[str], description="why there is no number")
    flags: list[str] = Field(default_factory=list[str], description="what a reader should know, in sentences")
    parts: list[PartLength] = Field(default_factory=list[PartLength])
    points: list[PointLine] = Field(default_factory=list[PointLine])
    criteria: list[CriterionLine] = Field(default_factory=list[CriterionLine])
    why_from: int | None = Field(
        default=None, description="the nearest anchor of the level: why this one ..."
    )
    why_to: int | None = Field(default=None, description="... and not this one")
    why_not_higher: str = Field(default="", description="the reason, without the two levels")
    keep: str = ""
    change: str = ""
    restructured: list[Piece] = Field(
        default_factory=list[Piece], description="own words in order, with blanks"
    )
    rewrite: Rewrite | None = Field(default=None, description="the coach's version, where it was asked for")
    model_answer: str = ""
    drill: DrillLine | None = Field(default=None, description="the exercise that helps this answer most")
    source: str = ""
    formative: bool = True
    attempts: int = 1
    disputes: list[str] = Field(default_factory=list[str], description="what was said against the score")
    first: Again | None = Field(default=None, description="in a retry: the first answer to this question")
    retries: list[Again] = Field(
        default_factory=list[Again], description="later answers to this question, oldest first"
    )


class OwnRow(Frozen):
    """The candidate's own level of one answer beside ours; None is skipped, or not judged."""

    question_id: str
    number: int
    title: str
    own: int | None = Field(default=None, ge=1, le=5)
    level: float | None = Field(default=None, ge=1, le=5)


class OwnRating(Frozen):
    """Asked before anything else is shown: while it is open the page shows nothing but the question."""

    state: OwnState
    rows: list[OwnRow]


class Overall(Frozen):
    """All assessed answers together, or why that is not enough to judge."""

    state: Literal["assessed", "not_enough", "pending"]
    judged: Interval | None = None
    stand: Stand = "not_observed"
    assessed: int
    asked: int
    reason: str = ""


class Strip(Frozen):
    """One competency of the plan over all its answers."""

    competency: Competency
    title: str
    answers: int
    judged: Interval | None = None
    stand: Stand


class DimensionStrip(Frozen):
    """One dimension over all answers that show it. `note` says why it has no level, where an answer could not."""

    dimension: Dimension
    title: str
    answers: int = Field(ge=0, description="how many assessed answers show it")
    judged: Interval | None = None
    stand: Stand
    note: str = ""


class Scorecard(Frozen):
    """One panelist's own questions together. `keep` and `change` come from their strongest and weakest answer."""

    persona: PersonaSlug
    name: str
    role: str
    questions: list[int] = Field(description="numbers")
    competencies: list[str] = Field(description="titles")
    assessed: int
    judged: Interval | None = None
    stand: Stand
    keep: str = ""
    change: str = ""


class Spread(Frozen):
    """How far the panelists' scorecards are from each other, in levels; `apart` when their intervals do not touch."""

    highest: str
    lowest: str
    levels: float
    apart: bool
    sentence: str


class Advice(Frozen):
    """The one paragraph: what to keep, what to change, what to do next. Empty until something is assessed."""

    keep: str = ""
    change: str = ""
    next: str = ""


class RibbonFacts(Frozen):
    """What the ribbon shows, for those who cannot see it."""

    questions: int
    follow_ups: int
    spoken_s: int = Field(description="seconds the candidate's answers took, written or spoken")
    longest_pause_s: int
    most_evidence: int | None = Field(default=None, description="number of the question with most evidence")
    least_evidence: int | None = None


class FitLine(Frozen):
    """One thing the job asks for. `resume` and `answers` say how far each shows it, in the words quoted beside them;
    `resume` is None when no résumé was given, and `question` is the number of the answer that shows it."""

    requirement: str
    must: bool
    resume: Coverage | None = None
    resume_words: str = ""
    resume_note: str = Field(default="", description="why the résumé shows it thinly or not")
    answers: Coverage
    answer_words: str = ""
    question: int | None = None


class RoleFit(Frozen):
    """What the job asks, beside what résumé and answers show of it: must-haves first. No number is made of it."""

    job: str = Field(description="title and company of the job target, or that it was pasted")
    lines: list[FitLine]
    musts: int
    musts_shown: int = Field(description="must-haves that an answer shows in whole")


class UnusedEvidence(Frozen):
    """A sentence of the résumé that no answer spoke of. `asked_by` is the requirement it would have shown,
    `questions` the numbers of the questions it would have served."""

    words: str
    asked_by: str = ""
    questions: list[int] = Field(default_factory=list[int])


class PlanStep(Frozen):
    """A drill of the plan; `day` 0 is today. At most three."""

    day: int = Field(ge=0)
    drill: DrillLine
    because: str = Field(description="which answers ask for it")


class Version(Frozen):
    name: str
    version: str


class Judged(Frozen):
    """How this was judged: engine, versions and weights, and what was dropped or cut on the way."""

    engine: str
    paragraph: str
    formative: bool
    rubric_version: str
    versions: list[Version]
    weights: list[tuple[str, int]] = Field(description="criterion title and how often it counts")
    notes: list[str] = Field(default_factory=list[str])
    costs: Costs | None = Field(default=None, description="what models have cost; none when none was asked")


class TranscriptLine(Frozen):
    """What one speaker said at one moment; a question passed on without words is a line of yours in brackets."""

    who: Literal["panel", "you"]
    name: str
    offset_s: int
    text: str


class Report(Frozen):
    """Everything the report shows, in its order."""

    session_id: UUID
    interview_id: UUID
    kind: SessionKind = Field(
        default="interview", description="retry: some questions again; sample: our answers"
    )
    of_session_id: UUID | None = Field(
        default=None, description="the session whose questions a retry asks again"
    )
    round: int = Field(default=1, description="which round of its interview")
    rounds: int = Field(default=1, description="how many rounds the interview has")
    title: str
    role_title: str
    company: str
    level: Level
    type: InterviewType
    scenario: Scenario = Field(
        default="interview", description="what was held; `type` is that of an interview"
    )
    mode: Mode
    minutes: int
    used_s: int
    started_at: datetime
    ended_at: datetime | None
    panel: list[str] = Field(description="names")
    badges: list[str] = Field(description="who judged, and how sure that can be")
    pending: int = Field(description="answers still being scored")
    own: OwnRating
    overall: Overall
    advice: Advice
    ribbon: list[RibbonQuestion]
    ribbon_facts: RibbonFacts
    strips: list[Strip]
    dimensions: list[DimensionStrip] = Field(
        default_factory=list[DimensionStrip],
        description="what the answers' criteria show, each dimension once; those not observed have no level",
    )
    scorecards: list[Scorecard] = Field(default_factory=list[Scorecard], description="by panelist")
    spread: Spread | None = Field(default=None, description="none below two assessed panelists")
    cards: list[QuestionCard]
    recap: Recap = Field(default_factory=Recap, description="a model's lines, each with its quote; or none")
    fit: RoleFit | None = Field(default=None, description="none without a job to compare with")
    unused: list[UnusedEvidence] = Field(
        default_factory=list[UnusedEvidence], description="of the résumé, what no answer spoke of"
    )
    plan: list[PlanStep] = Field(max_length=3)
    judged: Judged
    transcript: list[TranscriptLine]
