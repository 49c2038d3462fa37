"""Reading interviews and sessions. Every read starts at `visible_to`: other people's things do not exist."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Select, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from greenroom.accounts.service import Actor
from greenroom.interviews import log
from greenroom.interviews.models import FrozenItemRow, InterviewRow, LogRow, SessionRow
from greenroom.interviews.ribbon import draw, fold_timeline
from greenroom.interviews.schemas import Interview, InterviewCreate, Plan, SessionSummary
from greenroom.kit.errors import NotFound
from greenroom.library.schemas import Item


def interviews_visible_to(actor: Actor) -> Select[InterviewRow]:
    """The actor's interviews that are not deleted."""
    return select(InterviewRow).where(
        InterviewRow.user_id == actor.user_id, InterviewRow.deleted_at.is_(None)
    )


def sessions_visible_to(actor: Actor) -> Select[SessionRow]:
    """The actor's sessions that are not deleted."""
    return select(SessionRow).where(SessionRow.user_id == actor.user_id, SessionRow.deleted_at.is_(None))


async def find_interview(db: AsyncSession, actor: Actor, interview_id: UUID) -> InterviewRow:
    """One interview.

    Raises:
        NotFound: there is none with this id for the actor.
    """
    row = await db.scalar(interviews_visible_to(actor).where(InterviewRow.id == interview_id))
    if row is None:
        raise NotFound("There is no such interview.")
    return row


async def find_session(db: AsyncSession, actor: Actor, session_id: UUID, *, lock: bool = False) -> SessionRow:
    """One session; with `lock` no other turn of it can be taken until the transaction ends.

    Raises:
        NotFound: there is none with this id for the actor.
    """
    query = sessions_visible_to(actor).where(SessionRow.id == session_id)
    row = await db.scalar(query.with_for_update() if lock else query)
    if row is None:
        raise NotFound("There is no such session.")
    return row


async def read_log(db: AsyncSession, session_id: UUID, after: int = 0) -> list[log.Entry]:
    """The entries of a session after `after`, in order."""
    rows = await db.execute(
        select(LogRow.seq, LogRow.at, LogRow.payload)
        .where(LogRow.session_id == session_id, LogRow.seq > after)
        .order_by(LogRow.seq)
    )
    return [log.Entry.model_validate({"seq": seq, "at": at, "payload": payload}) for seq, at, payload in rows]


async def read_item(db: AsyncSession, content_hash: str) -> Item:
    """A bank item as a session used it.

    Raises:
        LookupError: no session has frozen it; the log names only frozen items.
    """
    body = await db.scalar(select(FrozenItemRow.body).where(FrozenItemRow.hash == content_hash))
    if body is None:
        raise LookupError(f"no frozen item {content_hash}")
    return Item.model_validate(body)


def spec_of(row: InterviewRow) -> InterviewCreate:
    """What the person asked for."""
    return InterviewCreate.model_validate(row.spec)


def plan_of(row: InterviewRow | SessionRow) -> Plan:
    """The plan of an interview, or the one a session was frozen with."""
    return Plan.model_validate(row.plan)


async def present_interview(db: AsyncSession, row: InterviewRow) -> Interview:
    """The interview as the API shows it."""
    ids = await db.scalars(
        select(SessionRow.id)
        .where(SessionRow.interview_id == row.id, SessionRow.deleted_at.is_(None))
        .order_by(SessionRow.id)
    )
    return Interview(
        id=row.id,
        name=row.name,
        created_at=row.created_at,
        spec=spec_of(row),
        plan=plan_of(row),
        sessions=list(ids),
    )


async def list_interviews(
    db: AsyncSession, actor: Actor, *, before: UUID | None = None, limit: int = 50
) -> list[Interview]:
    """The newest interviews first; `before` is the last id of the page before."""
    query = interviews_visible_to(actor).order_by(InterviewRow.id.desc()).limit(limit)
    if before is not None:
        query = query.where(InterviewRow.id < before)
    return [await present_interview(db, row) for row in await db.scalars(query)]


ORDERS = {
    "newest": SessionRow.id.desc(),
    "oldest": SessionRow.id.asc(),
    "role": InterviewRow.role_title.asc(),
}


async def list_sessions(
    db: AsyncSession, actor: Actor, *, q: str = "", role: str = "", order: str = "newest",
    before: UUID | None = None, limit: int = 50,
) -> list[SessionSummary]:  # fmt: skip
    """Sessions with their ribbons. `q` looks in names, roles, companies and in everything that was said."""
    query = (
        select(SessionRow, InterviewRow)
        .join(InterviewRow, InterviewRow.id == SessionRow.interview_id)
        .where(
            SessionRow.user_id == actor.user_id,
            SessionRow.deleted_at.is_(None),
            InterviewRow.deleted_at.is_(None),
        )
        .order_by(ORDERS.get(order, ORDERS["newest"]), SessionRow.id.desc())
        .limit(limit)
    )
    if role:
        query = query.where(InterviewRow.role == role)
    if before is not None:
        query = query.where(SessionRow.id < before)
    if q.strip():
        query = query.where(_matches(q.strip()))
    rows = (await db.execute(query)).all()
    return [await summarise(db, session, interview) for session, interview in rows]


def _matches(q: str):  # noqa: ANN202 - a boolean SQL expression
    pattern = "%" + q.lower().replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
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


async def summarise(db: AsyncSession, session: SessionRow, interview: InterviewRow) -> SessionSummary:
    """One row of the history."""
    plan, spec = plan_of(session), spec_of(interview)
    state, timeline = fold_timeline(await read_log(db, session.id))
    used = state.elapsed(session.clock_at)
    return SessionSummary(
        id=session.id,
        interview_id=interview.id,
        name=session.name,
        role_title=plan.role_title,
        company=spec.company,
        type=spec.type,
        level=spec.level,
        mode=spec.mode,
        state=state.session_state,
        started_at=session.started_at,
        ended_at=session.ended_at,
        used_s=round(used),
        total_s=session.total_ms // 1000,
        questions_asked=session.questions_asked,
        questions_planned=session.questions_planned,
        ribbon=draw(plan, state, timeline, None if state.ended else used),
    )


async def list_roles_used(db: AsyncSession, actor: Actor) -> Sequence[tuple[str, str]]:
    """(slug, title) of the roles the actor has sessions for, for the filter."""
    rows = await db.execute(
        select(InterviewRow.role, func.min(InterviewRow.role_title))
        .join(SessionRow, SessionRow.interview_id == InterviewRow.id)
        .where(
            SessionRow.user_id == actor.user_id,
            SessionRow.deleted_at.is_(None),
            InterviewRow.deleted_at.is_(None),
        )
        .group_by(InterviewRow.role)
        .order_by(func.min(InterviewRow.role_title))
    )
    return [(slug, title) for slug, title in rows]
