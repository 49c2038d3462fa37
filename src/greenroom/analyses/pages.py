"""The pages of analyses: paste a transcript, the list, and one with its evidence."""

from typing import Annotated
from uuid import UUID, uuid4

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import ValidationError

from greenroom.accounts.service import Actor, local_actor
from greenroom.analyses import service
from greenroom.analyses.schemas import LIMIT, AnalysisCreate
from greenroom.engines import service as engines
from greenroom.kit.texts import clean
from greenroom.kit.web import Ctx, ReadDb, WriteDb, render

router = APIRouter(include_in_schema=False, prefix="/analyses")
Me = Annotated[Actor, Depends(local_actor)]
SEE_OTHER = 303


async def _page(
    request: Request,
    context: Ctx,
    db: ReadDb,
    actor: Me,
    status: int = 200,
    *,
    typed: str = "",
    title: str = "",
    error: str = "",
    deleted: UUID | None = None,
) -> Response:
    recipients = [one.name for one in await engines.list_recipients(context, db) if "coach" in one.purposes]
    undo = (
        {"label": "The transcript was deleted.", "url": f"/analyses/{deleted}/restore"} if deleted else None
    )
    return render(
        request, "analyses.html", status=status, analyses=await service.list_analyses(db, actor), typed=typed,
        title=title, error=error, recipients=recipients, limit=LIMIT, undo=undo, key=str(uuid4()),
    )  # fmt: skip


@router.get("")
async def show_analyses(
    request: Request, context: Ctx, db: ReadDb, actor: Me, deleted: UUID | None = None
) -> Response:
    """The form and the list."""
    return await _page(request, context, db, actor, deleted=deleted)


@router.post("")
async def create_analysis(request: Request, context: Ctx, db: WriteDb, actor: Me) -> Response:
    """Keep a transcript; what cannot be read comes back with what was typed."""
    form = await request.form(max_files=0, max_fields=20, max_part_size=5 * LIMIT)
    text, title = (
        clean(value) if isinstance(value := form.get(name), str) else "" for name in ("text", "title")
    )
    agreed = [value for value in form.getlist("send_to") if isinstance(value, str)]
    try:
        new = AnalysisCreate(text=text, title=title[:120], send_to=agreed)
    except ValidationError:
        wrong = "empty" if not text.strip() else "long"
        return await _page(request, context, db, actor, 422, typed=text, title=title, error=wrong)
    key = form.get("key")
    made = await service.create_analysis(context, db, actor, new, key if isinstance(key, str) else None)
    return RedirectResponse(f"/analyses/{made.id}", SEE_OTHER)


@router.get("/{analysis_id}")
async def show_analysis(request: Request, db: ReadDb, actor: Me, analysis_id: UUID) -> Response:
    """One analysis; while it is under way the page asks for it again."""
    row = await service.find_analysis(db, actor, analysis_id)
    return render(request, "analysis.html", found=service.present(row))


@router.post("/{analysis_id}/delete")
async def delete_analysis(context: Ctx, db: WriteDb, actor: Me, analysis_id: UUID) -> Response:
    """Take it off the list and offer the undo."""
    await service.delete_analysis(context, db, actor, analysis_id)
    return RedirectResponse(f"/analyses?deleted={analysis_id}", SEE_OTHER)


@router.post("/{analysis_id}/restore")
async def restore_analysis(context: Ctx, db: WriteDb, actor: Me, analysis_id: UUID) -> Response:
    """Undo the deletion."""
    await service.restore_analysis(context, db, actor, analysis_id)
    return RedirectResponse("/analyses", SEE_OTHER)
