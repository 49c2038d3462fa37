"""Grading against reference answers: the general case, for any question that somebody brings along.

normalise → gate → measures against each reference → regressor → calibration → graded anchors → interval.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise

from greenroom.answers.background import load_background
from greenroom.answers.lexicon import FUNCTION_WORDS, STOP_STEMS
from greenroom.answers.noise import Cleaned, clean_turns
from greenroom.answers.schemas import AnswerTurn, PointEvidence, PointState
from greenroom.answers.text import Stretch, Token, fold, stems_of
from greenroom.answers.validity import NO_NUMBER, Verdict, judge_validity
from greenroom.grading.builtin.alignment import (
    Piece,
    Statement,
    align,
    compare,
    compare_meaning,
    prepare,
    prepare_text,
)
from greenroom.grading.builtin.topic import load_topic, read_signs
from greenroom.grading.builtin.weights import Model, Tier, blend, load_model
from greenroom.providers.embeddings.base import Embeddings

_TOUCHED = 0.2  # recall from which an answer touches the reference
_RUN, _LIST = 5, 4
_LISTED, _MOSTLY_LISTED = (
    0.5,
    0.25,
)  # what is left of a score, for an answer with this share of words in lists
_STIRRED = 0.4  # what is left of a score for the reference's words stirred
_STIRRED_WORDS, _STIRRED_CONTENT = 7, 4  # neighbours and content words needed to tell
_STIRRED_ORDER = (
    0.05  # word order of 95 in 100 shuffled texts and of one in eight honest ones in the same words
)
_WORDS_SHARE = 0.4  # of the words' estimate in the tier that also knows meaning
_OPPOSED = 0.1  # 98% of honest answers have less of the reference turned round
_CONTRADICTED = (
    0.74  # the most for an answer that seems to: below "correct", since rules see negation, not sense
)
_MET, _PARTIAL = 0.6, 0.3
_NONE: frozenset[str] = frozenset()
_COPY = 0.9  # shares of an anchor's words, in order, that make a copy
_COPY_WORDS = 12  # shorter answers may agree with an anchor by chance


@dataclass(frozen=True, slots=True)
class GradedAnswer:
    """An answer with the score that people gave it, 0-1."""

    text: str
    score: float


@dataclass(frozen=True, slots=True)
class Reference:
    """A question with what right answers say. `points` are statements of a rubric, `anchors` graded answers."""

    question: str
    references: tuple[str, ...]
    points: tuple[str, ...] = ()
    anchors: tuple[GradedAnswer, ...] = ()

    @property
    def statements(self) -> tuple[str, ...]:
        """The texts that an answer is compared with: the references, else the rubric, else good anchors."""
        rubric = (" ".join(self.points),) if self.points else ()
        good = tuple(a.text for a in self.anchors if a.score >= 0.75)
        return self.references or rubric or good


@dataclass(frozen=True, slots=True)
class Judgement:
    """A share 0-1 with its interval, or none; the gate's verdict, flags, and evidence per reference clause; `left`
    is what doubts about topic and word order left of the estimate."""

    share: float | None
    low: float | None
    high: float | None
    verdict: Verdict
    flags: tuple[str, ...]
    points: tuple[PointEvidence, ...]
    measures: dict[str, float]
    left: float = 1.0


def judge(
    target: Reference,
    turns: Sequence[AnswerTurn],
    *,
    tier: Tier = "lexical",
    embed: Embeddings | None = None,
    models: Mapping[Tier, Model] | None = None,
) -> Judgement:
    """The judgement of an answer. ValueError where there is nothing to compare with. `models` are other numbers than
    the shipped ones, for measuring on what those were fitted on."""
    if not target.statements:
        raise ValueError("a reference, a rubric or a good graded answer is needed")
    if tier == "embeddings" and embed is None:
        raise ValueError("the embeddings tier needs an embedding model")
    question = frozenset(stems_of(target.question)) - STOP_STEMS
    cleaned = clean_turns(turns, [target.question], lists=not _is_list_question(target))
    kept, lists = strip_lists(cleaned.kept, [prepare_text(text, question) for text in target.statements])
    answer = prepare(kept or cleaned.kept, question)
    measures, reference = measure(target, answer, question, embed if tier == "embeddings" else None)
    topic = load_topic(tier)
    relevance = topic.probability(measures)
    verdict = judge_validity(
        turns, cleaned, touched=measures["recall"] >= _TOUCHED, relevance=relevance,
        off_topic_below=topic.foreign, acts=False, min_words=1, known={*reference.plain, *question},
    )  # fmt: skip
    flags = tuple(
        dict.fromkeys((*cleaned.flags, *(["word_list"] * (lists > 0)), *_flags(target, turns, measures)))
    )
    if verdict.validity in NO_NUMBER:
        return Judgement(None, None, None, verdict, flags, (), measures)
    points = tuple(_evidence(n, piece, cleaned) for n, piece in enumerate(reference.pieces, 1))
    if verdict.validity not in ("ok", "off_topic"):
        return Judgement(0.0, 0.0, 0.15, verdict, flags, points, measures)
    estimate, width = _estimate(
        models or load_models(), target, answer, measures, embed if tier == "embeddings" else None
    )
    listed = lists >= _MOSTLY_LISTED or (lists > 0 and not kept)
    order = _LISTED if listed else _discount(measures, reference, cleaned)
    left = topic.left(relevance, answer.words) * order
    share = min(estimate * left, _CONTRADICTED if "possible_contradiction" in flags else 1.0)
    # What is taken off may have been other words for the right thing: the interval reaches up to it, unless meaning
    # says too that the answer is to another question.
    low, high = max(0.0, share - width), min(1.0, estimate + width)
    if verdict.validity == "off_topic" and tier == "embeddings":
        high = max(0.15, 2 * share)
    return Judgement(share, low, high, verdict, flags, points, measures, left)


def strip_lists(sentences: Sequence[Stretch], references: Sequence[Statement]) -> tuple[list[Stretch], float]:
    """The sentences without runs of words that are only the reference's words side by side, and the share of words
    in them: `_RUN` content words with no function word between them, or `_LIST` set apart by commas, in an order
    the reference does not have."""
    known = [(frozenset(r.plain), frozenset(pairwise(stems_of(r.text)))) for r in references]
    left: list[Stretch] = []
    found = 0
    for sentence in sentences:
        listed = {t.start for run in _content_runs(sentence) for t in run if _is_listed(run, known)}
        found += len(listed)
        rest = tuple(t for t in sentence.tokens if t.start not in listed)
        if any(t.word not in FUNCTION_WORDS for t in rest):
            left.append(replace(sentence, tokens=rest) if listed else sentence)
    return left, found / max(1, sum(len(s.tokens) for s in sentences))


def _content_runs(sentence: Stretch) -> list[list[Token]]:
    runs: list[list[Token]] = [[]]
    for token in sentence.tokens:
        if token.word in FUNCTION_WORDS:
            runs.append([])
        else:
            runs[-1].append(token)
    return [
        run
        for run in runs
        if len(run) >= (_LIST if _is_comma_list(sentence, run) else _RUN)
        and not _is_table(run, 0.4)
        and not _is_calculation(sentence, run)
    ]


def _is_comma_list(sentence: Stretch, run: Sequence[Token]) -> bool:
    """Whether a comma stands between each two words."""
    return all("," in gap for gap in _gaps(sentence, run))


def _is_calculation(sentence: Stretch, run: Sequence[Token]) -> bool:
    """Whether at least every fourth word is made equal to another."""
    return sum("=" in gap for gap in _gaps(sentence, run)) >= len(run) / 4


def _gaps(sentence: Stretch, run: Sequence[Token]) -> list[str]:
    """What stands between the words."""
    return [sentence.text[a.end - sentence.start : b.start - sentence.start] for a, b in pairwise(run)]


def _is_table(tokens: Sequence[Token], share: float = 0.2) -> bool:
    """Whether many of the words are numbers: then their order is that of a table or a calculation."""
    return sum(t.word[0].isdigit() for t in tokens) > share * len(tokens)


def _is_listed(
    run: Sequence[Token], known: Sequence[tuple[frozenset[str], frozenset[tuple[str, str]]]]
) -> bool:
    stems = [t.stem for t in run]
    for words, pairs in known:
        inside = sum(stem in words for stem in stems) / len(stems)
        phrased = sum(pair in pairs for pair in pairwise(stems)) / max(1, len(stems) - 1)
        if inside >= 0.75 and phrased < 0.7:
            return True
    return False


def measure(
    target: Reference, answer: Statement, question: frozenset[str], embed: Embeddings | None
) -> tuple[dict[str, float], Statement]:
    """The measures against the nearest of the statements, and that statement."""
    best: tuple[float, dict[str, float], Statement] | None = None
    for text in target.statements:
        reference = prepare_text(text, question)
        found = compare(reference, answer, question)
        found["developed"] = _length(answer, reference) * max(found["grams"], found["recall_plain"])
        if embed is not None:
            found |= compare_meaning(reference, answer, embed)
        found |= read_signs(prepare_text(target.question, _NONE), reference, answer, embed)
        nearness = found["recall"] + found.get("word", found["grams"])
        if best is None or nearness > best[0]:
            best = (nearness, found, reference)
    assert best is not None  # noqa: S101 - judge() refuses a target without statements
    return best[1], best[2]


@lru_cache(maxsize=1)
def load_models() -> Mapping[Tier, Model]:
    """The shipped numbers of both tiers."""
    return {
        "lexical": load_model("reference", "lexical"),
        "embeddings": load_model("reference", "embeddings"),
    }


def _estimate_share(models: Mapping[Tier, Model], measures: dict[str, float]) -> float:
    """The calibrated estimate; with meaning, mixed with that of the words alone, which fails on other questions."""
    words = models["lexical"].estimate(measures)
    if "text" not in measures:
        return words
    return _WORDS_SHARE * words + (1 - _WORDS_SHARE) * models["embeddings"].estimate(measures)


def _length(answer: Statement, reference: Statement) -> float:
    """0-1: 0 for an answer a fifth as long as the reference, 1 for one twice as long and more."""
    return (max(-1.6, min(0.7, math.log((answer.words + 3) / (reference.words + 3)))) + 1.6) / 2.3


def _estimate(
    models: Mapping[Tier, Model],
    target: Reference,
    answer: Statement,
    measures: dict[str, float],
    embed: Embeddings | None,
) -> tuple[float, float]:
    model = models["lexical" if embed is None else "embeddings"]
    share = _estimate_share(models, measures)
    width = model.half_width(share)
    if not target.anchors:
        return share, width
    anchors = _read_anchors(target, embed)
    alike = [row[1:] for row in likeness([answer, *(a for a, _ in anchors)], embed)]
    rows = [
        (_estimate_share(models, measured), anchor.score, row)
        for (_, measured), anchor, row in zip(anchors, target.anchors, alike[1:], strict=True)
    ]
    moved = blend(model.kernel, share, alike[0], rows)
    return moved, width * (0.8 if len(rows) >= 4 else 0.9)


@lru_cache(maxsize=64)
def _read_anchors(
    target: Reference, embed: Embeddings | None
) -> tuple[tuple[Statement, dict[str, float]], ...]:
    """The graded answers of a question with their measures; read once for all answers to it."""
    bare = replace(target, anchors=()) if target.references or target.points else target
    question = frozenset(stems_of(target.question)) - STOP_STEMS
    prepared = [prepare_text(a.text, question) for a in target.anchors]
    return tuple((p, measure(bare, p, question, embed)[0]) for p in prepared)


def _discount(measures: dict[str, float], reference: Statement, cleaned: Cleaned) -> float:
    """What is left of a score when the reference's words stand in no order."""
    if cleaned.share("list") > 0.15 and measures["recall"] >= 0.5:
        return 0.7
    tokens = [t for s in cleaned.kept for t in s.tokens]
    return _STIRRED if _is_stirred(measures, reference, tokens) else 1.0


def _is_stirred(measures: dict[str, float], reference: Statement, tokens: Sequence[Token]) -> bool:
    """Whether an answer is the reference's words next to other neighbours, in an order that sentences do not have:
    people who say the same thing keep some of its turns, or bring words of their own, or at least build a sentence."""
    own = list(pairwise(t.stem for t in tokens))
    few = len(own) < _STIRRED_WORDS or len({t.stem for t in tokens} - STOP_STEMS) < _STIRRED_CONTENT
    same = measures["precision"] >= 0.8 and measures["recall"] >= 0.35
    if few or _is_table(tokens) or not same or load_background().word_order(list(tokens)) >= _STIRRED_ORDER:
        return False
    wanted = set(pairwise(stems_of(reference.text)))
    return sum(pair in wanted for pair in own) < 0.3 * len(own)


def likeness(texts: Sequence[Statement], embed: Embeddings | None) -> list[list[float]]:
    """How alike answers are, 0-1: by shared weighted words, half by meaning where there are embeddings."""
    words = [[_cosine(a, b) for b in texts] for a in texts]
    if embed is None:
        return words
    meaning = embed.compare_texts([t.text for t in texts], [t.text for t in texts])
    return [
        [(w + min(1.0, max(0.0, m))) / 2 for w, m in zip(row, other, strict=True)]
        for row, other in zip(words, meaning, strict=True)
    ]


def _cosine(a: Statement, b: Statement) -> float:
    dot = sum(w * b.weights[s] for s, w in a.weights.items() if s in b.weights)
    norm = math.sqrt(sum(w * w for w in a.weights.values()) * sum(w * w for w in b.weights.values()))
    return dot / norm if norm else 0.0


def _is_list_question(target: Reference) -> bool:
    """Whether a right answer may be a list of words: then word lists are not held against an answer."""
    for text in target.statements:
        cleaned = clean_turns([AnswerTurn(seq=0, text=text)])
        if cleaned.total < 8 or cleaned.share("list") > 0.5:
            return True
    return False


def _flags(target: Reference, turns: Sequence[AnswerTurn], measures: dict[str, float]) -> list[str]:
    flags: list[str] = []
    said = fold(" ".join(turn.text for turn in turns))
    if any(_is_copy(said, text) for text in (*target.references, *(a.text for a in target.anchors))):
        flags.append("verbatim_anchor")
    if measures["opposed"] >= _OPPOSED:
        flags.append("possible_contradiction")
    return flags


def _is_copy(said: str, source: str) -> bool:
    words, original = said.split(), fold(source).split()
    if len(original) < _COPY_WORDS:
        return False
    runs = {tuple(words[i : i + 4]) for i in range(len(words) - 3)}
    wanted = [tuple(original[i : i + 4]) for i in range(len(original) - 3)]
    return sum(run in runs for run in wanted) >= _COPY * len(wanted)


def _evidence(number: int, piece: Piece, cleaned: Cleaned) -> PointEvidence:
    """The sentence that says best what a clause of the reference says."""
    best, share = None, 0.0
    for sentence in cleaned.kept:
        found = align(piece.weights, {t.stem for t in sentence.tokens})
        if found > share:
            best, share = sentence, found
    state: PointState = "met" if share >= _MET else "partial" if share >= _PARTIAL else "missing"
    span = best.span() if best and state != "missing" else None
    return PointEvidence(
        id=f"reference_{number}", state=state, similarity=round(min(1.0, share), 4), span=span,
        probed=bool(best and best.probed),
    )  # fmt: skip
