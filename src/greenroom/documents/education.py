"""Education of a résumé: degrees and schools with their dates."""

import re

from greenroom.documents.dates import find_points, find_ranges
from greenroom.documents.headers import close
from greenroom.documents.lines import Row, Section, walk
from greenroom.documents.schemas import Education, Span
from greenroom.documents.vocabulary import Vocabulary


def find_education(sections: list[Section], vocabulary: Vocabulary) -> list[Education]:
    """Studies in the order of the document: degree, school and dates; out of other sections only where both stand on one line."""
    rows = list(walk(sections, "education"))
    if not rows:
        rows = [
            r
            for r in walk(sections, "", "experience", "certificates")
            if _has_degree(r.text, vocabulary) and _has_institution(r.text, vocabulary)
        ]
    found: list[Education] = []
    open_rows: list[Row] = []
    for row in rows:
        starts_new = bool(open_rows) and (
            _has_degree(row.text, vocabulary) and _degree_held(open_rows, vocabulary)
        )
        starts_new = starts_new or (row.bullet and bool(open_rows)) or _gap(open_rows, row)
        if starts_new:
            found += _read_study(open_rows, vocabulary)
            open_rows = []
        open_rows.append(row)
    return found + _read_study(open_rows, vocabulary)


def _gap(open_rows: list[Row], row: Row) -> bool:
    return bool(open_rows) and row.start > open_rows[-1].end + 4


def _degree_held(rows: list[Row], vocabulary: Vocabulary) -> bool:
    return any(_has_degree(row.text, vocabulary) for row in rows)


def _tokens(text: str) -> set[str]:
    return set(re.findall(r"[^\W_][\w.'’&-]*[\w]|[^\W_]", text.casefold().replace("’", "'")))


def _has_degree(text: str, vocabulary: Vocabulary) -> bool:
    return bool(_tokens(text) & vocabulary.degrees)


def _has_institution(text: str, vocabulary: Vocabulary) -> bool:
    return bool(_tokens(text) & vocabulary.institutions)


def _read_study(rows: list[Row], vocabulary: Vocabulary) -> list[Education]:
    if not rows:
        return []
    pieces: list[str] = []
    dates: list[str] = []
    for row in rows:
        plain, years = without_dates(row.text)
        dates += years
        pieces += [
            piece
            for part in re.split(r"\s*[,|;]\s*|(?<=[^\W\d_]{4})\.\s+|\s+[–—-]\s+|\s*—\s*|\s{3,}|\t", plain)
            if (piece := close(part.strip(" (*_.:").rstrip(" *_.:")).strip())
        ]
    degree = next((piece for piece in pieces if _has_degree(piece, vocabulary)), "")
    house = next((p for p in pieces if p != degree and _has_institution(p, vocabulary)), "")
    if not degree and not (house and dates):
        return []
    if degree and not house and _has_institution(degree, vocabulary):
        degree = next((p for p in pieces if p != degree), degree)
    span = Span(start=rows[0].start, end=rows[-1].end)
    sure = "high" if degree and house else "medium"
    return [
        Education(
            degree=degree[:300], institution=re.sub(r"\s*\([^()]*\)$", "", house)[:300], span=span, confidence=sure,
            start=min(dates) if len(dates) > 1 else "", end=max(dates) if dates else "",
        )
    ]  # fmt: skip


def without_dates(text: str) -> tuple[str, list[str]]:
    """A text with its dates blanked, and the dates: `YYYY` or `YYYY-MM`."""
    years: list[str] = []
    ranges = find_ranges(text)
    for found in reversed(ranges):
        years += [point for point in (found.start, found.end) if point]
        text = f"{text[: found.at]}   {text[found.stop :]}"
    for point, at, stop in reversed(find_points(text)):
        years.append(point)
        text = f"{text[:at]}   {text[stop:]}"
    return re.sub(r"\(\s*(?:expected)?\s*\)|\bexpected\b", " ", text), years
