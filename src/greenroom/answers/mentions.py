"""Hedges, measures and names of an answer, as quotes a probe or a report can refer to."""

import re
from collections.abc import Sequence

from greenroom.answers.lexicon import CALENDAR, FUNCTION_WORDS, HEDGES
from greenroom.answers.schemas import AnswerTurn, Span
from greenroom.answers.text import Stretch

_HEDGE = re.compile(
    r"\b(?:"
    + "|".join(re.escape(h).replace("'", "['’]") for h in sorted(HEDGES, key=len, reverse=True))
    + r")\b",
    re.IGNORECASE,
)
_NUMBER_WORDS = (
    "two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|"
    "seventeen|"
    "eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred|thousand|"
    "million|dozen|"
    "dozens|half|third|quarter|thirds|quarters|twice|double|doubled|tripled|halved"
)
_NUMBER = rf"(?:[$€£]\s?)?\d[\d,.]*\d|[$€£]?\d|\b(?:{_NUMBER_WORDS})\b"
_MEASURE = re.compile(
    rf"(?:{_NUMBER})(?:[\s-]+(?:and|a|to|of|or|by|the|an)\b)?(?:[\s-]*(?:{_NUMBER}))*"
    r"(?:\s?(?:%|‰)|[\s-]+(?:percent|per cent)|\s?(?:ms|kg|km|mb|gb|tb|k|m|s|x|h)\b)?"
    r"(?:[\s-]+(?:of|a|an|the|per|or|more|fewer|less|to|in|each|every)\b)*(?:[\s-]+[^\W\d_]{3,})?",
    re.IGNORECASE,
)
_YEAR = re.compile(r"(?:19|20)\d\d$")
_NAME = re.compile(
    r"\b(?:[A-Z][a-z]+[A-Z]\w*|[a-z]+[A-Z]\w*|[A-Z]{2,}\w*|[A-Z][\w&+#.-]*\w|[A-Z]\+\+|[A-Z]#)"
    r"(?:\s(?:[A-Z][\w&+#.-]*\w|\d+(?:\.\d+)?))*"
)
_NOT_NAMES = CALENDAR | {
    "i", "i'm", "i'd", "i've", "i'll", "ok", "okay", "mr", "mrs", "ms", "dr", "english", "yes", "no", "well", "so", "and",
    "but", "the", "then", "first", "second", "finally", "also",
}  # fmt: skip


def find_hedges(turns: Sequence[AnswerTurn]) -> list[Span]:
    """Phrases that soften a statement, in order."""
    return [_span(turn, m) for turn in turns for m in _HEDGE.finditer(turn.text)]


def find_measures(turns: Sequence[AnswerTurn]) -> list[Span]:
    """Numbers with what they count, in order: "fourteen symbols", "40%", "two weeks". Years and
    list marks are none."""
    found: list[Span] = []
    for turn in turns:
        for match in _MEASURE.finditer(turn.text):
            span = _span(turn, match)
            bare = span.text.strip(" .,")
            if _YEAR.match(bare.split()[0]) or re.match(
                r"\d+[.)]\s", turn.text[match.start() : match.start() + 4]
            ):
                continue
            if bare.casefold() in ("ten", "two", "second", "third", "1", "one"):
                continue
            found.append(_trim(span))
    return found


def _trim(span: Span) -> Span:
    words = span.text.rstrip(" .,-").split(" ")
    while len(words) > 1 and words[-1].casefold() in FUNCTION_WORDS:
        words.pop()
    text = " ".join(words).rstrip(" .,-")
    return Span(turn=span.turn, start=span.start, end=span.start + len(text), text=text)


def find_names(turns: Sequence[AnswerTurn], sentences: Sequence[Stretch]) -> list[Span]:
    """Proper names, tools and abbreviations, each once, in order."""
    starts = {(s.turn, s.start) for s in sentences}
    found: list[Span] = []
    seen: set[str] = set()
    for turn in turns:
        for match in _NAME.finditer(turn.text):
            text = match.group()
            opening = (turn.seq, match.start()) in starts or _opens_quote(turn.text, match.start())
            plain = text[1:].islower() or len(text) == 1
            if text.casefold() in _NOT_NAMES or text.casefold() in seen or (opening and plain):
                continue
            if text.split()[0].casefold() in FUNCTION_WORDS:
                continue
            seen.add(text.casefold())
            found.append(_span(turn, match))
    return found


def _opens_quote(text: str, start: int) -> bool:
    before = text[max(0, start - 3) : start].rstrip(" ")
    return not before or before[-1] in "\"“”'‘:.!?\n-•"


def _span(turn: AnswerTurn, match: re.Match[str]) -> Span:
    return Span(turn=turn.seq, start=match.start(), end=match.end(), text=match.group())
