"""A short verbatim stretch of an answer around the words that were searched for. Pure."""

from collections.abc import Collection

from greenroom.answers.lexicon import STOP_STEMS
from greenroom.answers.text import split_words, stems_of
from greenroom.memory.schemas import Piece

BEFORE, LENGTH = 60, 260


def cut(answer: str, query: str) -> list[Piece]:
    """The excerpt in pieces; joined they are the answer's own words, with "…" where it was cut."""
    wanted = set(stems_of(query)) - STOP_STEMS
    hits = [(t.start, t.end) for t in split_words(answer) if t.stem in wanted]
    start = max(0, hits[0][0] - BEFORE) if hits else 0
    if start:
        start = answer.find(" ", start) + 1 or start
    end = min(len(answer), start + LENGTH)
    if end < len(answer):
        end = max(answer.rfind(" ", start, end), start + LENGTH // 2)
    pieces = _mark(
        answer, start, end, dict.fromkeys(hit for hit in hits if start <= hit[0] and hit[1] <= end)
    )
    return [
        *([Piece(text="… ")] if start else []),
        *pieces,
        *([Piece(text=" …")] if end < len(answer) else []),
    ]


def _mark(answer: str, start: int, end: int, hits: Collection[tuple[int, int]]) -> list[Piece]:
    pieces: list[Piece] = []
    at = start
    for first, last in hits:
        if first > at:
            pieces.append(Piece(text=answer[at:first]))
        pieces.append(Piece(text=answer[first:last], hit=True))
        at = last
    return [*pieces, Piece(text=answer[at:end])] if at < end else pieces
