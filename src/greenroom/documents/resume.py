"""Facts of a résumé from its plain text: positions, skills, education, results, languages, links.

Rules and word lists only; nothing is added that the text does not hold, and every fact keeps its place. Measured on
the labelled samples of tests/documents/data by benchmarks/documents.py.
"""

import re
from collections.abc import Iterator

from greenroom.documents.dates import find_points, find_ranges
from greenroom.documents.lines import Row, Section, bare, name_section, split_sections, walk
from greenroom.documents.positions import find_entries
from greenroom.documents.schemas import (
    LIST,
    Education,
    Link,
    Position,
    Result,
    ResumeFacts,
    Skill,
    Span,
    SpokenLanguage,
)
from greenroom.documents.terms import NUMBERS, YEARS, Term, find_terms, fold_skill, read_count
from greenroom.documents.vocabulary import Vocabulary

_LINK = re.compile(
    r"(?<![\w@.])(?:https?://[^\s<>()\[\],;|]+|(?:www\.)?(?:[a-z0-9-]+\.)+(?:com|org|net|dev|io|me|app|eu|uk|de|co|ai|tech|edu|info)"
    r"(?:/[^\s<>()\[\],;|]*)?)(?![\w@])",
    re.IGNORECASE,
)
_ITEM_EDGE = re.compile(r"\s*[,;•·|]\s*|\s{3,}|\t+|\s+/\s+")
_NUMBER = re.compile(
    r"(?<![\w.])[$€£]?\d[\d.,]*\s?(?:%|percent|per cent|k\b|m\b|x\b|million|thousand)?", re.IGNORECASE
)
_CHANGE = re.compile(
    r"%|percent|\bfrom\b.+\bto\b|\bcut\b|reduc|\bsav|\brais|increas|\bgrew\b|\bdown\b|\bup\b|\bfell\b|\bearly\b|doubl|halv"
    r"|\bwon\b|\bclosed\b|\btaught\b|\btrained\b|deliver|improv|exceed",
    re.IGNORECASE,
)
_SCOPE = re.compile(
    r"^(?:i )?(?:am |was )?(?:own\b|run\b|supervise|manage\b|lead\b|led\b|manager of|line manager|owner|budget owner|responsible|member of|team of"
    r"|on call|triage|up to|mentor)",
    re.IGNORECASE,
)
_NOT_RESULT = re.compile(
    r"\b(?:team|squad|group|crew|staff) of \S+|\b\d+ direct reports\b|\bWindows \d+|\bOffice 365|\b(?:ISO|FRS|IFRS|WCAG|tier|level|year|version) ?\d[\d.]*",
    re.IGNORECASE,
)
_LEVEL = re.compile(
    r"\(([^)]*)\)|[:–—-]\s*([A-Za-z0-9 ]+)$|\b(native|fluent|basic|conversational|bilingual|[ABC][12])\b",
    re.IGNORECASE,
)
_FILLED = re.compile(
    r"^(?:basic|good|strong|advanced|excellent|expert in|proficient in|experienced in|knowledge of|familiar with|fluent in|including|e\.g\.|and|etc\.?)\s+",
    re.IGNORECASE,
)
SKILL_WORDS = 5
RESULT_SECTIONS = ("experience", "projects", "awards", "summary", "skills", "volunteering")


def parse_resume(text: str, vocabulary: Vocabulary) -> ResumeFacts:
    """The facts of a résumé. `text` is cleaned and masked already (`hidden.clean`, `hidden.mask`)."""
    sections = split_sections(text, vocabulary)
    entries = find_entries(sections, vocabulary)
    languages = _find_languages(sections, vocabulary)
    named = {language.name.casefold() for language in languages}
    untitled = [] if any(section.name == "experience" for section in sections) else [""]
    working = list(walk(sections, *RESULT_SECTIONS, *untitled))
    return ResumeFacts(
        positions=[entry.position for entry in entries][:LIST],
        skills=_find_skills(text, sections, [e.position for e in entries], named, vocabulary)[:LIST],
        education=_find_education(sections, vocabulary)[:LIST],
        results=_find_results(text, working)[:LIST],
        languages=languages[:LIST],
        links=_find_links(text)[:LIST],
    )


# skills


def _find_skills(
    text: str, sections: list[Section], positions: list[Position], spoken: set[str], vocabulary: Vocabulary
) -> list[Skill]:
    listed = [skill for row in walk(sections, "skills") for skill in _listed(row, vocabulary)]
    certified = [
        skill
        for row in walk(sections, "certificates")
        for skill in _mentioned(row.text, row.start, vocabulary)
    ]
    mentioned = _mentioned(_LINK.sub(lambda m: " " * len(m.group()), text), 0, vocabulary)
    titles = [position.span for position in positions if position.span]
    outside = [skill for skill in mentioned if not any(_inside(skill.span, span) for span in titles)]
    found: dict[str, Skill] = {}
    for skill in (*listed, *certified, *outside):
        key = fold_skill(skill.name)
        if skill.name.casefold() in spoken or not key:
            continue
        known = found.get(key)
        if known is None:
            found[key] = skill
        elif known.years is None and skill.years is not None:
            found[key] = known.model_copy(update={"years": skill.years})
    return sorted(found.values(), key=lambda skill: skill.span.start if skill.span else 0)


def _inside(inner: Span | None, outer: Span) -> bool:
    return inner is not None and outer.start <= inner.start and inner.end <= outer.end


def _listed(row: Row, vocabulary: Vocabulary) -> list[Skill]:
    """The items of one line of a skills section; sentences give their known names only."""
    if _is_sentence(row.text):
        return _mentioned(row.text, row.start, vocabulary)
    start = row.start
    label = re.match(r"[^:,;\t]{2,40}(?::\s+|\t)", row.text)
    label = label or (re.match(r"[^:,;\t|]{2,40}\s*\|\s*", row.text) if row.cells else None)
    body = row.text[label.end() :] if label else row.text
    start += label.end() if label else 0
    found = _mentioned(row.text[: label.end()], row.start, vocabulary) if label else []
    if label and name_section(label.group().strip(" :\t"), vocabulary, styled=False) == "languages":
        return []
    at = 0
    for edge in [*_ITEM_EDGE.finditer(_shield(body)), None]:
        stop = edge.start() if edge else len(body)
        found += _item(body[at:stop], start + at, vocabulary)
        at = edge.end() if edge else stop
    return found


def _shield(text: str) -> str:
    """The text with commas inside brackets made harmless, so that an item stays whole."""
    return re.sub(
        r"\([^)]*\)", lambda m: m.group().replace(",", " ").replace(";", " ").replace("/", " "), text
    )


def _is_sentence(text: str) -> bool:
    return (
        text.rstrip().endswith(".")
        and len(text.split()) > SKILL_WORDS
        and not text.count(",") * 3 > len(text.split())
    )


def _item(text: str, start: int, vocabulary: Vocabulary) -> list[Skill]:
    """One listed item: known names in it, else the item itself when it is short enough to be a name."""
    terms = find_terms(text, vocabulary, start)
    years = YEARS.search(text)
    count = read_count(years.group("count")) if years else None
    plain = re.sub(r"\([^)]*\)", "", text)
    name = _FILLED.sub("", bare(YEARS.sub("", plain)).strip(" .*_-–—()"))
    found = [_skill(term, count, "high") for term in terms]
    if name and not find_terms(name, vocabulary) and _looks_like_skill(name, vocabulary):
        at = start + max(text.find(name), 0)
        found.append(
            Skill(name=name[:300], years=count, span=Span(start=at, end=at + len(name)), confidence="medium")
        )
    return found


def _looks_like_skill(name: str, vocabulary: Vocabulary) -> bool:
    words = name.split()
    if not 1 <= len(words) <= SKILL_WORDS or len(name) < 2 or "@" in name or find_ranges(name):
        return False
    first = words[0].casefold().strip("(")
    return first not in vocabulary.spoken and bool(re.search(r"[^\W\d_]", name)) and not name.endswith("!")


def _mentioned(text: str, start: int, vocabulary: Vocabulary) -> list[Skill]:
    skills: list[Skill] = []
    for term in find_terms(text, vocabulary):
        tail = text[term.end : term.end + 24]
        head = text[max(0, term.start - 42) : term.start]
        after = re.match(rf"\s*[(,:]\s*{YEARS.pattern}", tail, re.IGNORECASE)
        before = re.search(
            rf"{YEARS.pattern}\s*(?:'\s*)?(?:of\s+)?(?:experience\s+)?(?:with|in|of|using)?\s*$",
            head,
            re.IGNORECASE,
        )
        years = after or before
        placed = Term(term.name, term.start + start, term.end + start)
        skills.append(_skill(placed, read_count(years.group("count")) if years else None, "high"))
    return skills


def _skill(term: Term, years: float | None, confidence: str) -> Skill:
    return Skill.model_validate(
        {
            "name": term.name,
            "years": years,
            "confidence": confidence,
            "span": {"start": term.start, "end": term.end},
        }
    )


# education


def _find_education(sections: list[Section], vocabulary: Vocabulary) -> list[Education]:
    rows = list(walk(sections, "education"))
    if not rows:
        rows = [
            r
            for r in walk(sections, "", "experience")
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
        plain, years = _without_dates(row.text)
        dates += years
        pieces += [
            piece
            for part in re.split(r"\s*[,|;]\s*|\s+[–—-]\s+|\s*—\s*|\s{3,}|\t", plain)
            if (piece := part.strip(" ()*_.:"))
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
            degree=degree[:300], institution=house[:300], span=span, confidence=sure,
            start=min(dates) if len(dates) > 1 else "", end=max(dates) if dates else "",
        )
    ]  # fmt: skip


def _without_dates(text: str) -> tuple[str, list[str]]:
    years: list[str] = []
    ranges = find_ranges(text)
    for found in reversed(ranges):
        years += [point for point in (found.start, found.end) if point]
        text = f"{text[: found.at]}   {text[found.stop :]}"
    for point, at, stop in reversed(find_points(text)):
        years.append(point)
        text = f"{text[:at]}   {text[stop:]}"
    return re.sub(r"\(\s*(?:expected)?\s*\)|\bexpected\b", " ", text), years


# results, languages, links


def _find_results(text: str, rows: list[Row]) -> list[Result]:
    found: list[Result] = []
    for start, end in _paragraphs(rows):
        block = text[start:end]
        for match in re.finditer(r"[^.!?]+(?:[.!?](?=\S)[^.!?]*)*[.!?]?", block):
            sentence = " ".join(match.group().replace("**", "").split())
            change = _CHANGE.search(sentence)
            if not _is_result(sentence, change is not None):
                continue
            at = start + match.start() + len(match.group()) - len(match.group().lstrip())
            span = Span(start=at, end=start + match.start() + len(match.group().rstrip()))
            found.append(Result(text=sentence[:2000], span=span, confidence="high" if change else "medium"))
    return found


def _paragraphs(rows: list[Row]) -> Iterator[tuple[int, int]]:
    """Places of the bullets and paragraphs: a line that goes on in lower case belongs to the one before."""
    open_start, open_end, last = -1, -1, ""
    for row in rows:
        goes_on = row.text[:1].islower() and not row.bullet and not last.endswith((".", "!", "?", ":", ";"))
        if open_start >= 0 and goes_on and row.start - open_end < 40:
            open_end = row.end
        else:
            if open_start >= 0:
                yield open_start, open_end
            open_start, open_end = row.start, row.end
        last = row.text
    if open_start >= 0:
        yield open_start, open_end


def _is_result(sentence: str, change: bool) -> bool:
    plain = YEARS.sub(" ", _NOT_RESULT.sub(" ", _without_dates(sentence)[0]))
    digits = [match for match in _NUMBER.finditer(plain) if re.search(r"\d", match.group())]
    counted = change and re.search(rf"\b(?:{'|'.join(list(NUMBERS)[2:])})\b", plain, re.IGNORECASE)
    if len(sentence.split()) < 3 or not (digits or counted):
        return False
    return change or not _SCOPE.match(sentence)


def _find_languages(sections: list[Section], vocabulary: Vocabulary) -> list[SpokenLanguage]:
    names = {section.name for section in sections}
    rows = list(walk(sections, "languages", "skills"))
    rows += [
        row
        for row in walk(sections, *(names - {"languages", "skills"}))
        if _only_languages(row.text, vocabulary)
    ]
    found: dict[str, SpokenLanguage] = {}
    for row in rows:
        for match in re.finditer(r"[^\W\d_]{3,}", row.text):
            name = vocabulary.spoken.get(match.group().casefold())
            if not name or name in found or _is_sentence(row.text):
                continue
            tail = re.split(r"[,;•·|]", row.text[match.end() :])[0]
            level = _LEVEL.search(tail)
            words = next((group for group in level.groups() if group), "") if level else ""
            at = row.start + match.start()
            found[name] = SpokenLanguage(
                name=name, level=words.strip(), span=Span(start=at, end=at + len(match.group()))
            )
    return list(found.values())


def _only_languages(text: str, vocabulary: Vocabulary) -> bool:
    items = [item.strip() for item in re.split(r"[,;•·|]", text) if item.strip()]
    return len(items) > 1 and all(
        item.split()[0].casefold().strip("():*") in vocabulary.spoken for item in items
    )


def _find_links(text: str) -> list[Link]:
    found: dict[str, Link] = {}
    for match in _LINK.finditer(text):
        url = match.group().rstrip(".")
        mail = text[max(0, match.start() - 1) : match.start()] == "@"
        known = re.sub(r"\W", "", url).casefold() in ("nodejs", "aspnet")
        if not mail and not known and "." in url:
            found.setdefault(
                url.casefold(),
                Link(url=url[:300], span=Span(start=match.start(), end=match.start() + len(url))),
            )
    return list(found.values())
