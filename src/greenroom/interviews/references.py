"""What a candidate said that can be taken up again: names, things and numbers, in their own words."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from greenroom.interviews.replay import Root, State
from greenroom.interviews.schemas import PersonaSlug
from greenroom.library.taxonomy import Nouns


@dataclass(frozen=True)
class Reference:
    """Words of an answer. `kind` (name, thing, number, word) says how they can be spoken of."""

    kind: str
    words: str


@dataclass(frozen=True)
class Memory:
    """Something told to another interviewer."""

    persona: PersonaSlug
    words: str


WORDS_REMEMBERED: Final = 2
"""A thing is spoken of again later when it has more words than this, its article included: "the letters" alone
says nothing to somebody who did not hear of them."""
_AFTER: Final = r"(?=\s*[.,;:!?]|\s+(?:and|or|but|was|were|is|are|had|has|in|on|at|by|for|to|with|from|which|because)\b|\s*$)"
_PHRASE: Final = re.compile(
    rf"\b(the|our|my|a|an)\s+((?:[a-z][a-z-]+\s+)?[a-z][a-z-]{{2,}}){_AFTER}", re.IGNORECASE | re.MULTILINE
)
_FIGURE: Final = re.compile(r"\d")
_DAYS: Final = re.compile(
    r"^((mon|tues|wednes|thurs|fri|satur|sun)days?|christmas|easter|new year|thanksgiving|ramadan|diwali|halloween)$",
    re.IGNORECASE,
)


def noun_phrases(text: str, nouns: Nouns) -> list[str]:
    """Things named with an article ("the payment service", "your team"), the most telling first."""
    found: dict[str, tuple[str, float]] = {}
    for match in _PHRASE.finditer(text):
        noun = _noun(match.group(2).split(), nouns)
        if noun is None:
            continue
        owner = "your" if match.group(1).lower() in ("my", "our") else "the"
        key = noun.split()[-1].lower()
        telling = (
            (" " in noun)
            + 0.6 * text.lower().count(key)
            - (2 if key in nouns.weak and " " not in noun else 0)
        )
        if key not in found or found[key][1] < telling:
            found[key] = (f"{owner} {noun}", telling)
    ranked = sorted(found.values(), key=lambda pair: -pair[1])
    return [phrase for phrase, _ in ranked]


def _noun(parts: list[str], nouns: Nouns) -> str | None:
    """The noun of one or two words, or None when it says nothing or is not a noun."""
    if len(parts) == 2 and (parts[1].lower() in nouns.not_nouns or parts[1].endswith("ly")):
        parts = parts[:1]
    first, last = parts[0].lower(), parts[-1].lower()
    if last in nouns.empty or last in nouns.not_nouns or last in nouns.not_alone or len(last) < 3:
        return None
    if first in nouns.not_nouns or first.endswith("ly") or (len(parts) == 2 and first in nouns.empty):
        return None
    if last.endswith(("ly", "ed", "est")) or (last.endswith("ing") and last not in nouns.ing_nouns):
        return None
    return " ".join(parts)


def references(root: Root, nouns: Nouns, text: str | None = None) -> list[Reference]:
    """What can be taken up from an answer, best first: names, things, numbers. `text` stands for the stored
    turns when the answer is only being given. Words the panel said itself are left out."""
    seen = root.observation
    text = "\n".join(turn.text for turn in root.turns) if text is None else text
    names = [span.text for span in seen.names] if seen else []
    figures = [span.text for span in seen.measures] if seen else []
    found = [Reference("name", name) for name in names if len(name) > 2 and not _DAYS.match(name)]
    found += [Reference("thing", phrase) for phrase in noun_phrases(text, nouns)]
    found += [Reference("number", figure) for figure in figures if _is_figure(figure, nouns.units)]
    once: dict[str, Reference] = {}
    for reference in found:
        if not _in_question(reference.words, root):
            once.setdefault(reference.words.rsplit(maxsplit=1)[-1].lower(), reference)
    return list(once.values())


def _is_figure(words: str, units: Collection[str]) -> bool:
    """A number with its unit: "40 percent", "three weeks"; not "two small" or a bare "six"."""
    last = words.rsplit(maxsplit=1)[-1].lower()
    return last in units or (bool(_FIGURE.search(words)) and (words.endswith("%") or words[0] in "$€£"))


def _in_question(words: str, root: Root) -> bool:
    noun = words.rsplit(maxsplit=1)[-1].lower()
    return any(noun in asked.lower() for asked in root.asked)


def memory_of(state: State, listener: PersonaSlug, stories: Collection[str], nouns: Nouns) -> Memory | None:
    """The latest thing told to someone else that nobody has taken up yet; None when there is nothing to name.
    `stories` are the items that ask for something lived: only such answers are referred to later."""
    taken = {words.lower() for words in state.referred}
    for root in reversed(state.core):
        if root.persona == listener or not root.answered or root.item_id not in stories:
            continue
        for reference in references(root, nouns):
            weak = reference.words.rsplit(maxsplit=1)[-1] in nouns.weak
            telling = reference.kind == "name" or (
                reference.kind == "thing" and len(reference.words.split()) > WORDS_REMEMBERED
            )
            if telling and not weak and reference.words.lower() not in taken:
                return Memory(root.persona, reference.words)
    return None
