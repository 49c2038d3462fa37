"""A document as lines with their place, and the sections its headings open."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from greenroom.documents.dates import find_ranges
from greenroom.documents.vocabulary import Vocabulary

_MARKS = re.compile(r"^[\s#>*_=~|]+|[\s#*_=~|:]+$")
# Dashes, dots, and the arrows, ticks, shapes and pictures that people set before a line.
_BULLET = re.compile(
    r"^\s*(?:[-–—~+*•·‣▪◦●○■►✓»›§o](?=\s)|[\u2190-\u21ff\u2300-\u23ff\u25a0-\u27bf\u2b00-\u2bff\ue000-\uf8ff\U0001f000-\U0001faff]+\ufe0f?|\d{1,2}[.)](?=\s))\s+"
)
_BAR = re.compile(r"^\s*\|\s*")
_KIT = frozenset(
    {"technical", "computer", "computing", "it", "digital", "&", "and"}
)  # skills, when they stand alone
LINK = re.compile(
    r"(?<![\w@.])(?:https?://[^\s<>()\[\],;|]+|(?:www\.)?(?:[a-z0-9-]+\.)+(?:com|org|net|dev|io|me|app|eu|uk|de|co|ai|tech|edu|info)"
    r"(?:/[^\s<>()\[\],;|]*)?)(?![\w@])",
    re.IGNORECASE,
)
WRAPPED_FROM = 30  # signs of a line: a shorter one was ended by its writer
_RULE = re.compile(r"^\s*\|?\s*:?-{3,}[-|: ]*$|^\s*(?:[*_=-]\s*){3,}$")


@dataclass(frozen=True)
class Row:
    """One line. `text` is without surrounding space and begins at code point `start` of the document."""

    text: str
    start: int
    end: int
    bullet: bool = False
    cells: bool = False

    @property
    def blank(self) -> bool:
        return not self.text


@dataclass(frozen=True)
class Section:
    """What stands under one heading; `name` is empty before the first."""

    name: str
    title: str
    rows: tuple[Row, ...]


def split_rows(text: str) -> list[Row]:
    """The lines of a text; bullets and the bars of Markdown tables are outside of `text` but not of the document."""
    rows: list[Row] = []
    at = 0
    raws = text.split("\n")
    for index, raw in enumerate(raws):
        mark = _BULLET.match(raw) or _BAR.match(raw)
        start = mark.end() if mark else len(raw) - len(raw.lstrip())
        cells = bool(mark) and "|" in raw[:start]
        body = raw[start:].rstrip(" \t|" if cells else None)
        ruled = index + 1 < len(raws) and bool(_RULE.match(raws[index + 1]))
        if _RULE.match(raw) or (cells and ruled):  # the head of a table names columns, not facts
            body = ""
        rows.append(
            Row(body, at + start, at + start + len(body), bullet=bool(mark) and not cells, cells=cells)
        )
        at += len(raw) + 1
    return rows


def join_wrapped(rows: list[Row], text: str) -> list[Row]:
    """The lines of `text` with those put together that a narrow column broke in the middle of a sentence.

    A line goes on when the next one begins with a small letter and is no item of its own. The text of a joined row is
    as long as its place: line breaks become spaces.
    """
    joined: list[Row] = []
    for row in rows:
        before = joined[-1] if joined else None
        if before and _goes_on(before, row):
            whole = text[before.start : row.end].replace("\n", " ")
            joined[-1] = Row(whole, before.start, row.end, before.bullet)
        else:
            joined.append(row)
    return joined


def _goes_on(row: Row, after: Row) -> bool:
    if row.blank or after.blank or row.cells or after.cells or after.bullet:
        return False
    return len(row.text) >= WRAPPED_FROM and after.text[:1].islower() and row.text[-1] not in ".!?:;"


def bare(text: str) -> str:
    """A line without Markdown marks and a closing colon."""
    return _MARKS.sub("", text).strip()


def split_sections(text: str, vocabulary: Vocabulary) -> list[Section]:
    """The sections of a résumé in order; each names what its heading promises."""
    sections: list[Section] = []
    name, title, held = "", "", list[Row]()
    for row in split_rows(text):
        found, label, rest = _heading(row, vocabulary)
        if not found:
            held.append(row)
            continue
        sections.append(Section(name, title, tuple(held)))
        name, title, held = found, label, [rest] if rest else []
    sections.append(Section(name, title, tuple(held)))
    return [section for section in sections if section.name or any(not row.blank for row in section.rows)]


def _heading(row: Row, vocabulary: Vocabulary) -> tuple[str, str, Row | None]:
    """The section a line opens, its words, and what follows on the same line ("Languages: Dutch")."""
    if row.blank or row.bullet:
        return "", "", None
    whole = bare(re.sub(r"\([^)]*\)\s*$", "", row.text))
    section = name_section(whole, vocabulary, styled=_styled(row.text))
    if section:
        return section, whole, None
    label, colon, _ = re.sub(r"\t", ":", row.text, count=1).partition(":")
    section = name_section(bare(label), vocabulary, styled=bool(colon)) if colon and len(label) < 30 else ""
    if section not in ("languages", "skills", "certificates"):
        return "", "", None
    at = len(label) + 1
    at += len(row.text[at:]) - len(row.text[at:].lstrip(" *_"))
    return section, label, Row(row.text[at:], row.start + at, row.end)


def _styled(text: str) -> bool:
    stripped = text.strip()
    return stripped.startswith("#") or stripped.endswith(":") or (stripped.isupper() and len(stripped) > 3)


def name_section(title: str, vocabulary: Vocabulary, *, styled: bool) -> str:
    """The section that a heading means, or "" for a line that is none.

    A plain line counts only when every word of it is a word of headings; a styled one (capitals, `#`, colon) may
    hold two others.
    """
    words = re.findall(r"[^\W\d_][\w'’-]*|&", title.casefold())
    if not 1 <= len(words) <= 6 or re.search(r"\d|[.;|@!]|,\s", title) or find_ranges(title):
        return ""
    if styled and set(words) <= _KIT:
        return "skills"
    if words == ["teaching"]:
        return "teaching"
    named = [word for word in words if word in vocabulary.resume_words]
    strange = [
        word for word in words if word not in vocabulary.resume_words and word not in vocabulary.fillers
    ]
    if not named or len(strange) > (1 if styled else 0) or (strange and len(named) < 1):
        return ""
    sections = [vocabulary.resume_words[word] for word in named]
    if "languages" in sections and "programming" in words:
        return "skills"
    if words[0] == "summary":
        return "summary"
    strong = [section for section in sections if section not in ("summary", "contact")]
    return (strong or sections)[0]


def walk(sections: list[Section], *names: str) -> Iterator[Row]:
    """The non-blank lines of the named sections, in order."""
    for section in sections:
        if section.name in names:
            yield from (row for row in section.rows if not row.blank)
