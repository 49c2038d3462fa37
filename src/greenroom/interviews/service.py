"""Creating, renaming and deleting interviews, and starting their sessions."""

import secrets
from collections.abc import Collection, Sequence
from contextlib import suppress
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from greenroom.accounts.requests import once
from greenroom.accounts.service import Actor
from greenroom.documents.queries import find_job, find_resume, gather_material
from greenroom.engines import books
from greenroom.interviews import appointments, rounds, scenes
from greenroom.interviews import plan as planning
from greenroom.interviews.errors import AlreadyBegun, NotOffered
from greenroom.interviews.leanings import Leanings, lean
from greenroom.interviews.models import InterviewRow, SessionRow
from greenroom.interviews.pacing import budget_of
from greenroom.interviews.queries import find_interview, find_session, list_asked_items, plan_of, spec_of
from greenroom.interviews.references import Memory
from greenroom.interviews.scenarist import SceneRead
from greenroom.interviews.schemas import InterviewCreate, Plan, Planned, SessionKind
from greenroom.interviews.sessions import Running, freeze_items, open_log
from greenroom.kit import deletion
from greenroom.kit.errors import Invalid, NotFound
from greenroom.kit.web import Context
from greenroom.library import catalog
from greenroom.library.scenes import Scene
from greenroom.memory import queries as memory
from greenroom.memory.schemas import Reminder
from greenroom.memory.service import tidy

LEVEL_WORDS = {"entry": "Entry-level", "mid": "Mid-level", "senior": "Senior", "lead": "Lead"}


async def preview(db: AsyncSession, actor: Actor, spec: InterviewCreate) -> Plan:
    """The plan this spec would get, without keeping anything.

    Raises:
        NotOffered: the bank does not cover the combination.
        Invalid: there is no such meeting or presentation.
    """
    seed = spec.seed if spec.seed is not None else 0
    return build_plan(spec, seed, [], await read_leanings(db, actor, spec))


async def read_leanings(db: AsyncSession, actor: Actor, spec: InterviewCreate) -> Leanings:
    """What the spec's job target moves in the blueprint; nothing without one, or when it was deleted."""
    if spec.job_id is None:
        return planning.NONE
    try:
        told = await gather_material(db, actor, job_id=spec.job_id, resume_id=None, company=spec.company)
    except NotFound:
        return planning.NONE
    return lean(told.focus.competencies, told.goals, catalog.load().competencies)


def build_plan(
    spec: InterviewCreate, seed: int, recent: Sequence[Collection[str]], leanings: Leanings = planning.NONE,
    scene: Scene | None = None,
) -> Plan:  # fmt: skip
    """The plan with items that were not asked lately. Where the bank has too few fresh ones left, the items of the
    session longest ago come back first. `recent` has the items of each session, the latest first; `scene` is an own
    description as it was read already.

    Raises:
        NotOffered: the bank does not cover the combination.
    """
    if spec.scenario != "interview":
        return _build_scene(spec, seed, set[str]().union(*recent), scene)
    for rested in range(len(recent), 0, -1):
        resting = set[str]().union(*recent[:rested])
        with suppress(planning.NotOfferedError):
            return rounds.build(spec, catalog.load(), seed=seed, recent=resting, leanings=leanings)
    try:
        return rounds.build(spec, catalog.load(), seed=seed, leanings=leanings)
    except planning.NotOfferedError as error:
        raise NotOffered(f"{error} {say_alternatives(error)}".strip()) from error


def _build_scene(spec: InterviewCreate, seed: int, recent: Collection[str], read: Scene | None) -> Plan:
    library = catalog.load()
    if read is not None:
        plan = scenes.build(spec, read, library, seed=seed, recent=recent)
        return plan.model_copy(
            update={"scene": plan.scene.model_copy(update={"read": read}) if plan.scene else None}
        )
    try:
        scene = scenes.find_scene(spec, library)
    except KeyError:
        known = ", ".join(slug for slug, one in library.scenes.items() if one.scenario == spec.scenario)
        told = f"There is no {spec.scenario} {spec.scene!r}. Those there are: {known}."
        raise Invalid(told, errors=[{"field": "scene", "message": told}]) from None
    return scenes.build(spec, scene, library, seed=seed, recent=recent)


def say_alternatives(error: planning.NotOfferedError) -> str:
    """What can be had instead, in one sentence."""
    if error.minutes:
        return f"At {' or '.join(str(m) for m in error.minutes)} minutes there are."
    kinds = [kind.replace("_", " ") for kind in error.types]
    return f"There are for: {', '.join(kinds)}." if kinds else ""


def name_of(spec: InterviewCreate, role_title: str) -> str:
    """The own name, or one made from level, role and company."""
    if spec.name:
        return spec.name
    if spec.scenario != "interview":
        return role_title
    role = f"{LEVEL_WORDS[spec.level]} {role_title[:1].lower()}{role_title[1:]}"
    return f"{role}, {spec.company}" if spec.company else role


async def create_interview(
    context: Context, db: AsyncSession, actor: Actor, spec: InterviewCreate, key: str | None = None,
    read: SceneRead | None = None,
) -> InterviewRow:  # fmt: skip
    """Keep an interview with its plan. The same key and spec again give the interview made the first time. `read` is
    what `scenarist.read_own` gave: its calls wait for the bill of the first session.

    Raises:
        NotFound: the job or the résumé is not the actor's.
        NotOffered: the bank does not cover the combination.
        KeyReused: the key was used with another spec.
        Invalid: it is planned for a time that has passed.
    """
    if spec.job_id:
        await find_job(db, actor, spec.job_id)
    if spec.resume_id:
        await find_resume(db, actor, spec.resume_id)

    async def make(new_id: UUID) -> None:
        seed = spec.seed if spec.seed is not None else secrets.randbelow(2**31)
        # A seed makes an interview repeatable: what was asked before must not change it.
        recent = [] if spec.seed is not None else await list_recent_items(db, actor)
        scene = read.scene if read else None
        plan = build_plan(spec, seed, recent, await read_leanings(db, actor, spec), scene)
        row = InterviewRow(
            id=new_id, user_id=actor.user_id, name=name_of(spec, plan.role_title), role=plan.role,
            role_title=plan.role_title, company=spec.company, type=spec.type, level=spec.level, minutes=spec.minutes,
            mode=spec.mode, scenario=spec.scenario, spec=spec.model_dump(mode="json", exclude={"planned"}),
            plan=plan.model_dump(mode="json"), created_at=context.clock(),
        )  # fmt: skip
        if spec.planned:
            _keep_for(row, spec.planned, context.clock())
        db.add(row)
        await db.flush()
        await freeze_items(db, plan)  # it may begin when the bank is another one
        await books.keep_for_interview(db, read.calls if read else (), new_id)

    made = await once(db, actor, key, f"interview:{spec.model_dump_json()}", context.clock(), make)
    return await find_interview(db, actor, made)


def _keep_for(row: InterviewRow, planned: Planned, now: datetime) -> None:
    if refusal := appointments.refuse_time(planned.instant, now):
        raise Invalid(refusal, errors=[{"field": "planned.at", "message": refusal}])
    row.planned_at, row.planned_zone = planned.instant, planned.zone


async def plan_for(
    context: Context, db: AsyncSession, actor: Actor, interview_id: UUID, planned: Planned
) -> InterviewRow:
    """Keep the interview for a time, or move it to another. Its plan stays as it was made.

    Raises:
        NotFound: no such interview for the actor.
        AlreadyBegun: a session of it has begun.
        Invalid: the time has passed, or is more than two years away.
    """
    row = await find_interview(db, actor, interview_id)
    if await db.scalar(select(SessionRow.id).where(SessionRow.interview_id == row.id).limit(1)):
        raise AlreadyBegun("It was begun already. Practise it again whenever you like, or set up a new one.")
    _keep_for(row, planned, context.clock())
    return row


async def start_session(
    context: Context, db: AsyncSession, actor: Actor, interview_id: UUID, key: str | None = None
) -> SessionRow:
    """Begin a session: its log opens with the greeting and the first question, which wait for nobody."""
    interview = await find_interview(db, actor, interview_id)

    async def make(new_id: UUID) -> None:
        plan = (await _plan_of_next(db, actor, interview)).of_round(1)
        run_id = new_id if plan.rounds > 1 else None
        await open_session(db, new_id, interview, plan, context.clock(), name=interview.name, run_id=run_id)
        if plan.scene and plan.scene.read:  # by a model, when the interview was created
            await books.charge_session(db, interview.id, new_id)
        interview.planned_at = interview.planned_zone = None

    made = await once(db, actor, key, f"session:{interview_id}", context.clock(), make)
    return await find_session(db, actor, made)


async def open_session(
    db: AsyncSession, new_id: UUID, interview: InterviewRow, plan: Plan, now: datetime, *,
    name: str, kind: SessionKind = "interview", of_session_id: UUID | None = None, run_id: UUID | None = None,
    earlier: Memory | None = None,
) -> Running:  # fmt: skip
    """Keep a session of this plan, with the first entries of its log. `earlier` is something that was told in a
    round before, which the panel may take up."""
    spec = spec_of(interview).in_round(plan.round)
    if kind == "interview" and spec.seed is None:  # a seed makes it repeatable: nothing earlier may change it
        plan = plan.model_copy(update={"reminders": await _recall(db, Actor(interview.user_id), plan)})
    row = SessionRow(
        id=new_id,
        interview_id=interview.id,
        user_id=interview.user_id,
        kind=kind,
        of_session_id=of_session_id,
        type=plan.type,
        round=plan.round,
        rounds=plan.rounds,
        run_id=run_id,
        name=name,
        state="active",
        seq=0,
        seed=plan.seed,
        started_at=now,
        used_ms=0,
        total_ms=round(budget_of(plan, spec.timing).total_s * 1000),
        clock_at=now,
        questions_asked=0,
        questions_planned=sum(block.kind == "core" for block in plan.blocks),
        plan=plan.model_dump(mode="json"),
        draft="",
        draft_seq=0,
    )
    db.add(row)
    await db.flush()
    return await open_log(db, row, spec, plan, now, earlier)


async def _recall(db: AsyncSession, actor: Actor, plan: Plan) -> list[Reminder]:
    """What earlier answers to the plan's competencies lacked, for those who want to be remembered."""
    return await memory.recall(db, actor, {block.competency for block in plan.blocks if block.competency})


async def _plan_of_next(db: AsyncSession, actor: Actor, interview: InterviewRow) -> Plan:
    """The interview's plan for its first session; later ones get a new one, with questions not asked lately."""
    spec = spec_of(interview)
    before = await db.scalar(
        select(SessionRow.id)
        .where(SessionRow.interview_id == interview.id, SessionRow.kind == "interview")
        .limit(1)
    )
    if before is None or spec.seed is not None:
        return plan_of(interview)
    scene = plan_of(interview).scene
    recent, leanings = await list_recent_items(db, actor), await read_leanings(db, actor, spec)
    return build_plan(spec, secrets.randbelow(2**31), recent, leanings, scene.read if scene else None)


async def list_recent_items(db: AsyncSession, actor: Actor) -> list[set[str]]:
    """Ids of the bank items of each of the actor's last three sessions, the latest first: they rest before they come
    again."""
    recent = await db.scalars(
        select(SessionRow.id)
        .where(SessionRow.user_id == actor.user_id, SessionRow.kind == "interview")
        .order_by(SessionRow.id.desc())
        .limit(3)
    )
    return [items for session in list(recent) if (items := await list_asked_items(db, [session]))]


async def rename_interview(db: AsyncSession, actor: Actor, interview_id: UUID, name: str) -> InterviewRow:
    """Give the interview another name."""
    row = await find_interview(db, actor, interview_id)
    row.name = name
    return row


async def rename_session(db: AsyncSession, actor: Actor, session_id: UUID, name: str) -> SessionRow:
    """Give the session another name."""
    row = await find_session(db, actor, session_id)
    row.name = name
    return row


async def delete_interview(context: Context, db: AsyncSession, actor: Actor, interview_id: UUID) -> None:
    """Take the interview and its sessions off every list at once; ten seconds later they are really gone."""
    row = await find_interview(db, actor, interview_id)
    await deletion.begin(context, db, row, "purge_interview")


async def delete_session(context: Context, db: AsyncSession, actor: Actor, session_id: UUID) -> None:
    """Take the session off every list at once; ten seconds later it is really gone."""
    row = await find_session(db, actor, session_id)
    await deletion.begin(context, db, row, "purge_session")
    if row.kind == "sample":  # its interview has no other session
        await delete_interview(context, db, actor, row.interview_id)


async def restore_interview(context: Context, db: AsyncSession, actor: Actor, interview_id: UUID) -> None:
    """Undo a deletion within its ten seconds.

    Raises:
        NothingToRestore: it is gone, or never was.
    """
    await deletion.undo(db, InterviewRow, interview_id, actor.user_id, context.clock())


async def restore_session(context: Context, db: AsyncSession, actor: Actor, session_id: UUID) -> None:
    """Undo a deletion within its ten seconds.

    Raises:
        NothingToRestore: it is gone, or never was.
    """
    now = context.clock()
    row = await deletion.undo(db, SessionRow, session_id, actor.user_id, now)
    if row.kind == "sample":
        await deletion.undo(db, InterviewRow, row.interview_id, actor.user_id, now)


async def purge(db: AsyncSession, model: type[InterviewRow | SessionRow], id_: UUID, deleted_at: str) -> None:
    """Delete for good what is still deleted since that moment; what was restored stays."""
    if await deletion.complete(db, model, id_, deleted_at):
        await tidy(db)
