"""Shapes of what is read out of documents. A span is a half-open range of code points of the kept text."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from greenroom.kit.faults import Form
from greenroom.library.schemas import Competency, Level

Confidence = Literal["high", "medium", "low"]
Origin = Literal["document", "person"]
Coverage = Literal["covered", "thin", "missing"]
FlagKind = Literal["hidden", "command", "invisible_characters"]

Line = Annotated[str, StringConstraints(strip_whitespace=True, max_length=300)]
Sentence = Annotated[str, StringConstraints(strip_whitespace=True, max_length=2_000)]
Month = Annotated[str, Form(r"^(\d{4}(-(0[1-9]|1[0-2]))?)?$", "2021 or 2021-03")]
"""`2021`, `2021-03`, or empty when the document does not say."""
LIST = 200  # facts of one kind; a document with more is not a résumé


class Shape(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Span(Shape):
    """Where a fact stands in the text: code points, `end` not included."""

    start: int = Field(ge=0)
    end: int = Field(ge=0)


class Fact(Shape):
    """What every fact carries. Confidence says how it was found: high, a form that is seldom misread; medium, a
    likely reading; low, a guess that should be looked at. What the person wrote has origin `person`."""

    span: Span | None = None
    confidence: Confidence = "high"
    origin: Origin = "document"


class Position(Fact):
    """A job held. `team_size` counts the people led there."""

    title: Line = ""
    employer: Line = ""
    start: Month = ""
    end: Month = ""
    current: bool = False
    team_size: int | None = Field(default=None, ge=0, le=100_000)


class Skill(Fact):
    """A tool, method, language of code or certificate. `years` of use, and `since`, where the document says so."""

    name: Line = Field(min_length=1)
    years: float | None = Field(default=None, ge=0, le=70)
    since: Month = ""


class Education(Fact):
    degree: Line = ""
    institution: Line = ""
    start: Month = ""
    end: Month = ""


class Result(Fact):
    """A sentence with a number that says what came of the work."""

    text: Sentence = Field(min_length=1)


class SpokenLanguage(Fact):
    name: Line = Field(min_length=1)
    level: Line = ""


class Link(Fact):
    url: Line = Field(min_length=1)


class ResumeFacts(Shape):
    """All facts of a résumé, in the order of the document."""

    positions: list[Position] = Field(default_factory=list[Position], max_length=LIST)
    skills: list[Skill] = Field(default_factory=list[Skill], max_length=LIST)
    education: list[Education] = Field(default_factory=list[Education], max_length=LIST)
    results: list[Result] = Field(default_factory=list[Result], max_length=LIST)
    languages: list[SpokenLanguage] = Field(default_factory=list[SpokenLanguage], max_length=LIST)
    links: list[Link] = Field(default_factory=list[Link], max_length=LIST)


class Requirement(Fact):
    """One thing an advertisement asks for. `skills` are the known names in it, `years` the least it asks for."""

    text: Sentence = Field(min_length=1)
    skills: list[Line] = Field(default_factory=list[str], max_length=40)
    years: float | None = Field(default=None, ge=0, le=70)
    competency: Competency | None = None


class CompetencyCue(Fact):
    """A competency of the library and the words of the advertisement that ask for it."""

    competency: Competency
    text: Sentence = ""


class RoleChoice(Shape):
    """A role of the library that the advertisement may mean; the first is taken, the others can be chosen."""

    slug: Line
    title: Line


class JobFacts(Shape):
    """All facts of a job advertisement. `level` and `role` are best readings, with the words they come from."""

    title: Line = ""
    title_span: Span | None = None
    company: Line = ""
    role: Line = ""
    role_note: Line = ""
    alternatives: list[RoleChoice] = Field(default_factory=list[RoleChoice], max_length=10)
    level: Level = "mid"
    level_confidence: Confidence = "low"
    must_haves: list[Requirement] = Field(default_factory=list[Requirement], max_length=LIST)
    nice_to_haves: list[Requirement] = Field(default_factory=list[Requirement], max_length=LIST)
    duties: list[Requirement] = Field(default_factory=list[Requirement], max_length=LIST)
    competencies: list[CompetencyCue] = Field(default_factory=list[CompetencyCue], max_length=16)
    stack: list[Skill] = Field(default_factory=list[Skill], max_length=LIST)


class Flag(Shape):
    """Text in a document that was left out of every fact, and why. It changes nothing else."""

    kind: FlagKind
    text: Line
    span: Span | None = None


class Match(Shape):
    """How far the résumé shows one requirement; `evidence` is its own sentence, empty when there is none."""

    requirement: Sentence
    must: bool
    coverage: Coverage
    evidence: Sentence = ""
    span: Span | None = None
    reason: Line = ""
    skills: list[Line] = Field(default_factory=list[str])
    competency: Competency | None = None


class MatchReport(Shape):
    """Every requirement of a job against one résumé, must-haves first."""

    matches: list[Match] = Field(default_factory=list[Match])

    def of(self, coverage: Coverage) -> list[Match]:
        """The matches with that coverage."""
        return [match for match in self.matches if match.coverage == coverage]


class FocusPoint(Shape):
    """Something the panel should ask about."""

    text: Sentence
    competency: Competency | None = None
    skills: list[Line] = Field(default_factory=list[str])


class Focus(Shape):
    """What a plan should ask about: every must-have, and of these what the résumé shows thinly or not at all."""

    must_haves: list[FocusPoint] = Field(default_factory=list[FocusPoint])
    thin: list[FocusPoint] = Field(default_factory=list[FocusPoint])
    missing: list[FocusPoint] = Field(default_factory=list[FocusPoint])
    competencies: list[Competency] = Field(default_factory=list[Competency])


ContradictionKind = Literal["dates", "title", "tool", "team_size"]


class Contradiction(Shape):
    """An answer and a résumé that do not agree. `ask` asks to line the two up and accuses nobody."""

    kind: ContradictionKind
    said: Sentence
    span: Span
    resume: Line
    ask: Sentence
