"""Shapes of orders for questions, shared by pages and API."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from greenroom.interviews.schemas import Short
from greenroom.kit.texts import Clean
from greenroom.library.schemas import Item, Level

Kind = Literal["behavioral", "situational", "technical"]
State = Literal["waiting", "writing", "ready", "failed", "cancelled", "kept"]
Topic = Annotated[Clean, StringConstraints(strip_whitespace=True, max_length=20_000)]


class WritingCreate(BaseModel):
    """What questions are wanted. `topic` is a subject, or a whole job description. `send_to` names who outside this
    machine may get it."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {"topic": "Handing over on-call shifts", "role": "backend", "level": "mid", "type": "behavioral", "count": 2}
            ]
        },
    )  # fmt: skip

    topic: Topic = Field(min_length=3)
    role: Short = Field(default="backend", min_length=1, description="role slug, alias or free title")
    level: Level = "mid"
    type: Kind = "behavioral"
    count: int = Field(default=3, ge=1, le=5)
    send_to: list[Short] = Field(default_factory=list[str], max_length=10)


class Dropped(BaseModel):
    """A question that did not pass the bank's checks, twice."""

    prompt: str
    reasons: list[str]


class Writing(BaseModel):
    """An order and what became of it. `drafts` are whole questions that passed every check of the bank; none of them
    is asked before it is kept. `kept` are the ids in the bank."""

    id: UUID
    state: State
    problem: str
    engine: str
    wanted: WritingCreate
    done: int
    drafts: list[Item]
    dropped: list[Dropped]
    created_at: datetime
    finished_at: datetime | None


class WritingKeep(BaseModel):
    """Which of the drafts go into the bank; the others are left out."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"items": []}]})
    items: list[Annotated[str, StringConstraints(max_length=100)]] = Field(max_length=5)
