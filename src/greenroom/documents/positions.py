"""Positions of a résumé: every date range in the right place is an anchor, and the words around it name the job.

Title and employer stand on the anchor's line, above it or below it, in either order; the words themselves tell which
is which (data/titles.yaml), and where they do not, the order of the other entries decides.
"""

import re
from dataclasses import dataclass

from greenroom.documents.dates import DateRange, find_points, find_ranges
from greenroom.documents.lines import Row, Section, bare
from greenroom.documents.schemas import LIST, Confidence, Position, Span
from greenroom.documents.terms import NUMBERS, read_count
from greenroom.documents.vocabulary import Vocabulary

NOT_JOBS = {"education", "publications", "references", "certificates", "awards", "languages", "skills", "projects",
            "interests", "contact"}  # fmt: skip
HEADER_WORDS = 9  # longer lines are prose
_STRONG = re.compile(r"\s+[|@•·/]\s+|\s+[–—-]\s+|\t+|\s{3,}|\s\|\s?|\s*—\s*|\s+at\s+(?=[A-Z])")
_BRACKETS = re.compile(r"^[\s(\[,;:|@•·*_–—-]+|[\s(\[,;:|@•·*_–—-]+$")
_TEAM = re.compile(
    rf"\b(?:team|squad|group|crew|kitchen|department|staff|brigade)s? of (?:about |around |up to )?(?P<a>\d+|{'|'.join(NUMBERS)})\b"
    rf"|\b(?:lead|led|manage[sd]?|supervise[sd]?|run|ran|headed?|line manager of|leading|managing|supervising)\b[^.\n]{{0,40}}?"
    rf"\b(?P<b>\d+|{'|'.join(w for w in NUMBERS if w != 'a')})\s+(?:[a-z-]+ )?"
    r"(?:people|engineers|developers|nurses|analysts|staff|employees|reports|teachers|agents|designers|writers|persons|technicians|managers|consultants|colleagues)\b"
    rf"|\b(?P<c>\d+|{'|'.join(w for w in NUMBERS if w != 'a')})\s+(?:direct reports|people, \d+ shifts)",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Entry:
    """A position and the lines that describe it."""

    position: Position
    body: tuple[Row, ...]


@dataclass(frozen=True)
class _Anchor:
    index: int
    range: DateRange


@dataclass(frozen=True)
class _Part:
    """A piece of a header: the words and their row."""

    text: str
    row: Row
    on_anchor: bool


def find_entries(sections: list[Section], vocabulary: Vocabulary) -> list[Entry]:
    """The positions in document order. Without a heading for work, the untitled sections are searched."""
    named = [section for section in sections if section.name == "experience"]
    chosen = named or [section for section in sections if section.name not in NOT_JOBS]
    entries: list[Entry] = []
    for section in chosen:
        entries += _read_section(section, vocabulary, entries)
    return entries


def _read_section(section: Section, vocabulary: Vocabulary, known: list[Entry]) -> list[Entry]:
    rows = section.rows
    anchors = _anchors(rows, vocabulary)
    below = _dates_stand_first(rows, anchors, vocabulary)
    entries: list[Entry] = []
    taken = 0
    heads: list[tuple[Position, int, int]] = []
    for order, anchor in enumerate(anchors):
        limit = anchors[order + 1].index if order + 1 < len(anchors) else len(rows)
        above = [] if below else _above(rows, anchor.index, taken)
        own = _parts_of(rows[anchor.index], anchor.range)
        under = _below(rows, anchor.index, limit)
        position, first, last = _compose(rows, anchor, own, above, under, vocabulary)
        taken = last + 1
        if position is None:
            heads.append((Position(), anchor.index, anchor.index))
            continue
        heads.append((position, first, last))
    for order, (head, _, last) in enumerate(heads):
        position = head
        stop = heads[order + 1][1] if order + 1 < len(heads) else len(rows)
        body = tuple(row for row in rows[last + 1 : stop] if not row.blank)
        if not position.title and not position.employer:
            continue
        if not position.employer:
            earlier = entries[-1] if entries else (known[-1] if known else None)
            guess = earlier.position.employer if earlier else ""
            position = position.model_copy(update={"employer": guess, "confidence": "low"})
        entries.append(Entry(position.model_copy(update={"team_size": find_team_size(body)}), body))
    return entries


def _anchors(rows: tuple[Row, ...], vocabulary: Vocabulary) -> list[_Anchor]:
    anchors: list[_Anchor] = []
    for index, row in enumerate(rows):
        ranges = find_ranges(row.text)
        if not ranges:
            single = _single_year(row.text)
            ranges = [single] if single and not row.bullet and _has_title(row.text, vocabulary) else []
        if not ranges or _is_prose(row, ranges[0]):
            continue
        if any(word in row.text.casefold() for word in vocabulary.breaks):
            continue
        anchors.append(_Anchor(index, ranges[0]))
    return anchors[:LIST]


def _single_year(text: str) -> DateRange | None:
    """A line that ends with one date ("Intern, City of Delft, 2018") is a position of that time."""
    points = find_points(text)
    if len(points) != 1 or text[points[0][2] :].strip(" )]*_.") or len(text.split()) > HEADER_WORDS + 2:
        return None
    point, at, stop = points[0]
    return DateRange(point, point, False, at, stop)


def _is_prose(row: Row, found: DateRange) -> bool:
    """Sentences about a time ("from 2016 to 2018 sales doubled") are no header."""
    rest = (row.text[: found.at] + row.text[found.stop :]).strip()
    return len(rest.split()) > HEADER_WORDS + 6 or (row.bullet and len(rest.split()) > HEADER_WORDS)


def _dates_stand_first(rows: tuple[Row, ...], anchors: list[_Anchor], vocabulary: Vocabulary) -> bool:
    """Whether the entries of this section begin with their dates on a line of their own."""
    lonely = [a for a in anchors if not _parts_of(rows[a.index], a.range)]
    if not lonely:
        return False
    following = 0
    for anchor in lonely:
        above = _above(rows, anchor.index, 0)
        under = _below(rows, anchor.index, len(rows))
        if not any(_has_title(part.text, vocabulary) for part in above) and under:
            following += 1
    return following * 2 > len(lonely)


def _parts_of(row: Row, found: DateRange | None = None) -> list[_Part]:
    text = row.text
    if found:
        text = f"{text[: found.at]}\t{text[found.stop :]}"
    pieces = [
        _BRACKETS.sub("", bare(piece.replace("**", "").replace("__", ""))) for piece in _STRONG.split(text)
    ]
    pieces = [_close(piece) for piece in pieces]
    return [_Part(piece, row, on_anchor=found is not None) for piece in pieces if len(piece) > 1]


def _close(piece: str) -> str:
    """A piece whose closing bracket was stripped gets it back; a lone closing one goes."""
    if piece.count("(") > piece.count(")"):
        return piece + ")"
    return piece.rstrip(")").rstrip() if piece.count(")") > piece.count("(") else piece


def _above(rows: tuple[Row, ...], index: int, taken: int) -> list[_Part]:
    """Header lines directly above, nearest last; a body line or a gap ends them."""
    parts: list[_Part] = []
    at = index - 1
    while at >= taken and len(parts) < 6 and index - at <= 3 and _is_header(rows[at]):
        parts = _parts_of(rows[at]) + parts
        at -= 1
    return parts


def _below(rows: tuple[Row, ...], index: int, limit: int) -> list[_Part]:
    parts: list[_Part] = []
    at = index + 1
    while at < limit and at - index <= 2 and _is_header(rows[at]):
        parts += _parts_of(rows[at])
        at += 1
    return parts


def _is_header(row: Row) -> bool:
    text = bare(row.text)
    if row.blank or row.bullet or not text or len(text.split()) > HEADER_WORDS:
        return False
    ends_like_prose = text.endswith((".", ";")) and not re.search(r"\b(?:Inc|Ltd|Co|Corp|S\.A|e\.V)\.$", text)
    return not ends_like_prose and (text[0].isupper() or text[0].isdigit()) and not find_ranges(text)


def _words(text: str) -> list[str]:
    return re.findall(r"[^\W\d_][\w'-]*", text.casefold())


def _has_title(text: str, vocabulary: Vocabulary) -> bool:
    return any(word in vocabulary.titles for word in _words(text))


def _has_employer(text: str, vocabulary: Vocabulary) -> bool:
    return any(word in vocabulary.employers for word in _words(text)) or "&" in text


def _compose(
    rows: tuple[Row, ...],
    anchor: _Anchor,
    own: list[_Part],
    above: list[_Part],
    under: list[_Part],
    vocabulary: Vocabulary,
) -> tuple[Position | None, int, int]:
    """The position at an anchor, and the first and last row its header takes."""
    own = _split_commas(own, alone=True, vocabulary=vocabulary)
    title = _pick_title(own, above, under, vocabulary)
    if title is None:
        return None, anchor.index, anchor.index
    employer = _pick_employer(title, own, above, under, vocabulary)
    if employer is None and "," in title.text:
        title, employer = _divide(title, vocabulary)
    used = [part for part in (title, employer) if part]
    indexes = [anchor.index, *(rows.index(part.row) for part in used)]
    position = Position(
        title=title.text[:300],
        employer=_trim_place(employer, vocabulary)[:300] if employer else "",
        start=anchor.range.start,
        end=anchor.range.end,
        current=anchor.range.current,
        span=Span(start=rows[min(indexes)].start, end=rows[max(indexes)].end),
        confidence=_confidence(title, employer, vocabulary),
    )
    return position, min(indexes), max(indexes)


def _split_commas(parts: list[_Part], *, alone: bool, vocabulary: Vocabulary) -> list[_Part]:
    """One piece "Teacher, Hill School, Stroud" as its parts; a title that itself holds a comma stays whole."""
    if not alone or len(parts) != 1 or "," not in parts[0].text:
        return parts
    pieces = [piece.strip() for piece in parts[0].text.split(",") if piece.strip()]
    if not (_has_title(pieces[0], vocabulary) or any(_has_title(piece, vocabulary) for piece in pieces)):
        return parts
    if (
        len(pieces) > 1
        and not _has_employer(",".join(pieces[1:]), vocabulary)
        and not _has_employer(pieces[0], vocabulary)
    ):
        return parts
    return [_Part(piece, parts[0].row, parts[0].on_anchor) for piece in pieces]


def _pick_title(
    own: list[_Part], above: list[_Part], under: list[_Part], vocabulary: Vocabulary
) -> _Part | None:
    """The piece with a title's word: on the line, above, below; else, on a line with two pieces, the first."""
    for group in (own, list(reversed(above)), under):
        scored = [part for part in group if _has_title(part.text, vocabulary)]
        if scored:
            plain = [part for part in scored if not _has_employer(part.text, vocabulary)]
            return (plain or scored)[0]
    header = [*above, *own, *under]
    return header[0] if len(header) >= 2 else None


def _pick_employer(
    title: _Part, own: list[_Part], above: list[_Part], under: list[_Part], vocabulary: Vocabulary
) -> _Part | None:
    """The piece nearest to the title that could be a name: same line first, then the lines the header has left."""
    near = [part for part in own if part is not title]
    over = [part for part in above if part is not title and part.row is above[-1].row]
    next_row = [part for part in under if part is not title and part.row is under[0].row]
    if title in own:
        groups = [near, next_row, over] if not _continues(title, above) else [near, over, next_row]
    elif title in above:
        beside = [part for part in above if part is not title and part.row is title.row]
        rest = [part for part in above if part is not title]
        groups = [beside, [part for part in near if _has_employer(part.text, vocabulary)], rest, near]
    else:
        groups = [near, [part for part in under if part is not title], over]
    for group in groups:
        named = [part for part in group if _has_employer(part.text, vocabulary) and not _is_noise(part.text)]
        free = [part for part in group if not _is_noise(part.text)]
        if named or free:
            return (named or free)[0]
    return None


def _continues(title: _Part, above: list[_Part]) -> bool:
    return bool(above) and above[-1].row.end + 2 >= title.row.start - 2 and above[-1].row is not title.row


def _is_noise(text: str) -> bool:
    """No name: no letters, a place with its state ("Austin, TX"), the terms of work, or a sentence."""
    if not re.search(r"[^\W\d_]{2}", text) or re.match(
        r"(?:full|part)[- ]time\b|remote\b|hybrid\b", text, re.IGNORECASE
    ):
        return True
    return bool(re.fullmatch(r"[^,]+,\s*[A-Z]{2}", text)) or (text.endswith(".") and len(text.split()) > 3)


def _divide(title: _Part, vocabulary: Vocabulary) -> tuple[_Part, _Part | None]:
    head, *rest = [piece.strip() for piece in title.text.split(",")]
    if not rest or not rest[0] or not rest[0][0].isupper():
        return title, None
    if _has_title(head, vocabulary):
        return _Part(head, title.row, title.on_anchor), _Part(rest[0], title.row, title.on_anchor)
    named = next((piece for piece in rest if _has_title(piece, vocabulary)), None)
    if named:
        return _Part(named, title.row, title.on_anchor), _Part(head, title.row, title.on_anchor)
    return title, None


def _trim_place(part: _Part, vocabulary: Vocabulary) -> str:
    """The employer without the place behind it; "Inc" and the like stay with the name."""
    pieces = [piece.strip() for piece in part.text.split(",")]
    if len(pieces) > 1 and pieces[1].casefold().rstrip(".") in ("inc", "ltd", "llc", "gmbh", "plc"):
        return f"{pieces[0]}, {pieces[1]}"
    named = [piece for piece in pieces if _has_employer(piece, vocabulary)]
    return named[0] if named and not _has_employer(pieces[0], vocabulary) and len(pieces) > 2 else pieces[0]


def _confidence(title: _Part, employer: _Part | None, vocabulary: Vocabulary) -> Confidence:
    if employer is None or not _has_title(title.text, vocabulary):
        return "low"
    return "high" if employer.row is title.row or _has_employer(employer.text, vocabulary) else "medium"


def find_team_size(body: tuple[Row, ...]) -> int | None:
    """People led, where the lines of a position name one number of them."""
    sizes: set[int] = set()
    for row in body:
        for match in _TEAM.finditer(row.text):
            word = match.group("a") or match.group("b") or match.group("c")
            sizes.add(int(read_count(word)))
    return sizes.pop() if len(sizes) == 1 else None
