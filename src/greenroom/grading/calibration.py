"""Where people disagree with the evaluator: their own levels and their objections, by type of question and engine."""

from collections import defaultdict
from dataclasses import dataclass, field
from statistics import fmean

from pydantic import BaseModel, Field
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from greenroom.accounts.service import Actor
from greenroom.grading.models import DisputeRow, GradedAnswerRow, OwnRatingRow, ScoreRow
from greenroom.grading.schemas import Grade
from greenroom.interviews.models import FrozenItemRow, SessionRow
from greenroom.interviews.queries import sessions_visible_to

APART = 1.0  # levels from which an own level counts as another one


class CalibrationLine(BaseModel):
    """One type of question under one engine. `difference` is own level minus ours, in levels: above 0 people rate
    themselves higher."""

    type: str = Field(examples=["behavioral"])
    by: str = Field(examples=["builtin 3, lexical"])
    judge: str = Field(
        description="the same for people", examples=["Built-in evaluator (early version), by words"]
    )
    judged: int = Field(description="judgements with a number")
    rated: int = Field(description="of them with an own level")
    difference: float | None
    own_higher: int = Field(description="own level a whole level or more above ours")
    own_lower: int
    inside: int = Field(description="own level inside our interval")
    objections: int
    objections_up: int = Field(description="objections to answers that the person rates above our level")
    objections_down: int


class Calibration(BaseModel):
    """All lines, and all together as the last figure. Own levels are no truth: people err about themselves; a steady
    direction in one line is what to look at."""

    lines: list[CalibrationLine]
    total: CalibrationLine


@dataclass
class _Heap:
    judge: str = ""
    judged: int = 0
    differences: list[float] = field(default_factory=list[float])
    inside: int = 0
    objections: int = 0
    up: int = 0
    down: int = 0


async def read_calibration(db: AsyncSession, actor: Actor) -> Calibration:
    """The report over the actor's sessions, from every judgement that has an own level or an objection or neither."""
    visible = sessions_visible_to(actor).with_only_columns(SessionRow.id).scalar_subquery()
    objections = (
        select(DisputeRow.score_id, func.count().label("count")).group_by(DisputeRow.score_id).subquery()
    )
    rows = await db.execute(
        select(ScoreRow, GradedAnswerRow.current_score_id, FrozenItemRow.body["type"].as_string(), OwnRatingRow.level, objections.c.count)
        .join(
            GradedAnswerRow,
            (GradedAnswerRow.session_id == ScoreRow.session_id)
            & (GradedAnswerRow.question_id == ScoreRow.question_id),
        )
        .join(FrozenItemRow, FrozenItemRow.hash == GradedAnswerRow.item_hash)
        .outerjoin(
            OwnRatingRow,
            (OwnRatingRow.session_id == ScoreRow.session_id) & (OwnRatingRow.question_id == ScoreRow.question_id),
        )
        .outerjoin(objections, objections.c.score_id == ScoreRow.id)
        .where(ScoreRow.session_id.in_(visible))
        .order_by(ScoreRow.id)
    )  # fmt: skip
    heaps: dict[tuple[str, str], _Heap] = defaultdict(_Heap)
    total = _Heap()
    for score, current, kind, own, count in rows:
        if score.id != current and not count:
            continue  # an earlier judgement that nobody said anything about
        grade = Grade.model_validate(score.grade)
        own_heap = heaps[kind, f"{score.engine} {score.engine_version}, {score.tier}"]
        own_heap.judge = grade.source.label
        for heap in (own_heap, total):
            _add(heap, grade, own, count or 0)
    lines = [_line(kind, by, heap) for (kind, by), heap in sorted(heaps.items())]
    return Calibration(lines=lines, total=_line("", "", total))


def _add(heap: _Heap, grade: Grade, own: int | None, objections: int) -> None:
    heap.objections += objections
    if grade.level is None or grade.low is None or grade.high is None:
        return
    heap.judged += 1
    if own is None:
        return
    heap.differences.append(own - grade.level)
    heap.inside += grade.low <= own <= grade.high
    heap.up += objections if own > grade.level else 0
    heap.down += objections if own < grade.level else 0


def _line(kind: str, by: str, heap: _Heap) -> CalibrationLine:
    found = heap.differences
    return CalibrationLine(
        type=kind, by=by, judge=heap.judge, judged=heap.judged, rated=len(found), difference=round(fmean(found), 2) if found else None,
        own_higher=sum(d >= APART for d in found), own_lower=sum(d <= -APART for d in found), inside=heap.inside,
        objections=heap.objections, objections_up=heap.up, objections_down=heap.down,
    )  # fmt: skip


def render_calibration(report: Calibration) -> str:
    """The report for a terminal."""
    head = (
        "type",
        "judged by",
        "judged",
        "rated",
        "own-ours",
        "higher",
        "lower",
        "inside",
        "objections",
        "up",
        "down",
    )
    rows = [head, *(_cells(line) for line in (*report.lines, report.total))]
    widths = [max(len(row[n]) for row in rows) for n in range(len(head))]
    return "\n".join(
        "  ".join(cell.ljust(w) for cell, w in zip(row, widths, strict=True)).rstrip() for row in rows
    )


def _cells(line: CalibrationLine) -> tuple[str, ...]:
    difference = "-" if line.difference is None else f"{line.difference:+.2f}"
    numbers = (
        line.own_higher,
        line.own_lower,
        line.inside,
        line.objections,
        line.objections_up,
        line.objections_down,
    )
    return (
        line.type or "all",
        line.by or "-",
        str(line.judged),
        str(line.rated),
        difference,
        *map(str, numbers),
    )
