"""Shapes of the memory."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from greenroom.answers.schemas import Frozen
from greenroom.library.schemas import Competency

Lack = Literal["", "number", "result", "own_part"]
LACKS: tuple[Lack, ...] = ("number", "result", "own_part")


class Memory(Frozen):
    """Whether earlier answers are remembered, since when, and how many."""

    on: bool
    since: datetime | None = None
    answers: int = 0
    by_meaning: bool = Field(description="embeddings are installed on this machine")


class MemoryUpdate(BaseModel):
    """Off erases the index at once; sessions and reports stay."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"on": False}]})
    on: bool


class Piece(Frozen):
    """A run of an excerpt; `hit` marks a word that was searched for."""

    text: str
    hit: bool = False


class FoundAnswer(Frozen):
    """An earlier answer. `excerpt` is verbatim, with dots where it was cut."""

    session_id: UUID
    question_id: str
    question: str
    competency: str
    at: datetime
    found_by: Literal["words", "meaning", "latest"]
    excerpt: list[Piece]
    lack: Lack


class Reminder(Frozen):
    """What the panel knows of an earlier answer: the competency, what it lacked, and when. No words of it."""

    competency: Competency
    lack: Literal["number", "result", "own_part"]
    at: datetime
