"""What a typed line means: words of the answer, its end, or one of the moves. Pure."""

from dataclasses import dataclass
from typing import Final, Literal

Command = Literal[
    "repeat", "clarify", "think", "skip", "hint", "pause", "end", "send", "clear", "leave", "help", "unknown",
    "done",
]  # fmt: skip
SPELLINGS: Final[dict[str, Command]] = {
    "repeat": "repeat", "r": "repeat",
    "clarify": "clarify", "c": "clarify",
    "think": "think", "t": "think",
    "skip": "skip", "s": "skip",
    "hint": "hint", "h": "hint",
    "pause": "pause", "p": "pause",
    "end": "end",
    "done": "done", "d": "done",
    "send": "send",
    "clear": "clear",
    "leave": "leave", "quit": "leave", "q": "leave",
    "help": "help", "?": "help",
}  # fmt: skip
EXPLAINED: Final[tuple[tuple[str, str], ...]] = (
    ("empty line, /send", "hand in what you have written"),
    ("/r, /repeat", "hear the question again"),
    ("/c, /clarify", "ask what is meant"),
    ("/t, /think", "take time to think"),
    ("/h, /hint", "see which parts your answer has so far (practice mode)"),
    ("/s, /skip", "pass this question on; it counts as not observed, not as low"),
    ("/p, /pause", "stop the clock; the question is hidden until you go on"),
    ("/d, /done", "in a presentation: hand in the last part and hear the questions"),
    ("/clear", "throw away what you have written so far"),
    ("/end", "end the interview; everything so far is kept and judged"),
    ("/q, /leave, Ctrl+C", "leave; the interview waits for you where you left it"),
)


@dataclass(frozen=True)
class Line:
    """One typed line: `words` of an answer, or a `command`. Both empty: the line is blank."""

    words: str = ""
    command: Command | None = None


def read_line(typed: str) -> Line:
    """What a line means. A slash begins a command; two slashes begin a line of words with one slash."""
    text = typed.rstrip()
    if text.startswith("//"):
        return Line(words=text[1:])
    if not text.startswith("/"):
        return Line(words=text)
    return Line(command=SPELLINGS.get(text[1:].strip().lower(), "unknown"))
