"""The settings page of models; every form has its twin in the API."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import ValidationError

from greenroom.accounts.service import Actor, local_actor
from greenroom.engines import books, queries, service
from greenroom.engines.schemas import EngineCreate, TestResult
from greenroom.kit.errors import Invalid, Problem
from greenroom.kit.faults import sentence
from greenroom.kit.web import Ctx, ReadDb, WriteDb, render
from greenroom.providers import prices
from greenroom.providers.llm.base import PURPOSES, Purpose

router = APIRouter(include_in_schema=False, prefix="/settings/engines")
Me = Annotated[Actor, Depends(local_actor)]
SEE_OTHER = 303
CALLS = 50
FIELDS = ("vendor", "model", "address", "region", "project")


async def _form(request: Request) -> tuple[dict[str, str], list[str]]:
    """The text fields, and the ticked purposes."""
    sent = await request.form(max_files=0, max_fields=30, max_part_size=20_000)
    fields = {name: value.strip() for name, value in sent.items() if isinstance(value, str)}
    return fields, [value for value in sent.getlist("purposes") if isinstance(value, str)]


async def _page(
    request: Request, context: Ctx, db: ReadDb, status: int = 200, *,
    form: dict[str, str] | None = None, ticked: list[str] | None = None, errors: dict[str, str] | None = None,
    trial: tuple[UUID, TestResult] | None = None, problem: str = "",
) -> Response:  # fmt: skip
    return render(
        request, "engines.html", status=status, kept=await queries.read_engines(context, db),
        vendors=queries.list_vendors(), purposes=PURPOSES, form={name: (form or {}).get(name, "") for name in FIELDS},
        ticked=ticked or [], errors=errors or {}, tried=trial[0] if trial else None, trial=trial[1] if trial else None, problem=problem,
    )  # fmt: skip


@router.get("")
async def show_engines(request: Request, context: Ctx, db: ReadDb, _: Me) -> Response:
    """Every engine, what it is used for, and a form for another one."""
    return await _page(request, context, db)


@router.get("/calls")
async def show_calls(request: Request, db: ReadDb, _: Me, before: UUID | None = None) -> Response:
    """What models were asked and what that cost: by month, and call by call."""
    calls = await books.list_calls(db, before=before, limit=CALLS)
    return render(
        request, "calls.html", calls=calls, months=await books.sum_months(db), prices_as_of=prices.load().as_of,
        older=calls[-1].id if len(calls) == CALLS else None,
    )  # fmt: skip


@router.post("")
async def add_engine(request: Request, context: Ctx, db: WriteDb, _: Me) -> Response:
    """Keep an engine; what cannot be kept comes back with what was typed, without the key."""
    form, purposes = await _form(request)
    try:
        typed = {name: form.get(name, "") for name in (*FIELDS, "key")}
        new = EngineCreate.model_validate({**typed, "purposes": purposes})
        await service.add_engine(context, db, new)
    except Invalid as problem:
        errors = {item["field"]: item["message"] for item in problem.extra.get("errors", [])}
        return await _page(
            request, context, db, 422, form=form, ticked=purposes, errors=errors or {"vendor": problem.detail}
        )
    except ValidationError as error:
        errors = {str(item["loc"][0]): sentence(item) for item in error.errors()}
        return await _page(request, context, db, 422, form=form, ticked=purposes, errors=errors)
    return RedirectResponse("/settings/engines", SEE_OTHER)


@router.post("/{engine_id}/trial")
async def try_engine(request: Request, context: Ctx, _: Me, engine_id: UUID) -> Response:
    """One trial request, and in words how it went."""
    try:
        trial, problem = (engine_id, await service.try_row(context, engine_id)), ""
    except Problem as refused:
        trial, problem = None, f"{refused.title}. {refused.detail}"
    async with context.database.read() as db:
        return await _page(request, context, db, trial=trial, problem=problem)


@router.post("/{engine_id}/delete")
async def remove_engine(db: WriteDb, _: Me, engine_id: UUID) -> Response:
    """Forget the engine and its key."""
    await service.remove_engine(db, engine_id)
    return RedirectResponse("/settings/engines", SEE_OTHER)


@router.post("/uses/{purpose}")
async def use_engines(request: Request, db: WriteDb, _: Me, purpose: Purpose) -> Response:
    """The engine asked first and the one asked when it fails; none of both: the built-in."""
    form, _purposes = await _form(request)
    chosen = [UUID(form[name]) for name in ("first", "then") if _is_id(form.get(name, ""))]
    await service.use_engines(db, purpose, list(dict.fromkeys(chosen)))
    return RedirectResponse("/settings/engines", SEE_OTHER)


def _is_id(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
