"""Cutting texts into pieces, so that no reader of a report has to place evidence again. Pure."""

from collections.abc import Iterable, Sequence
from itertools import pairwise
from string import ascii_lowercase

from greenroom.answers.schemas import PointEvidence
from greenroom.grading.builtin.own_words import split_blanks
from greenroom.interviews.schemas import EvidenceMark
from greenroom.reports.schemas import Piece

OWN_WORDS = 3  # fewer beside the blanks are no sentence
MARKS: dict[str, EvidenceMark] = {"met": "met", "partial": "part", "missing": "miss"}


def letter_points(points: Sequence[PointEvidence]) -> dict[str, str]:
    """A letter for every key point with evidence in the text, in order of its place."""
    placed = sorted(
        (p for p in points if p.span and p.state != "missing"),
        key=lambda p: (p.span.turn, p.span.start) if p.span else (0, 0),
    )
    return {point.id: letter for point, letter in zip(placed, ascii_lowercase, strict=False)}


def mark_text(seq: int, text: str, points: Iterable[PointEvidence], letters: dict[str, str]) -> list[Piece]:
    """The text of one turn with the evidence in it marked, cut wherever a span begins or ends.

    Spans may lie on each other: a piece carries the stronger mark, and each point's letter stands where its span ends.
    """
    spans = [
        (point.span.start, min(point.span.end, len(text)), point)
        for point in points
        if point.span and point.span.turn == seq and point.state != "missing"
    ]
    cuts = sorted({0, len(text), *(at for start, end, _ in spans for at in (start, end))})
    pieces: list[Piece] = []
    for start, end in pairwise(cuts):
        held = [(last, point) for first, last, point in spans if first <= start and end <= last]
        states = {point.state for _, point in held}
        pieces.append(
            Piece(
                text=text[start:end],
                mark="met" if "met" in states else "part" if states else None,
                letters=sorted(
                    letters[point.id] for last, point in held if last == end and point.id in letters
                ),
            )
        )
    return pieces


def find_own(pieces: list[Piece]) -> list[Piece]:
    """Restructured words, if any are the candidate's own; a frame of blanks alone helps nobody."""
    return pieces if any(not piece.blank and len(piece.text.split()) >= OWN_WORDS for piece in pieces) else []


def show_blanks(text: str) -> list[Piece]:
    """The restructured words with their [blanks] apart, without the brackets."""
    return [Piece(text=words, blank=blank) for words, blank in split_blanks(text)]
