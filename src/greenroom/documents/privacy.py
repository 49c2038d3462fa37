"""What this slice's rows look like when they come from an export, and what becomes of readings that were under way."""

from typing import Any, Final

from pydantic import TypeAdapter
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from greenroom.accounts.service import Actor
from greenroom.documents.company import CompanyFacts
from greenroom.documents.findings import Finding, Source
from greenroom.documents.models import JobTargetRow, ResearchRow, ResumeRow, UploadRow
from greenroom.documents.research import OPEN, ResearchCreate
from greenroom.documents.schemas import Flag, JobFacts, ResumeFacts
from greenroom.documents.service import OPEN_STATES

INTERRUPTED: Final = "This document was still being read when it was exported, and its file stayed behind. Upload it again, or paste the text."
_FLAGS: Final = TypeAdapter[Any](list[Flag])
SHAPES: Final[dict[str, dict[str, TypeAdapter[Any]]]] = {
    "resumes": {"facts": TypeAdapter[Any](ResumeFacts), "flags": _FLAGS},
    "job_targets": {"facts": TypeAdapter[Any](JobFacts), "flags": _FLAGS},
    "company_profiles": {"profile": TypeAdapter[Any](CompanyFacts)},
    "company_researches": {
        "asked": TypeAdapter[Any](ResearchCreate),
        "sources": TypeAdapter[Any](list[Source]),
        "findings": TypeAdapter[Any](list[Finding]),
    },
}


async def close_readings(db: AsyncSession, actor: Actor) -> None:
    """Let no imported document wait for a file that did not come with it; readings of this installation go on."""
    for model, named in ((ResumeRow, UploadRow.resume_id), (JobTargetRow, UploadRow.job_id)):
        here = select(named).where(named.is_not(None))
        waiting = (model.user_id == actor.user_id, model.state.in_(OPEN_STATES), model.id.not_in(here))
        await db.execute(update(model).where(*waiting).values(state="failed", problem=INTERRUPTED))
    under_way = (ResearchRow.user_id == actor.user_id, ResearchRow.state.in_(OPEN))
    await db.execute(update(ResearchRow).where(*under_way).values(state="cancelled"))
