"""Title and company of a job advertisement, from labels, from the first lines or from its first sentence."""

import re
from dataclasses import dataclass

from greenroom.documents.blocks import name_heading
from greenroom.documents.lines import Row, bare, split_rows
from greenroom.documents.schemas import Span
from greenroom.documents.vocabulary import Vocabulary
from greenroom.library.contents import Library

_LABEL_TITLE = re.compile(
    r"^(?:job title|title|position|vacancy|role|job|post|(?:we are|we['’]re) hiring|now hiring|opening)\s*[:–-]\s*(?P<v>.+)$",
    re.IGNORECASE,
)
_LABEL_COMPANY = re.compile(
    r"^(?:your )?(?:new )?(?:company|employer|company name|organi[sz]ation|firm|client)\s*[:–-]\s*(?P<v>.+)$",
    re.IGNORECASE,
)
_SEEKS = r"(?:is|are) (?:now |currently )?(?:looking for|seeking|recruiting|hiring|searching for)|seeks|needs|wants|hires|searches for"
_ARTICLE = r"(?:an? |our (?:next |new )?|the )?(?:experienced |motivated |talented |friendly |skilled |passionate |new )*"
_SENTENCE = re.compile(
    rf"(?:(?P<who>[A-ZÀ-Þ][\w&.'’-]*(?:\s+(?:[A-ZÀ-Þ&][\w&.'’-]*|of|the|and|de|in(?= [A-Z])))*)\s+(?:{_SEEKS})|[Ww]e(?:['’]re| are) (?:now |currently )?(?:looking for|hiring|seeking|recruiting)|[Aa]s our|[Aa]s an?)\s+{_ARTICLE}"
    r"(?P<title>[A-Z][\w/&+.-]*(?:\s+[A-Z(][\w/&+.)-]*)*(?:\s\([^)]*\))?)",
)
_JOIN = re.compile(
    r"\bto join (?:us at |the team at |our team at )?(?P<who>[A-ZÀ-Þ][\w&.'’-]*(?:\s+[A-ZÀ-Þ&][\w&.'’-]*)*)"
)
_TAIL = re.compile(r"\s*(?:\bwanted\b|\bneeded\b|\brequired\b|!)+.*$", re.IGNORECASE)
_STRONG = re.compile(r"\s+[|·•@]\s+|\s+[–—-]\s+|\t+|\s{3,}")
_AT = re.compile(r"^(?P<title>.+?)\s+(?:wanted |needed )?(?:at|with|for|@)\s+(?P<who>[A-ZÀ-Þ].+)$")
_NOISE = re.compile(
    r"\b(?:remote|hybrid|full[- ]time|part[- ]time|permanent|\d{2,3}\s?(?:-\s?\d{2,3}\s?)?(?:%|hours)|band \d|salary|location|about us|about the role)\b",
    re.IGNORECASE,
)
_NAME = re.compile(r"[A-ZÀ-Þ][\w&.'’-]*(?:\s+(?:[A-ZÀ-Þ&][\w&.'’-]*|of|and|de|the))*")
_PRONOUNS = ("we", "you", "it", "this", "our", "the", "i", "they")
OPENING = 8  # lines in which title and company stand


@dataclass(frozen=True)
class Headline:
    title: str = ""
    title_span: Span | None = None
    company: str = ""


def find_headline(text: str, vocabulary: Vocabulary, library: Library) -> Headline:
    """Title as written, its place, and the company; empty where the text does not say."""
    rows = [row for row in split_rows(text) if not row.blank][:OPENING]
    title, row = _find_title(rows, text, vocabulary, library)
    company = _find_company(rows, text, title, row, vocabulary)
    title = _without_company(title, company, vocabulary)
    title = _with_field(title, row, company, text, vocabulary)
    title = _recase(title)
    span = None
    if title and row:
        at = text.casefold().find(title.casefold(), row.start)
        span = Span(start=at, end=at + len(title)) if at >= 0 else None
    return Headline(title, span, _recase(company if company.endswith("Inc.") else company.rstrip(".")))


def _find_title(
    rows: list[Row], text: str, vocabulary: Vocabulary, library: Library
) -> tuple[str, Row | None]:
    for row in rows:
        label = _LABEL_TITLE.match(bare(row.text))
        if label:
            return _first_piece(label.group("v"), vocabulary), row
    for row in rows[:4]:
        plain = bare(row.text)
        sentence = _SENTENCE.search(plain)
        if sentence and _has_title(sentence.group("title"), vocabulary):
            return sentence.group("title"), row
        if _is_line(plain) and _has_title(plain, vocabulary):
            return _first_piece(plain, vocabulary), row
    for sentence in _SENTENCE.finditer(text):
        if _has_title(sentence.group("title"), vocabulary):
            at = sentence.start("title")
            return sentence.group("title"), next((row for row in rows if row.start <= at <= row.end), None)
    known = [row for row in rows[:3] if _is_line(bare(row.text)) and library.find_role(bare(row.text)).known]
    return (_first_piece(bare(known[0].text), vocabulary), known[0]) if known else ("", None)


def _is_line(text: str) -> bool:
    return len(text.split()) <= 14 and not re.search(
        r"[.?]\s|[.?]$", re.sub(r"\b(?:e\.g|i\.e|Inc|Ltd)\.", "", text)
    )


def _has_title(text: str, vocabulary: Vocabulary) -> bool:
    return any(word in vocabulary.titles for word in re.findall(r"[^\W\d_]+", text.casefold()))


def _first_piece(line: str, vocabulary: Vocabulary) -> str:
    """The piece of a headline that names the job."""
    line = re.sub(r"^.*?\b(?:looking for|seeking|hiring|recruiting)\s+(?:an? )?", "", line)
    line = _TAIL.sub("", line)
    at = _AT.match(line)
    if at and _has_title(at.group("title"), vocabulary):
        line = at.group("title")
    pieces = [piece.strip() for piece in _STRONG.split(line) if piece.strip()]
    titled = [piece for piece in pieces if _has_title(piece, vocabulary)]
    return _without_terms((titled or pieces or [line])[0]).strip(" ,;:")


def _with_field(title: str, row: Row | None, company: str, text: str, vocabulary: Vocabulary) -> str:
    """The title with the field behind its dash ("Nurse - Cardiology"), unless that is the company, a place or the terms."""
    if not title or row is None:
        return title
    more = re.search(
        rf"{re.escape(title)}(?P<more>\s+[–—-]\s+(?P<field>[^|·,–—]+?))(?=\s+[|·–—-]|\s*$|\*)", row.text
    )
    if more is None:
        return title
    field = more.group("field").strip()
    strange = _NOISE.search(field) or re.search(r"[\d$£€!]", field) or _marked(field, vocabulary)
    named = company and (field in company or company in field)
    if strange or named or len(field.split()) > 3 or _mentions(field, text) > 0:
        return title
    return title + more.group("more")


def _without_terms(title: str) -> str:
    """The title without pay, hours and what follows them."""
    head, *rest = title.split(",")
    money = next((n for n, piece in enumerate(rest) if re.search(r"[£$€%]|\d\s?k\b|\d{4}", piece)), None)
    return title if money is None else ",".join([head, *rest[:money]])


def _find_company(rows: list[Row], text: str, title: str, row: Row | None, vocabulary: Vocabulary) -> str:
    for line in rows:
        label = _LABEL_COMPANY.match(bare(line.text))
        if label:
            return label.group("v").split(",")[0].strip()
    candidates = _candidates(rows, text, title, row, vocabulary)
    for name in list(candidates):
        candidates[name] += _mentions(name, text) + 1.5 * _marked(name, vocabulary)
    best = max(candidates, key=lambda name: candidates[name], default="")
    if not best or candidates[best] < 1:
        return ""
    longer = [name for name in candidates if name.startswith(f"{best} ") and _marked(name, vocabulary)]
    best = max(longer, key=len, default=best)
    legal = re.search(rf"{re.escape(best)}(,? (?:Inc|LLC|Ltd|PLC|GmbH|AG)\.?)(?!\w)", text)
    return best + legal.group(1) if legal else best


def _candidates(
    rows: list[Row], text: str, title: str, row: Row | None, vocabulary: Vocabulary
) -> dict[str, float]:
    """Names of the first lines that could be the company, and how much their place says so."""
    candidates: dict[str, float] = {}
    for order, line in enumerate(rows[:5]):
        heading = name_heading(line.text, vocabulary, follows=True) if order else ""
        if re.match(
            r"about (?:the|this)\b|job (?:description|summary|overview)\b", bare(line.text), re.IGNORECASE
        ):
            continue
        if line.bullet or heading not in ("", "about"):
            break
        if heading:
            continue
        for name, weight in _names_in(bare(line.text), title, text, line is row, vocabulary):
            if not _NOISE.search(name) and len(name) > 2:
                candidates[name] = max(candidates.get(name, 0), weight - order * 0.2)
    return candidates


def _names_in(
    line: str, title: str, text: str, titled: bool, vocabulary: Vocabulary
) -> list[tuple[str, float]]:
    """Names a line could give the company, with how much its form says so."""
    found: list[tuple[str, float]] = []
    joined, sought = _JOIN.search(line), _SENTENCE.search(line)
    found += [(joined.group("who"), 4)] if joined else []
    found += [(sought.group("who"), 4)] if sought and sought.group("who") else []
    at = re.search(r"\b(?:at|@)\s+(?P<who>[A-ZÀ-Þ][\w&.'’-]*(?:\s+[A-ZÀ-Þ&][\w&.'’-]*)*)", line)
    found += [(at.group("who"), 3)] if at else []
    legal = re.search(rf"(?P<who>{_NAME.pattern} (?:GmbH|AG|Ltd|Inc|LLC|plc|PLC|SE|BV|AB|SA|Oy|A/S))\b", line)
    found += [(legal.group("who"), 3)] if legal else []
    for sentence in re.split(r"(?<=[.!?:])\s+", line):
        found += _subject(sentence)
    if _is_line(re.split(r"\.\s", line)[0]):
        found += _pieces(line, title, text, titled, vocabulary)
    return found


def _subject(sentence: str) -> list[tuple[str, float]]:
    """The name that a sentence about the company begins with ("Corvus Audio builds hearing aids")."""
    subject = re.match(
        rf"(?P<who>{_NAME.pattern})(?:,? (?:in|of) [A-Z]\w+|\s*\([^()]*\))?\s+(?:is|are|brings|runs|sells|needs|moves|hires|designs|makes|builds|seeks|offers|helps|provides|has|was|[a-z]{(3,)}s(?= [a-z]))\b",
        sentence,
    )
    if subject is None or subject.group("who").casefold() in _PRONOUNS:
        return []
    name = re.sub(r"\s+in$", "", subject.group("who"))
    return (
        [(name, 2.5)] if not re.match(r"(?:The|This|That|Our|Your|Someone|What|Who|How|It)\b", name) else []
    )


def _pieces(
    line: str, title: str, text: str, titled: bool, vocabulary: Vocabulary
) -> list[tuple[str, float]]:
    """The pieces of a short line that could be the company."""
    found: list[tuple[str, float]] = []
    line = re.split(r"\.\s", line)[0]
    pieces = [p.strip() for part in _STRONG.split(line) for p in part.split(",") if p.strip()]
    for index, piece in enumerate(pieces):
        plain = re.sub(r"^(?:At|at|About|Join|With)\s+(?=[A-ZÀ-Þ])|\s*\([^)]*\)\s*$", "", piece)
        own = (
            titled
            and "," in title
            and plain in title
            and not (_marked(plain, vocabulary) and " " in plain)
            and not _mentions(plain, text)
        )
        if (
            plain
            and plain[0].isupper()
            and not own
            and plain not in title.split(",", maxsplit=1)[0]
            and not _has_title(plain, vocabulary)
            and len(plain.split()) <= 5
        ):
            found.append((plain, 1.2 if titled else 1.5 - 0.3 * index))
    return found


def _mentions(name: str, text: str) -> float:
    first = name.split(maxsplit=1)[0]
    if len(first) < 4:
        first = name
    return 0.7 * min(max(len(re.findall(rf"\b{re.escape(first)}\b", text, re.IGNORECASE)) - 1, 0), 3)


def _marked(name: str, vocabulary: Vocabulary) -> bool:
    return "&" in name or any(
        word in vocabulary.employers for word in re.findall(r"[^\W\d_]+", name.casefold())
    )


def _without_company(title: str, company: str, vocabulary: Vocabulary) -> str:
    """ "Data Analyst, Saltmarsh Water" is a title and a company; "Staff Nurse, Acute Unit" is a title."""
    if company and "," in title:
        pieces = [piece.strip() for piece in title.split(",")]
        kept = [piece for piece in pieces if piece.casefold() != company.casefold()]
        if len(kept) < len(pieces) and any(_has_title(piece, vocabulary) for piece in kept):
            return ", ".join(kept)
    return title


def _recase(name: str) -> str:
    """Capitals become title case; short words stay as they are."""
    if not name.isupper() or len(name) < 6:
        return name
    return " ".join(word if len(word) <= 3 else word.capitalize() for word in name.split())
