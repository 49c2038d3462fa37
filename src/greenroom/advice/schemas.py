"""Shapes of rewrites and recaps. `written_by` names the model; empty says that the built-in version stands."""

from datetime import datetime
from typing import Literal

from pydantic import Field

from greenroom.answers.schemas import Frozen, Part

RewriteState = Literal["pending", "done"]
LinePart = Literal["situation", "task", "action", "result", "reflection", "point"]


class RewriteLine(Frozen):
    """A sentence of the rewrite, or a blank that only the candidate can fill."""

    part: LinePart
    text: str
    blank: bool = False


class RewriteBody(Frozen):
    """What is kept of a rewrite. Everything in it was said: what was not is a blank, or left out."""

    written_by: str = Field(default="", description="the model's engine; empty: the built-in version")
    prompt: str = Field(default="", description="name and version of the prompt")
    lines: list[RewriteLine] = Field(default_factory=list[RewriteLine])
    dropped: list[str] = Field(
        default_factory=list[str], description="what the model added and was not said; its sentences are left out"
    )  # fmt: skip
    reason: str = Field(default="", description="why the built-in version stands though a model was asked")
    missing: list[Part] = Field(default_factory=list[Part], description="parts of a story not heard yet")
    words: int = Field(default=0, ge=0, description="how long the answer is")


class Rewrite(RewriteBody):
    """An answer in better order and fewer words, with a reminder of its structure and a cue for its length."""

    question_id: str
    number: int
    question: str
    state: RewriteState
    reminder: str = Field(description="which parts of the structure are not heard yet")
    pacing: str = Field(description="how long the answer is when spoken, and what is usual")
    at: datetime | None = None


class RecapLine(Frozen):
    """One sentence about what was said, with the candidate's own words it rests on."""

    text: str
    quote: str
    seq: int = Field(description="the utterance of the log that the quote stands in")
    question_id: str


class Recap(Frozen):
    """What was said in the session. Without a model's lines the report's own paragraph is the summary."""

    written_by: str = ""
    prompt: str = ""
    lines: list[RecapLine] = Field(default_factory=list[RecapLine])
    dropped: int = Field(
        default=0, description="lines whose quote was not in the answers, or that said more than they"
    )
    reason: str = Field(default="", description="why no model's lines stand though one was asked")
    at: datetime | None = None
