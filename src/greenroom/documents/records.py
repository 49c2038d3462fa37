"""Shapes of kept résumés, job targets and company profiles, shared by pages and API."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, JsonValue, StringConstraints, model_validator

from greenroom.documents.company import CompanyFacts
from greenroom.documents.schemas import Flag, JobFacts, ResumeFacts
from greenroom.kit.texts import clean_all
from greenroom.library.schemas import Level

ReadingState = Literal["waiting", "reading", "ready", "failed", "cancelled"]
Name = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)]
Title = Annotated[str, StringConstraints(strip_whitespace=True, max_length=300)]
Paste = Annotated[str, Field(max_length=50_000, description="up to 50,000 characters")]
Notes = Annotated[str, Field(max_length=20_000)]


class Strict(BaseModel):
    """What a client sends: unknown keys are errors, and what no database can store is left out of every text."""

    model_config = ConfigDict(extra="forbid")

    @model_validator(mode="before")
    @classmethod
    def _make_storable(cls, sent: JsonValue) -> JsonValue:
        return clean_all(sent)


class ResumeCreate(Strict):
    """A pasted résumé; a file goes to `/resumes/upload`."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "name": "Spring",
                    "text": "Backend developer, Saltmarsh Water, 2019 to 2024. Cut the nightly export from nine minutes to forty seconds.",
                }
            ]
        }
    )

    text: Paste = Field(min_length=1)
    name: Name = ""


class ResumeUpdate(Strict):
    """Fields that are left out stay as they are. Facts that differ from what was read count as the person's own."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"name": "Spring, shorter"}]})

    name: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)] | None = None
    facts: ResumeFacts | None = None


class Reading(BaseModel):
    """How far the reading of a document is; `problem` says why it failed, in a sentence."""

    state: ReadingState
    page: int = 0
    pages: int = 0
    problem: str = ""
    source: str = Field(default="", description="file name, or `pasted text`")


class Resume(BaseModel):
    """A résumé. The file itself is not kept; `text` is what was taken out of it, spans are places in it."""

    id: UUID
    name: str
    created_at: datetime
    reading: Reading
    facts: ResumeFacts
    flags: list[Flag]
    text: str = ""


class JobTargetCreate(Strict):
    """A job to prepare for. What is given here wins over what is read out of `text`."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "title": "Backend developer",
                    "company": "Saltmarsh Water",
                    "text": "You run our billing services. Must have: Python, PostgreSQL.",
                }
            ]
        }
    )

    title: Title = ""
    company: Title = ""
    level: Level | None = None
    role: Annotated[str, Field(max_length=120, description="role slug; empty: found by the title")] = ""
    goals: Annotated[str, Field(max_length=4_000)] = ""
    stack: Annotated[list[Annotated[str, Field(max_length=80)]], Field(max_length=60)] = Field(
        default_factory=list[str]
    )
    text: Paste = ""


class JobTargetUpdate(Strict):
    """Fields that are left out stay as they are."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"goals": "Speak about results first"}]})

    title: Title | None = None
    company: Title | None = None
    level: Level | None = None
    role: Annotated[str, Field(max_length=120)] | None = None
    goals: Annotated[str, Field(max_length=4_000)] | None = None
    stack: Annotated[list[Annotated[str, Field(max_length=80)]], Field(max_length=60)] | None = None
    facts: JobFacts | None = None


class JobTarget(BaseModel):
    """A job target with the facts of its advertisement. `role` is a slug of the library."""

    id: UUID
    title: str
    company: str
    role: str
    role_title: str
    level: Level
    goals: str
    created_at: datetime
    reading: Reading
    facts: JobFacts
    flags: list[Flag]
    text: str = ""


class CompanyCreate(Strict):
    """What the person knows of a company. The same name again adds to nothing: it replaces the notes."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"name": "Saltmarsh Water", "notes": "They ask for a story about an outage."}]
        }
    )

    name: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
    industry: Annotated[
        str, Field(max_length=40, description="industry slug; empty: guessed from the texts")
    ] = ""
    notes: Notes = ""
    pages: Paste = ""


class CompanyUpdate(Strict):
    """Fields that are left out stay as they are."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"notes": "Two rounds, the second with the team."}]}
    )

    industry: Annotated[str, Field(max_length=40)] | None = None
    notes: Notes | None = None
    pages: Paste | None = None


class Company(BaseModel):
    """A company profile: every line with its source, and when it was made. Older than 30 days it is made anew."""

    id: UUID
    name: str
    industry: str
    industry_title: str
    notes: str
    pages: str
    profile: CompanyFacts
    built_at: datetime
    stale: bool


class IndustryChoice(BaseModel):
    slug: str
    title: str
