"""Known skills in a text: which, where, and for how many years."""

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass

from greenroom.documents.vocabulary import Vocabulary, split_terms

CARDINALS = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
"""The number words from 0 to 19, each at its place."""
NUMBERS = {word: number for number, word in enumerate(CARDINALS)} | {
    "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "a": 1, "several": 3, "dozen": 12,
}  # fmt: skip
_COUNT = (
    r"(?P<count>\d{1,3}(?:\.\d)?|" + "|".join(word for word in NUMBERS if word not in ("a", "zero")) + ")"
)
YEARS = re.compile(
    rf"\b{_COUNT}\s?(?:\+|\s?(?:-|–|to)\s?\d{{1,2}}|\s?or more|\s?plus)?\s?(?:\+\s?)?(?:years?|yrs?)\b",
    re.IGNORECASE,
)
NEIGHBOUR = 28  # code points between a short name and another known one in the same list


@dataclass(frozen=True)
class Term:
    """A known skill in a text, by its usual name; place in code points."""

    name: str
    start: int
    end: int


def find_terms(text: str, vocabulary: Vocabulary, offset: int = 0) -> list[Term]:
    """Every known skill, longest spelling first, none inside another; short names only beside a known one."""
    found = list(_candidates(text, vocabulary))
    sure = [term for term in found if vocabulary.kinds[term.name] != "listed"]
    kept = [
        term
        for term in found
        if vocabulary.kinds[term.name] != "listed"
        or _is_listed(term, sure, text)
        or term.end - term.start == len(text)
    ]
    return [Term(term.name, term.start + offset, term.end + offset) for term in kept]


def _is_listed(term: Term, sure: list[Term], text: str) -> bool:
    for other in sure:
        between = text[term.end : other.start] if other.start >= term.end else text[other.end : term.start]
        if (
            len(between) <= NEIGHBOUR
            and re.search(r"[,/|;·•&(]|\b(and|or)\b", between)
            and "." not in between
        ):
            return True
    return False


def _candidates(text: str, vocabulary: Vocabulary) -> Iterator[Term]:
    pieces = split_terms(text)
    index = 0
    while index < len(pieces):
        for size in range(min(vocabulary.longest, len(pieces) - index), 0, -1):
            run = pieces[index : index + size]
            words = tuple(word for word, _, _ in run)
            name = vocabulary.skills.get(words) or vocabulary.skills.get((*words[:-1], _singular(words[-1])))
            if name and _holds(text, run, name, vocabulary):
                yield Term(name, run[0][1], run[-1][2])
                index += size
                break
        else:
            index += 1


def _singular(word: str) -> str:
    """A plural without its s ("VLANs", "dashboards"); other words as they are."""
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word


def _holds(text: str, run: list[tuple[str, int, int]], name: str, vocabulary: Vocabulary) -> bool:
    start, end = run[0][1], run[-1][2]
    for before, after in itertools.pairwise(run):
        if re.search(r"[,;:()\n]|\.\s", text[before[2] : after[1]]) or after[1] - before[2] > 3:
            return False
    if vocabulary.kinds[name] == "open":
        return True
    written = text[start:end]
    exact = written in vocabulary.spellings[name] or (
        written.isupper() and written.casefold() == name.casefold()
    )
    return exact and not (len(written) == 1 and re.match(r"[&.’'-]\w", text[end : end + 2]) is not None)


def read_count(word: str) -> float:
    """A number in digits or words ("12", "twelve")."""
    return float(NUMBERS.get(word.casefold(), 0) or word)


def find_years(text: str) -> float | None:
    """The first number of years a text names ("5+ years", "three years", "2-4 years": the least)."""
    match = YEARS.search(text)
    if match is None:
        return 1 if re.search(r"\ba year or two\b|\bone or two years\b", text, re.IGNORECASE) else None
    return read_count(match.group("count"))


def fold_skill(name: str) -> str:
    """A skill's name for comparing: lower case, letters, digits, `+` and `#` only."""
    return "".join(word for word, _, _ in split_terms(name.casefold().replace("&", " and ")))
