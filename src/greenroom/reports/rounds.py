"""All rounds of one run through an interview, together. Pure: same reports, same summary."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from pydantic import Field

from greenroom.answers.schemas import Frozen
from greenroom.grading.folds import LEAST_ANSWERS
from greenroom.grading.schemas import Grade
from greenroom.interviews.schemas import InterviewType, Mode, Plan
from greenroom.library.schemas import Competency, Level
from greenroom.reports.levels import agree, average_grades, judge_stand, present, version_of
from greenroom.reports.schemas import Advice, Overall, Report, Strip
from greenroom.reports.wording import NOT_ENOUGH

RoundState = Literal["held", "open", "missing"]


class RoundLine(Frozen):
    """One round: held, still open, or not there (never begun, or deleted)."""

    number: int
    state: RoundState
    type: InterviewType
    minutes: int
    panel: list[str] = Field(description="names")
    session_id: UUID | None = None
    overall: Overall | None = None
    rated: bool = Field(
        default=True, description="whether the own rating was given or skipped, where there is one"
    )


class RunSummary(Frozen):
    """What the rounds of a run say together, and which of them it does not know."""

    run_id: UUID
    interview_id: UUID
    title: str
    role_title: str
    company: str
    level: Level
    mode: Mode
    rounds: list[RoundLine]
    overall: Overall
    strips: list[Strip]
    advice: Advice
    missing: list[str] = Field(description="what the summary does not cover, in sentences")


@dataclass(frozen=True)
class Held:
    """A round that has a session: its report, and the assessed judgements by question id."""

    report: Report
    grades: Mapping[str, Grade]
    ended: bool


def summarise(
    run_id: UUID, interview_id: UUID, plans: Sequence[Plan], held: Mapping[int, Held], name: str, company: str,
    mode: Mode,
) -> RunSummary:  # fmt: skip
    """The summary of a run; `plans` are those of all rounds in order, `held` the rounds with a session."""
    level = plans[0].level
    lines = [_line(plan, held.get(plan.round)) for plan in plans]
    return RunSummary(
        run_id=run_id, interview_id=interview_id, title=name, role_title=plans[0].role_title, company=company,
        level=level, mode=mode, rounds=lines, overall=judge_all(held, level), strips=_strips(plans, held, level),
        advice=_advise(held), missing=_name_missing(lines),
    )  # fmt: skip


def _line(plan: Plan, held: Held | None) -> RoundLine:
    return RoundLine(
        number=plan.round, type=plan.type, minutes=plan.minutes, panel=[card.name for card in plan.panel],
        state="missing" if held is None else "held" if held.ended else "open",
        session_id=held.report.session_id if held else None,
        rated=held is None or not held.ended or held.report.own.state != "open", overall=held.report.overall if held else None,
    )  # fmt: skip


def judge_all(held: Mapping[int, Held], level: Level) -> Overall:
    """Every assessed answer of every round with the same weight, or why that is not enough.

    The interval joins the doubt of each answer with how much the answers differ (see reports.levels).
    """
    grades = [grade for one in held.values() for grade in one.grades.values()]
    assessed, asked = len(grades), sum(len(one.report.cards) for one in held.values())
    if any(one.report.pending for one in held.values()):
        return Overall(state="pending", assessed=assessed, asked=asked)
    if assessed < LEAST_ANSWERS:
        reason = NOT_ENOUGH["few" if grades else "none"]
        return Overall(state="not_enough", reason=reason, assessed=assessed, asked=asked)
    if not agree(map(version_of, grades)):
        return Overall(state="not_enough", reason=NOT_ENOUGH["versions"], assessed=assessed, asked=asked)
    judged = present(average_grades(grades), level)
    return Overall(state="assessed", judged=judged, stand=judge_stand(judged), assessed=assessed, asked=asked)


def _strips(plans: Sequence[Plan], held: Mapping[int, Held], level: Level) -> list[Strip]:
    """One strip for each competency of any round; one that only a missing round asks for is not observed."""
    titles: dict[Competency, str] = {
        block.competency: block.title for plan in plans for block in plan.blocks if block.competency
    }
    answers: dict[Competency, list[Grade]] = {}
    waiting: set[Competency] = set()
    for one in held.values():
        for card in one.report.cards:
            if card.competency is None:
                continue
            titles.setdefault(card.competency, card.competency_title)
            if card.state == "pending":
                waiting.add(card.competency)
            if card.id in one.grades:
                answers.setdefault(card.competency, []).append(one.grades[card.id])
    strips: list[Strip] = []
    for competency, title in titles.items():
        grades = answers.get(competency, [])
        judged = present(average_grades(grades), level)
        mixed = not agree(map(version_of, grades))
        pending = judged is None and competency in waiting
        stand = "versions" if mixed else "pending" if pending else judge_stand(judged)
        strips.append(
            Strip(competency=competency, title=title, answers=len(grades), judged=judged, stand=stand)
        )
    return strips


def _advise(held: Mapping[int, Held]) -> Advice:
    """What to keep from the round that went best, and what to change from the one that went least well."""
    known = [
        (one.report.overall.judged.level, number, one.report.advice)
        for number, one in held.items()
        if one.report.overall.judged
    ]
    if not known:
        return Advice()
    best, least = max(known)[2], min(known)[2]
    return Advice(keep=best.keep, change=least.change, next=least.next)


def _name_missing(lines: Sequence[RoundLine]) -> list[str]:
    total = len(lines)
    said = [
        f"Round {line.number} of {total} is missing: it was not held, or it was deleted. The summary covers the others."
        for line in lines
        if line.state == "missing"
    ]
    return said + [
        f"Round {line.number} of {total} is still open: it counts with what has been answered so far."
        for line in lines
        if line.state == "open"
    ]
