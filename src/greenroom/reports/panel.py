"""What each panelist's own questions led to, and how far they are from each other. Pure.

Every panelist's questions are judged by the same evaluator, so a spread is one between answers, never of taste.
"""

from collections.abc import Sequence

from greenroom.interviews.schemas import PersonaCard
from greenroom.reports.facts import Facts
from greenroom.reports.levels import agree, average_grades, judge_stand, present, version_of
from greenroom.reports.schemas import QuestionCard, Scorecard, Spread

SAME_EYES = (
    "All questions are judged by the same evaluator and rubrics, whoever asks: a difference lies in the answers, "
    "not in anybody's taste."
)


def build_scorecards(facts: Facts, cards: Sequence[QuestionCard]) -> list[Scorecard]:
    """One for each panelist who asked a scored question, in the order of the panel."""
    askers = {score.question_id: score.persona for score in facts.scores}
    found: list[Scorecard] = []
    for person in facts.plan.panel:
        own = [card for card in cards if askers.get(card.id) == person.slug]
        if own:
            found.append(_score(facts, person, own))
    return found


def _score(facts: Facts, person: PersonaCard, own: Sequence[QuestionCard]) -> Scorecard:
    ids = {card.id for card in own if card.judged}
    grades = [score.grade for score in facts.scores if score.question_id in ids and score.grade]
    judged = present(average_grades(grades), facts.spec.level)
    pending = any(card.state == "pending" for card in own)
    mixed = not agree(map(version_of, grades))
    ranked = sorted(
        (card for card in own if card.judged), key=lambda card: card.judged.level if card.judged else 0
    )
    return Scorecard(
        persona=person.slug,
        name=person.name,
        role=person.role,
        questions=[card.number for card in own],
        competencies=list(dict.fromkeys(card.competency_title for card in own if card.competency_title)),
        assessed=len(ids),
        judged=judged,
        stand="versions" if mixed else "pending" if pending and judged is None else judge_stand(judged),
        keep=next((card.keep for card in reversed(ranked) if card.keep), ""),
        change=next((card.change for card in ranked if card.change), ""),
    )


def measure_spread(scorecards: Sequence[Scorecard]) -> Spread | None:
    """The distance between the panelist with the highest and the one with the lowest mean; None below two."""
    found = [(card, card.judged) for card in scorecards if card.judged]
    if len(found) < 2:
        return None
    top, high = max(found, key=lambda pair: pair[1].level)
    bottom, low = min(found, key=lambda pair: pair[1].level)
    levels = round(high.level - low.level, 1)
    apart = high.low > low.high
    if not levels:
        words = "The panelists' questions came out at the same level."
    elif apart:
        words = f"{top.name}'s questions came out {levels} levels above {bottom.name}'s, and the intervals are apart."
    else:
        words = (
            f"{top.name}'s questions came out {levels} levels above {bottom.name}'s. The intervals overlap: with so few "
            "answers this may be chance."
        )
    return Spread(
        highest=top.name, lowest=bottom.name, levels=levels, apart=apart, sentence=f"{words} {SAME_EYES}"
    )
