"""What a candidate's words are, when they are not an answer: a repeat, a question back, a pass, an injection …

Rules are data (library/intents.yaml). Nothing here judges an answer; in doubt the words are an answer.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal

from greenroom.answers.language import detect_language
from greenroom.answers.schemas import Observation
from greenroom.interviews import recogniser
from greenroom.library.taxonomy import Intent

IntentKind = Literal[
    "answer", "repeat", "clarify", "dont_know", "skip", "think", "pause", "end", "hint", "nothing",
    "own_question", "remark", "go_ahead", "swearing", "abuse", "injection", "other_language", "distress", "empty",
    "unreadable",
]  # fmt: skip
Phase = Literal["question", "candidate_questions"]

ORDER: Final[tuple[IntentKind, ...]] = (
    "distress", "injection", "abuse", "repeat", "hint", "think", "pause", "end", "dont_know", "skip", "clarify",
    "swearing",
)  # fmt: skip
MOVES: Final[tuple[IntentKind, ...]] = ("answer", "own_question", *ORDER)
LIKELY: Final = 0.35
"""How likely a move must be to be taken where no rule fits; measured on messages left out of the fit."""
SURE_ANSWER: Final = 0.97
SURE_MOVE: Final = 0.9
"""How likely another reading must be to overrule a rule."""
_MARKS: Final = re.compile(r"[\s.!…,;:-]+$")
_LEAD: Final = re.compile(
    r"^(?:(?:u+m+|u+h+|e+r+m?|h+m+|well|ok|okay|so|sorry|oh|ah|yeah|yes|no|right|look|honestly|frankly|actually|gosh|wow|"
    r"phew|oof|unfortunately|sadly|ugh|sure|alright|all right|hi|hey|please|thanks|thank you|excuse me|apologies|i'm sorry|i am sorry|"
    r"to be (?:honest|fair|frank)|good question|great question|tough one|hard one|hmm|mm|ehm|and|but|anyway)\b[,.!;: -]*)+"
)
_TAIL: Final = re.compile(
    r"(?:[,.!;: -]+(?:please|pls|plz|sorry|thanks|thank you|thx|to be honest|tbh|honestly|unfortunately|i'm afraid|"
    r"if that's (?:ok|okay|possible|fine|alright)|if possible|if you don't mind|if i may|though|really|now|then|right now))+$"
)
_QUOTED: Final = str.maketrans({"’": "'", "‘": "'", "`": "'", "“": '"', "”": '"'})


@dataclass(frozen=True)
class Reading:
    """What the words are taken for; `term` is the word a clarification asks about."""

    kind: IntentKind
    term: str = ""


@lru_cache(maxsize=1024)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


def folded(text: str) -> str:
    """Lower case, plain quotation marks, single spaces, no closing full stop (a question mark stays)."""
    flat = re.sub(r"\s+", " ", text.translate(_QUOTED).casefold()).strip()
    return _MARKS.sub("", flat)


_HESITATION: Final = re.compile(r"\b(?:u+m+|u+h+|e+r+m*|h+m+|mm+|eh)\b[, ]*")
_FILLER: Final = re.compile(
    r"\b(?:you know|kinda|kind of|sort of|(?<!'d )(?<!would )like|just|yeah|maybe)\b[, ]*"
)
_TWICE: Final = re.compile(r"\b([\w']+(?: [\w']+){0,2})(?:[, ]+\1\b)+")
_SPLIT: Final = re.compile(r"(?<=[.!?])\s+|[;:]\s+")


@lru_cache(maxsize=256)
def matches(intent: Intent, text: str) -> bool:
    """Whether folded text is this move by one of its precise rules.

    Rules see the text without its polite beginning and end, without fillers and stutter, and (when it tells of
    nothing that happened) each of its sentences alone.
    """
    if _forbidden(intent, text):
        return False
    forms = _forms(text.rstrip("?! ."))
    if not _tells(intent, text):
        forms |= {form for part in _SPLIT.split(text) for form in _forms(_MARKS.sub("", part).rstrip("?! "))}
    return any(_compiled(p).fullmatch(form) for p in intent.all for form in forms) or any(
        _compiled(p).search(form) for p in intent.some for form in forms
    )


@lru_cache(maxsize=256)
def hints_at(intent: Intent, text: str) -> bool:
    """Whether the ideas of this move stand together in folded text that tells of nothing that happened."""
    if not intent.signs or _forbidden(intent, text) or _tells(intent, text):
        return False
    forms = {text, *_forms(text)}
    return any(all(_compiled(p).search(form) for p in sign) for sign in intent.signs for form in forms)


def _forbidden(intent: Intent, text: str) -> bool:
    return len(text.split()) > intent.within or any(_compiled(p).search(text) for p in intent.never)


def _tells(intent: Intent, text: str) -> bool:
    return bool(intent.told) and _happened(intent.told, text)


@lru_cache(maxsize=256)
def _happened(told: str, text: str) -> bool:
    return bool(_compiled(told).search(smooth(text)))


@lru_cache(maxsize=256)
def _forms(text: str) -> frozenset[str]:
    """The text, the text without politeness around it, and both as one would write down what was said."""
    plain = _TAIL.sub("", _LEAD.sub("", text))
    spoken = smooth(text)
    return frozenset(form for form in (text, plain, spoken, _TAIL.sub("", _LEAD.sub("", spoken))) if form)


def smooth(text: str) -> str:
    """Folded text without fillers and stutter."""
    bare = re.sub(r"\s+", " ", _FILLER.sub("", _HESITATION.sub("", text))).strip(" ,")
    return _TWICE.sub(r"\1", bare)


def read(
    text: str,
    intents: Mapping[str, Intent],
    *,
    phase: Phase = "question",
    observation: Observation | None = None,
) -> Reading:
    """Gives the move in `text`. `observation` tells what the words are as an answer (language, legibility)."""
    flat = folded(text)
    if not re.search(r"\w", flat):
        return Reading("empty")
    if phase == "candidate_questions":
        return _read_own_turn(text, flat, intents)
    kind = _by_rules(flat, intents)
    if kind == "answer" and observation and observation.validity == "other_language":
        return Reading("other_language")
    if kind == "answer" and observation and observation.validity == "gibberish":
        return Reading("unreadable")
    on_topic = observation is not None and any(
        point.state == "met" and point.span and point.span.text in text for point in observation.points
    )
    kind = _by_likelihood(flat, kind, intents, on_topic=on_topic)
    if kind == "answer" and (is_question(flat) or hints_at(intents["own_question"], flat)):
        kind = "own_question"
    return Reading(kind, _term(flat) if kind == "clarify" else "")


def _by_rules(flat: str, intents: Mapping[str, Intent]) -> IntentKind:
    """The first move whose precise rules fit, else the first whose ideas stand together."""
    for fits in (matches, hints_at):
        for kind in ORDER:
            if fits(intents[kind], flat):
                return kind
    return "answer"


def _by_likelihood(
    flat: str, ruled: IntentKind, intents: Mapping[str, Intent], *, on_topic: bool
) -> IntentKind:
    """What the words most likely are where no rule fits, or where the rule is very likely wrong.

    Words that meet a point of the question are its answer; distress is never talked away. Who contradicts ("you owe me
    ninety euros") insults nobody: without a harsh word a likely insult is none. Nor does who stops something else ("we
    should stop this project") want to go.
    """
    if len(flat.split()) > recogniser.LONGEST or on_topic or ruled == "distress":
        return ruled
    chances = recogniser.likelihoods(smooth(flat))
    if ruled != "abuse" and not matches(intents["harsh"], flat):
        chances = {**chances, "abuse": 0.0}
    if ruled != "end" and matches(intents["ends_other"], flat):
        chances = {**chances, "end": 0.0}
    likely = max(MOVES, key=lambda move: chances.get(move, 0.0))
    needed = LIKELY if ruled == "answer" else SURE_ANSWER if likely == "answer" else SURE_MOVE
    return likely if chances.get(likely, 0.0) >= needed else ruled


def _read_own_turn(text: str, flat: str, intents: Mapping[str, Intent]) -> Reading:
    """In the candidate's own part most words are questions. Passing on ends the part; words that ask nothing are a
    remark."""
    for kind in ("distress", "injection", "abuse", "end", "repeat", "pause"):
        if matches(intents[kind], flat) or (kind in ("distress", "abuse") and hints_at(intents[kind], flat)):
            return Reading(kind)
    if detect_language(text) not in (None, "en"):
        return Reading("other_language")
    if is_only(flat, intents["go_ahead"]) and hints_at(intents["go_ahead"], flat):
        return Reading("go_ahead")
    if is_only(flat, intents["nothing"]):
        return Reading("nothing")
    if asks(flat, intents["asking"]):
        return Reading("own_question")
    if matches(intents["think"], flat):
        return Reading("think")
    return Reading(
        "nothing" if any(matches(intents[kind], flat) for kind in ("skip", "dont_know")) else "remark"
    )


def asks(flat: str, intent: Intent) -> bool:
    """Whether words said in the candidate's own part ask for something, be it in two words ("salary range")."""
    return "?" in flat or matches(intent, flat) or hints_at(intent, flat)


def is_only(flat: str, intent: Intent) -> bool:
    """Whether words say only this (that there is no further question, say): they consist of such phrases."""
    if "?" in flat or _forbidden(intent, flat):
        return False
    return any(_compiled(f"(?:{pattern})+").fullmatch(flat) for pattern in intent.all)


_ASKS: Final = re.compile(
    r"^(and |but |so |also |by the way,? |just out of interest,? |may i ask,? |can i ask,? |one question,? )*"
    r"(what|how|who|why|when|where|which|is|are|do|does|did|will|would|can|could|may|have|has|am)\b.{0,90}"
    r"\b(you|your|the (team|company|role|job|salary|pay|office|position|contract|work|product|shift|ward|school)|we|us|would i|will i|should i|i (start|report|work|earn|join))\b"
)


def is_question(flat: str) -> bool:
    """A short question to the panel about them or the job: ends in a question mark and asks about "you"."""
    return (
        flat.endswith("?") and len(flat.split()) <= 30 and flat.count(". ") <= 1 and bool(_ASKS.search(flat))
    )


_TERM: Final = re.compile(
    r"\b(?:mean by|meant by|by|is|does|define|clarify|explain|understand by|meaning of|the term|the word)\s+[\"']?"
    r"(?:the |a |an |your )?([a-z][a-z -]{2,30}?)[\"']?(?:\s+(?:mean|here|exactly|in this|please|for me|to you)\b.*)?\??$"
)


def _term(flat: str) -> str:
    found = _TERM.search(flat)
    return found.group(1).strip() if found else ""
