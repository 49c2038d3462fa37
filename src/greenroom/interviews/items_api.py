"""Own questions over REST."""

from typing import Annotated

from fastapi import APIRouter, Depends, File, Path, Response, UploadFile
from starlette import datastructures

from greenroom.accounts.requests import IdempotencyKey
from greenroom.accounts.service import Actor, local_actor
from greenroom.interviews import own_items
from greenroom.interviews.own_items import OwnItem, OwnItemsCreate
from greenroom.kit.deletion import NothingToRestore
from greenroom.kit.errors import Invalid, KeyReused, NotFound, describe
from greenroom.kit.texts import clean
from greenroom.kit.web import Ctx, WriteDb
from greenroom.library.schemas import Item

router = APIRouter(prefix="/api/v1/items", tags=["items"])
Me = Annotated[Actor, Depends(local_actor)]
ItemKey = Annotated[str, Path(max_length=200, examples=["own.returns.001"])]
Questions = Annotated[
    UploadFile, File(description="a YAML list of questions, UTF-8, up to 400,000 characters")
]
TAKING = describe(Invalid, KeyReused)


@router.post("", status_code=201, summary="Add own questions", responses=TAKING)
async def add_items(
    context: Ctx, db: WriteDb, actor: Me, new: OwnItemsCreate, key: IdempotencyKey = None
) -> list[OwnItem]:
    """The questions of the file, ready to be asked. With anything wrong in it nothing is added, and `errors` names
    every fault with its line."""
    return await own_items.add_items(context, db, actor, new, key)


@router.post("/upload", status_code=201, summary="Upload a file of own questions", responses=TAKING)
async def upload_items(
    context: Ctx, db: WriteDb, actor: Me, file: Questions, key: IdempotencyKey = None
) -> list[OwnItem]:
    """The same for a file."""
    return await own_items.add_items(context, db, actor, await read_upload(file), key)


@router.get("", summary="List own questions")
async def list_items(_: Me) -> list[OwnItem]:
    """All own questions, by id."""
    return own_items.list_items()


@router.get("/{item_id}", summary="Read an own question", responses=describe(NotFound))
async def read_item(_: Me, item_id: ItemKey) -> Item:
    """The whole question, as it was added."""
    return own_items.find_item(item_id)


@router.delete("/{item_id}", status_code=204, summary="Remove an own question", responses=describe(NotFound))
async def remove_item(context: Ctx, db: WriteDb, _: Me, item_id: ItemKey) -> Response:
    """It is not planned any more, and gone for good after ten seconds. Interviews and sessions that have it keep it."""
    await own_items.remove_item(context, db, item_id)
    return Response(status_code=204)


@router.post(
    "/{item_id}/restore", status_code=204, summary="Undo a removal", responses=describe(NothingToRestore)
)
async def restore_item(context: Ctx, _: Me, item_id: ItemKey) -> Response:
    """Within ten seconds of the removal."""
    await own_items.restore_item(context, item_id)
    return Response(status_code=204)


async def read_upload(file: datastructures.UploadFile) -> OwnItemsCreate:
    """The text of an upload.

    Raises:
        Invalid: it is empty, too long, or not text in UTF-8.
    """
    body = await file.read(own_items.LONGEST * 4 + 1)
    try:
        text = clean(body.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        line = body[: error.start].count(b"\n") + 1
        fault = {"field": "file", "line": line, "item": "", "rule": "text", "message": "not text in UTF-8"}
        raise Invalid("The file is not text in UTF-8; nothing was added.", errors=[fault]) from error
    if not text.strip() or len(text) > own_items.LONGEST:
        fault = {
            "field": "file",
            "line": 1,
            "item": "",
            "rule": "length",
            "message": "empty, or over 400,000 characters",
        }
        raise Invalid("The file is empty or too long; nothing was added.", errors=[fault])
    return OwnItemsCreate(text=text, name=clean(file.filename or "")[-120:] or "questions.yaml")
