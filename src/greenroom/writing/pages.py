"""The page on which a model writes questions and a person looks at them; every form has its twin in the API."""

from typing import Annotated
from uuid import UUID, uuid4

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import ValidationError
from sqlalchemy.ext.asyncio import AsyncSession

from greenroom.accounts.service import Actor, local_actor
from greenroom.engines import service as engines
from greenroom.interviews.offers import list_choices
from greenroom.kit.errors import Invalid, Problem
from greenroom.kit.texts import clean
from greenroom.kit.web import Context, Ctx, ReadDb, WriteDb, render
from greenroom.library import catalog
from greenroom.providers import catalog as vendors
from greenroom.writing import service
from greenroom.writing.schemas import WritingCreate

router = APIRouter(include_in_schema=False, prefix="/questions/written")
Me = Annotated[Actor, Depends(local_actor)]
SEE_OTHER = 303
UNUSABLE = (
    "Say in a few words what the questions are to be about, 20,000 characters at most. Nothing was sent."
)


async def _show(
    request: Request, context: Context, db: AsyncSession, actor: Actor, *, form: dict[str, str] | None = None,
    error: str = "", status: int = 200,
) -> Response:  # fmt: skip
    known = await engines.list_engines(context, db, "research")
    names = dict.fromkeys(name for engine in known if (name := vendors.recipient_of(engine)))
    return render(
        request, "written.html", status=status, orders=await service.list_orders(db, actor), error=error,
        engines=[engine.name for engine in known], recipients=list(names), roles=list_choices("", "mid").roles,
        form={"topic": "", "role": "", "level": "mid", "type": "behavioral", "count": "3", **(form or {})},
        competencies={info.slug: info.title for info in catalog.load().competencies.values()}, key=str(uuid4()),
    )  # fmt: skip


@router.get("")
async def show_orders(request: Request, context: Ctx, db: ReadDb, actor: Me) -> Response:
    """The form, and every order with its drafts."""
    return await _show(request, context, db, actor)


@router.post("")
async def order_questions(request: Request, context: Ctx, db: WriteDb, actor: Me) -> Response:
    """Begin to write; what cannot be used comes back with what was typed."""
    async with request.form(max_files=0, max_fields=30, max_part_size=200_000) as sent:
        form = {name: clean(value) for name, value in sent.items() if isinstance(value, str)}
        send_to = [clean(value) for value in sent.getlist("send_to") if isinstance(value, str)]
    fields = {name: form[name] for name in ("topic", "role", "level", "type", "count") if form.get(name)}
    try:
        wanted = WritingCreate.model_validate({**fields, "send_to": send_to})
        await service.order(context, db, actor, wanted, form.get("key"))
    except ValidationError:
        return await _show(request, context, db, actor, form=form, error=UNUSABLE, status=422)
    except Problem as problem:
        said = f"{problem.title}. {problem.detail}"
        return await _show(request, context, db, actor, form=form, error=said, status=problem.status)
    return RedirectResponse("/questions/written#orders", SEE_OTHER)


@router.post("/{writing_id}/cancel")
async def cancel_order(db: WriteDb, actor: Me, writing_id: UUID) -> Response:
    """Stop it."""
    await service.cancel(db, actor, writing_id)
    return RedirectResponse("/questions/written#orders", SEE_OTHER)


@router.post("/{writing_id}/keep")
async def keep_drafts(request: Request, context: Ctx, db: WriteDb, actor: Me, writing_id: UUID) -> Response:
    """Put the ticked drafts into the bank."""
    async with request.form(max_files=0, max_fields=20, max_part_size=2_000) as sent:
        chosen = [value for value in sent.getlist("items") if isinstance(value, str)]
    try:
        await service.keep(context, db, actor, writing_id, chosen)
    except (Invalid, service.NotReady) as problem:
        return await _show(request, context, db, actor, error=problem.detail, status=problem.status)
    return RedirectResponse("/questions", SEE_OTHER)


@router.post("/{writing_id}/delete")
async def remove_order(db: WriteDb, actor: Me, writing_id: UUID) -> Response:
    """Forget it."""
    await service.remove(db, actor, writing_id)
    return RedirectResponse("/questions/written#orders", SEE_OTHER)
