"""Compares what is said with the résumé: years at an employer, and titles held there."""

import re
from collections.abc import Collection
from dataclasses import dataclass

from greenroom.interviews.brief import ResumeFact


@dataclass(frozen=True)
class Conflict:
    """Two statements that do not fit: the résumé's words and the candidate's."""

    resume: str
    said: str


def find_conflict(text: str, resume: Collection[ResumeFact]) -> Conflict | None:
    """The first sentence that names something of the résumé with a year outside the years the résumé gives, or
    claims more years of it than those hold. None when nothing conflicts or nothing can be compared."""
    for sentence in re.split(r"(?<=[.!?])\s+", text):
        for fact in resume:
            if re.search(rf"\b{re.escape(_key(fact))}\b", sentence, re.IGNORECASE) is None:
                continue
            if (fact.start_year or fact.end_year) and (
                _wrong_year(sentence, fact) or _too_many_years(sentence, fact)
            ):
                return Conflict(_shown(fact), sentence.strip().rstrip("."))
    return None


def _key(fact: ResumeFact) -> str:
    return fact.words.strip()


def _wrong_year(sentence: str, fact: ResumeFact) -> bool:
    years = [int(year) for year in re.findall(r"\b(?:19|20)\d\d\b", sentence)]
    first, last = fact.start_year or 0, fact.end_year or 9999
    return any(not first <= year <= last for year in years)


def _too_many_years(sentence: str, fact: ResumeFact) -> bool:
    claimed = re.search(r"\b(?:for|over|about|nearly)?\s*(\d{1,2})\+?\s+years\b", sentence)
    if claimed is None or fact.start_year is None or fact.end_year is None:
        return False
    return int(claimed.group(1)) > fact.end_year - fact.start_year + 1


def _shown(fact: ResumeFact) -> str:
    years = f"{fact.start_year or ''}-{fact.end_year or 'now'}".strip("-")
    return f"{fact.words}, {years}" if fact.start_year or fact.end_year else fact.words
