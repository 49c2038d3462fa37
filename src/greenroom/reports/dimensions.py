"""What the answers' criteria show, dimension by dimension. Pure.

A dimension is said of the interview, so it has a level under the conditions of the overall one: no answer is still being
judged, one version judged them all, and at least `LEAST_ANSWERS` of them show it.
"""

from collections.abc import Sequence

from greenroom.grading.folds import (
    LEAST_ANSWERS,
    Dimension,
    Estimate,
    Folded,
    estimate_of,
    fold_answer,
    fold_answers,
)
from greenroom.reports.facts import Facts
from greenroom.reports.levels import agree, judge_stand, present, version_of
from greenroom.reports.schemas import DimensionStrip, QuestionCard, Stand
from greenroom.reports.wording import CRITERIA, DIMENSIONS, UNSCORED


def build_dimensions(facts: Facts, cards: Sequence[QuestionCard]) -> list[DimensionStrip]:
    """One strip for each dimension, in the order of `wording.DIMENSIONS`."""
    withheld = _withhold(facts, cards)
    answers = _fold_cards(facts, cards)
    whole = fold_answers(answers, facts.scheme)
    return [
        _strip(facts, name, [one.dimensions[name] for one in answers], whole.dimensions[name], withheld)
        for name in DIMENSIONS
    ]


def _withhold(facts: Facts, cards: Sequence[QuestionCard]) -> Stand | None:
    """Why no dimension may have a level yet; None when they may."""
    if any(card.state == "pending" for card in cards):
        return "pending"
    judged = {card.id for card in cards if card.judged}
    grades = [score.grade for score in facts.scores if score.question_id in judged and score.grade]
    return None if agree(map(version_of, grades)) else "versions"


def _fold_cards(facts: Facts, cards: Sequence[QuestionCard]) -> list[Folded]:
    """The dimensions of each judged answer, weighed by the type of its question and the family of the role."""
    family = facts.library.find_role(facts.spec.role).role.family
    judged = {card.id for card in cards if card.judged}
    return [
        fold_answer(
            estimate_of(score.grade), score.grade.criteria, facts.scheme, facts.items[score.question_id].type, family
        )
        for score in facts.scores
        if score.question_id in judged and score.grade
    ]  # fmt: skip


def _strip(
    facts: Facts, name: Dimension, shown: Sequence[Estimate | None], mean: Estimate | None, withheld: Stand | None
) -> DimensionStrip:  # fmt: skip
    answers = sum(one is not None for one in shown)
    criteria = facts.scheme.dimensions[name]
    stand: Stand
    note, judged = "", None
    if not criteria:
        stand, note = "not_observed", UNSCORED[name]
    elif withheld:
        stand = withheld
    elif not answers:
        asked = " or ".join(CRITERIA[criterion].lower() for criterion in criteria)
        stand, note = "not_observed", f"No answer was judged by {asked}."
    elif answers < LEAST_ANSWERS:
        stand = "few"
    else:
        judged = present(mean, facts.spec.level)
        stand = judge_stand(judged)
    return DimensionStrip(
        dimension=name, title=DIMENSIONS[name], answers=answers, judged=judged, stand=stand, note=note
    )
