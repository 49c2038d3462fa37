"""Whether a quote stands in an answer, and where. Pure."""

from collections.abc import Sequence

from greenroom.answers.schemas import AnswerTurn, Span
from greenroom.answers.text import HIDDEN
from greenroom.kit.quotes import locate


def find_quote(turns: Sequence[AnswerTurn], quote: str) -> Span | None:
    """The first place where the quote stands within one turn; None when it stands nowhere or is too short to show
    anything. The span is in code points of the stored text."""
    for turn in turns:
        found = locate(turn.text, quote, unseen=HIDDEN)
        if found is not None:
            start, end = found
            return Span(turn=turn.seq, start=start, end=end, text=turn.text[start:end])
    return None
