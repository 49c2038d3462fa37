"""The list of sessions with what they led to. A fixed number of queries, however many sessions a page shows."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Literal
from typing import cast as typed
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import ColumnElement, Integer, Row, Select, and_, case, cast, distinct, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import defer

from greenroom.accounts.service import Actor
from greenroom.grading.folds import LEAST_ANSWERS
from greenroom.grading.models import GradedAnswerRow, ScoreRow
from greenroom.grading.rubric import score_of
from greenroom.interviews import log
from greenroom.interviews.models import InterviewRow, LogRow, SessionRow
from greenroom.interviews.ribbon import draw, fold_timeline
from greenroom.interviews.schemas import InterviewType, Plan, RibbonQuestion, Scenario, SessionSummary
from greenroom.kit.errors import NotFound
from greenroom.kit.texts import Clean
from greenroom.library.schemas import Level
from greenroom.reports.levels import Mean, Version, agree, average, present, reaches

Order = Literal["newest", "oldest", "role", "score"]
_KEY = 1000  # mean levels are compared as whole thousandths, which both databases order alike


class Filters(BaseModel):
    """Which sessions to list, and in which order; empty fields do not filter. Days are those of this machine's zone."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    q: Clean = Field(default="", max_length=200, description="a name, role, company or a word that was said")
    role: Clean = Field(default="", max_length=120, description="slug of a role")
    company: Clean = Field(default="", max_length=120, description="part of a company's name")
    type: InterviewType | Literal[""] = Field(default="", description="type of interview")
    scenario: Scenario | Literal[""] = Field(
        default="", description="interview, meeting, presentation or own"
    )
    since: date | None = Field(default=None, alias="from", description="first day")
    until: date | None = Field(default=None, alias="to", description="last day")
    least: int | None = Field(default=None, ge=0, le=100, description="least overall score")
    order: Order = "newest"
    before: UUID | None = Field(default=None, description="the last id of the page before")
    limit: int = Field(default=50, ge=1, le=100)

    @property
    def narrow(self) -> bool:
        """Whether anything is filtered."""
        wanted = (
            self.q.strip(),
            self.role,
            self.company.strip(),
            self.type,
            self.scenario,
            self.since,
            self.until,
        )
        return any(wanted) or self.least is not None


@dataclass
class Outcome:
    """What the current scores of one session add up to."""

    level: Level
    pending: bool = False
    means: list[Mean] = field(default_factory=list[Mean])
    versions: set[Version] = field(default_factory=set[Version])

    @property
    def overall(self) -> int | None:
        """0-100, by the same rules as the report's."""
        if self.pending or len(self.means) < LEAST_ANSWERS or not agree(self.versions):
            return None
        judged = present(average(self.means), self.level)
        return judged.score if judged else None

    @property
    def at_target(self) -> int | None:
        """How many answers reach the target of the interview's level; None while one is being scored."""
        if self.pending:
            return None
        shown = [present(mean, self.level) for mean in self.means]
        return sum(judged is not None and reaches(judged) for judged in shown)


async def list_sessions(db: AsyncSession, actor: Actor, filters: Filters) -> list[SessionSummary]:
    """A page of the history in the order asked for.

    Raises:
        NotFound: the session that `before` names is gone.
    """
    scored = _mean_levels()
    query = (
        _visible(actor)
        .outerjoin(scored, scored.c.session_id == SessionRow.id)
        .where(*_conditions(filters, scored.c.key))
        .limit(filters.limit)
    )
    key = _sort_key(filters.order, scored.c.key)
    if filters.before is not None:
        query = query.where(await _after(db, actor, filters.order, filters.before, key))
    newest_first = filters.order != "oldest"
    tail = SessionRow.id.desc() if newest_first else SessionRow.id.asc()
    ranks = [] if key is None else [key.asc() if filters.order == "role" else key.desc()]
    rows = (await db.execute(query.order_by(*ranks, tail))).all()
    return await _summarise(db, rows)


async def read_summary(db: AsyncSession, actor: Actor, session_id: UUID) -> SessionSummary:
    """One session as the list shows it.

    Raises:
        NotFound: no such session for the actor.
    """
    rows = (await db.execute(_visible(actor).where(SessionRow.id == session_id))).all()
    if not rows:
        raise NotFound("There is no such session.")
    return (await _summarise(db, rows))[0]


async def list_roles_used(db: AsyncSession, actor: Actor) -> list[tuple[str, str]]:
    """(slug, title) of the roles the actor has practised, for the filter; the sample is not practice."""
    title = func.min(InterviewRow.role_title)
    rows = await db.execute(
        _visible(actor)
        .with_only_columns(InterviewRow.role, title)
        .where(SessionRow.kind != "sample", InterviewRow.scenario == "interview")
        .group_by(InterviewRow.role)
        .order_by(title)
    )
    return [(slug, name) for slug, name in rows]


def _visible(actor: Actor) -> Select[SessionRow, InterviewRow]:
    return (
        select(SessionRow, InterviewRow)
        .join(InterviewRow, InterviewRow.id == SessionRow.interview_id)
        .where(
            SessionRow.user_id == actor.user_id,
            SessionRow.deleted_at.is_(None),
            InterviewRow.deleted_at.is_(None),
        )
        .options(defer(SessionRow.plan), defer(InterviewRow.plan), defer(InterviewRow.spec))
    )


def _mean_levels():  # noqa: ANN202 - a subquery; its columns have no type of their own
    """Sessions whose answers make an overall, with the mean level in thousandths: the report's rules in SQL."""
    assessed = and_(ScoreRow.id == GradedAnswerRow.current_score_id, ScoreRow.status == "assessed")
    one_version = (
        func.count(distinct(column)) == 1
        for column in (ScoreRow.engine, ScoreRow.tier, ScoreRow.engine_version)
    )
    return (
        select(
            GradedAnswerRow.session_id,
            cast(func.avg(ScoreRow.level) * _KEY, Integer).label("key"),
        )
        .outerjoin(ScoreRow, assessed)
        .group_by(GradedAnswerRow.session_id)
        .having(
            func.count(ScoreRow.id) >= LEAST_ANSWERS,
            func.sum(case((GradedAnswerRow.state == "pending", 1), else_=0)) == 0,
            *one_version,
        )
        .subquery()
    )


def _conditions(filters: Filters, key: ColumnElement[int]) -> Iterable[ColumnElement[bool]]:
    if filters.role:
        yield InterviewRow.role == filters.role
    if filters.company.strip():
        yield func.lower(InterviewRow.company).like(_pattern(filters.company), escape="\\")
    if filters.type:
        yield func.coalesce(SessionRow.type, InterviewRow.type) == filters.type
        yield InterviewRow.scenario == "interview"
    if filters.scenario:
        yield InterviewRow.scenario == filters.scenario
    if filters.since:
        yield SessionRow.started_at >= _midnight(filters.since)
    if filters.until:
        yield SessionRow.started_at < _midnight(filters.until + timedelta(days=1))
    if filters.least is not None:
        yield key >= _least_key(filters.least)
    if filters.q.strip():
        yield _mentions(filters.q)


def _midnight(day: date) -> datetime:
    """The beginning of a day in this machine's zone."""
    return datetime.combine(day, time()).astimezone().astimezone(UTC)


def _least_key(score: int) -> int:
    """The least mean level, in thousandths, that is shown as this score: levels are rounded to a tenth first."""
    tenth = next((n for n in range(10, 51) if score_of(n / 10) >= score), 51)
    return tenth * _KEY // 10 - _KEY // 20


def _mentions(q: str) -> ColumnElement[bool]:
    pattern = _pattern(q)
    said = (
        select(LogRow.session_id)
        .where(
            LogRow.session_id == SessionRow.id,
            LogRow.kind.in_(("candidate_said", "panel_said")),
            func.lower(LogRow.payload["text"].as_string()).like(pattern, escape="\\"),
        )
        .exists()
    )
    columns = (SessionRow.name, InterviewRow.role_title, InterviewRow.company)
    return or_(said, *(func.lower(column).like(pattern, escape="\\") for column in columns))


def _pattern(words: str) -> str:
    escaped = words.strip().lower().replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{escaped}%"


def _sort_key(order: Order, key: ColumnElement[int]) -> ColumnElement[Any] | None:
    """What the order compares before the id; None when it is the id alone."""
    match order:
        case "role":
            return func.lower(InterviewRow.role_title)
        case "score":
            return func.coalesce(key, 0)  # sessions without an overall come last
        case _:
            return None


async def _after(
    db: AsyncSession, actor: Actor, order: Order, before: UUID, key: ColumnElement[Any] | None
) -> ColumnElement[bool]:
    """What comes after the last session of the page before, in this order."""
    if key is None:
        return SessionRow.id > before if order == "oldest" else SessionRow.id < before
    scored = _mean_levels()
    last = _visible(actor).outerjoin(scored, scored.c.session_id == SessionRow.id)
    own_key = typed("ColumnElement[Any]", _sort_key(order, scored.c.key))
    value = await db.scalar(last.where(SessionRow.id == before).with_only_columns(own_key))
    if value is None:
        raise NotFound("The session this page goes on from is gone. Start the list again.")
    further = key > value if order == "role" else key < value
    return or_(further, and_(key == value, SessionRow.id < before))


async def _summarise(db: AsyncSession, rows: Sequence[Row[SessionRow, InterviewRow]]) -> list[SessionSummary]:
    sessions = [session for session, _ in rows]
    outcomes = await _read_outcomes(db, rows)
    drawn = await _draw_open(db, sessions)
    firsts = await _find_firsts(db, sessions)
    return [
        SessionSummary.model_validate(
            {
                "id": session.id, "interview_id": interview.id, "kind": session.kind,
                "of_session_id": session.of_session_id if session.of_session_id in firsts else None, "name": session.name,
                "scenario": interview.scenario, "run_id": session.run_id, "round": session.round, "rounds": session.rounds,
                "role_title": interview.role_title, "company": interview.company,
                "type": session.type or interview.type,
                "level": interview.level, "mode": interview.mode, "state": session.state,
                "started_at": session.started_at, "ended_at": session.ended_at,
                "used_s": round(session.used_ms / 1000), "total_s": session.total_ms // 1000,
                "questions_asked": session.questions_asked, "questions_planned": session.questions_planned,
                "overall": outcomes[session.id].overall, "at_target": outcomes[session.id].at_target,
                "assessed": len(outcomes[session.id].means),
                "ribbon": drawn.get(session.id, session.ribbon or []),
            }
        )
        for session, interview in rows
    ]  # fmt: skip


async def _find_firsts(db: AsyncSession, sessions: Sequence[SessionRow]) -> set[UUID]:
    """Those of the sessions that retries point to which are still there."""
    wanted = {session.of_session_id for session in sessions if session.of_session_id}
    if not wanted:
        return set()
    found = select(SessionRow.id).where(SessionRow.id.in_(wanted), SessionRow.deleted_at.is_(None))
    return set(await db.scalars(found))


async def _read_outcomes(
    db: AsyncSession, rows: Sequence[Row[SessionRow, InterviewRow]]
) -> dict[UUID, Outcome]:
    """The outcome of every session, from its current scores, in one query."""
    outcomes = {session.id: Outcome(typed("Level", interview.level)) for session, interview in rows}
    found = await db.execute(
        select(
            GradedAnswerRow.session_id, GradedAnswerRow.state, ScoreRow.level,
            ScoreRow.grade["low"].as_float(), ScoreRow.grade["high"].as_float(),
            ScoreRow.engine, ScoreRow.tier, ScoreRow.engine_version,
        )
        .outerjoin(
            ScoreRow, and_(ScoreRow.id == GradedAnswerRow.current_score_id, ScoreRow.status == "assessed")
        )
        .where(GradedAnswerRow.session_id.in_(outcomes))
    )  # fmt: skip
    for session_id, state, level, low, high, *version in found:
        outcome = outcomes[session_id]
        outcome.pending |= state == "pending"
        if level is not None:
            outcome.means.append(Mean(level, low, high))
            outcome.versions.add((version[0], version[1], version[2]))
    return outcomes


async def _draw_open(db: AsyncSession, sessions: Sequence[SessionRow]) -> dict[UUID, list[RibbonQuestion]]:
    """Ribbons of the sessions that have none stored: those under way, and those of before ribbons were kept."""
    wanted = {session.id: session.clock_at for session in sessions if session.ribbon is None}
    if not wanted:
        return {}
    plans = await db.execute(select(SessionRow.id, SessionRow.plan).where(SessionRow.id.in_(wanted)))
    entries: dict[UUID, list[log.Entry]] = defaultdict(list)
    found = await db.execute(
        select(LogRow.session_id, LogRow.seq, LogRow.at, LogRow.payload)
        .where(LogRow.session_id.in_(wanted))
        .order_by(LogRow.session_id, LogRow.seq)
    )
    for session_id, seq, at, payload in found:
        entries[session_id].append(log.Entry.model_validate({"seq": seq, "at": at, "payload": payload}))
    ribbons: dict[UUID, list[RibbonQuestion]] = {}
    for session_id, plan in plans:
        state, timeline = fold_timeline(entries[session_id])
        used = None if state.ended else state.elapsed(wanted[session_id])
        ribbons[session_id] = draw(Plan.model_validate(plan), state, timeline, used)
    return ribbons
