"""The set-up and its forms, and those of a session's row. Every form has its twin in the API and calls the same service."""

from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Annotated, Any, get_args
from uuid import UUID, uuid4

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import ValidationError
from sqlalchemy.ext.asyncio import AsyncSession

from greenroom.accounts.service import Actor, local_actor
from greenroom.documents.queries import find_job, list_resumes
from greenroom.documents.records import Resume
from greenroom.engines import service as engines
from greenroom.engines.schemas import Estimate, Recipient
from greenroom.interviews import scenarist, service
from greenroom.interviews.appointments import list_zones
from greenroom.interviews.errors import NotOffered
from greenroom.interviews.forms import LABELS, ROUND_PARTS, change_rounds, list_rounds, parse_spec, read_form
from greenroom.interviews.offers import estimate_plan, list_choices
from greenroom.interviews.schemas import DESCRIPTION_LIMIT, MOST_ROUNDS, InterviewCreate, Plan, SessionUpdate
from greenroom.kit.errors import Invalid, NotFound
from greenroom.kit.web import Ctx, ReadDb, WriteDb, render
from greenroom.library import catalog
from greenroom.library.scenes import Scene
from greenroom.library.schemas import Level
from greenroom.providers.llm.base import Purpose
from greenroom.providers.llm.engine import Engine

router = APIRouter(include_in_schema=False)
Me = Annotated[Actor, Depends(local_actor)]
BADGE = "Built-in interviewer"
SEE_OTHER = 303


@dataclass(frozen=True)
class Choices:
    """What the set-up lets a person choose of their own: who may get answers, and which résumé the panel reads."""

    recipients: list[Recipient]
    resumes: list[Resume]
    engines: Mapping[Purpose, Sequence[Engine]]
    budget_usd: float

    def estimate(self, plan: Plan | None, agreed: Collection[str]) -> Estimate | None:
        """What a session of this plan is likely to cost; None without a plan."""
        return estimate_plan(plan, self.engines, agreed, self.budget_usd) if plan else None


async def list_own_choices(context: Ctx, db: ReadDb, actor: Me) -> Choices:
    """The choices of the person at hand."""
    resumes = [resume for resume in await list_resumes(db, actor) if resume.reading.state == "ready"]
    return Choices(
        await engines.list_recipients(context, db), resumes, await engines.list_all(context, db),
        context.settings.session_budget_usd,
    )  # fmt: skip


Own = Annotated[Choices, Depends(list_own_choices, scope="function")]


def show_setup(
    request: Request,
    form: dict[str, Any],
    errors: dict[str, str],
    plan: Plan | None,
    plan_error: str,
    own: Choices,
    status: int = 200,
) -> Response:
    """The set-up page with what was typed."""
    values: dict[str, Any] = {
        **InterviewCreate().model_dump(), "planned_date": "", "planned_time": "", "planned_zone": "", **form,
    }  # fmt: skip
    rounds = [
        {"number": n} | {part: values[f"round{n}_{part}"] for part in ROUND_PARTS}
        for n in list_rounds(values)
    ]
    known = catalog.load().roles.get(str(values["role"]))
    if known:  # a slug is for programs
        values["role"] = known.title[:1].lower() + known.title[1:]
    ticked = values["send_answers_to"]
    agreed = ticked.splitlines() if isinstance(ticked, str) else ticked
    level: Level = values["level"] if values["level"] in get_args(Level) else "mid"
    return render(
        request, "setup.html", status=status, form=values, errors=errors, offered=list_choices(values["role"], level),
        plan=plan, plan_error=plan_error, badge=BADGE, key=str(uuid4()), estimate=own.estimate(plan, agreed),
        recipients=own.recipients, resumes=own.resumes, agreed=agreed, zones=list_zones(), rounds=rounds,
        most_rounds=MOST_ROUNDS, scenes=list_scenes(values["scenario"]), description_limit=DESCRIPTION_LIMIT,
        reads_scene=bool(own.engines["interviewer"]),
    )  # fmt: skip


def list_scenes(scenario: str) -> list[Scene]:
    """The library's meetings or presentations."""
    return [scene for scene in catalog.load().scenes.values() if scene.scenario == scenario]


async def preview(
    db: AsyncSession, actor: Actor, form: dict[str, str]
) -> tuple[InterviewCreate | None, dict[str, str], Plan | None, str]:
    """The spec, its errors, the plan and why there is none."""
    spec, errors = parse_spec(form)
    if spec is None:
        return None, errors, None, "Correct the marked words, and the running order appears here."
    try:
        return spec, {}, await service.preview(db, actor, spec), ""
    except (NotOffered, Invalid) as problem:
        return spec, {}, None, problem.detail


@router.get("/new")
async def show_new(request: Request, db: ReadDb, actor: Me, own: Own) -> Response:
    """The set-up; any field of the spec can be pre-filled by the query, and `job` by a job target's id."""
    given = {
        name: value for name, value in request.query_params.items() if name in InterviewCreate.model_fields
    }
    given = {**await read_target(db, actor, request.query_params.get("job", "")), **given}
    if given.get("scenario") == "own" and not given.get("description"):
        return show_setup(request, given, {}, None, "Describe it, and the running order appears here.", own)
    _, errors, plan, plan_error = await preview(db, actor, given)
    return show_setup(request, given, errors, plan, plan_error, own)


@router.post("/new")
async def change_setup(request: Request, db: ReadDb, actor: Me, own: Own) -> Response:
    """The set-up with a round more or less; nothing is kept."""
    form = await read_form(request)
    form = change_rounds(form, form.pop("change", ""))
    _, errors, plan, plan_error = await preview(db, actor, form)
    return show_setup(request, form, errors, plan, plan_error, own)


async def read_target(db: AsyncSession, actor: Actor, job_id: str) -> dict[str, str]:
    """What a job target says of the interview to set up; nothing when there is no such target."""
    with suppress(ValueError, NotFound):
        job = await find_job(db, actor, UUID(job_id))
        return {
            "job_id": str(job.id), "role": job.role or job.title, "company": job.company[:120],
            "level": job.level, "job_description": job.text[:50_000],
        }  # fmt: skip
    return {}


@router.post("/plan")
async def show_plan(request: Request, db: ReadDb, actor: Me, own: Own) -> Response:
    """The live plan as a fragment, or the whole page where there is no script."""
    form = await read_form(request)
    spec, errors, plan, plan_error = await preview(db, actor, form)
    if request.headers.get("hx-request"):
        estimate = own.estimate(plan, spec.send_answers_to if spec else ())
        swapped = form.get("scenario", "interview") != "interview"  # the briefing stands beside the form
        return render(
            request, "_plan.html", plan=plan, plan_error=plan_error, estimate=estimate, swapped=swapped
        )
    return show_setup(request, form, errors, plan, plan_error, own)


@router.post("/interviews")
async def begin(request: Request, context: Ctx, db: WriteDb, actor: Me, own: Own) -> Response:
    """Create the interview, start its first session and go to the room; or keep it for later."""
    form = await read_form(request)
    spec, errors = parse_spec(form)
    if spec is None:
        return show_setup(
            request,
            form,
            errors,
            None,
            "Correct the marked words, and the running order appears here.",
            own,
            422,
        )
    try:
        return await _begin(context, db, actor, spec, form.get("key"))
    except NotOffered as problem:
        return show_setup(request, form, {}, None, problem.detail, own, 422)
    except Invalid as problem:
        field = problem.extra["errors"][0]["field"].replace(".", "_")
        errors = {field: f"{LABELS[field]}: {problem.detail}"}
        plan = await service.preview(db, actor, spec) if field == "planned_at" else None
        return show_setup(request, form, errors, plan, "", own, 422)


@router.post("/interviews/defaults")
async def begin_with_defaults(request: Request, context: Ctx, db: WriteDb, actor: Me) -> Response:
    """One click to the first question."""
    form = await read_form(request)
    return await _begin(context, db, actor, InterviewCreate(), form.get("key"))


async def _begin(context: Ctx, db: WriteDb, actor: Actor, spec: InterviewCreate, key: str | None) -> Response:
    read = await scenarist.read_own(context, actor, spec, key)
    interview = await service.create_interview(context, db, actor, spec, key, read)
    if spec.planned:
        return RedirectResponse("/", SEE_OTHER)
    session = await service.start_session(context, db, actor, interview.id, f"{key}-session" if key else None)
    return RedirectResponse(f"/sessions/{session.id}", SEE_OTHER)


@router.post("/interviews/{interview_id}/sessions")
async def practise_again(
    request: Request, context: Ctx, db: WriteDb, actor: Me, interview_id: UUID
) -> Response:
    """Another session of the same interview."""
    form = await read_form(request)
    session = await service.start_session(context, db, actor, interview_id, form.get("key"))
    return RedirectResponse(f"/sessions/{session.id}", SEE_OTHER)


@router.post("/sessions/{session_id}/delete")
async def delete_session(context: Ctx, db: WriteDb, actor: Me, session_id: UUID) -> Response:
    """Take it off the list and offer the undo."""
    await service.delete_session(context, db, actor, session_id)
    return RedirectResponse(f"/history?deleted={session_id}", SEE_OTHER)


@router.post("/sessions/{session_id}/restore")
async def restore_session(context: Ctx, db: WriteDb, actor: Me, session_id: UUID) -> Response:
    """Undo the deletion."""
    await service.restore_session(context, db, actor, session_id)
    return RedirectResponse("/history", SEE_OTHER)


@router.post("/sessions/{session_id}/rename")
async def rename_session(request: Request, db: WriteDb, actor: Me, session_id: UUID) -> Response:
    """Give it another name; one with nothing to see keeps the old."""
    name = (await read_form(request)).get("name", "").strip()[:120]
    with suppress(ValidationError):
        await service.rename_session(db, actor, session_id, SessionUpdate(name=name).name)
    return RedirectResponse("/history", SEE_OTHER)
