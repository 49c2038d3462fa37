"""Words of an answer that are no evidence: copies of the question, repeats, word lists, talk to the grader.

The scorer sees what is left, so none of these can raise a score; the gate reads how much there was.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Literal

from greenroom.answers.background import load_background
from greenroom.answers.lexicon import FUNCTION_WORDS
from greenroom.answers.schemas import AnswerTurn
from greenroom.answers.text import (
    HIDDEN,
    Stretch,
    Token,
    read_turns,
    split_words,
    stems_of,
    without_fillers,
)

Noise = Literal["injection", "question", "repeat", "list", "quote"]

_REPEAT = 8  # words in a row seen before
_COPY = 5  # words in a row of the question
_ORDER = ((12, -1.1), (20, -1.0), (10**6, -0.45))  # words below, limit
_WINDOW = 12  # words judged together inside a longer sentence
_WINDOW_ORDER = -1.75
_TAIL = 12  # words after an injected phrase that belong to it at most
_MARK = re.compile(r"[.!?;\n]")
_UNSEEN = frozenset(HIDDEN)
_ONE_UNSEEN = dict.fromkeys(map(ord, HIDDEN), "\u2060")
_PIECE = re.compile(r"[,;:.!?\n/|•]|\s-\s")
_INJECTIONS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        (
            r"\b(?:ignore|disregard|forget|override|bypass)\b[^.!?\n]{0,40}\b(?:instructions?|rubric|"
            r"prompt|rules|criteria|guidelines|above|previous|prior)\b"
        ),
        r"\b(?:system|developer)\s+(?:prompt|message|override|note|instruction)\b",
        (
            r"\byou\s+are\s+(?:now\s+)?(?:an?\s+)?(?:the\s+)?(?:lenient|generous|helpful|grader|grading|"
            r"evaluator|language model|ai)\b"
        ),
        (
            r"\b(?:give|award|assign|grant|grade|rate|mark|score)\b[^.!?\n]{0,40}\b(?:full|perfect|"
            r"maximum|max|top|highest|best)\s+(?:score|marks?|points?|grade|rating|level)\b"
        ),
        (
            r"\b(?:give|award|assign)\s+(?:me|this|it|the answer|this answer|my answer)\b[^.!?\n]{0,30}"
            r"(?:score|marks?|points?|grade|\d+\s*(?:/|out of|%|percent))"
        ),
        (
            r"\b(?:rate|mark|score|grade)\s+(?:me|this|it|the answer|this answer|my answer)\b[^.!?\n]{0,30}"
            r"(?:\d+|five|ten|hundred)"
        ),
        r"\b(?:score|rating|grade|level|marks?)\s*(?:=|:|is|of)\s*\"?\d+(?:\.\d+)?\s*(?:/|out of|of)\s*\d+",
        r"\b(?:score|rating|grade|level|points)\s*[:=]\s*\"?(?:100|10|5|five|a\+|excellent|perfect)\b",
        r"\bscore\s+(?:this\s+|it\s+)?(?:a\s+)?(?:100|5|10)\b",
        r"\{[^{}]{0,400}\"?(?:score|level|rating|grade|verdict|status|overall)\"?\s*:[^{}]{0,400}\}",
        r"\b(?:function|tool)[_ ]calls?\s*[:=(>]|\b(?:set|submit|assign|give)_(?:score|grade|rating|level)\s*\(",
        r"</?(?:system|assistant|user|answer|instructions?|rubric|grader)\b[^>]*>",
        r"\[/?(?:inst|system|assistant)\]|<\|[^|>]{1,30}\|>|^#{2,}\s*(?:system|instruction|end of answer)",
        (
            r"\b(?:the\s+)?(?:candidate|student|answer)\s+(?:has\s+met|meets|met|satisfies|"
            r"deserves)\s+(?:all|every|full|the maximum)\b"
        ),
        (
            r"\bas\s+(?:the|an?)\s+(?:ai|grader|evaluator|examiner|"
            r"language model)\b[^.!?\n]{0,60}\b(?:must|should|will|have to)\b"
        ),
        r"(?:^|\n)\W{0,4}(?:system|assistant|admin|grader|evaluator)(?:\s+(?:message|note|prompt|update))?\s*:",
        r"\b(?:every|each|all|this|my)\s+answers?\s+(?:now\s+)?(?:gets?|receives?|earns?)\s+(?:a\s+)?(?:level|score|grade|full|top)\b[^.!?\n]*",
        r"\brubric\s+(?:was|is|has\s+been)\s+(?:changed|replaced|updated|suspended|lifted)\b",
        r"\b(?:candidate|answer)\s+(?:has\s+been|was|is)\s+pre-?approved\b",
        (
            r"\b(?:examiner|evaluator|grader|interviewer|panel)s?\s+(?:has\s+|have\s+)?(?:already\s+)?"
            r"(?:rated|scored|graded|gave)\s+(?:me|this)\b[^.!?\n]*"
        ),
        r"\b(?:note|message|instruction)\s+to\s+(?:the\s+)?(?:grader|evaluator|examiner|ai|model)\b",
        (
            r"\b(?:all|every)\s+(?:key\s+points?|criteri(?:a|on))\s+(?:is|are|were|was)?\s*(?:met|"
            r"satisfied|fulfilled|covered)\b"
        ),
    )
)


@dataclass(frozen=True, slots=True)
class Cleaned:
    """What is left of an answer: `kept` sentences, counts of removed words by reason, and flags."""

    kept: tuple[Stretch, ...]
    total: int
    removed: dict[Noise, int] = field(default_factory=dict[Noise, int])
    flags: tuple[str, ...] = ()

    def share(self, kind: Noise) -> float:
        """The share of all words that was removed for this reason."""
        return self.removed.get(kind, 0) / max(1, self.total)


def clean_turns(
    turns: Sequence[AnswerTurn],
    asked: Sequence[str] = (),
    quotes: Sequence[str] = (),
    *,
    lists: bool = True,
) -> Cleaned:
    """The answer without what is no evidence. `asked` are the interviewer's words, `quotes` texts whose
    verbatim use is no own answer (anchors); without `lists` word lists stay, for questions that ask for one."""
    sentences = read_turns(turns)
    texts = {turn.seq: turn.text for turn in turns}
    removed: dict[Noise, int] = {}
    marks: dict[tuple[int, int], Noise] = {}
    _mark_injections(sentences, texts, marks)
    tokens = [(s.turn, t) for s in sentences for t in s.tokens]
    _mark_runs(tokens, [stems_of(text) for text in asked], _COPY, "question", marks)
    _mark_runs(tokens, [stems_of(text) for text in quotes], _REPEAT, "quote", marks)
    _mark_repeats(tokens, marks)
    for group in _join_fragments(sentences) if lists else ():
        _mark_lists(group, marks)
    for seq, token in tokens:
        reason = marks.get((seq, token.start))
        if reason:
            removed[reason] = removed.get(reason, 0) + 1
    kept = tuple(left for s in sentences if (left := _without(s, marks)) is not None)
    return Cleaned(kept, len(tokens), removed, _flags(texts, removed))


def _flags(texts: dict[int, str], removed: dict[Noise, int]) -> tuple[str, ...]:
    names: dict[Noise, str] = {
        "injection": "injection_phrase",
        "repeat": "repeated",
        "quote": "verbatim_anchor",
    }
    flags = [flag for kind, flag in names.items() if removed.get(kind)]
    if removed.get("list", 0) >= 8:
        flags.append("word_list")
    if not all(_UNSEEN.isdisjoint(text) for text in texts.values()):
        flags.append("hidden_characters")
    return tuple(flags)


def _mark_injections(
    sentences: Sequence[Stretch], texts: dict[int, str], marks: dict[tuple[int, int], Noise]
) -> None:
    for seq, text in texts.items():
        plain = text.translate(_ONE_UNSEEN)
        ranges = [match.span() for pattern in _INJECTIONS for match in pattern.finditer(plain)]
        if not ranges:
            continue
        for sentence in (s for s in sentences if s.turn == seq):
            hits = [r for r in ranges if r[0] < sentence.end and r[1] > sentence.start]
            if not hits:
                continue
            for start, end in hits:
                after = [t for t in sentence.tokens if t.start >= end]
                stop = _next_mark(text, end, after[_TAIL].start if len(after) > _TAIL else sentence.end)
                for token in sentence.tokens:
                    if start <= token.start < stop:
                        marks[(seq, token.start)] = "injection"


def _next_mark(text: str, start: int, latest: int) -> int:
    """The end of what belongs to an injected phrase: the next punctuation mark, at the latest `latest`."""
    found = _MARK.search(text, start, latest)
    return found.start() if found else latest


def _mark_runs(
    tokens: Sequence[tuple[int, Token]],
    sources: Sequence[list[str]],
    length: int,
    kind: Noise,
    marks: dict[tuple[int, int], Noise],
) -> None:
    """Marks words inside a run of `length` stems that also stands in a source."""
    runs = {tuple(source[i : i + length]) for source in sources for i in range(len(source) - length + 1)}
    if not runs:
        return
    stems = [token.stem for _, token in tokens]
    for i in range(len(stems) - length + 1):
        if tuple(stems[i : i + length]) in runs:
            for seq, token in tokens[i : i + length]:
                marks.setdefault((seq, token.start), kind)


def _mark_repeats(tokens: Sequence[tuple[int, Token]], marks: dict[tuple[int, int], Noise]) -> None:
    first: dict[tuple[str, ...], int] = {}
    stems = [token.stem for _, token in tokens]
    for i in range(len(stems) - _REPEAT + 1):
        run = tuple(stems[i : i + _REPEAT])
        if first.setdefault(run, i) < i:
            for seq, token in tokens[i : i + _REPEAT]:
                marks.setdefault((seq, token.start), "repeat")
    for seq, token in tokens[_period(stems) :]:
        marks.setdefault((seq, token.start), "repeat")
    for a, b in pairwise(range(len(tokens))):  # one word said over and over
        if b >= 2 and stems[a] == stems[b] == stems[a - 1]:
            marks.setdefault((tokens[b][0], tokens[b][1].start), "repeat")


def _period(stems: Sequence[str]) -> int:
    """The length of what is said, when the whole is the same words over and over; else the whole length. The last
    time may stop short, in the middle of a word."""
    size = len(stems)
    for length in range(3, size // 2 + 1):
        if all(stems[i] == stems[i % length] for i in range(length, size - 1)) and (
            size >= 3 * length or size % length == 0
        ):
            return length
    return size


def _join_fragments(sentences: Sequence[Stretch]) -> list[list[Stretch]]:
    """Sentences in groups: the pieces of an unpunctuated run, and fragments of up to four words in a row."""
    groups: list[list[Stretch]] = []
    for sentence in sentences:
        last = groups[-1][-1] if groups else None
        same = last is not None and last.turn == sentence.turn
        running = last is not None and last.text[-1] not in '.!?…)"”'
        short = last is not None and len(last.tokens) <= 4 and len(sentence.tokens) <= 4
        if same and (running or short):
            groups[-1].append(sentence)
        else:
            groups.append([sentence])
    return groups


def _mark_lists(group: list[Stretch], marks: dict[tuple[int, int], Noise]) -> None:
    places = [(s.turn, t) for s in group for t in s.tokens if (s.turn, t.start) not in marks]
    tokens = without_fillers([token for _, token in places])
    if len(tokens) < 8:
        return
    pieces = [len(split_words(piece)) for s in group for piece in _PIECE.split(s.text)]
    if is_word_list(tokens, [size for size in pieces if size]):
        for turn, token in places:
            marks.setdefault((turn, token.start), "list")
        return
    order = load_background().word_order
    if sum(t.word[0].isdigit() for t in tokens) > 0.2 * len(tokens):
        return
    for at in range(0, len(places) - _WINDOW + 1, _WINDOW // 3):
        window = places[at : at + _WINDOW]
        if order([token for _, token in window]) < _WINDOW_ORDER:
            for turn, token in window:
                marks.setdefault((turn, token.start), "list")


def is_word_list(tokens: list[Token], pieces: Sequence[int]) -> bool:
    """Whether words stand side by side without the order that sentences give them.

    Tables of numbers are none. Two signs: the order of word classes carries no information, or six or more pieces between commas hold
    about two words each. `pieces` are the words in each.
    """
    order = load_background().word_order(tokens)
    size = len(tokens)
    if sum(t.word[0].isdigit() for t in tokens) > 0.2 * size:
        return False
    if order < order_limit(size):
        return True
    function = sum(t.word in FUNCTION_WORDS for t in tokens) / size
    if size >= 10 and ((order < -0.35 and function < 0.22) or (order < 0.2 and function < 0.1)):
        return True
    mean = sum(pieces) / max(1, len(pieces))
    short = sum(n <= 4 for n in pieces) >= 0.8 * len(pieces)
    return len(pieces) >= 6 and short and (mean < 2.3 or (mean < 2.95 and order < 0.35))


def order_limit(size: int) -> float:
    """The word order below which words are hardly a sentence: 0.5% of honest sentences of the length lie below it
    (measured on answers of five public sets)."""
    return next(limit for most, limit in _ORDER if size < most)


def _without(sentence: Stretch, marks: dict[tuple[int, int], Noise]) -> Stretch | None:
    kept = tuple(t for t in sentence.tokens if (sentence.turn, t.start) not in marks)
    if not kept:
        return None
    if len(kept) == len(sentence.tokens):
        return sentence
    start, end = kept[0].start, kept[-1].end
    text = sentence.text[start - sentence.start : end - sentence.start]
    return Stretch(sentence.turn, start, end, text, kept, sentence.probed)
