"""Feedback built from evidence only: keep, change one thing, drill, why not the next level.

Sentences speak of the answer, never of the person, and quote what they rest on.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from greenroom.answers.outcome import OUTCOMES
from greenroom.answers.schemas import Observation, PointEvidence, Span, Validity
from greenroom.grading.rubric import Ceiling
from greenroom.grading.schemas import CriterionResult
from greenroom.library.schemas import CriterionId, Item

WORTH_KEEPING = 2.0  # below this level no sentence is held up as a model
_LOW, _GENERAL = 2.5, 0.45  # a level, and a manner of wording, that need an explanation of their own
_QUOTE = 160  # characters of a quote shown inside a sentence

_KEEP: dict[CriterionId, str] = {
    "relevance": "it goes straight to the question",
    "structure": "the order makes the answer easy to follow",
    "specificity": "details like this can be checked",
    "ownership": "it says what you did yourself",
    "result": "it says how things ended",
    "reflection": "it says what changed afterwards",
    "accuracy": "this statement is right and belongs here",
    "depth": "it goes beyond the essential",
    "reasoning": "it gives the reason, not only the claim",
    "clarity": "the sentences are easy to follow",
    "conciseness": "it says much in few words",
}
_CHANGE: dict[CriterionId, str] = {
    "relevance": "Open with one sentence that answers the question as it was asked.",
    "structure": "Put it in order: one sentence for the situation, then what was done, then how it ended.",
    "specificity": "Add one number or name that somebody could check.",
    "ownership": "Say in the first person what you did, decided or said.",
    "result": "End with the outcome, and say how large it was.",
    "reflection": "Add one sentence on what you do differently since then.",
    "accuracy": "Check the statement that the reference contradicts or that is missing.",
    "depth": "Take one point a step further: how it works, or where it breaks.",
    "reasoning": "Add a reason: one sentence with because.",
    "clarity": "Cut the softening phrases and keep one thought to a sentence.",
    "conciseness": "Keep the sentences that carry a point and drop the rest.",
}
_ORDER_CHANGE = "Give the answer an order: the claim first, then the reason, then an example."
_DRILLS: dict[CriterionId, tuple[str, ...]] = {
    "relevance": ("drill.headline_first", "drill.clarify_first"),
    "structure": ("drill.star_60", "drill.headline_first"),  # a story only where the question asks for one
    "specificity": ("drill.number_hunt",),
    "ownership": ("drill.i_not_we",),
    "result": ("drill.result_line",),
    "reflection": ("drill.star_60", "drill.tradeoff_sentence"),
    "accuracy": ("drill.clarify_first", "drill.recover_unknown"),
    "depth": ("drill.tradeoff_sentence",),
    "reasoning": ("drill.tradeoff_sentence",),
    "clarity": ("drill.hedge_cut", "drill.pause_not_um"),
    "conciseness": ("drill.headline_first",),
}
_OF_STORIES = frozenset({"drill.star_60", "drill.i_not_we", "drill.result_line"})
_ALWAYS = "drill.headline_first"
_VALIDITY_CHANGE: dict[Validity, tuple[str, str]] = {
    "empty": ("Write or say an answer, even a short one.", "drill.recover_unknown"),
    "too_short": ("Give one example in two or three sentences.", "drill.star_60"),
    "gibberish": ("Answer in sentences.", "drill.headline_first"),
    "other_language": ("Answer in the language of the interview.", "drill.headline_first"),
    "code_only": ("Say in sentences what the code does and why.", "drill.headline_first"),
    "dont_know": (
        "Say how you would find out, or name the nearest thing that you do know.",
        "drill.recover_unknown",
    ),
    "copied_question": ("Answer the question in your own words.", "drill.headline_first"),
    "keyword_list": ("Turn the words into sentences that say who did what and why.", "drill.headline_first"),
    "off_topic": (
        "Open with one sentence that answers the question as it was asked.",
        "drill.headline_first",
    ),
    "boilerplate": ("Replace the general phrases with one thing that happened.", "drill.number_hunt"),
    "injection_only": ("Answer the question; text to the grader counts for nothing.", "drill.headline_first"),
}


@dataclass(frozen=True, slots=True)
class Feedback:
    """The words of a grade."""

    keep: str
    change: str
    drill: str
    why_not_higher: str


def write_feedback(
    item: Item,
    seen: Observation,
    criteria: Sequence[CriterionResult],
    level: float | None,
    ceiling: Ceiling,
    manner: float = 1.0,
) -> Feedback:
    """Feedback for one grade; `level` is None where there is no number. `manner` is how concretely it is worded, 0-1."""
    if seen.validity != "ok":
        change, drill = _VALIDITY_CHANGE[seen.validity]
        return Feedback("", change, _known_drill(item, (drill,)), _why_voided(seen, level))
    weakest = _weakest(item, criteria, ceiling)
    return Feedback(
        _keep(item, seen, criteria) if level is None or level >= WORTH_KEEPING else "",
        _change(item, seen, weakest, level),
        _known_drill(item, _DRILLS[weakest.id]) if weakest else (item.drills[0] if item.drills else ""),
        _why_not_higher(item, seen, criteria, level, ceiling, manner),
    )


def _why_voided(seen: Observation, level: float | None) -> str:
    return seen.reasons[0] if level is not None and seen.reasons else ""


def _weakest(item: Item, criteria: Sequence[CriterionResult], ceiling: Ceiling) -> CriterionResult | None:
    """The criterion to work on: the one behind a cap first, else the lowest that is not met."""
    capped: list[CriterionId] = [
        criterion
        for reason, criterion in _CAUSES
        if any(reason in words for words in ceiling.reasons) and ceiling.level < 5
    ]
    by_id = {c.id: c for c in criteria}
    for criterion in capped:
        if criterion in by_id:
            return by_id[criterion]
    open_ones = [c for c in criteria if c.state != "met" and c.level is not None]
    return min(open_ones, key=lambda c: (c.level or 5, item.criteria.index(c.id)), default=None)


_CAUSES: tuple[tuple[str, CriterionId], ...] = (
    ("result", "result"),
    ("would be done", "ownership"),
    ("of your own", "ownership"),
    ("no action", "ownership"),
    ("no situation", "structure"),
    ("misconception", "accuracy"),
    ("essential", "accuracy"),
)


def _keep(item: Item, seen: Observation, criteria: Sequence[CriterionResult]) -> str:
    texts = {point.id: point for point in item.key_points}
    heard = [p for p in seen.points if p.state == "met" and p.span]
    if heard:
        best = max(heard, key=lambda p: (texts[p.id].weight, p.similarity))
        return f"Keep “{_short(best.span)}”: it covers “{texts[best.id].text}”."
    shown = [c for c in criteria if c.state in ("met", "partial") and c.evidence and c.id != "clarity"]
    if not shown:
        return ""
    top = max(shown, key=lambda c: c.level or 0)
    return f"Keep “{_short(top.evidence[0])}”: {_KEEP[top.id]}."


def _change(item: Item, seen: Observation, weakest: CriterionResult | None, level: float | None) -> str:
    missing = _missing(item, seen.points)
    if weakest is None or (weakest.id in ("accuracy", "depth", "relevance") and missing):
        if not missing:
            return (
                ""
                if level is not None and level >= 4.5
                else "Say the same in fewer words, the main point first."
            )
        if not any(point.state == "missing" for point in seen.points) or _ends_without(
            item, seen, missing[:1]
        ):
            return f"Say more clearly: “{missing[0]}”."
        return f"Add what is missing: “{missing[0]}”."
    if weakest.id == "structure" and item.structure != "star":
        return _ORDER_CHANGE
    if weakest.id == "result" and weakest.state == "partial":
        return "The outcome is there; add how large it was or how you know."
    return _CHANGE[weakest.id]


def _ends_without(item: Item, seen: Observation, missing: Sequence[str]) -> bool:
    """Whether the outcome is among the points not heard although the answer tells how it ended: the words are there and
    do not say what the point asks for."""
    outcome = {point.text for point in item.key_points if point.id in OUTCOMES}
    return any(found.part == "result" for found in seen.parts) and bool(outcome & set(missing))


def _missing(item: Item, points: Sequence[PointEvidence]) -> list[str]:
    """Texts of key points not heard, the essential and heavy ones first."""
    state = {point.id: point.state for point in points}
    ranked = sorted(item.key_points, key=lambda p: (not p.must, -p.weight))
    absent = [p.text for p in ranked if state.get(p.id) == "missing"]
    return absent + [p.text for p in ranked if state.get(p.id) == "partial"]


def _why_not_higher(
    item: Item, seen: Observation, criteria: Sequence[CriterionResult], level: float | None, ceiling: Ceiling,
    manner: float,
) -> str:  # fmt: skip
    if level is None or level >= 4.75:
        return ""
    reached = min(4, max(1, int(round(level, 1) + 0.5)))  # the level as it is shown, to one decimal
    lead = f"Why {reached}, not {reached + 1}: "
    if ceiling.reasons and reached >= int(ceiling.level):
        held = " and ".join(ceiling.reasons)
        return f"{lead}{held}, which keeps this question at level {ceiling.level:g} or below."
    missing = _missing(item, seen.points)
    open_ones = [c for c in criteria if c.state != "met"]
    if level < _LOW and manner < _GENERAL and 2 * len(open_ones) <= len(criteria):
        return f"{lead}it is told in general words; amounts, times, persons and steps would carry it."
    if missing:
        parts = [f"“{text}”" for text in missing[:2]]
        ended = (
            "; how it ended is told, this is not clear in it"
            if _ends_without(item, seen, missing[:2])
            else ""
        )
        return f"{lead}not clearly heard yet: {' and '.join(parts)}{ended}."
    if open_ones:
        weakest = min(open_ones, key=lambda c: c.level or 5)
        return f"{lead}{weakest.why[0].lower()}{weakest.why[1:]}"
    return f"{lead}all points were heard; the next level says them with more detail."


def _short(span: Span | None) -> str:
    text = " ".join((span.text if span else "").split()).rstrip(" .,;")
    return text if len(text) <= _QUOTE else text[: _QUOTE - 1].rsplit(" ", 1)[0] + "…"


def _known_drill(item: Item, wanted: Sequence[str]) -> str:
    """The first of the wanted drills that the item names, else the first that suits its kind: stories of what was
    done are no way to answer where a claim, a plan or a decision is asked for."""
    if named := next((drill for drill in wanted if drill in item.drills), ""):
        return named
    fitting = [drill for drill in wanted if item.structure == "star" or drill not in _OF_STORIES]
    return next(iter([*fitting, *item.drills]), _ALWAYS)
