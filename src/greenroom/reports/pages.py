"""The report, the history and the comparison as pages, and the forms on them."""

import contextlib
from typing import Annotated
from uuid import UUID, uuid4

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import ValidationError

from greenroom.accounts.service import Actor, local_actor
from greenroom.grading import service as grading
from greenroom.grading.service import NotAnswered, StillPending
from greenroom.interviews import retries, runs
from greenroom.interviews.appointments import list_zones
from greenroom.interviews.home import read_planned
from greenroom.interviews.pages import SEE_OTHER, read_form
from greenroom.interviews.schemas import SessionSummary
from greenroom.kit.errors import NotFound
from greenroom.kit.texts import clean
from greenroom.kit.web import Ctx, ReadDb, WriteDb, render
from greenroom.reports import history, queries, service
from greenroom.reports.history import Filters, Order

router = APIRouter(include_in_schema=False)
Me = Annotated[Actor, Depends(local_actor)]
DISPUTE_LIMIT = 2_000


@router.get("/sessions/{session_id}/report")
async def show_report(request: Request, db: ReadDb, actor: Me, session_id: UUID) -> Response:
    """The whole report."""
    return render(
        request, "report.html", report=await queries.read_report(db, actor, session_id), key=str(uuid4())
    )


@router.get("/sessions/{session_id}/report/questions/{question_id}")
async def show_card(request: Request, db: ReadDb, actor: Me, session_id: UUID, question_id: str) -> Response:
    """One card as a fragment: a pending one asks for itself again until it is done."""
    report = await queries.read_report(db, actor, session_id)
    card = next((card for card in report.cards if card.id == question_id), None)
    if card is None:
        raise NotFound("There is no such question in this report.")
    return render(request, "_card.html", report=report, card=card, key=str(uuid4()))


@router.post("/sessions/{session_id}/questions/{question_id}/retries")
async def retry_question(
    request: Request, context: Ctx, db: WriteDb, actor: Me, session_id: UUID, question_id: str
) -> Response:
    """A short session with only this question."""
    key = (await read_form(request)).get("key")
    row = await retries.start_retry(context, db, actor, session_id, [question_id], key)
    return RedirectResponse(f"/sessions/{row.id}", SEE_OTHER)


@router.post("/sessions/{session_id}/retries")
async def retry_weakest(request: Request, context: Ctx, db: WriteDb, actor: Me, session_id: UUID) -> Response:
    """A short session with the three weakest questions."""
    key = (await read_form(request)).get("key")
    row = await service.retry_weakest(context, db, actor, session_id, key)
    return RedirectResponse(f"/sessions/{row.id}", SEE_OTHER)


@router.post("/sample")
async def create_sample(request: Request, context: Ctx, db: WriteDb, actor: Me) -> Response:
    """The sample and its report."""
    key = (await read_form(request)).get("key")
    row = await service.create_sample(context, db, actor, key)
    return RedirectResponse(f"/sessions/{row.id}/report", SEE_OTHER)


@router.get("/sessions/{session_id}/break")
async def show_break(request: Request, db: ReadDb, actor: Me, session_id: UUID) -> Response:
    """Between two rounds: what is behind, what comes next, now or later."""
    run = await queries.read_run(db, actor, session_id)
    return render(request, "break.html", run=run, session_id=session_id, key=str(uuid4()))


@router.get("/sessions/{session_id}/summary")
async def show_summary(request: Request, db: ReadDb, actor: Me, session_id: UUID) -> Response:
    """All rounds together."""
    run = await queries.read_run(db, actor, session_id)
    return render(request, "summary.html", run=run, session_id=session_id, key=str(uuid4()))


@router.post("/sessions/{session_id}/rounds")
async def start_round(request: Request, context: Ctx, db: WriteDb, actor: Me, session_id: UUID) -> Response:
    """Begin the next round, or the one named, and go to its room."""
    form = await read_form(request)
    number = form.get("round", "")
    row = await runs.start_round(
        context,
        db,
        actor,
        session_id,
        int(number) if number in ("1", "2", "3", "4") else None,
        form.get("key"),
    )
    return RedirectResponse(f"/sessions/{row.id}", SEE_OTHER)


@router.get("/history")
async def show_history(
    request: Request,
    context: Ctx,
    db: ReadDb,
    actor: Me,
    deleted: UUID | None = None,
    pick: UUID | None = None,
) -> Response:
    """What is planned, and a page of sessions with their ribbons. With `pick` each row offers to be compared with that session."""
    filters, refused = parse_filters(dict(request.query_params))
    sessions = await history.list_sessions(db, actor, filters)
    picked = await history.read_summary(db, actor, pick) if pick else None
    undo = {"label": "The session was deleted.", "url": f"/sessions/{deleted}/restore"} if deleted else None
    older = ""
    if len(sessions) == filters.limit:
        onward = request.url.include_query_params(before=str(sessions[-1].id)).remove_query_params("deleted")
        older = f"/history?{onward.query}"
    return render(
        request, "history.html", groups=group(sessions, filters.order), undo=undo, error=None, filters=filters,
        refused=refused, roles=await history.list_roles_used(db, actor), picked=picked, key=str(uuid4()),
        older=older, planned=[] if filters.narrow or filters.before or picked else await read_planned(db, actor),
        zones=list_zones(), now=context.clock(),
    )  # fmt: skip


def parse_filters(given: dict[str, str]) -> tuple[Filters, list[str]]:
    """The filters of an address, and the names of those that cannot be used and are left out."""
    filled = {name: value for name, value in given.items() if value.strip()}
    try:
        return Filters.model_validate(filled), []
    except ValidationError as error:
        refused = sorted({str(item["loc"][0]) for item in error.errors()})
        kept = {name: value for name, value in filled.items() if name not in refused}
        return Filters.model_validate(kept), refused


def group(sessions: list[SessionSummary], order: Order) -> dict[str, list[SessionSummary]]:
    """Sessions under "November 2026", a role's title, or the score, in the order given."""
    groups: dict[str, list[SessionSummary]] = {}
    for session in _together(sessions) if order in ("newest", "oldest") else sessions:
        groups.setdefault(heading(session, order), []).append(session)
    return groups


def _together(sessions: list[SessionSummary]) -> list[SessionSummary]:
    """The same, with the rounds of a run beside each other, where the first of them stands."""
    runs: dict[UUID, list[SessionSummary]] = {}
    for session in sessions:
        runs.setdefault(session.run_id or session.id, []).append(session)
    return [session for run in runs.values() for session in run]


def heading(session: SessionSummary, order: Order) -> str:
    """What a session stands under in a list of this order; months are those of this machine's zone."""
    if order == "role":
        return session.role_title
    if order == "score":
        return "With an overall score" if session.overall is not None else "Without one"
    return session.started_at.astimezone().strftime("%B %Y")


@router.get("/history/compare")
async def show_comparison(
    request: Request, db: ReadDb, actor: Me, a: UUID | None = None, b: UUID | None = None
) -> Response:
    """Two sessions side by side; without two of them, the list to choose from."""
    if a is None or b is None:
        pick = a or b
        return RedirectResponse(f"/history?pick={pick}" if pick else "/history", SEE_OTHER)
    return render(
        request, "compare.html", comparison=await queries.compare_sessions(db, actor, a, b), key=str(uuid4())
    )


@router.post("/sessions/{session_id}/rating")
async def rate_own(request: Request, context: Ctx, db: WriteDb, actor: Me, session_id: UUID) -> Response:
    """Keep the own levels, or that they were skipped."""
    form = await read_form(request)
    levels = {
        name.removeprefix("level-"): int(value)
        for name, value in form.items()
        if name.startswith("level-") and value in ("1", "2", "3", "4", "5")
    }
    await grading.rate_own(context, db, actor, session_id, dict(levels))
    return RedirectResponse(f"/sessions/{session_id}/report", SEE_OTHER)


@router.post("/sessions/{session_id}/scores/{question_id}/retry")
async def retry_score(context: Ctx, db: WriteDb, actor: Me, session_id: UUID, question_id: str) -> Response:
    """Judge one answer again; the card says how it goes."""
    with contextlib.suppress(StillPending, NotAnswered):
        await grading.request_grading(context, db, actor, session_id, question_id)
    return RedirectResponse(f"/sessions/{session_id}/report#{question_id}", SEE_OTHER)


@router.post("/sessions/{session_id}/scores/{question_id}/disputes")
async def dispute(
    request: Request, context: Ctx, db: WriteDb, actor: Me, session_id: UUID, question_id: str
) -> Response:
    """Keep what looks wrong."""
    said = clean((await read_form(request)).get("text", "")).strip()[:DISPUTE_LIMIT]
    if said:
        await grading.dispute(context, db, actor, session_id, question_id, said)
    return RedirectResponse(f"/sessions/{session_id}/report#{question_id}", SEE_OTHER)
