"""How a story ended, where its parts and its key points tell it in different places.

The parts are found by cue phrases and the shape of verbs, the key points by what the question expects. The same words
must not count as the outcome in one place of a report and be missing in another.
"""

from collections.abc import Sequence
from itertools import pairwise

from greenroom.answers.schemas import PartSpan, PointEvidence, Span

OUTCOMES = frozenset(("outcome", "result", "results", "effect"))
"""Key points that are the outcome, by id."""
_LEAST = 3  # words that are left of another part when the outcome is taken out of it


def find_outcomes(points: Sequence[PointEvidence]) -> list[Span]:
    """The words in which a key point heard the outcome."""
    return [point.span for point in points if point.id in OUTCOMES and point.span]


def settle_parts(parts: Sequence[PartSpan], points: Sequence[PointEvidence]) -> list[PartSpan]:
    """The parts in order; where none is the result and a key point heard the outcome, those words are it.

    Words that are all there is of another part stay that part.
    """
    ends = find_outcomes(points)[:1]
    if not parts or not ends or any(found.part == "result" for found in parts):
        return list(parts)
    end = ends[0]
    left = [piece for found in parts for piece in _without(found, end)]
    if {found.part for found in left} != {found.part for found in parts}:
        return list(parts)
    joined = [*left, PartSpan(part="result", span=end)]
    return sorted(joined, key=lambda found: (found.span.turn, found.span.start))


def _without(found: PartSpan, end: Span) -> list[PartSpan]:
    """What is left of a part before and after the words of the outcome."""
    span = found.span
    if span.turn != end.turn or span.end <= end.start or end.end <= span.start:
        return [found]
    cuts = [span.start, max(span.start, end.start), min(span.end, end.end), span.end]
    ends = [piece for n, piece in enumerate(pairwise(cuts)) if n != 1]
    texts = [(start, span.text[start - span.start : stop - span.start]) for start, stop in ends]
    return [_piece(found, start, text) for start, text in texts if len(text.split()) >= _LEAST]


def _piece(found: PartSpan, start: int, text: str) -> PartSpan:
    """A stretch of a part, without white space and commas at its ends."""
    start += len(text) - len(text.lstrip(" ,;\n"))
    text = text.strip(" ,;\n")
    span = Span(turn=found.span.turn, start=start, end=start + len(text), text=text)
    return found.model_copy(update={"span": span})
