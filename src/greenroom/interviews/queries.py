"""Reading interviews and sessions. Every read starts at `visible_to`: other people's things do not exist."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import Select, Text, bindparam, cast, select
from sqlalchemy.ext.asyncio import AsyncSession

from greenroom.accounts.service import Actor
from greenroom.interviews import appointments, log
from greenroom.interviews.models import FrozenItemRow, InterviewRow, LogRow, SessionRow
from greenroom.interviews.schemas import Appointment, Interview, InterviewCreate, Plan
from greenroom.kit.errors import NotFound
from greenroom.library.schemas import Item

# Built once, because a turn or its grading reads it each time.
_SPEC = (
    select(InterviewRow.spec)
    .join(SessionRow, SessionRow.interview_id == InterviewRow.id)
    .where(SessionRow.id == bindparam("session"))
)
# The payload comes as text: it is parsed and checked in one go.
_LOG = (
    select(LogRow.seq, LogRow.at, cast(LogRow.payload, Text))
    .where(LogRow.session_id == bindparam("session"), LogRow.seq > bindparam("after"))
    .order_by(LogRow.seq)
)


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


async def find_session_and_spec(
    db: AsyncSession, actor: Actor, session_id: UUID
) -> tuple[SessionRow, InterviewCreate]:
    """One session, locked as `find_session` does it, with what the person asked for in its round, in one query.

    Raises:
        NotFound: there is none with this id for the actor.
    """
    query = (
        sessions_visible_to(actor)
        .where(SessionRow.id == session_id)
        .join(InterviewRow, InterviewRow.id == SessionRow.interview_id)
        .add_columns(InterviewRow.spec)
        .with_for_update(of=SessionRow)
    )
    found = (await db.execute(query)).one_or_none()
    if found is None:
        raise NotFound("There is no such session.")
    row, spec = found
    return row, InterviewCreate.model_validate(spec).in_round(row.round)


async def read_log(db: AsyncSession, session_id: UUID, after: int = 0) -> list[log.Entry]:
    """The entries of a session after `after`, in order."""
    rows = await db.execute(_LOG, {"session": session_id, "after": after})
    return [log.read_entry(seq, at, payload) for seq, at, payload in rows]


async def read_item(db: AsyncSession, content_hash: str) -> Item:
    """A bank item as a session used it.

    Raises:
        LookupError: no session has frozen it; the log names only frozen items.
    """
    body = await db.scalar(select(FrozenItemRow.body).where(FrozenItemRow.hash == content_hash))
    if body is None:
        raise LookupError(f"no frozen item {content_hash}")
    return Item.model_validate(body)


async def read_spec(db: AsyncSession, session_id: UUID) -> InterviewCreate | None:
    """What the person asked for in the interview of a session; None when the session is gone."""
    spec = await db.scalar(_SPEC, {"session": session_id})
    return None if spec is None else InterviewCreate.model_validate(spec)


def spec_of(row: InterviewRow) -> InterviewCreate:
    """What the person asked for."""
    return InterviewCreate.model_validate(row.spec)


def spec_in(row: InterviewRow, session: SessionRow) -> InterviewCreate:
    """What the person asked for in the round of this session."""
    return spec_of(row).in_round(session.round)


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
        planned=appointment_of(row),
        spec=spec_of(row),
        plan=plan_of(row),
        sessions=list(ids),
    )


def appointment_of(row: InterviewRow) -> Appointment | None:
    """When the interview is planned; None when it is not."""
    if row.planned_at is None or row.planned_zone is None:
        return None
    local = row.planned_at.astimezone(appointments.find_zone(row.planned_zone)).replace(tzinfo=None)
    twice = appointments.comes_twice(local, row.planned_zone)
    return Appointment(at=row.planned_at, zone=row.planned_zone, local=local, twice=twice)


async def list_planned(db: AsyncSession, actor: Actor, limit: int = 50) -> list[InterviewRow]:
    """What is kept for later, the soonest first; what nobody has begun in time stays until it is."""
    query = interviews_visible_to(actor).where(InterviewRow.planned_at.is_not(None))
    return list(await db.scalars(query.order_by(InterviewRow.planned_at, InterviewRow.id).limit(limit)))


async def list_open_sessions(db: AsyncSession, actor: Actor, limit: int = 3) -> list[SessionRow]:
    """Sessions that wait to be gone on with, the latest first."""
    query = sessions_visible_to(actor).where(SessionRow.state != "ended")
    return list(await db.scalars(query.order_by(SessionRow.clock_at.desc()).limit(limit)))


async def list_run(db: AsyncSession, actor: Actor, session: SessionRow) -> dict[int, SessionRow]:
    """The sessions of the run that a session belongs to, by round; a session without rounds is alone."""
    if session.run_id is None:
        return {session.round: session}
    rows = await db.scalars(
        sessions_visible_to(actor)
        .where(SessionRow.run_id == session.run_id, SessionRow.kind == "interview")
        .order_by(SessionRow.id)
    )
    return {row.round: row for row in rows}


async def list_asked_items(db: AsyncSession, sessions: Collection[UUID]) -> set[str]:
    """Ids of the bank items that were asked in these sessions."""
    item = LogRow.payload["item_id"].as_string()
    rows = await db.scalars(
        select(item).where(LogRow.session_id.in_(sessions), LogRow.kind == "panel_said", item.is_not(None))
    )
    return set(rows)


async def list_waiting_rounds(db: AsyncSession, actor: Actor, limit: int = 3) -> list[tuple[SessionRow, int]]:
    """Runs whose last round has ended and which have another one: that last session and the next round's number."""
    query = sessions_visible_to(actor).where(SessionRow.run_id.is_not(None), SessionRow.kind == "interview")
    runs: dict[UUID | None, list[SessionRow]] = {}
    for row in await db.scalars(query.order_by(SessionRow.id.desc()).limit(40)):
        runs.setdefault(row.run_id, []).append(row)
    found: list[tuple[SessionRow, int]] = []
    for rows in runs.values():
        held = {row.round for row in rows}
        following = next((n for n in range(1, rows[0].rounds + 1) if n > max(held)), None)
        if following and all(row.state == "ended" for row in rows):
            found.append((rows[0], following))
    return found[:limit]


async def list_interviews(
    db: AsyncSession, actor: Actor, *, before: UUID | None = None, limit: int = 50
) -> list[Interview]:
    """The newest interviews first; `before` is the last id of the page before."""
    query = interviews_visible_to(actor).order_by(InterviewRow.id.desc()).limit(limit)
    if before is not None:
        query = query.where(InterviewRow.id < before)
    return [await present_interview(db, row) for row in await db.scalars(query)]
