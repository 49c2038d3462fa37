"""What a candidate said that can be taken up again: names, numbers, noun phrases, in their own words."""

import re
from dataclasses import dataclass
from typing import Final

from greenroom.interviews.replay import Root, State
from greenroom.interviews.schemas import PersonaSlug


@dataclass(frozen=True)
class Reference:
    """Words of an answer. `kind` says how they can be spoken of."""

    kind: str
    words: str


@dataclass(frozen=True)
class Memory:
    """Something told to another interviewer."""

    persona: PersonaSlug
    words: str


_STOP: Final = frozenset(
    [
        "a",
        "an",
        "and",
        "are",
        "as",
        "at",
        "be",
        "been",
        "but",
        "by",
        "did",
        "do",
        "does",
        "for",
        "from",
        "had",
        "has",
        "have",
        "he",
        "her",
        "his",
        "how",
        "i",
        "if",
        "in",
        "is",
        "it",
        "its",
        "just",
        "me",
        "my",
        "no",
        "not",
        "of",
        "on",
        "one",
        "or",
        "our",
        "out",
        "she",
        "so",
        "some",
        "such",
        "than",
        "that",
        "the",
        "their",
        "them",
        "then",
        "there",
        "these",
        "they",
        "thing",
        "things",
        "this",
        "those",
        "to",
        "up",
        "us",
        "very",
        "was",
        "way",
        "we",
        "were",
        "what",
        "when",
        "where",
        "which",
        "who",
        "will",
        "with",
        "would",
        "you",
        "your",
        "lot",
        "bit",
        "kind",
        "sort",
        "time",
        "day",
        "week",
        "month",
        "year",
        "moment",
        "end",
        "first",
        "last",
        "next",
        "same",
        "other",
        "people",
        "someone",
        "everyone",
        "question",
        "answer",
        "example",
        "case",
        "point",
        "fact",
        "beginning",
        "start",
        "rest",
        "whole",
        "only",
        "main",
        "best",
        "most",
        "own",
        "new",
        "old",
        "good",
        "bad",
        "big",
        "small",
        "point",
        "other",
        "others",
        "situation",
        "problem",
        "issue",
        "result",
        "work",
        "job",
        "stuff",
        "something",
        "anything",
        "everything",
        "nothing",
        "side",
        "part",
        "idea",
        "while",
    ]
)
_AFTER: Final = (
    r"(?=\s*[.,;:!?]|\s+(?:and|or|but|was|were|is|are|had|has|that|which|who|because|so|when|in|on|at|by|for|to|of|"
    r"with|from|before|after|until|while|where|went|came|could|would|did|broke|failed|$)|$)"
)
_PHRASE: Final = re.compile(
    rf"\b(the|our|my|a|an)\s+((?:[a-z][a-z-]+\s+)?[a-z][a-z-]{{3,}}){_AFTER}", re.IGNORECASE
)
_VERBISH: Final = re.compile(r"(ly|ed)$")


def noun_phrases(text: str) -> list[str]:
    """Things named with an article, in order ("the payment service"), spoken of from the other side ("your team")."""
    found: list[str] = []
    for match in _PHRASE.finditer(text):
        article, noun = match.group(1).lower(), match.group(2)
        parts = noun.lower().split()
        if parts[-1] in _STOP or parts[0] in _STOP or _VERBISH.search(parts[-1]) or parts[0].endswith("ly"):
            continue
        owner = "your" if article in ("my", "our") else "the"
        phrase = f"{owner} {noun}"
        if phrase.lower() not in (f.lower() for f in found):
            found.append(phrase)
    return found


def references(root: Root) -> list[Reference]:
    """What can be taken up from an answer, best first: names, then things, then numbers."""
    found: list[Reference] = []
    seen = root.observation
    text = " ".join(turn.text for turn in root.turns)
    if seen:
        found += [Reference("name", span.text) for span in seen.names if usable_name(span.text, root)]
    found += [Reference("thing", phrase) for phrase in noun_phrases(text) if not _in_question(phrase, root)]
    if seen:
        found += [Reference("number", span.text) for span in seen.measures]
    return found


def usable_name(name: str, root: Root) -> bool:
    """A name that is worth taking up: not one the panel said first, not a single letter."""
    return len(name) > 2 and not _in_question(name, root)


def _in_question(words: str, root: Root) -> bool:
    noun = words.rsplit(maxsplit=1)[-1].lower()
    return any(noun in asked.lower() for asked in root.asked)


def memory_of(state: State, listener: PersonaSlug) -> Memory | None:
    """The latest thing told to someone else that nobody has taken up yet; None when there is nothing to name."""
    taken = {words.lower() for words in state.referred}
    for root in reversed(state.core):
        if root.persona == listener or not root.answered:
            continue
        for reference in references(root):
            if reference.kind in ("name", "thing") and reference.words.lower() not in taken:
                return Memory(root.persona, reference.words)
    return None
