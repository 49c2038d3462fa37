"""Cutting texts into pieces, so that no reader of a report has to place evidence again. Pure."""

import re
from collections.abc import Iterable, Sequence
from string import ascii_lowercase

from greenroom.answers.schemas import PointEvidence
from greenroom.interviews.schemas import EvidenceMark
from greenroom.reports.schemas import Piece

_BLANK = re.compile(r"\[[^\[\]\n]{1,60}\]")
MARKS: dict[str, EvidenceMark] = {"met": "met", "partial": "part", "missing": "miss"}


def letter_points(points: Sequence[PointEvidence]) -> dict[str, str]:
    """A letter for every key point that has a place in the text, in order of that place."""
    placed = sorted(
        (p for p in points if p.span), key=lambda p: (p.span.turn, p.span.start) if p.span else (0, 0)
    )
    return {point.id: letter for point, letter in zip(placed, ascii_lowercase, strict=False)}


def mark_text(seq: int, text: str, points: Iterable[PointEvidence], letters: dict[str, str]) -> list[Piece]:
    """The text of one turn with the evidence in it marked. Where two spans overlap, the later one gives way."""
    spans = sorted(
        (p for p in points if p.span and p.span.turn == seq and p.state != "missing"),
        key=lambda p: (p.span.start, -p.span.end) if p.span else (0, 0),
    )
    pieces: list[Piece] = []
    at = 0
    for point in spans:
        if point.span is None or point.span.end <= at:
            continue
        start = max(point.span.start, at)
        if start > at:
            pieces.append(Piece(text=text[at:start]))
        pieces.append(
            Piece(
                text=text[start : point.span.end], mark=MARKS[point.state], letter=letters.get(point.id, "")
            )
        )
        at = point.span.end
    if at < len(text):
        pieces.append(Piece(text=text[at:]))
    return pieces


def split_blanks(text: str) -> list[Piece]:
    """The restructured words with their [blanks] apart, without the brackets."""
    pieces: list[Piece] = []
    at = 0
    for found in _BLANK.finditer(text):
        if found.start() > at:
            pieces.append(Piece(text=text[at : found.start()]))
        pieces.append(Piece(text=found.group()[1:-1], blank=True))
        at = found.end()
    if at < len(text):
        pieces.append(Piece(text=text[at:]))
    return pieces
