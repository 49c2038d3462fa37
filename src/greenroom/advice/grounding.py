"""Whether a sentence a model wrote says anything the candidate has not said.

Numbers (with their unit), names, tools and the share of new content words are compared with the texts that count as
known. A sentence that brings in a fact is dropped whole: half a sentence could say the opposite. What this cannot
see: known words put together into something that was not said.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from greenroom.answers.background import load_background
from greenroom.answers.lexicon import CALENDAR, FUNCTION_WORDS, STOP_STEMS
from greenroom.answers.text import fold, split_words, stem_word, stems_of
from greenroom.documents import vocabulary
from greenroom.documents.terms import CARDINALS, find_terms

MOST_NEW = 0.5
"""The largest share of content words that may be new where at least two are."""
Number = tuple[float, str]

_VALUES: dict[str, float] = {
    **{word: float(n) for n, word in enumerate(CARDINALS)},
    **{
        w: 10.0 * n
        for n, w in enumerate(["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"], start=2)
    },
    "dozen": 12, "dozens": 12, "half": 0.5, "halved": 0.5, "quarter": 0.25, "twice": 2, "double": 2, "doubled": 2,
    "triple": 3, "tripled": 3, "couple": 2,
}  # fmt: skip
_SCALES: dict[str, float] = {"hundred": 100, "thousand": 1_000, "million": 1_000_000, "billion": 1e9}
_UNITS: dict[str, str] = {
    form: unit
    for unit, forms in {
        "percent": "% percent", "ms": "ms millisecond milliseconds", "second": "s sec secs second seconds",
        "minute": "min mins minute minutes", "hour": "h hour hours", "day": "day days", "week": "week weeks",
        "month": "month months", "year": "year years", "people": "people persons", "euro": "€ euro euros eur",
        "dollar": "$ dollar dollars usd", "pound": "£ pound pounds gbp", "kg": "kg kilo kilos", "km": "km",
        "mb": "mb", "gb": "gb", "tb": "tb", "times": "x times",
    }.items()
    for form in forms.split()
}  # fmt: skip
_PIECE = re.compile(r"[$€£%]|\d[\d,]*(?:\.\d+)?|[^\W\d_]+")
_NAME = re.compile(r"\b(?:[a-z]+[A-Z]\w*|[A-Z][\w&+#.'’-]*\w|[A-Z])\b")
_OPENS = re.compile(r"(?:^|[.!?:…]\s+|[\"“‘(]\s*)$")
_NO_NAMES = frozenset(("i", "i'm", "i'd", "i've", "i'll"))


@dataclass(frozen=True)
class Known:
    """What may be said: numbers with units, words, stems and tools of the texts that count."""

    numbers: frozenset[Number]
    values: frozenset[float]
    words: frozenset[str]
    stems: frozenset[str]
    tools: frozenset[str]


def gather(texts: Iterable[str]) -> Known:
    """Everything the texts say that a fact can be."""
    whole = list(texts)
    numbers = frozenset(number for text in whole for number in find_numbers(text))
    return Known(
        numbers=numbers,
        values=frozenset(value for value, _ in numbers),
        words=frozenset(word for text in whole for word in _words(text)),
        stems=frozenset(stem for text in whole for stem in stems_of(text)),
        tools=frozenset(tool for text in whole for tool in find_tools(text)),
    )


def find_inventions(sentence: str, known: Known) -> list[str]:
    """The facts a sentence brings in: numbers, names and tools that stand in no known text."""
    found = [
        f"{value:g}{f' {unit}' if unit else ''}"
        for value, unit in find_numbers(sentence)
        if (value, unit) not in known.numbers and (unit or value not in known.values)
    ]
    found += [tool for tool in find_tools(sentence) if tool not in known.tools]
    found += [name for name in _names(sentence) if not _is_known_name(name, known)]
    return list(dict.fromkeys(found))


def find_new_words(sentence: str, known: Known) -> list[str]:
    """Content words that were not said, when there are so many that the sentence tells something else."""
    content = [
        token
        for token in split_words(sentence)
        if token.word not in FUNCTION_WORDS and token.stem not in STOP_STEMS and not token.word[0].isdigit()
    ]
    new = [token.word for token in content if token.stem not in known.stems]
    return sorted(set(new)) if len(new) >= 2 and len(new) > MOST_NEW * len(content) else []


def find_numbers(text: str) -> list[Number]:
    """Numbers in digits or words with their unit ("forty percent" and "40 %" are the same); 1 as a word is none."""
    pieces = [piece.casefold() for piece in _PIECE.findall(text)]
    found: list[Number] = []
    at = 0
    while at < len(pieces):
        value, end = _read_number(pieces, at)
        if value is None:
            at += 1
            continue
        if pieces[at:end] != ["one"]:
            found.append((value, _unit(pieces, at, end)))
        at = end
    return found


def _read_number(pieces: Sequence[str], at: int) -> tuple[float | None, int]:
    """The number that begins at a piece, and where it ends."""
    piece = pieces[at]
    if piece[0].isdecimal():
        value, end = float(piece.replace(",", "") or 0), at + 1
        if end < len(pieces) and pieces[end] == "k":
            return value * 1_000, end + 1
        if end < len(pieces) and pieces[end] in _SCALES:
            return value * _SCALES[pieces[end]], end + 1
        return value, end
    if piece not in _VALUES and piece not in _SCALES:
        return None, at
    total, part, end = 0.0, 0.0, at
    while end < len(pieces):
        word = pieces[end]
        joins = word == "and" and part and end + 1 < len(pieces) and pieces[end - 1] in _SCALES
        if word in _SCALES:
            part = (part or 1) * _SCALES[word]
            total, part = (total + part, 0.0) if _SCALES[word] >= 1_000 else (total, part)
        elif word in _VALUES and (not part or part % 100 == 0 or (part % 10 == 0 and _VALUES[word] < 10)):
            part += _VALUES[word]
        elif not (joins and pieces[end + 1] in _VALUES):
            break
        end += 1
    return total + part, end


def _unit(pieces: Sequence[str], start: int, end: int) -> str:
    before = pieces[start - 1] if start else ""
    after = pieces[end] if end < len(pieces) else ""
    if after == "per" and end + 1 < len(pieces) and pieces[end + 1] == "cent":
        return "percent"
    return _UNITS.get(before, "") if before in "$€£" and before else _UNITS.get(after, "")


def find_tools(text: str) -> list[str]:
    """Known tools and skills by their usual names, however they are spelled."""
    return [term.name for term in find_terms(text, vocabulary.load())]


def _words(text: str) -> set[str]:
    return {fold(piece) for piece in re.findall(r"[^\W_][\w&+#.'’-]*", text)} | {
        token.word for token in split_words(text)
    }


def _names(sentence: str) -> list[str]:
    """Capitalised words that are no known tool; at the opening only those that ordinary answers do not have."""
    found: list[str] = []
    tools = find_terms(sentence, vocabulary.load())
    for match in _NAME.finditer(sentence):
        if any(tool.start < match.end() and match.start() < tool.end for tool in tools):
            continue
        word = fold(match.group()).rstrip(".'")
        bare = word.removesuffix("'s")
        if word in _NO_NAMES or bare in FUNCTION_WORDS:
            continue
        opening = bool(_OPENS.search(sentence[: match.start()]))
        ordinary = match.group()[1:].islower() and load_background().rarity(stem_word(bare)) < 1
        if opening and ordinary and bare not in CALENDAR:
            continue
        found.append(match.group())
    return found


def _is_known_name(name: str, known: Known) -> bool:
    word = fold(name).rstrip(".'").removesuffix("'s")
    if word in known.words or stem_word(word) in known.stems:
        return True
    return all(part in known.words for part in re.split(r"[.&'-]", word) if part)
