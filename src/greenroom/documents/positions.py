"""Positions of a résumé: every date range in the right place is an anchor, and the words around it name the job.

Title and employer stand on the anchor's line, above it or below it, in either order; the words themselves tell which
is which (data/titles.yaml), and where they do not, the order of the other entries decides.
"""

import re
from dataclasses import dataclass

from greenroom.documents.dates import DateRange, find_points, find_ranges
from greenroom.documents.headers import (
    HEADER_WORDS,
    Part,
    could_be_title,
    has_employer,
    has_title,
    is_header,
    is_noise,
    parts_of,
    trim_place,
)
from greenroom.documents.lines import Row, Section
from greenroom.documents.schemas import LIST, Confidence, Position, Span
from greenroom.documents.terms import NUMBERS, read_count
from greenroom.documents.vocabulary import Vocabulary

NOT_JOBS = {"education", "publications", "references", "certificates", "awards", "languages", "skills", "projects",
            "interests", "contact"}  # fmt: skip
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
class _House:
    """An employer with its own dates on a line above several positions held there, one after the other."""

    name: str = ""
    range: DateRange | None = None


@dataclass(frozen=True)
class _Anchor:
    index: int
    range: DateRange


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
    house, led = _House(), False  # `led`: the employer stands on a line of its own above its positions
    heads: list[tuple[Position, int, int]] = []
    for order, anchor in enumerate(anchors):
        limit = anchors[order + 1].index if order + 1 < len(anchors) else len(rows)
        above = [] if below else _above(rows, anchor.index, taken)
        own = parts_of(rows[anchor.index], anchor.range)
        under = _below(rows, anchor.index, limit)
        named = _name_house(anchors, order, [*own, *above], vocabulary)
        if named:
            house, taken = _House(named, anchor.range), anchor.index + 1
            heads.append((Position(), anchor.index, anchor.index))
            continue
        if house.range and not _holds(house.range, anchor.range):
            house = _House()
        goes_on = bool(heads) and led and not above
        position, first, last = _compose(rows, anchor, own, above, under, house, vocabulary, goes_on=goes_on)
        taken = last + 1
        led = led and goes_on if position is None or goes_on else first < anchor.index and own != []
        heads.append((position or Position(), first, last))
    swapped = _prevailing(rows, heads)
    for order, (head, first, last) in enumerate(heads):
        position = head
        if swapped and head.confidence == "low" and head.employer and _order(rows, head, first, last) > 0:
            position = head.model_copy(update={"title": head.employer, "employer": head.title})
        stop = heads[order + 1][1] if order + 1 < len(heads) else len(rows)
        body = tuple(row for row in rows[last + 1 : stop] if not row.blank)
        if not position.title and not position.employer:
            continue
        if not position.employer and not re.search(
            r"free-?lanc|self[- ]?employed|independent", position.title, re.IGNORECASE
        ):
            earlier = entries[-1] if entries else (known[-1] if known else None)
            guess = earlier.position.employer if earlier else ""
            position = position.model_copy(update={"employer": guess, "confidence": "low"})
        entries.append(Entry(position.model_copy(update={"team_size": find_team_size(body)}), body))
    return entries


def _prevailing(rows: tuple[Row, ...], heads: list[tuple[Position, int, int]]) -> bool:
    """Whether the sure entries of a section name the employer before the title."""
    votes = [_order(rows, head, first, last) for head, first, last in heads if head.confidence == "high"]
    return sum(votes) < 0


def _order(rows: tuple[Row, ...], head: Position, first: int, last: int) -> int:
    """1: the title stands before the employer; -1: behind it; 0: it cannot be told."""
    text = "\n".join(row.text for row in rows[first : last + 1])
    title, employer = text.find(head.title), text.find(head.employer)
    if not head.title or not head.employer or title < 0 or employer < 0:
        return 0
    return 1 if title < employer else -1


def _name_house(anchors: list[_Anchor], order: int, parts: list[Part], vocabulary: Vocabulary) -> str:
    """The employer on a line of dates that holds the next ones ("Harborline Inc., 2013 - 2019"), or ""."""
    following = anchors[order + 1 : order + 2]
    if not following or following[0].index - anchors[order].index > 2:
        return ""
    named = [part for part in parts if not is_noise(part.text)]
    if not named or any(has_title(part.text, vocabulary) for part in named):
        return ""
    held = _holds(anchors[order].range, following[0].range)
    return trim_place(named[0], vocabulary) if held else ""


def _holds(outer: DateRange, inner: DateRange) -> bool:
    """Whether a time lies within another, both as exactly as they are written."""
    short = min(len(outer.start), len(inner.start))
    if inner.start[:short] < outer.start[:short]:
        return False
    if outer.current or inner.current:
        return outer.current
    short = min(len(outer.end), len(inner.end))
    return inner.end[:short] <= outer.end[:short]


def _anchors(rows: tuple[Row, ...], vocabulary: Vocabulary) -> list[_Anchor]:
    anchors: list[_Anchor] = []
    plain = any(not row.bullet and find_ranges(row.text) for row in rows)
    for index, row in enumerate(rows):
        ranges = find_ranges(row.text)
        if row.bullet and plain and ranges and not _is_listed_job(row, ranges[0], vocabulary):
            continue
        if not ranges:
            single = _single_year(row.text)
            ranges = [single] if single and not row.bullet and has_title(row.text, vocabulary) else []
        if not ranges or _is_prose(row, ranges[0]):
            continue
        if any(word in row.text.casefold() for word in vocabulary.breaks):
            continue
        anchors.append(_Anchor(index, ranges[0]))
    return anchors[:LIST]


def _is_listed_job(row: Row, found: DateRange, vocabulary: Vocabulary) -> bool:
    """Whether a bullet among other entries is a job of its own ("- Developer (2015 - 2018)"), not what was done in one."""
    rest = f"{row.text[: found.at]} {row.text[found.stop :]}".strip(" ()-–—,")
    return len(rest.split()) <= HEADER_WORDS - 1 and ":" not in rest and has_title(rest, vocabulary)


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
    lonely = [a for a in anchors if not parts_of(rows[a.index], a.range)]
    if not lonely:
        return False
    following = 0
    for anchor in lonely:
        above = _above(rows, anchor.index, 0)
        under = _below(rows, anchor.index, len(rows))
        if not any(has_title(part.text, vocabulary) for part in above) and under:
            following += 1
    return following * 2 > len(lonely)


def _above(rows: tuple[Row, ...], index: int, taken: int) -> list[Part]:
    """Header lines directly above, nearest last; a body line or a gap ends them."""
    parts: list[Part] = []
    at = index - 1
    while at >= taken and len(parts) < 6 and index - at <= 3 and is_header(rows[at]):
        parts = parts_of(rows[at]) + parts
        at -= 1
    return parts


def _below(rows: tuple[Row, ...], index: int, limit: int) -> list[Part]:
    parts: list[Part] = []
    at = index + 1
    while at < limit and at - index <= 2 and is_header(rows[at]):
        parts += parts_of(rows[at])
        at += 1
    return parts


def _compose(
    rows: tuple[Row, ...],
    anchor: _Anchor,
    own: list[Part],
    above: list[Part],
    under: list[Part],
    house: _House,
    vocabulary: Vocabulary,
    *,
    goes_on: bool,
) -> tuple[Position | None, int, int]:
    """The position at an anchor, and the first and last row its header takes."""
    own = _split_commas(own, alone=True, vocabulary=vocabulary)
    title = _pick_title(own, above, under, vocabulary)
    if title is None or _is_study(title.text, vocabulary):
        return None, anchor.index, anchor.index
    employer = None if house.name else _pick_employer(title, own, above, under, vocabulary)
    if employer is None and not house.name:
        title, employer = _divide(title, vocabulary, goes_on=goes_on)
    used = [part for part in (title, employer) if part]
    indexes = [anchor.index, *(rows.index(part.row) for part in used)]
    position = Position(
        title=title.text[:300],
        employer=(trim_place(employer, vocabulary) if employer else house.name)[:300],
        start=anchor.range.start,
        end=anchor.range.end,
        current=anchor.range.current,
        span=Span(start=rows[min(indexes)].start, end=rows[max(indexes)].end),
        confidence="medium" if house.name else _confidence(title, employer, vocabulary),
    )
    return position, min(indexes), max(indexes)


def _is_study(title: str, vocabulary: Vocabulary) -> bool:
    """Whether the words name a degree and no job ("BSc Computing Science")."""
    first = re.match(r"[^\W_][\w.'&-]*\w", title.casefold())
    return bool(first and first.group() in vocabulary.degrees) and not has_title(title, vocabulary)


def _split_commas(parts: list[Part], *, alone: bool, vocabulary: Vocabulary) -> list[Part]:
    """One piece "Teacher, Hill School, Stroud" as its parts; a title that itself holds a comma stays whole."""
    if not alone or len(parts) != 1 or "," not in parts[0].text:
        return parts
    pieces = [piece.strip() for piece in parts[0].text.split(",") if piece.strip()]
    if not any(has_title(piece, vocabulary) for piece in pieces):
        named = len(pieces) > 1 and any(has_employer(piece, vocabulary) for piece in pieces[1:])
        if not (named or could_be_title(pieces[0], vocabulary)):
            return parts
        return [Part(piece, parts[0].row, parts[0].on_anchor) for piece in pieces]
    if (
        len(pieces) > 1
        and (has_title(pieces[0], vocabulary) or not has_title(pieces[1], vocabulary))
        and not has_employer(",".join(pieces[1:]), vocabulary)
        and not has_employer(pieces[0], vocabulary)
    ):
        return parts
    return [Part(piece, parts[0].row, parts[0].on_anchor) for piece in pieces]


def _pick_title(own: list[Part], above: list[Part], under: list[Part], vocabulary: Vocabulary) -> Part | None:
    """The piece with a title's word: on the line, above, below; else one that ends like a title; else the first of two."""
    for group in (own, list(reversed(above)), under):
        scored = [part for part in group if has_title(part.text, vocabulary)]
        if scored:
            plain = [part for part in scored if not has_employer(part.text, vocabulary)]
            return (plain or scored)[0]
    for group in (own, list(reversed(above)), under):
        weak = [
            part
            for part in group
            if could_be_title(part.text, vocabulary) and not has_employer(part.text, vocabulary)
        ]
        if weak:
            return weak[0]
    header = [*above, *own, *under]
    return header[0] if len(header) >= 2 else None


def _pick_employer(
    title: Part, own: list[Part], above: list[Part], under: list[Part], vocabulary: Vocabulary
) -> Part | None:
    """The piece nearest to the title that could be a name: same line first, then the lines the header has left."""
    near = [part for part in own if part is not title]
    over = [part for part in above if part is not title and part.row is above[-1].row]
    next_row = [part for part in under if part is not title and part.row is under[0].row]
    if title in own:
        groups = [near, next_row, over] if not _continues(title, above) else [near, over, next_row]
    elif title in above:
        beside = [part for part in above if part is not title and part.row is title.row]
        rest = [part for part in above if part is not title]
        groups = [beside, [part for part in near if has_employer(part.text, vocabulary)], rest, near]
    else:
        groups = [near, [part for part in under if part is not title], over]
    for group in groups:
        named = [part for part in group if has_employer(part.text, vocabulary) and not is_noise(part.text)]
        free = [part for part in group if not is_noise(part.text)]
        if named or free:
            return (named or free)[0]
    return None


def _continues(title: Part, above: list[Part]) -> bool:
    return bool(above) and above[-1].row.end + 2 >= title.row.start - 2 and above[-1].row is not title.row


def _divide(title: Part, vocabulary: Vocabulary, *, goes_on: bool) -> tuple[Part, Part | None]:
    """A title that holds its employer, behind a comma or in brackets; where one employer goes on only a clear one."""
    inside = re.fullmatch(r"(?P<title>.+?)\s*\((?P<who>[^()]+)\)", title.text)
    if inside and has_employer(inside.group("who"), vocabulary):
        named = Part(inside.group("who"), title.row, title.on_anchor)
        return Part(inside.group("title"), title.row, title.on_anchor), named
    head, *rest = [piece.strip() for piece in title.text.split(",")]
    if not rest or not rest[0] or not rest[0][0].isupper():
        return title, None
    if goes_on and not has_employer(rest[0], vocabulary):
        return title, None
    if has_title(head, vocabulary):
        return Part(head, title.row, title.on_anchor), Part(rest[0], title.row, title.on_anchor)
    named = next((piece for piece in rest if has_title(piece, vocabulary)), None)
    if named:
        return Part(named, title.row, title.on_anchor), Part(head, title.row, title.on_anchor)
    return title, None


def _confidence(title: Part, employer: Part | None, vocabulary: Vocabulary) -> Confidence:
    if employer is None or not has_title(title.text, vocabulary):
        return "low"
    return "high" if employer.row is title.row or has_employer(employer.text, vocabulary) else "medium"


def find_team_size(body: tuple[Row, ...]) -> int | None:
    """People led, where the lines of a position name one number of them."""
    sizes: set[int] = set()
    for row in body:
        for match in _TEAM.finditer(row.text):
            word = match.group("a") or match.group("b") or match.group("c")
            sizes.add(int(read_count(word)))
    return sizes.pop() if len(sizes) == 1 else None
