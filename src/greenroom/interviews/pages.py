"""The set-up, the history and what their forms do. Every form has its twin in the API and calls the same service."""

from contextlib import suppress
from datetime import datetime
from typing import Annotated, Any, get_args
from uuid import UUID, uuid4

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import ValidationError

from greenroom.accounts.service import Actor, local_actor
from greenroom.engines import service as engines
from greenroom.engines.schemas import Recipient
from greenroom.interviews import queries, service
from greenroom.interviews.errors import NotOffered
from greenroom.interviews.offers import list_choices
from greenroom.interviews.schemas import InterviewCreate, Plan, SessionSummary, SessionUpdate
from greenroom.kit.texts import Clean, clean
from greenroom.kit.web import Ctx, ReadDb, WriteDb, render
from greenroom.library import catalog
from greenroom.library.schemas import Level

router = APIRouter(include_in_schema=False)
Me = Annotated[Actor, Depends(local_actor)]
BADGE = "Built-in interviewer"
SEE_OTHER = 303


async def read_form(request: Request) -> dict[str, str]:
    """The fields of a form as text; files are not taken here."""
    form = await request.form(max_files=0, max_fields=40, max_part_size=200_000)
    fields = {clean(name): clean(value) for name, value in form.items() if isinstance(value, str)}
    if agreed := [clean(name) for name in form.getlist("send_answers_to") if isinstance(name, str)]:
        fields["send_answers_to"] = "\n".join(agreed)
    return fields


async def list_recipients(context: Ctx, db: ReadDb) -> list[Recipient]:
    """Who outside this machine would get answers if the person agrees."""
    return await engines.list_recipients(context, db)


Recipients = Annotated[list[Recipient], Depends(list_recipients, scope="function")]


def parse_spec(form: dict[str, str]) -> tuple[InterviewCreate | None, dict[str, str]]:
    """The spec of a submitted form, or the message for each field that cannot be used."""
    known: dict[str, str | int] = {
        name: value for name, value in form.items() if name in InterviewCreate.model_fields
    }
    if form.get("minutes", "").isdecimal():  # a choice among numbers, which a form can only send as text
        known["minutes"] = int(form["minutes"])
    if known.get("seed") == "":
        known.pop("seed")
    try:
        return InterviewCreate.model_validate(known), {}
    except ValidationError as error:
        return None, {str(item["loc"][0]): explain(item) for item in error.errors() if item["loc"]}


def explain(item: Any) -> str:  # noqa: ANN401 - Pydantic's error dictionary
    """What is wrong with a field, in words."""
    limit = item.get("ctx", {}).get("max_length")
    match item["type"]:
        case "string_too_long":
            return f"At most {limit:,} characters fit here. What you wrote is still here: shorten it."
        case "string_too_short" | "missing":
            return "Something is needed here."
        case _:
            return "Choose one of the offered values."


def show_setup(
    request: Request,
    form: dict[str, Any],
    errors: dict[str, str],
    plan: Plan | None,
    plan_error: str,
    recipients: list[Recipient],
    status: int = 200,
) -> Response:
    """The set-up page with what was typed."""
    values = {**InterviewCreate().model_dump(), **form}
    known = catalog.load().roles.get(str(values["role"]))
    if known:  # a slug is for programs
        values["role"] = known.title[:1].lower() + known.title[1:]
    ticked = values["send_answers_to"]
    agreed = ticked.splitlines() if isinstance(ticked, str) else ticked
    level = values["level"] if values["level"] in get_args(Level) else "mid"
    return render(
        request, "setup.html", status=status, form=values, errors=errors, offered=list_choices(values["role"], level),
        plan=plan, plan_error=plan_error, badge=BADGE, key=str(uuid4()),
        recipients=recipients, agreed=agreed,
    )  # fmt: skip


def preview(form: dict[str, str]) -> tuple[InterviewCreate | None, dict[str, str], Plan | None, str]:
    """The spec, its errors, the plan and why there is none."""
    spec, errors = parse_spec(form)
    if spec is None:
        return None, errors, None, "Correct the marked words, and the running order appears here."
    try:
        return spec, {}, service.preview(spec), ""
    except NotOffered as problem:
        return spec, {}, None, problem.detail


@router.get("/")
async def first_page() -> Response:
    """The set-up is the first page."""
    return RedirectResponse("/new", SEE_OTHER)


@router.get("/new")
async def show_new(request: Request, recipients: Recipients) -> Response:
    """The set-up; any field of the spec can be pre-filled by the query."""
    given = {
        name: value for name, value in request.query_params.items() if name in InterviewCreate.model_fields
    }
    _, errors, plan, plan_error = preview(given)
    return show_setup(request, given, errors, plan, plan_error, recipients)


@router.post("/plan")
async def show_plan(request: Request, recipients: Recipients) -> Response:
    """The live plan as a fragment, or the whole page where there is no script."""
    form = await read_form(request)
    _, errors, plan, plan_error = preview(form)
    if request.headers.get("hx-request"):
        return render(request, "_plan.html", plan=plan, plan_error=plan_error)
    return show_setup(request, form, errors, plan, plan_error, recipients)


@router.post("/interviews")
async def begin(request: Request, context: Ctx, db: WriteDb, actor: Me, recipients: Recipients) -> Response:
    """Create the interview, start its first session and go to the room."""
    form = await read_form(request)
    spec, errors = parse_spec(form)
    if spec is None:
        return show_setup(
            request,
            form,
            errors,
            None,
            "Correct the marked words, and the running order appears here.",
            recipients,
            422,
        )
    try:
        return await _begin(context, db, actor, spec, form.get("key"))
    except NotOffered as problem:
        return show_setup(request, form, {}, None, problem.detail, recipients, 422)


@router.post("/interviews/defaults")
async def begin_with_defaults(request: Request, context: Ctx, db: WriteDb, actor: Me) -> Response:
    """One click to the first question."""
    form = await read_form(request)
    return await _begin(context, db, actor, InterviewCreate(), form.get("key"))


async def _begin(context: Ctx, db: WriteDb, actor: Actor, spec: InterviewCreate, key: str | None) -> Response:
    interview = await service.create_interview(context, db, actor, spec, key)
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


@router.get("/history")
async def show_history(
    request: Request,
    db: ReadDb,
    actor: Me,
    q: Annotated[Clean, Query(max_length=200)] = "",
    role: Annotated[Clean, Query(max_length=120)] = "",
    order: str = "newest",
    deleted: UUID | None = None,
) -> Response:
    """Every session with its ribbon, by month."""
    sessions = await queries.list_sessions(db, actor, q=q, role=role, order=order, limit=100)
    undo = {"label": "The session was deleted.", "url": f"/sessions/{deleted}/restore"} if deleted else None
    return render(
        request, "history.html", groups=group_by_month(sessions), undo=undo, error=None,
        filters={"q": q, "role": role, "order": order, "roles": await queries.list_roles_used(db, actor)},
        key=str(uuid4()),
    )  # fmt: skip


def group_by_month(sessions: list[SessionSummary]) -> dict[str, list[SessionSummary]]:
    """Sessions under "November 2026", in the order given."""
    groups: dict[str, list[SessionSummary]] = {}
    for session in sessions:
        groups.setdefault(month_of(session.started_at), []).append(session)
    return groups


def month_of(moment: datetime) -> str:
    """Month and year in words, in this machine's zone."""
    return moment.astimezone().strftime("%B %Y")


@router.post("/sessions/{session_id}/delete")
async def delete_session(context: Ctx, db: WriteDb, actor: Me, session_id: UUID) -> Response:
    """Take it off the list and offer the undo."""
    await service.delete_session(context, db, actor, session_id)
    return RedirectResponse(f"/history?deleted={session_id}", SEE_OTHER)


@router.post("/sessions/{session_id}/restore")
async def restore_session(db: WriteDb, actor: Me, session_id: UUID) -> Response:
    """Undo the deletion."""
    await service.restore_session(db, actor, session_id)
    return RedirectResponse("/history", SEE_OTHER)


@router.post("/sessions/{session_id}/rename")
async def rename_session(request: Request, db: WriteDb, actor: Me, session_id: UUID) -> Response:
    """Give it another name; one with nothing to see keeps the old."""
    name = (await read_form(request)).get("name", "").strip()[:120]
    with suppress(ValidationError):
        await service.rename_session(db, actor, session_id, SessionUpdate(name=name).name)
    return RedirectResponse("/history", SEE_OTHER)
