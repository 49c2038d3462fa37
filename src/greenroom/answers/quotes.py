"""Whether a quote stands in an answer, and where. Pure.

Quotes match after NFKC, case, white-space and quotation-mark folding, within one turn; the span found is in code
points of the stored text.
"""

import unicodedata
from collections.abc import Sequence

from greenroom.answers.schemas import AnswerTurn, Span
from greenroom.answers.text import HIDDEN

LEAST_WORDS = 3
_MARKS = str.maketrans({**dict.fromkeys("‘’ʼ‛`´′", "'"), **dict.fromkeys("“”„‟«»″", '"')})


def find_quote(turns: Sequence[AnswerTurn], quote: str) -> Span | None:
    """The first place where the quote stands; None when it stands nowhere or is too short to show anything."""
    wanted, _ = _fold(quote)
    wanted = wanted.strip(" .…\"'")
    if len(wanted.split()) < LEAST_WORDS:
        return None
    for turn in turns:
        folded, places = _fold(turn.text)
        at = folded.find(wanted)
        if at >= 0:
            start, end = places[at], places[at + len(wanted) - 1] + 1
            return Span(turn=turn.seq, start=start, end=end, text=turn.text[start:end])
    return None


def _fold(text: str) -> tuple[str, list[int]]:
    """The text made comparable, and for each of its characters the place in the text it came from."""
    folded: list[str] = []
    places: list[int] = []
    for place, char in enumerate(text):
        if char in HIDDEN:
            continue
        for part in unicodedata.normalize("NFKC", char.translate(_MARKS)).casefold():
            if part.isspace():
                if not folded or folded[-1] == " ":
                    continue
                part = " "  # noqa: PLW2901 - every kind of white space is one blank
            folded.append(part)
            places.append(place)
    return "".join(folded), places
