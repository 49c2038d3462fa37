"""The page of own questions; every form has its twin in the API."""

from typing import Annotated, Any
from uuid import uuid4

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import ValidationError
from starlette.datastructures import UploadFile

from greenroom.accounts.service import Actor, local_actor
from greenroom.interviews import own_items
from greenroom.interviews.items_api import ItemKey, read_upload
from greenroom.interviews.own_items import EXAMPLE, OwnItemsCreate
from greenroom.kit.errors import Invalid
from greenroom.kit.texts import clean
from greenroom.kit.web import Ctx, WriteDb, render
from greenroom.library import catalog

router = APIRouter(include_in_schema=False, prefix="/questions")
Me = Annotated[Actor, Depends(local_actor)]
Removed = Annotated[str, Query(max_length=200, pattern=r"^[a-z0-9_.]*$")]
SEE_OTHER = 303


def show(
    request: Request,
    *,
    text: str = "",
    detail: str = "",
    errors: list[dict[str, Any]] | None = None,
    removed: str = "",
    status: int = 200,
) -> Response:
    """The page with what was typed and what is wrong with it."""
    library = catalog.load()
    undo = {"label": "The question was removed.", "url": f"/questions/{removed}/restore"} if removed else None
    return render(
        request, "questions.html", status=status, items=own_items.list_items(), text=text, detail=detail,
        errors=errors or [], example=EXAMPLE, key=str(uuid4()), unread=library.own_problems, undo=undo,
        competencies={info.slug: info.title for info in library.competencies.values()},
        packaged=len(library.items) - len([key for key in library.items if key.startswith("own.")]),
    )  # fmt: skip


@router.get("")
async def show_questions(request: Request, _: Me, removed: Removed = "") -> Response:
    """Own questions, and a form for more."""
    return show(request, removed=removed)


@router.post("")
async def add_questions(request: Request, context: Ctx, db: WriteDb, actor: Me) -> Response:
    """Keep the questions of an upload or of the pasted text; what is wrong comes back with its lines."""
    form = await request.form(max_files=1, max_fields=4, max_part_size=own_items.LONGEST * 4)
    typed, file, key = form.get("text"), form.get("file"), form.get("key")
    text = clean(typed) if isinstance(typed, str) else ""
    try:
        if isinstance(file, UploadFile) and file.filename:
            new = await read_upload(file)
        else:
            new = OwnItemsCreate(text=text.replace("\r\n", "\n"))
        await own_items.add_items(context, db, actor, new, str(key) if key else None)
    except ValidationError:
        return show(request, text=text, detail="Paste questions or choose a file.", status=422)
    except Invalid as problem:
        return show(
            request, text=text, detail=problem.detail, errors=problem.extra.get("errors", []), status=422
        )
    return RedirectResponse("/questions", SEE_OTHER)


@router.post("/{item_id}/delete")
async def remove_question(context: Ctx, db: WriteDb, _: Me, item_id: ItemKey) -> Response:
    """Take a question out and offer the undo."""
    await own_items.remove_item(context, db, item_id)
    return RedirectResponse(f"/questions?removed={item_id}", SEE_OTHER)


@router.post("/{item_id}/restore")
async def restore_question(context: Ctx, _: Me, item_id: ItemKey) -> Response:
    """Undo the removal."""
    await own_items.restore_item(context, item_id)
    return RedirectResponse("/questions", SEE_OTHER)
