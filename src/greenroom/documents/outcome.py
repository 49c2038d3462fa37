"""What the limited process hands back: text, or the reason why there is none."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Taken:
    """Text of a document. `hidden` holds text that no reader sees and that is not in `text`."""

    text: str
    hidden: list[str] = field(default_factory=list[str])
    pages: int = 1


class Refusal(Exception):  # noqa: N818 - it is one
    """A document that is not read; `reason` is a key of `reading.REASONS`."""

    def __init__(self, reason: str, **details: int | str) -> None:
        super().__init__(reason)
        self.reason = reason
        self.details = details
