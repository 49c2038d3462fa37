"""What the limited process hands back: text, or the reason why there is none."""

from dataclasses import dataclass, field
from typing import Any, Literal

from greenroom.documents.schemas import Flag

Purpose = Literal["text", "resume", "job"]


@dataclass(frozen=True)
class Taken:
    """Text of a document. `hidden` holds text that no reader sees and that is not in `text`."""

    text: str
    hidden: list[str] = field(default_factory=list[str])
    pages: int = 1


@dataclass(frozen=True)
class Reading:
    """A document as it is kept: cleaned text, what was left out of the facts, and the facts of the purpose."""

    text: str
    flags: list[Flag]
    facts: dict[str, Any]
    pages: int = 1


class Refusal(Exception):  # noqa: N818 - it is one
    """A document that is not read; `reason` is a key of `reading.REASONS`."""

    def __init__(self, reason: str, **details: int | str) -> None:
        super().__init__(reason)
        self.reason = reason
        self.details = details
