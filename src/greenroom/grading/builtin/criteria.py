"""Each criterion of an item judged from what was observed, with the quotes that carry the judgement.

Every rule reads counts that `answers` found; the numbers are shares of what a full answer of the
kind shows.
Specificity follows length, numbers, names and rare words, which agreed with human ratings at r .66-.71.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from greenroom.answers.background import load_background
from greenroom.answers.lexicon import STOP_STEMS
from greenroom.answers.observe import question_stems
from greenroom.answers.outcome import find_outcomes, settle_parts
from greenroom.answers.parts import Story
from greenroom.answers.points import find_contradictions
from greenroom.answers.schemas import Observation, PointEvidence, Span
from greenroom.answers.text import Stretch, split_clauses
from greenroom.grading.rubric import PARTIAL, is_stray, state_of
from greenroom.grading.schemas import CriterionResult
from greenroom.library.schemas import CriterionId, Item

CREDIT = {"met": 1.0, "partial": 0.5, "missing": 0.0}
WORDS_PER_SECOND = 2.3  # an unhurried speaker, 138 words a minute

_REASONS = re.compile(
    r"\b(?:because|since|so that|therefore|which means|that means|the reason|due to|otherwise|"
    r"in order to|that way|"
    r"as a result|leads? to|which is why|that[’']s why|if\b[^.]{3,60}\bthen)\b|\bso\b(?! (?:far|much|"
    r"many|on))",
    re.IGNORECASE,
)
_CONTRAST = re.compile(
    r"\b(?:but|however|whereas|although|though|on the other hand|instead|rather than|trade-?offs?|"
    r"downside|drawback|"
    r"the (?:price|cost) is|in return|while|unlike|compared (?:to|with)|versus|at the cost of|"
    r"depends? on|except)\b",
    re.IGNORECASE,
)
_STEPS = re.compile(
    r"\b(?:first(?:ly)?|second(?:ly)?|third(?:ly)?|then|next|after that|finally|last(?:ly)?|before|once)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Evidence:
    """All that a criterion may look at."""

    item: Item
    seen: Observation
    story: Story
    sentences: Sequence[Stretch]

    @property
    def heard(self) -> float:
        """The weighted share of key points heard, 0-1."""
        return heard_share(self.item, self.seen.points)

    def quotes(self, part: str) -> list[Span]:
        """Quotes of one part of the story."""
        return [found.span for found in self.story.parts if found.part == part]


def heard_share(item: Item, points: Sequence[PointEvidence]) -> float:
    """The weighted share of an item's key points that was heard; a partial one counts half."""
    weights = {point.id: point.weight for point in item.key_points}
    total = sum(weights.values())
    return sum(CREDIT[p.state] * weights[p.id] for p in points) / total if total else 0.0


def judge_criteria(evidence: Evidence) -> list[CriterionResult]:
    """The item's criteria in order, as a report shows them: words and state say the same, and so do parts and points."""
    parts = tuple(settle_parts(evidence.story.parts, evidence.seen.points))
    shown = replace(evidence, story=replace(evidence.story, parts=parts))
    return [_agree(judge_criterion(criterion, shown)) for criterion in evidence.item.criteria]


_NOT_MET: dict[str, str] = {
    "The answer joins claims to reasons.": "Claims are joined to reasons, for few points of this question.",
    "The answer puts its steps in order.": "Steps are put in order, for few points of this question.",
    "The answer weighs one side against another.": "Sides are weighed, for few points of this question.",
    "Reasons are given for what is said.": "Reasons are given, for few points of this question.",
    "What is stated agrees with the reference.": "What is stated agrees with the reference; most of it is not there.",
}
_PARTIAL: dict[str, str] = {
    "The steps are told as your own.": "Some of the steps are told as your own.",
    "What is stated agrees with the reference.": "What is stated agrees with the reference; part of it is not there.",
    "Reasons are given for what is said.": "Reasons are given for part of what is asked.",
    "No number and no name makes it checkable.": "There are details, but no number and no name that could be checked.",
    "No reason is given for what is said.": "Points are named without the reasons for them.",
    "Sentences are short enough to follow.": "Sentences are short enough to follow, with few points in them.",
}
_PART_ABSENT = 3.7  # a story that lacks one of its parts is told in part


def _agree(result: CriterionResult) -> CriterionResult:
    """The same judgement, worded for its state."""
    if result.state == "met" and result.why.startswith("No sentence"):
        return result.model_copy(update={"level": _PART_ABSENT, "state": "partial"})
    if (
        result.state == "partial"
        and result.id == "structure"
        and result.why.startswith("No sentence ")
        and not result.evidence
    ):
        return result.model_copy(
            update={"level": min(result.level or 1.0, PARTIAL - 0.05), "state": "not_met"}
        )
    words = {"not_met": _NOT_MET, "partial": _PARTIAL}.get(result.state, {})
    why = words.get(result.why, result.why)
    if result.state == "not_met" and why[:1].isdigit() and not why.startswith("0 "):
        why = f"Only {why}"
    return result.model_copy(update={"why": why})


def judge_criterion(criterion: CriterionId, evidence: Evidence) -> CriterionResult:
    """One criterion's level, state, quotes and reason."""
    return _result(criterion, *_JUDGES[criterion](evidence))


def _result(criterion: CriterionId, level: float, quotes: Sequence[Span], why: str) -> CriterionResult:
    level = round(min(5.0, max(1.0, level)), 2)
    return CriterionResult(
        id=criterion, state=state_of(level), level=level, evidence=list(islice(quotes, 3)), why=why
    )


_Judged = tuple[float, Sequence[Span], str]


def _relevance(e: Evidence) -> _Judged:
    quotes = [p.span for p in e.seen.points if p.span]
    touched = sum(CREDIT[p.state] for p in e.seen.points)
    level = 1 + 2.2 * min(1.0, e.seen.relevance / 0.6) + 1.8 * min(1.0, touched / 2)
    if is_stray(e.seen.standing):
        return min(level, 2.9), quotes, "Other questions stand nearer to this answer than the one asked."
    if quotes:
        return level, quotes, f"{len(quotes)} of {len(e.seen.points)} points of this question are touched."
    return min(level, 2.9), [], "The answer stays near the topic without touching a point of this question."


def _structure(e: Evidence) -> _Judged:
    if e.item.structure == "star":
        present = [part for part in ("situation", "action", "result") if e.story.has(part)]
        absent = [part for part in ("situation", "action", "result") if part not in present]
        bonus = 0.4 * (e.story.has("task") or e.story.has("reflection"))
        quotes = [e.quotes(part)[0] for part in present]
        why = (
            f"{_list(present)} can be told apart."
            if not absent
            else f"No sentence shows the {_list(absent, 'or')}."
        )
        return 1 + 1.25 * len(present) + bonus, quotes, why[0].upper() + why[1:]
    marks = {"tradeoff": _CONTRAST, "steps": _STEPS}.get(e.item.structure, _REASONS)
    quotes = _matching(e, marks)
    level = 1 + 2 * min(1.0, len(quotes) / 2) + 2 * min(1.0, e.heard / 0.6)
    kind = {"tradeoff": "weighs one side against another", "steps": "puts its steps in order"}.get(
        e.item.structure, "joins claims to reasons"
    )
    return level, quotes, f"The answer {kind}." if quotes else f"No sentence {kind}."


def _specificity(e: Evidence) -> _Judged:
    rarity = load_background().rarity
    stems = [t.stem for s in e.sentences for t in s.tokens if t.word not in STOP_STEMS]
    rare = len({stem for stem in stems if rarity(stem) > 0.6})
    words = max(1, sum(len(s.tokens) for s in e.sentences))
    numbers, names = len(e.seen.measures), len(e.seen.names)
    share = min(1.0, rare / 18) * 0.45 + min(1.0, numbers / 2) * 0.3 + min(1.0, (numbers + names) / 3) * 0.15
    share += 0.1 * min(1.0, words / 70)
    if not numbers and not names and not e.story.actions:
        share *= 0.6
    quotes = [*e.seen.measures, *e.seen.names]
    why = (
        f"{_count(numbers, 'quantity', 'quantities')} and {_count(names, 'name', 'names')} can be checked."
        if quotes
        else "No number and no name makes it checkable."
    )
    return 1 + 4 * share, quotes, why


def _ownership(e: Evidence) -> _Judged:
    actions = len(e.story.actions)
    ratio = e.seen.own_words / max(1, e.seen.own_words + e.seen.team_words)
    level = 1 + 3 * min(1.0, actions / 3) + 1 * min(1.0, ratio / 0.6)
    if e.item.structure != "star":
        level = 2 + 2 * min(1.0, e.seen.own_words / 3) + min(1.0, e.heard / 0.5)
    if e.story.hypothetical and e.item.structure == "star":
        level = min(level, 2.0)
    why = (
        f"{_count(actions, 'sentence says', 'sentences say')} what you did yourself."
        if actions
        else "No sentence says what you did yourself."
    )
    if e.item.structure != "star":
        quotes = [s.span() for s in e.sentences if any(t.word == "i" for t in s.tokens)]
        why = "The steps are told as your own." if quotes else "No step is told as your own."
        return level, quotes, why
    return level, e.story.actions, why


def _outcome(e: Evidence) -> _Judged:
    quotes = e.quotes("result")
    points = find_outcomes(e.seen.points)
    quotes = [*quotes, *(span for span in points if span not in quotes)]
    if not quotes:
        return 1.0, [], "No sentence says how it ended."
    measured = any(q.turn == m.turn and q.start <= m.start < q.end for q in quotes for m in e.seen.measures)
    level = 3.0 + 1.2 * measured + 0.8 * (len(quotes) > 1 or bool(points))
    return (
        level,
        quotes,
        "The outcome is stated with a quantity." if measured else "The outcome is stated without a quantity.",
    )


def _reflection(e: Evidence) -> _Judged:
    quotes = e.quotes("reflection")
    level = 1.0 if not quotes else 4.0 if len(quotes) == 1 else 5.0
    return (
        level,
        quotes,
        "What was learned or changed is said."
        if quotes
        else "Nothing is said about what was learned or changed.",
    )


def _accuracy(e: Evidence) -> _Judged:
    wrong = [
        flag for flag in e.seen.flags if flag.startswith("misconception.") or flag == "negated_reference"
    ]
    quotes = [p.span for p in e.seen.points if p.span and p.state == "met"]
    level = 1 + 4 * min(1.0, e.heard / 0.8) - 1.2 * bool(wrong)
    if wrong:
        against = find_contradictions(e.item, e.sentences, question_stems(e.item))
        return min(level, 3.0), [*against, *quotes], "A statement contradicts the reference."
    why = (
        "What is stated agrees with the reference."
        if quotes
        else "No statement could be matched with the reference."
    )
    return level, quotes, why


def _depth(e: Evidence) -> _Judged:
    extra = [p for p in e.item.key_points if not p.must]
    heard = {p.id: p for p in e.seen.points}
    share = sum(CREDIT[heard[p.id].state] * p.weight for p in extra) / max(1, sum(p.weight for p in extra))
    spans = [heard[p.id].span for p in extra]
    found = [span for span in spans if span]
    why = f"{len(found)} of {len(extra)} points beyond the essential are there."
    return 1 + 4 * min(1.0, share / 0.8), found, why


def _reasoning(e: Evidence) -> _Judged:
    quotes = _matching(e, _REASONS) + _matching(e, _CONTRAST)
    level = 1 + 2.4 * min(1.0, len(quotes) / 3) + 1.6 * min(1.0, e.heard / 0.6)
    why = "Reasons are given for what is said." if quotes else "No reason is given for what is said."
    return level, quotes, why


def _clarity(e: Evidence) -> _Judged:
    words = max(1, sum(len(s.tokens) for s in e.sentences))
    mean = words / max(1, len(e.sentences))
    hedged = len(e.seen.hedges) / max(1, len(e.sentences))
    level = 2.2 + 1.6 * min(1.0, e.heard / 0.5) + 0.7 * (6 <= mean <= 26) + 0.5 * (hedged < 0.3)
    level -= 0.8 * min(1.0, hedged)
    if hedged >= 0.5:
        return (
            level,
            e.seen.hedges,
            f"{_count(len(e.seen.hedges), 'softening phrase hides', 'softening phrases hide')} it.",
        )
    return level, [], "Sentences are short enough to follow." if mean <= 26 else "Sentences run long."


def _conciseness(e: Evidence) -> _Judged:
    words = sum(len(s.tokens) for s in e.sentences)
    limit = e.item.duration_s.max * WORDS_PER_SECOND
    points = sum(p.state != "missing" for p in e.seen.points)
    level = 2.5 + 2.5 * min(1.0, points / max(1.0, words / 35))
    if words > limit:
        return min(level, 2.5), [], f"{words} words are more than this question needs."
    return level, [], f"{_count(points, 'point', 'points')} in {words} words."


_JUDGES: dict[CriterionId, Callable[[Evidence], _Judged]] = {
    "relevance": _relevance, "structure": _structure, "specificity": _specificity, "ownership": _ownership,
    "result": _outcome, "reflection": _reflection, "accuracy": _accuracy, "depth": _depth,
    "reasoning": _reasoning, "clarity": _clarity, "conciseness": _conciseness,
}  # fmt: skip


def _matching(e: Evidence, pattern: re.Pattern[str]) -> list[Span]:
    return [c.span() for s in e.sentences if pattern.search(s.text) for c in _home(s, pattern)]


def _home(sentence: Stretch, pattern: re.Pattern[str]) -> list[Stretch]:
    found = [c for c in split_clauses(sentence) if pattern.search(c.text)]
    return found[:1] or [sentence]


def find_reasons(e: Evidence) -> list[Span]:
    """Clauses that give a reason or weigh one thing against another."""
    return _matching(e, _REASONS) + _matching(e, _CONTRAST)


def _list(words: Sequence[str], joint: str = "and") -> str:
    return (
        words[0]
        if len(words) == 1
        else f"{', '.join(words[:-1])} {joint} {words[-1]}"
        if words
        else "nothing"
    )


def _count(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"
