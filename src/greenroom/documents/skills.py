"""Skills of a résumé: what its lists name, and known names anywhere in its text."""

import re

from greenroom.documents.dates import find_ranges
from greenroom.documents.education import without_dates
from greenroom.documents.lines import LINK, Row, Section, bare, name_section, walk
from greenroom.documents.schemas import Position, Skill, Span
from greenroom.documents.terms import YEARS, Term, find_terms, fold_skill, read_count
from greenroom.documents.vocabulary import Vocabulary

_ITEM_EDGE = re.compile(r"\s*[,;•·|]\s*|\s{3,}|\t+|\s+/\s+")
_FILLED = re.compile(
    r"^(?:basic|good|strong|advanced|excellent|expert in|proficient in|experienced in|knowledge of|familiar with|fluent in|including|e\.g\.|and|etc\.?)\s+",
    re.IGNORECASE,
)
SKILL_WORDS = 5
_NO_SKILL = re.compile(
    r"(?:refs?|references?|referees|nationality|date of birth|born|marital status|driving licen[cs]e:|gender|visa)\b",
    re.IGNORECASE,
)
_GENERIC = ("CRM", "WMS", "ERP", "CMS", "LMS")  # a name before them makes a product of them
NOT_CLAIMED = ("publications", "references", "interests", "contact")  # titles and pastimes are no claims
_COURSES = re.compile(r"(?:relevant |selected )?(?:course ?work|courses|modules|subjects)\b", re.IGNORECASE)


def find_skills(
    text: str, sections: list[Section], positions: list[Position], spoken: set[str], vocabulary: Vocabulary
) -> list[Skill]:
    """What skills sections and certificates list, and known names anywhere else, titles of positions and `spoken` languages left out."""
    listed = [skill for row in walk(sections, "skills") for skill in _listed(row, vocabulary)]
    certified = [skill for row in walk(sections, "certificates") for skill in _certified(row, vocabulary)]
    listed += [
        skill
        for row in walk(sections, "experience", "projects", "")
        if _is_list(row, vocabulary)
        for skill in _listed(row, vocabulary)
    ]
    apart = [(row.start, row.end) for row in walk(sections, *NOT_CLAIMED)]
    apart += [(row.start, row.end) for row in walk(sections, "education") if _COURSES.match(row.text)]
    mentioned = [
        skill
        for skill in _mentioned(LINK.sub(lambda m: " " * len(m.group()), text), 0, vocabulary)
        if skill.span and not any(start <= skill.span.start < end for start, end in apart)
    ]
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


def _certified(row: Row, vocabulary: Vocabulary) -> list[Skill]:
    """The known names of a line of certificates, else the certificate itself without its dates and its issuer."""
    known = _mentioned(row.text, row.start, vocabulary)
    if known or is_sentence(row.text):
        return known
    head = re.split(
        r"\s+(?:valid|through|until|expires|renewed|in progress)\b|\s*[(|;]|,\s|\s+[–—-]\s+|\s{3,}|\t",
        without_dates(row.text)[0].strip(" \t,–—-"),
    )[0]
    name = bare(head).strip(" ,.–—-")
    if not _looks_like_skill(name, vocabulary):
        return []
    at = row.start + max(row.text.find(name), 0)
    return [Skill(name=name[:300], span=Span(start=at, end=at + len(name)), confidence="medium")]


def _is_list(row: Row, vocabulary: Vocabulary) -> bool:
    """Whether a line of work is a bare list of tools ("Kotlin, Coroutines, Retrofit")."""
    items = [item for item in _ITEM_EDGE.split(row.text.rstrip(".")) if item]
    known = sum(bool(find_terms(item, vocabulary)) for item in items)
    return len(items) > 2 and known * 2 >= len(items) and all(len(item.split()) <= 3 for item in items)


def _inside(inner: Span | None, outer: Span) -> bool:
    return inner is not None and outer.start <= inner.start and inner.end <= outer.end


def _listed(row: Row, vocabulary: Vocabulary) -> list[Skill]:
    """The items of one line of a skills section; sentences give their known names only."""
    if is_sentence(row.text):
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


def is_sentence(text: str) -> bool:
    """Whether a line is prose and no list."""
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
    if len(terms) == 1 and terms[0].name in _GENERIC and re.fullmatch(r"[A-Z][\w.]+ [A-Z]{2,4}", name):
        terms = []
    found = [_skill(term, count, "high") for term in terms]
    if (
        name
        and not terms
        and not (find_terms(name, vocabulary) and found)
        and _looks_like_skill(name, vocabulary)
    ):
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
    if _NO_SKILL.match(name) or "request" in words or words[-1].casefold() in vocabulary.spoken:
        return False
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
