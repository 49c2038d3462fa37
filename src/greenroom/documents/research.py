"""Research of a company by a model: asked for, cancelled, read. What runs in the background is in `researching`."""

from typing import Final, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, field_validator
from sqlalchemy.ext.asyncio import AsyncSession

from greenroom.accounts.service import Actor
from greenroom.documents.company import is_stale
from greenroom.documents.findings import Finding, Source
from greenroom.documents.models import ResearchRow
from greenroom.documents.queries import find_company
from greenroom.documents.records import Strict
from greenroom.engines import service as engines
from greenroom.engines.schemas import Recipient
from greenroom.kit.errors import Problem
from greenroom.kit.ids import uuid7
from greenroom.kit.web import Context
from greenroom.providers import catalog

State = Literal["none", "waiting", "working", "ready", "failed", "cancelled"]
OPEN: Final = ("waiting", "working")


class StillFresh(Problem):
    status = 409
    slug = "still-fresh"
    title = "This research is less than 30 days old"


class NotSetUp(Problem):
    status = 409
    slug = "not-set-up"
    title = "No model is set up for research"


class ResearchCreate(Strict):
    """What may be used. `send_to` names who outside this machine may get the name and pages; `urls` and `search` need
    the web to be allowed by the settings of the server."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"send_to": [], "urls": ["https://example.org/careers"], "force": True}]
        }
    )

    send_to: list[str] = Field(default_factory=list[str], max_length=10)
    urls: list[str] = Field(default_factory=list[str], max_length=5, description="pages to fetch")
    search: bool = Field(default=False, description="look for pages as well")
    force: bool = Field(default=False, description="although the last research is less than 30 days old")

    @field_validator("urls")
    @classmethod
    def _addresses(cls, urls: list[str]) -> list[str]:
        if any(not url.startswith(("https://", "http://")) or len(url) > 2_000 for url in urls):
            raise ValueError("addresses begin with https:// or http://")
        return urls


class Research(BaseModel):
    """How far it is and what was found. `left_out` counts statements whose quote does not stand in their page."""

    state: State
    problem: str = ""
    engine: str = ""
    done: int = 0
    total: int = 0
    sources: list[Source] = Field(default_factory=list[Source])
    findings: list[Finding] = Field(default_factory=list[Finding])
    left_out: int = 0
    asked_at: str = ""
    finished_at: str = ""
    stale: bool = False


class ResearchOffer(BaseModel):
    """What research can use here. Without engines there is none; without `web` only pasted pages are read."""

    engines: list[str]
    recipients: list[Recipient]
    web: Literal["off", "pages", "brave", "tavily"]
    search: str = Field(description="the search provider, which gets the company's name; empty: none")


async def read_offer(context: Context, db: AsyncSession) -> ResearchOffer:
    """What research can use in this installation."""
    known = await engines.list_engines(context, db, "research")
    names = dict.fromkeys(name for engine in known if (name := catalog.recipient_of(engine)))
    search = search_of(context)
    return ResearchOffer(
        engines=[engine.name for engine in known],
        recipients=[Recipient(name=name, purposes=["research"]) for name in names],
        web=context.settings.research_web,
        search=search.name if search else "",
    )


def search_of(context: Context):  # noqa: ANN201 - the port's protocol, imported where it is used
    """The search provider of the settings, or None."""
    settings = context.settings
    return catalog.connect_search(
        settings.research_web, settings.research_web_key.get_secret_value(), settings.research_web_address
    )


async def ask(
    context: Context, db: AsyncSession, actor: Actor, company_id: UUID, wanted: ResearchCreate
) -> Research:
    """Begin research, or show the one that is under way.

    Raises:
        NotFound: no such company.
        NotSetUp: no model does research here, or none that may be sent anything.
        StillFresh: the last one is younger than 30 days and `force` was not said.
    """
    company = await find_company(db, actor, company_id)
    known = await engines.list_engines(context, db, "research")
    usable = [e for e in known if catalog.is_local(e) or catalog.recipient_of(e) in wanted.send_to]
    if not usable:
        raise NotSetUp(
            "Connect one on the page Models, and tick who may get the company's name and pages. Until then the "
            "profile is made of your notes and of the industry in general."
        )
    row = await db.get(ResearchRow, company_id, with_for_update=True)
    now = context.clock()
    if row is not None and row.state in OPEN:
        return present(row, stale=False)
    fresh = (
        row is not None and row.state == "ready" and row.finished_at and not is_stale(row.finished_at, now)
    )
    if fresh and not wanted.force:
        raise StillFresh("Say force to have it done again now. Nothing was changed.")
    if row is None:
        row = ResearchRow(
            company_id=company.id,
            user_id=actor.user_id,
            sources=[],
            findings=[],
            left_out=0,
            finished_at=None,
        )
        db.add(row)
    row.run, row.state, row.problem, row.engine = uuid7(), "waiting", "", usable[0].name
    row.done, row.total, row.asked = 0, 0, wanted.model_dump(mode="json")
    row.asked_at = now
    await db.flush()
    await context.queue.enqueue(
        db, "research_company", key=str(row.run), company_id=str(company.id), run=str(row.run)
    )
    return present(row, stale=False)


async def cancel(db: AsyncSession, actor: Actor, company_id: UUID) -> None:
    """Stop it; what an earlier research found stays."""
    await find_company(db, actor, company_id)
    row = await db.get(ResearchRow, company_id, with_for_update=True)
    if row is not None and row.state in OPEN:
        row.state, row.problem = "cancelled", ""


async def read(context: Context, db: AsyncSession, actor: Actor, company_id: UUID) -> Research:
    """How far the research of a company is.

    Raises:
        NotFound: no such company.
    """
    await find_company(db, actor, company_id)
    row = await db.get(ResearchRow, company_id)
    if row is None:
        return Research(state="none")
    return present(row, stale=bool(row.finished_at and is_stale(row.finished_at, context.clock())))


def present(row: ResearchRow, *, stale: bool) -> Research:
    """The row as it is shown."""
    return Research.model_validate(
        {
            "state": row.state, "problem": row.problem, "engine": row.engine, "done": row.done, "total": row.total,
            "sources": row.sources, "findings": row.findings, "left_out": row.left_out, "stale": stale,
            "asked_at": row.asked_at.isoformat(), "finished_at": row.finished_at.isoformat() if row.finished_at else "",
        }
    )  # fmt: skip
