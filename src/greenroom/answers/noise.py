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
    split_clauses,
    split_words,
    stems_of,
    without_fillers,
)

Noise = Literal["injection", "question", "repeat", "list", "quote"]

_REPEAT = 8  # words in a row seen before
_COPY = 5  # words in a row of the question
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
            r"\b(?:give|award|assign|rate|mark|score|grade)\s+(?:me|this|it|the answer|this answer|"
            r"my answer)\b[^.!?\n]{0,30}(?:\d+|five|ten|hundred)"
        ),
        r"\b(?:score|rating|grade|level|marks?)\s*(?:=|:|is|of)\s*\"?\d+(?:\.\d+)?\s*(?:/|out of|of)\s*\d+",
        r"\b(?:score|rating|grade|level|points)\s*[:=]\s*\"?(?:100|10|5|five|a\+|excellent|perfect)\b",
        r"\bscore\s+(?:this\s+|it\s+)?(?:a\s+)?(?:100|5|10)\b",
        r"\{[^{}]{0,400}\"?(?:score|level|rating|grade|verdict|status|overall)\"?\s*:[^{}]{0,400}\}",
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
    turns: Sequence[AnswerTurn], asked: Sequence[str] = (), quotes: Sequence[str] = ()
) -> Cleaned:
    """The answer without what is no evidence. `asked` are the interviewer's words, `quotes` texts whose
    verbatim use is no own answer (anchors)."""
    sentences = read_turns(turns)
    texts = {turn.seq: turn.text for turn in turns}
    removed: dict[Noise, int] = {}
    marks: dict[tuple[int, int], Noise] = {}
    _mark_injections(sentences, texts, marks)
    tokens = [(s.turn, t) for s in sentences for t in s.tokens]
    _mark_runs(tokens, [stems_of(text) for text in asked], _COPY, "question", marks)
    _mark_runs(tokens, [stems_of(text) for text in quotes], _REPEAT, "quote", marks)
    _mark_repeats(tokens, marks)
    for sentence in _join_fragments(sentences):
        _mark_lists(sentence, marks)
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
    hidden = sum(char in HIDDEN for text in texts.values() for char in text)
    if hidden:
        flags.append("hidden_characters")
    return tuple(flags)


def _mark_injections(
    sentences: Sequence[Stretch], texts: dict[int, str], marks: dict[tuple[int, int], Noise]
) -> None:
    for seq, text in texts.items():
        plain = "".join("\u2060" if char in HIDDEN else char for char in text)
        ranges = [match.span() for pattern in _INJECTIONS for match in pattern.finditer(plain)]
        if not ranges:
            continue
        for sentence in (s for s in sentences if s.turn == seq):
            hits = [r for r in ranges if r[0] < sentence.end and r[1] > sentence.start]
            if not hits:
                continue
            first = min(start for start, _ in hits)
            clause = [c for c in split_clauses(sentence) if c.start <= max(first, sentence.start)]
            begin = clause[-1].start if clause else sentence.start
            for token in sentence.tokens:
                if token.start >= begin:
                    marks[(seq, token.start)] = "injection"


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
    for a, b in pairwise(range(len(tokens))):  # one word said over and over
        if b >= 2 and stems[a] == stems[b] == stems[a - 1]:
            marks.setdefault((tokens[b][0], tokens[b][1].start), "repeat")


def _join_fragments(sentences: Sequence[Stretch]) -> list[list[Stretch]]:
    """Sentences in groups: runs of fragments of at most four words are judged as one list."""
    groups: list[list[Stretch]] = []
    for sentence in sentences:
        short = len(sentence.tokens) <= 4
        if groups and short and len(groups[-1][-1].tokens) <= 4 and groups[-1][-1].turn == sentence.turn:
            groups[-1].append(sentence)
        else:
            groups.append([sentence])
    return groups


def _mark_lists(group: list[Stretch], marks: dict[tuple[int, int], Noise]) -> None:
    tokens = [t for s in group for t in s.tokens if (s.turn, t.start) not in marks]
    tokens = without_fillers(tokens)
    if len(tokens) < 8:
        return
    pieces = [len(split_words(piece)) for s in group for piece in _PIECE.split(s.text)]
    if is_word_list(tokens, [size for size in pieces if size]):
        for sentence in group:
            for token in sentence.tokens:
                marks.setdefault((sentence.turn, token.start), "list")


def is_word_list(tokens: list[Token], pieces: Sequence[int]) -> bool:
    """Whether words stand side by side without the order that sentences give them.

    Two signs: the order of word classes carries no information, or six or more pieces between commas hold
    about two words each. `pieces` are the words in each.
    """
    order = load_background().word_order(tokens)
    size = len(tokens)
    if order < (-0.8 if size >= 16 else -1.35):
        return True
    function = sum(t.word in FUNCTION_WORDS for t in tokens) / size
    if order < -0.35 and function < 0.22 and size >= 10:
        return True
    mean = sum(pieces) / max(1, len(pieces))
    short = sum(n <= 4 for n in pieces) >= 0.8 * len(pieces)
    return len(pieces) >= 6 and short and (mean < 2.3 or (mean < 2.95 and order < 0.35))


def _without(sentence: Stretch, marks: dict[tuple[int, int], Noise]) -> Stretch | None:
    kept = tuple(t for t in sentence.tokens if (sentence.turn, t.start) not in marks)
    if not kept:
        return None
    if len(kept) == len(sentence.tokens):
        return sentence
    start, end = kept[0].start, kept[-1].end
    text = sentence.text[start - sentence.start : end - sentence.start]
    return Stretch(sentence.turn, start, end, text, kept, sentence.probed)
