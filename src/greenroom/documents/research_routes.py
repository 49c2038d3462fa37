"""Research of companies over REST and as forms of the company's page."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import ValidationError

from greenroom.accounts.service import Actor, local_actor
from greenroom.documents import companies, industries, queries, research
from greenroom.documents.research import NotSetUp, Research, ResearchCreate, ResearchOffer, StillFresh
from greenroom.kit.errors import NotFound, describe
from greenroom.kit.texts import clean
from greenroom.kit.web import Ctx, ReadDb, WriteDb, render

router = APIRouter(prefix="/api/v1/companies", tags=["companies"])
pages = APIRouter(include_in_schema=False, prefix="/companies")
Me = Annotated[Actor, Depends(local_actor)]
SEE_OTHER = 303
ADDRESSES = "Addresses begin with https:// or http://, one a line, five at most. Nothing was sent."


@router.get("/research", summary="What research can use here")
async def read_offer(context: Ctx, db: ReadDb, _: Me) -> ResearchOffer:
    """Engines, who would get the company's name and pages, and whether the web may be used."""
    return await research.read_offer(context, db)


@router.get("/{company_id}/research", summary="How far research is", responses=describe(NotFound))
async def read_research(context: Ctx, db: ReadDb, actor: Me, company_id: UUID) -> Research:
    """Its state, its sources with their dates, and every statement with the quote that shows it."""
    return await research.read(context, db, actor, company_id)


@router.post(
    "/{company_id}/research", status_code=202, summary="Research a company",
    responses=describe(NotFound, NotSetUp, StillFresh),
)  # fmt: skip
async def ask_research(
    context: Ctx, db: WriteDb, actor: Me, company_id: UUID, wanted: ResearchCreate
) -> Research:
    """A model reads the pasted pages, and those of the web that the settings allow. Ask again until it is `ready` or
    `failed`; asking while it runs changes nothing. What is found becomes part of the profile."""
    return await research.ask(context, db, actor, company_id, wanted)


@router.post(
    "/{company_id}/research/cancel", status_code=204, summary="Stop research", responses=describe(NotFound)
)
async def cancel_research(db: WriteDb, actor: Me, company_id: UUID) -> Response:
    """What an earlier research found stays."""
    await research.cancel(db, actor, company_id)
    return Response(status_code=204)


@pages.get("/{company_id}")
async def show_company(request: Request, context: Ctx, db: WriteDb, actor: Me, company_id: UUID) -> Response:
    """The profile with its sources, how far research is, and the form behind it."""
    return await _show(request, context, db, actor, company_id)


async def _show(
    request: Request, context: Ctx, db: WriteDb, actor: Actor, company_id: UUID, *, error: str = "", status: int = 200
) -> Response:  # fmt: skip
    row = await companies.refresh_company(context, db, actor, company_id, force=False)
    return render(
        request, "company.html", status=status, company=queries.present_company(row, context.clock()),
        industries=[(industry.slug, industry.title) for industry in industries.load().values()],
        research=await research.read(context, db, actor, company_id),
        offer=await research.read_offer(context, db), error=error,
    )  # fmt: skip


@pages.post("/{company_id}/research")
async def begin_research(
    request: Request, context: Ctx, db: WriteDb, actor: Me, company_id: UUID
) -> Response:
    """Begin, and come back to the page, which shows how far it is."""
    async with request.form(max_files=0, max_fields=30, max_part_size=20_000) as form:
        texts = {name: clean(value) for name, value in form.items() if isinstance(value, str)}
        send_to = [clean(value) for value in form.getlist("send_to") if isinstance(value, str)]
    try:
        wanted = ResearchCreate(
            send_to=send_to, urls=texts.get("urls", "").split(), search=bool(texts.get("search")),
            force=bool(texts.get("force")),
        )  # fmt: skip
        await research.ask(context, db, actor, company_id, wanted)
    except ValidationError:
        return await _show(request, context, db, actor, company_id, error=ADDRESSES, status=422)
    except (NotSetUp, StillFresh) as problem:
        said = f"{problem.title}. {problem.detail}"
        return await _show(request, context, db, actor, company_id, error=said, status=problem.status)
    return RedirectResponse(f"/companies/{company_id}#research", SEE_OTHER)


@pages.post("/{company_id}/research/cancel")
async def stop_research(db: WriteDb, actor: Me, company_id: UUID) -> Response:
    """Stop it."""
    await research.cancel(db, actor, company_id)
    return RedirectResponse(f"/companies/{company_id}#research", SEE_OTHER)
