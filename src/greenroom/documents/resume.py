"""Facts of a résumé from its plain text: positions, skills, education, results, languages, links.

Rules and word lists only; nothing is added that the text does not hold, and every fact keeps its place. Measured on
the labelled samples of tests/documents/data by benchmarks/documents.py.
"""

import re
from collections.abc import Iterator

from greenroom.documents.education import find_education, without_dates
from greenroom.documents.lines import LINK, Row, Section, split_sections, walk
from greenroom.documents.positions import find_entries
from greenroom.documents.schemas import (
    LIST,
    Link,
    Result,
    ResumeFacts,
    Span,
    SpokenLanguage,
)
from greenroom.documents.skills import find_skills, is_sentence
from greenroom.documents.terms import NUMBERS, YEARS
from greenroom.documents.vocabulary import Vocabulary

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
        skills=find_skills(text, sections, [e.position for e in entries], named, vocabulary)[:LIST],
        education=find_education(sections, vocabulary)[:LIST],
        results=_find_results(text, working)[:LIST],
        languages=languages[:LIST],
        links=_find_links(text)[:LIST],
    )


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
    plain = YEARS.sub(" ", _NOT_RESULT.sub(" ", without_dates(sentence)[0]))
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
            if not name or name in found or is_sentence(row.text):
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
    for match in LINK.finditer(text):
        url = match.group().rstrip(".")
        mail = text[max(0, match.start() - 1) : match.start()] == "@"
        known = re.sub(r"\W", "", url).casefold() in (
            "nodejs",
            "aspnet",
            "btech",
            "mtech",
            "bdes",
            "socialmedia",
        )
        if not mail and not known and "." in url:
            found.setdefault(
                url.casefold(),
                Link(url=url[:300], span=Span(start=match.start(), end=match.start() + len(url))),
            )
    return list(found.values())
