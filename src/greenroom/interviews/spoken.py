"""Whether a model's words may be said by the panel. Pure: what a captured model can do at most is say odd words."""

import re
from functools import lru_cache
from typing import Literal

from greenroom.answers.lexicon import STOP_STEMS
from greenroom.answers.text import stems_of

Fault = Literal["empty", "too_long", "refused", "markup", "out_of_role", "recital", "other_question"]

MOST_WORDS = 90
KEPT_SHARE = 0.34
"""The least share of the question's subject words that must come up again."""
RECITAL = 6
"""Words in a row that give away our own instructions."""

_MARKUP = re.compile(r"https?://|www\.|[<>{}\[\]|`*#\\]|^\s*[-•\d]+[.)]?\s", re.MULTILINE)
_REFUSAL = re.compile(
    r"\b(?:i(?:['’]m| am) (?:sorry|unable|not able)|i (?:cannot|can['’]?t|won['’]?t) (?:help|assist|comply|continue|do|answer|provide)|"
    r"as an ai|language model|ai assistant)\b",
    re.IGNORECASE,
)
_OUT_OF_ROLE = re.compile(
    r"\b(?:interview (?:is|has) (?:now )?(?:over|ended|finished|complete)|you(?:['’]re| are)? (?:hired|rejected|passed|failed)|"
    r"you (?:got|have) the job|(?:full|top|perfect|maximum|low|high) (?:score|marks?|points|rating)|"
    r"\d+ (?:out of|of|/) ?\d+|score[sd]?|graded?|rubric|system prompt|my instructions|api key|password|secret)\b",
    re.IGNORECASE,
)


def fault_so_far(text: str, instructions: str) -> Fault | None:
    """What is wrong with words that are still coming."""
    if len(text.split()) > MOST_WORDS or len(text) > 12 * MOST_WORDS:
        return "too_long"
    if _MARKUP.search(text) or any(ord(char) < 32 and char not in "\n\t" for char in text):
        return "markup"
    if _OUT_OF_ROLE.search(text):
        return "out_of_role"
    return "recital" if _recites(text, instructions) else None


def fault_of(text: str, question: str, instructions: str) -> Fault | None:
    """What is wrong with the whole of it, or None when the panel may say it in place of `question`."""
    if not any(char.isalpha() for char in text):
        return "empty"
    fault = fault_so_far(text, instructions)
    if fault is not None:
        return fault
    if _REFUSAL.search(text):
        return "refused"
    wanted = set(stems_of(question)) - STOP_STEMS
    kept = wanted & set(stems_of(text))
    return "other_question" if wanted and len(kept) < KEPT_SHARE * len(wanted) else None


def _recites(text: str, instructions: str) -> bool:
    ours, theirs = _runs(instructions), _runs(text)
    return not ours.isdisjoint(theirs)


@lru_cache(maxsize=64)
def _runs(text: str) -> frozenset[tuple[str, ...]]:
    words = re.findall(r"[a-z']+", text.casefold())
    return frozenset(tuple(words[n : n + RECITAL]) for n in range(len(words) - RECITAL + 1))
