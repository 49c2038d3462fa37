"""Research in the background: pages are read, a model says what stands in them, code looks every quote up."""

from pathlib import Path
from uuid import UUID

import structlog

from greenroom.documents import companies, hidden
from greenroom.documents.findings import PASTED, PageText, Source, Study, check_study
from greenroom.documents.models import CompanyRow, ResearchRow
from greenroom.documents.research import OPEN, ResearchCreate, search_of
from greenroom.engines import service as engines
from greenroom.kit.prompts import fill
from greenroom.kit.web import Context
from greenroom.providers.llm.base import Prompt, ProviderError
from greenroom.providers.web.base import WebError
from greenroom.providers.web.pages import PageReader

PROMPT = Path(__file__).parent / "prompts" / "company.v1.md"
MOST_PAGES = 6
SHOWN_CHARS = 12_000
GAVE_UP = "The research failed on our side. What was found before is still here."
log = structlog.get_logger()

MODEL_FAULTS = {
    "timeout": "The model did not answer in time.",
    "credentials": "The model's vendor refused the key.",
    "refused": "The model refused.",
    "invalid_output": "The model's answer did not fit the schema, twice.",
    "quota": "The account of the model's vendor has no credit left.",
}
PAGE_FAULTS = {
    "forbidden_address": "not an address of the open web",
    "too_large": "larger than 1 MB",
    "not_a_page": "neither HTML nor text",
    "timeout": "no answer in time",
    "redirects": "redirected too often",
    "credentials": "closed to us",
}


async def run(context: Context, company_id: UUID, run_id: UUID) -> None:
    """One research, from pages to checked findings. Running it again after a crash begins anew and ends the same."""
    async with context.database.write() as db:
        row, company = await db.get(ResearchRow, company_id), await db.get(CompanyRow, company_id)
        if row is None or company is None or row.run != run_id or row.state not in OPEN:
            return
        row.state, row.done = "working", 0
        wanted, name, pasted = ResearchCreate.model_validate(row.asked), company.name, company.pages
    pages, sources = await _gather(context, company_id, run_id, wanted, name, pasted)
    if pages is None:
        return
    if not pages:
        await _end(
            context,
            company_id,
            run_id,
            sources,
            problem="There was no page to read. Paste one, or give an address.",
        )
        return
    await _study(context, company_id, run_id, wanted, name, pages, sources)


async def _study(
    context: Context, company_id: UUID, run_id: UUID, wanted: ResearchCreate, name: str, pages: list[PageText],
    sources: list[Source],
) -> None:  # fmt: skip
    assigned = await engines.assign(context, "research", None, wanted.send_to)
    if assigned is None:
        await _end(context, company_id, run_id, sources, problem="No model is set up for research any more.")
        return
    filled = fill(PROMPT, company=name, pages=pages)
    prompt = Prompt(filled.instructions, filled.data, filled.version, filled.temperature, filled.max_tokens)
    try:
        reply = await assigned.model.ask(prompt, Study)
    except ProviderError as error:
        said = MODEL_FAULTS.get(error.kind, "The model could not be had.")
        await _end(context, company_id, run_id, sources, problem=f"{said} The profile goes without it.")
        return
    findings, left_out = check_study(reply.output, pages)
    async with context.database.write() as db:
        row, company = await db.get(ResearchRow, company_id), await db.get(CompanyRow, company_id)
        if row is None or company is None or row.run != run_id or row.state not in OPEN:
            return
        row.state, row.engine, row.done, row.finished_at = (
            "ready",
            reply.engine[:240],
            row.total,
            context.clock(),
        )
        row.problem = (
            "" if findings else "Nothing the model said stands in the pages. The profile goes without it."
        )
        row.sources = [source.model_dump(mode="json") for source in sources]
        row.findings = [finding.model_dump(mode="json") for finding in findings]
        row.left_out = left_out
        await db.flush()
        await companies.remake(db, company, context.clock())
    log.info("company.researched", company=str(company_id), findings=len(findings), left_out=left_out)


async def _gather(
    context: Context, company_id: UUID, run_id: UUID, wanted: ResearchCreate, name: str, pasted: str
) -> tuple[list[PageText] | None, list[Source]]:
    """The pages to read, in order, and every source with what became of it; None when it was cancelled."""
    sources: list[Source] = []
    urls = list(wanted.urls) if context.settings.research_web != "off" else []
    search = search_of(context) if wanted.search else None
    if search is not None:
        try:
            urls += [hit.url for hit in await search.search(f"{name} interview process values", MOST_PAGES)]
        except WebError as error:
            sources.append(
                Source(
                    url="", title=search.name, problem=f"the search failed: {error.kind.replace('_', ' ')}"
                )
            )
    urls = list(dict.fromkeys(urls))[: MOST_PAGES - bool(pasted.strip())]
    texts: list[tuple[str, str, str]] = []
    if pasted.strip():
        texts.append((PASTED, "", pasted))
        sources.append(Source(url=PASTED, fetched_at=None))
    reader = context.one(PageReader)
    for n, url in enumerate(urls):
        if not await _go_on(context, company_id, run_id, n, len(urls) + 1):
            return None, sources
        try:
            page = await reader.read(url)
        except WebError as error:
            sources.append(Source(url=url, problem=PAGE_FAULTS.get(error.kind, error.kind.replace("_", " "))))
            continue
        texts.append((page.url, page.title, page.text))
        sources.append(Source(url=page.url, title=page.title, fetched_at=context.clock()))
    if not await _go_on(context, company_id, run_id, len(urls), len(urls) + 1):
        return None, sources
    pages = [
        PageText(number=n, url=url, title=title, text=plain(text))
        for n, (url, title, text) in enumerate(texts, start=1)
    ]
    return [page for page in pages if page.text.strip()], sources


def plain(text: str) -> str:
    """The text of a page without what is hidden in it and what speaks to machines."""
    shown, _ = hidden.clean(text)
    return hidden.mask(shown, hidden.find_commands(shown))[:SHOWN_CHARS]


async def _go_on(context: Context, company_id: UUID, run_id: UUID, done: int, total: int) -> bool:
    """Note how far it is; False when it was cancelled or begun anew meanwhile."""
    async with context.database.write() as db:
        row = await db.get(ResearchRow, company_id)
        if row is None or row.run != run_id or row.state not in OPEN:
            return False
        row.done, row.total = done, total
    return True


async def _end(
    context: Context, company_id: UUID, run_id: UUID, sources: list[Source], *, problem: str
) -> None:
    """It gave nothing: what was found before stays, and the problem is said."""
    async with context.database.write() as db:
        row = await db.get(ResearchRow, company_id)
        if row is not None and row.run == run_id and row.state in OPEN:
            row.state, row.problem = "failed", problem
            row.sources = [source.model_dump(mode="json") for source in sources]


async def give_up(context: Context, company_id: UUID, run_id: UUID) -> None:
    """All attempts of the job failed."""
    await _end(context, company_id, run_id, [], problem=GAVE_UP)
