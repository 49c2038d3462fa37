"""Sets two reports side by side. Pure. A change is claimed only where the intervals do not touch."""

from datetime import datetime
from uuid import UUID

from pydantic import Field

from greenroom.answers.schemas import Frozen
from greenroom.interviews.schemas import InterviewType, RibbonQuestion, SessionKind
from greenroom.library.schemas import Competency, Level
from greenroom.reports.levels import judge_change
from greenroom.reports.schemas import Change, Interval, Report, Strip


class Side(Frozen):
    """One of the two sessions."""

    session_id: UUID
    kind: SessionKind
    title: str
    role_title: str
    company: str
    type: InterviewType
    level: Level
    minutes: int
    started_at: datetime
    assessed: int
    asked: int
    pending: int
    badges: list[str]
    overall: Interval | None = Field(description="none when there is not enough to judge")
    ribbon: list[RibbonQuestion]


class ComparedRow(Frozen):
    """One competency in both sessions; `competency` is none for the whole. An interval is none where the session
    did not observe it. `difference` is later minus earlier in levels, whether or not it may be claimed."""

    competency: Competency | None
    title: str
    earlier: Interval | None
    later: Interval | None
    change: Change
    difference: float | None = None


class Comparison(Frozen):
    """Two sessions, the earlier first. Without `comparable` different versions judged: nothing is claimed."""

    earlier: Side
    later: Side
    comparable: bool
    overall: ComparedRow
    rows: list[ComparedRow]
    notes: list[str] = Field(description="what a reader must know before comparing")


def compare(one: Report, other: Report) -> Comparison:
    """Both sessions by time, competency by competency: those of both first, then those of one."""
    earlier, later = sorted((one, other), key=lambda report: (report.started_at, str(report.session_id)))
    comparable = earlier.judged.versions == later.judged.versions
    before, after = ({strip.competency: strip for strip in report.strips} for report in (earlier, later))
    shared = [competency for competency in before if competency in after]
    single = [competency for competency in (*before, *after) if competency not in shared]
    rows = [
        _row(before.get(competency), after.get(competency), comparable=comparable)
        for competency in (*shared, *single)
    ]
    return Comparison(
        earlier=_side(earlier),
        later=_side(later),
        comparable=comparable,
        overall=_whole(earlier, later, comparable=comparable),
        rows=rows,
        notes=list_notes(earlier, later, comparable=comparable),
    )


def list_notes(earlier: Report, later: Report, *, comparable: bool) -> list[str]:
    """Every difference between the two that is not the candidate's."""
    notes: list[str] = []
    if not comparable:
        versions = (
            ", ".join(f"{v.name} {v.version}" for v in report.judged.versions) or "nobody yet"
            for report in (earlier, later)
        )
        notes.append(
            "Different versions judged these sessions, so their numbers stand side by side and no change is claimed: "
            + "; then ".join(versions)
            + "."
        )
    if earlier.role_title != later.role_title or earlier.type != later.type:
        notes.append(
            "The role or the kind of questions differs: the same competency was asked in another way."
        )
    if earlier.level != later.level:
        notes.append("The levels differ, so the questions and the targets do.")
    if "sample" in (earlier.kind, later.kind):
        notes.append("One of them is the sample: its answers are ours.")
    waiting = earlier.pending + later.pending
    if waiting:
        notes.append("Some answers are still being scored. Load this page again in a moment.")
    return notes


def _side(report: Report) -> Side:
    return Side(
        session_id=report.session_id,
        kind=report.kind,
        title=report.title,
        role_title=report.role_title,
        company=report.company,
        type=report.type,
        level=report.level,
        minutes=report.minutes,
        started_at=report.started_at,
        assessed=report.overall.assessed,
        asked=report.overall.asked,
        pending=report.pending,
        badges=report.badges,
        overall=report.overall.judged,
        ribbon=report.ribbon,
    )


def _row(before: Strip | None, after: Strip | None, *, comparable: bool) -> ComparedRow:
    known = before or after
    if known is None:
        raise ValueError("a row needs a competency of one of the sessions")
    earlier, later = before.judged if before else None, after.judged if after else None
    return ComparedRow(
        competency=known.competency,
        title=known.title,
        earlier=earlier,
        later=later,
        change=judge_change(earlier, later, comparable=comparable),
        difference=measure(earlier, later),
    )


def _whole(earlier: Report, later: Report, *, comparable: bool) -> ComparedRow:
    before, after = earlier.overall.judged, later.overall.judged
    return ComparedRow(
        competency=None,
        title="All answers",
        earlier=before,
        later=after,
        change=judge_change(before, after, comparable=comparable),
        difference=measure(before, after),
    )


def measure(before: Interval | None, after: Interval | None) -> float | None:
    """Later minus earlier, in levels to a tenth."""
    return round(after.level - before.level, 1) if before and after else None
