"""What a résumé shows of what a job asks: covered, thin or missing, each with the sentence that shows it.

Covered: a sentence about work done shows it. Thin: it is only listed, or shown for fewer years than asked, or the
words overlap in part. Missing: nothing in the résumé speaks of it, which does not mean that the person cannot do it.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from greenroom.documents.dates import find_ranges
from greenroom.documents.lines import join_wrapped, split_rows
from greenroom.documents.schemas import (
    Coverage,
    Education,
    Focus,
    FocusPoint,
    JobFacts,
    Match,
    MatchReport,
    Requirement,
    ResumeFacts,
    Span,
)
from greenroom.documents.terms import find_terms, fold_skill
from greenroom.documents.vocabulary import Vocabulary
from greenroom.kit.stems import stem_english
from greenroom.library.schemas import Competency

FULL, PART = 0.6, 0.34  # shares of a requirement's content words that one sentence of the résumé holds
_STOP = frozenset({
    "a", "an", "and", "are", "as", "at", "be", "by", "can", "do", "for", "from", "good", "great",
    "have", "has", "i", "if", "in", "into", "is", "it", "its", "least", "like", "more", "most", "must",
    "my", "need", "of", "on", "one", "or", "our", "over", "plus", "should", "similar", "skill",
    "skills", "solid", "some", "strong", "such", "than", "that", "the", "their", "them", "they", "this",
    "through", "to", "up", "very", "we", "well", "what", "when", "who", "will", "with", "within",
    "work", "worked", "working", "you", "your", "years", "year", "experience", "experienced",
    "knowledge", "understanding", "ability", "able", "proven", "excellent", "basic", "advanced",
    "first", "ideally", "other", "any", "all", "every", "us", "etc", "about", "know", "use", "used",
    "using", "new", "minimum", "two", "three", "four", "five", "six", "seven", "eight", "nine",
    "ten", "hands-on", "hand", "background", "level", "high", "demonstrated", "record", "track",
    "comparable",
})  # fmt: skip
_OR = re.compile(r"\bor\b|\bone of\b|/|\beither\b", re.IGNORECASE)
_DEGREE = re.compile(
    r"\b(?:degree|bachelor|master|bsc|msc|beng|meng|phd|diploma|graduate in|university)\b", re.IGNORECASE
)
_BEGINNER = re.compile(
    r"\b(?:basic|beginner|elementary|some|conversational|intermediate|A[12]|B1)\b", re.IGNORECASE
)
_FLUENT = re.compile(
    r"\b(?:fluent|fluency|native|business|negotiat|very good|excellent|C[12])", re.IGNORECASE
)
TOUCHED = "the résumé touches it"


@dataclass(frozen=True)
class _Sentence:
    text: str
    span: Span
    stems: frozenset[str]
    skills: frozenset[str]
    working: bool  # tells of work done, is not a bare list


def match_resume(job: JobFacts, resume: ResumeFacts, text: str, vocabulary: Vocabulary) -> MatchReport:
    """Every requirement of the job against the résumé, must-haves first. `text` is the résumé's kept text."""
    sentences = _sentences(text, vocabulary)
    found = [
        _match(r, must, resume, sentences)
        for must, rs in ((True, job.must_haves), (False, job.nice_to_haves))
        for r in rs
    ]
    return MatchReport(matches=found)


def focus_of(job: JobFacts, resume: ResumeFacts | None, text: str, vocabulary: Vocabulary) -> Focus:
    """What the plan should ask about: all must-haves, then those the résumé shows thinly, then those it does not.

    Without a résumé only the must-haves and the competencies that the job asks for are known.
    """
    report = match_resume(job, resume, text, vocabulary) if resume else MatchReport()
    musts = [match for match in report.matches if match.must]
    weights: dict[Competency, float] = {}
    for cue in job.competencies:
        weights[cue.competency] = weights.get(cue.competency, 0) + 1
    for requirement in job.must_haves:
        if requirement.competency:
            weights[requirement.competency] = weights.get(requirement.competency, 0) + 1
    for match in musts:
        if match.competency and match.coverage != "covered":
            weights[match.competency] += 0.5
    return Focus(
        must_haves=[
            FocusPoint(text=r.text, competency=r.competency, skills=r.skills) for r in job.must_haves
        ],
        thin=[_point(match) for match in musts if match.coverage == "thin"],
        missing=[_point(match) for match in musts if match.coverage == "missing"],
        competencies=sorted(weights, key=lambda slug: (-weights[slug], slug)),
    )


def unused_evidence(report: MatchReport, answers: Sequence[str]) -> list[Match]:
    """Covered requirements whose evidence no answer spoke of: evidence the person has and did not use.

    A thin one is evidence too when a whole sentence shows it in part; a mere list or a faint likeness is none. Each
    sentence is named once, with the first requirement that it shows.
    """
    held: dict[str, Match] = {}
    for match in report.matches:
        shown = match.coverage == "covered" or (match.coverage == "thin" and match.reason != TOUCHED)
        if shown and match.evidence and _tells(match.evidence):
            held.setdefault(match.evidence, match)
    unsaid = set(find_unsaid(held, answers))
    return [match for evidence, match in held.items() if evidence in unsaid]


def _tells(sentence: str) -> bool:
    """Whether it is a sentence about work and no heading, list or line of dates."""
    words = sentence.split()
    listed = sum(sentence.count(mark) for mark in ",;·|")
    return len(words) >= 5 and listed * 2.5 < len(words) and not find_ranges(sentence)


def find_unsaid(sentences: Iterable[str], answers: Sequence[str]) -> list[str]:
    """The sentences that no answer told: less than half of their content words, and not their numbers either.

    One number of two digits or more and one word beside it are enough to know a story again ("down to 22 minutes").
    """
    told = [(_stems(answer), _numbers(answer)) for answer in answers]
    everything = frozenset(stem for stems, _ in told for stem in stems)
    unsaid: list[str] = []
    for sentence in sentences:
        stems, numbers = _stems(sentence), _numbers(sentence)
        again = any(numbers & heard and stems & words for words, heard in told)
        if stems and not again and len(stems & everything) / len(stems) < 0.5:
            unsaid.append(sentence)
    return unsaid


def _numbers(text: str) -> set[str]:
    """Numbers of two digits and more, years left out."""
    return {n for n in re.findall(r"\d[\d.,]*\d", text) if not re.fullmatch(r"(?:19|20)\d\d", n)}


def count_shared(one: str, other: str) -> int:
    """Content words that two texts have in common."""
    return len(_stems(one) & _stems(other))


def _point(match: Match) -> FocusPoint:
    return FocusPoint(text=match.requirement, competency=match.competency, skills=match.skills)


def _stems(text: str) -> frozenset[str]:
    words = re.findall(r"[^\W_]+(?:\+\+|#)?", text.casefold())
    return frozenset(
        stem_english(word) for word in words if word not in _STOP and not word.isdigit() and len(word) > 1
    )


def _sentences(text: str, vocabulary: Vocabulary) -> list[_Sentence]:
    found: list[_Sentence] = []
    for row in join_wrapped(split_rows(text), text):
        for part in re.finditer(r"[^.!?]+(?:[.!?](?=\S)[^.!?]*)*[.!?]?", row.text):
            plain = part.group().strip(" \t-*•·#")
            if len(plain) < 2:
                continue
            start = row.start + part.start() + part.group().index(plain)
            names = frozenset(fold_skill(term.name) for term in find_terms(plain, vocabulary))
            words = plain.split()
            listed = plain.count(",") + plain.count(";") + plain.count("·")
            working = len(words) >= 5 and listed * 2.5 < len(words) and "@" not in plain
            found.append(
                _Sentence(
                    " ".join(words)[:2000],
                    Span(start=start, end=start + len(plain)),
                    _stems(plain),
                    names,
                    working,
                )
            )
    return found


def _match(requirement: Requirement, must: bool, resume: ResumeFacts, sentences: list[_Sentence]) -> Match:
    if requirement.skills:
        coverage, evidence, reason = _by_skills(requirement, resume, sentences)
    elif _DEGREE.search(requirement.text) and resume.education:
        coverage, evidence, reason = _by_degree(requirement, resume.education, sentences)
    else:
        coverage, evidence, reason = _by_words(requirement, resume, sentences)
    language = _by_language(requirement, resume)
    if language and coverage != "covered":
        coverage, evidence, reason = language[0], None, language[1]
    if requirement.years and coverage == "covered":
        coverage, reason = _by_years(requirement, resume, coverage, reason)
    return Match(
        requirement=requirement.text, must=must, coverage=coverage, reason=reason, skills=requirement.skills,
        evidence=evidence.text if evidence else "", span=evidence.span if evidence else None, competency=requirement.competency,
    )  # fmt: skip


_Found = tuple[Coverage, "_Sentence | None", str]


def _by_skills(requirement: Requirement, resume: ResumeFacts, sentences: list[_Sentence]) -> _Found:
    asked = {fold_skill(name): name for name in requirement.skills}
    listed = {fold_skill(skill.name) for skill in resume.skills}
    shown = {key: next((s for s in sentences if s.working and key in s.skills), None) for key in asked}
    used = [key for key in asked if shown[key]]
    held = [key for key in asked if key in listed or shown[key]]
    if not held:
        loose = _by_words(requirement, resume, sentences)
        return (
            loose if loose[0] == "thin" else ("missing", None, f"{_join(asked.values())}: not in the résumé")
        )
    enough = len(used) >= 1 if _OR.search(requirement.text) else len(used) == len(asked)
    evidence = max(
        (s for s in sentences if s.skills & set(held)),
        key=lambda s: (s.working, len(s.skills & set(held))),
        default=None,
    )
    if enough:
        return "covered", evidence, f"used in work: {_join(asked[key] for key in used)}"
    absent = [asked[key] for key in asked if key not in held]
    if absent and not _OR.search(requirement.text):
        return "thin", evidence, f"not in the résumé: {_join(absent)}"
    return (
        "thin",
        evidence,
        f"listed, but no work with it is told: {_join(asked[k] for k in held if k not in used)}",
    )


def _by_degree(requirement: Requirement, studies: list[Education], sentences: list[_Sentence]) -> _Found:
    wanted = _stems(_DEGREE.sub(" ", requirement.text))
    for study in studies:
        line = f"{study.degree}, {study.institution}".strip(", ")
        shared = wanted & _stems(study.degree)
        if shared or not wanted:
            evidence = next(
                (
                    s
                    for s in sentences
                    if study.span and s.span.start >= study.span.start and s.span.end <= study.span.end
                ),
                None,
            )
            return "covered", evidence, line[:300]
    first = studies[0]
    evidence = next((s for s in sentences if first.span and s.span.start >= first.span.start), None)
    return "thin", evidence, f"another subject: {first.degree}"[:300]


def _by_words(requirement: Requirement, resume: ResumeFacts, sentences: list[_Sentence]) -> _Found:
    del resume
    wanted = _stems(requirement.text)
    if not wanted:
        return "thin", None, "too general to be looked up"
    best, share = None, 0.0
    for sentence in sentences:
        overlap = len(wanted & sentence.stems) / len(wanted)
        if overlap > share or (overlap == share and best and sentence.working and not best.working):
            best, share = sentence, overlap
    if best and share >= FULL and (best.working or len(wanted) <= 2):
        return ("covered" if best.working else "thin"), best, "the same words in the résumé"
    if best and share >= PART and len(wanted & best.stems) >= (2 if len(wanted) > 3 else 1):
        return "thin", best, TOUCHED
    return "missing", None, "nothing in the résumé speaks of it"


def _by_language(requirement: Requirement, resume: ResumeFacts) -> tuple[Coverage, str] | None:
    asked = [
        language
        for language in resume.languages
        if re.search(rf"\b{re.escape(language.name)}\b", requirement.text)
    ]
    if not asked:
        return None
    known = _join(f"{language.name} {language.level}".strip() for language in asked)
    weak = [language for language in asked if _BEGINNER.search(language.level)]
    if weak and _FLUENT.search(requirement.text):
        return "thin", f"the résumé names {known}"
    return "covered", f"the résumé names {known}"


def _by_years(
    requirement: Requirement, resume: ResumeFacts, coverage: Coverage, reason: str
) -> tuple[Coverage, str]:
    wanted = requirement.years or 0
    asked = {fold_skill(name) for name in requirement.skills}
    stated = [skill.years for skill in resume.skills if skill.years and fold_skill(skill.name) in asked]
    if stated and max(stated) < wanted:
        return "thin", f"the résumé says {max(stated):g} years, {wanted:g} are asked"
    return coverage, reason


def _join(names: Iterable[str]) -> str:
    return ", ".join(names)[:240]
