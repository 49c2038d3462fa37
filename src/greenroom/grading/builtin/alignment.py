"""How far an answer says what a reference says: weighted word alignment, clause by clause, with polarity.

Every measure is a share 0-1. Words weigh by rarity; words of the question count a quarter, because
repeating them shows little. A misspelt or inflected word counts `NEAR` when only one letter differs.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from greenroom.answers.background import load_background
from greenroom.answers.lexicon import STOP_STEMS
from greenroom.answers.points import QUESTION_WEIGHT
from greenroom.answers.schemas import AnswerTurn
from greenroom.answers.text import Stretch, Token, is_negated, read_turns, split_clauses
from greenroom.providers.embeddings.base import Embeddings

NEAR = 0.85
SAME = 0.8  # clauses that share this much say the same thing, or the opposite
_GRAM = 4


@dataclass(frozen=True, slots=True)
class Piece:
    """A clause of a text: its content stems with weights, and whether it denies."""

    stretch: Stretch
    weights: Mapping[str, float]
    negated: bool


@dataclass(frozen=True, slots=True)
class Statement:
    """A text prepared for comparison: pieces, all content weights, order pairs, letter groups, numbers."""

    pieces: tuple[Piece, ...]
    weights: Mapping[str, float]
    plain: Mapping[str, float]
    pairs: frozenset[tuple[str, str]]
    grams: frozenset[str]
    numbers: frozenset[str]
    words: int
    text: str
    sentences: tuple[str, ...]
    spans: tuple[tuple[int, int], ...]
    values: tuple[float, ...]
    full: tuple[float, ...]


def prepare(sentences: Sequence[Stretch], question: Collection[str]) -> Statement:
    """Sentences made comparable; `question` are the stems to demote."""
    rarity = load_background().rarity
    tokens = [token for sentence in sentences for token in sentence.tokens]
    content = [t for t in tokens if _is_content(t)]
    plain = {t.stem: rarity(t.stem) for t in content}
    weights = {s: w * (QUESTION_WEIGHT if s in question else 1) for s, w in plain.items()}
    pieces = tuple(
        Piece(
            clause,
            {t.stem: weights[t.stem] for t in clause.tokens if t.stem in weights},
            is_negated(clause.tokens),
        )
        for sentence in sentences
        for clause in split_clauses(sentence)
    )
    stems = [t.stem for t in content]
    return Statement(
        tuple(p for p in pieces if p.weights) or pieces,
        weights,
        plain,
        frozenset(pairwise(stems)),
        frozenset(g for t in content if t.stem not in question for g in _grams(t.word)),
        frozenset(t.word for t in tokens if any(c.isdigit() for c in t.word)),
        len(tokens),
        *_lay_out(sentences, weights, plain),
    )


def _lay_out(
    sentences: Sequence[Stretch], weights: Mapping[str, float], plain: Mapping[str, float]
) -> tuple[str, tuple[str, ...], tuple[tuple[int, int], ...], tuple[float, ...], tuple[float, ...]]:
    """The sentences as one text, with the place and the weights of each content word in it."""
    parts: list[str] = []
    words: list[tuple[int, int, str]] = []
    length = 0
    for sentence in sentences:
        shift = length - sentence.start
        words += [(t.start + shift, t.end + shift, t.stem) for t in sentence.tokens if t.stem in plain]
        parts.append(sentence.text)
        length += len(sentence.text) + 1
    return (
        " ".join(parts),
        tuple(parts),
        tuple((start, end) for start, end, _ in words),
        tuple(weights[stem] for *_, stem in words),
        tuple(plain[stem] for *_, stem in words),
    )


@lru_cache(maxsize=512)
def prepare_text(text: str, question: frozenset[str]) -> Statement:
    """A reference text made comparable."""
    return prepare(read_turns([AnswerTurn(seq=0, text=text)]), question)


def _is_content(token: Token) -> bool:
    return token.word not in STOP_STEMS and token.stem not in STOP_STEMS


def _grams(word: str) -> list[str]:
    padded = f"^{word}$"
    return [padded[i : i + _GRAM] for i in range(max(1, len(padded) - _GRAM + 1))]


def align(wanted: Mapping[str, float], said: Collection[str]) -> float:
    """The share of the wanted weight that is said, near spellings included."""
    total = sum(wanted.values())
    if not total:
        return 0.0
    return sum(weight * match_stem(stem, said) for stem, weight in wanted.items()) / total


def match_stem(stem: str, said: Collection[str]) -> float:
    """1 when the stem is said, `NEAR` when a word one letter away is, else 0."""
    if stem in said:
        return 1.0
    if len(stem) < 5:
        return 0.0
    return NEAR if any(_near(stem, other) for other in said if abs(len(other) - len(stem)) <= 1) else 0.0


@lru_cache(maxsize=200_000)
def _near(a: str, b: str) -> bool:
    """Whether one insertion, deletion, substitution or swap makes the words equal (first letter kept)."""
    if a[0] != b[0] or len(b) < 4:
        return False
    start = 0
    while start < min(len(a), len(b)) and a[start] == b[start]:
        start += 1
    if a[start + 1 :] == b[start + 1 :] or a[start:] == b[start + 1 :] or a[start + 1 :] == b[start:]:
        return True
    return a[start : start + 2] == b[start : start + 2][::-1] and a[start + 2 :] == b[start + 2 :]


def compare(reference: Statement, answer: Statement, question: Collection[str]) -> dict[str, float]:
    """The measures of one answer against one reference, by name."""
    said, wanted = answer.plain, reference.weights
    recall, precision = align(wanted, said), align(answer.weights, reference.plain)
    turned = sum(p.negated for p in answer.pieces) - sum(p.negated for p in reference.pieces)
    best = [_best_piece(piece, answer.pieces, turned) for piece in reference.pieces]
    weights = [sum(piece.weights.values()) or 0.01 for piece in reference.pieces]
    total = sum(weights) or 1.0
    clause = sum(w * share for w, (share, _) in zip(weights, best, strict=True)) / total
    opposed = sum(w * share * conflict for w, (share, conflict) in zip(weights, best, strict=True)) / total
    novel = [w for s, w in answer.plain.items() if s not in reference.plain and s not in question]
    return {
        "recall": recall,
        "recall_plain": align(reference.plain, said),
        "precision": precision,
        "cosine": _cosine(reference.weights, answer.weights),
        "clause": clause,
        "opposed": opposed,
        "pairs": _share(reference.pairs, answer.pairs),
        "grams": _share(reference.grams, answer.grams),
        "novel": min(1.0, sum(novel) / 12),
        "numbers": _share(reference.numbers, answer.numbers) if reference.numbers else recall,
        "echo": align({s: w for s, w in answer.plain.items() if s in question}, reference.plain),
    }


def _best_piece(piece: Piece, pieces: Sequence[Piece], turned: int) -> tuple[float, float]:
    """The best alignment of a clause of the reference, and 1.0 when the same words come with the other polarity.

    `turned` is how many more clauses deny in the answer than in the reference. A denial that merely stands in another
    clause, as in "unless one is given" and "when none is given", is no contradiction."""
    share, conflict = 0.0, 0.0
    for other in pieces:
        found = align(piece.weights, other.weights)
        if found > share:
            share = found
            opposite = turned > 0 if other.negated else turned < 0
            conflict = float(found >= SAME and other.negated != piece.negated and opposite)
    return share, conflict


def _share(wanted: Collection[object], said: Collection[object]) -> float:
    return sum(part in said for part in wanted) / len(wanted) if wanted else 0.0


def _cosine(a: Mapping[str, float], b: Mapping[str, float]) -> float:
    dot = sum(weight * b[stem] for stem, weight in a.items() if stem in b)
    norm = (sum(w * w for w in a.values()) * sum(w * w for w in b.values())) ** 0.5
    return dot / norm if norm else 0.0


def compare_meaning(reference: Statement, answer: Statement, embeddings: Embeddings) -> dict[str, float]:
    """The measures that need embeddings: texts, sentences, and words in their context."""
    if not answer.spans or not reference.spans:
        return dict.fromkeys(("text", "sentence", "word", "word_plain", "word_precision", "word_sharp"), 0.0)
    texts = embeddings.compare_texts((reference.text, *reference.sentences), (answer.text, *answer.sentences))
    rows = [row[1:] for row in texts[1:]]
    words = embeddings.compare_words(reference.text, reference.spans, answer.text, answer.spans)
    best = [max(row) for row in words]
    back = [max(column) for column in zip(*words, strict=True)]
    sharp = [min(1.0, max(0.0, (value - 0.3) / 0.5)) for value in best]
    return {
        "text": texts[0][0],
        "sentence": sum(max(row) for row in rows) / len(rows),
        "word": _weighted(best, reference.values),
        "word_plain": _weighted(best, reference.full),
        "word_precision": _weighted(back, answer.values),
        "word_sharp": _weighted(sharp, reference.values),
    }


def _weighted(values: Sequence[float], weights: Sequence[float]) -> float:
    total = sum(weights)
    return sum(v * w for v, w in zip(values, weights, strict=True)) / total if total else 0.0
