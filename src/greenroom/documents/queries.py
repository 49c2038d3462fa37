"""Reading résumés, job targets and company profiles. Other people's do not exist."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession

from greenroom.accounts.service import Actor
from greenroom.documents import hidden, industries, vocabulary
from greenroom.documents.company import CompanyFacts, brief_panel, company_key, is_stale
from greenroom.documents.match import focus_of, match_resume
from greenroom.documents.models import CompanyRow, JobTargetRow, ResumeRow
from greenroom.documents.records import Company, JobTarget, Reading, Resume
from greenroom.documents.schemas import Flag, Focus, JobFacts, MatchReport, ResumeFacts
from greenroom.kit.errors import NotFound
from greenroom.library import catalog

DocumentRow = ResumeRow | JobTargetRow


def resumes_visible_to(actor: Actor) -> Select[ResumeRow]:
    """The actor's résumés that are not deleted."""
    return select(ResumeRow).where(ResumeRow.user_id == actor.user_id, ResumeRow.deleted_at.is_(None))


def jobs_visible_to(actor: Actor) -> Select[JobTargetRow]:
    """The actor's job targets that are not deleted."""
    return select(JobTargetRow).where(
        JobTargetRow.user_id == actor.user_id, JobTargetRow.deleted_at.is_(None)
    )


def companies_visible_to(actor: Actor) -> Select[CompanyRow]:
    """The actor's company profiles."""
    return select(CompanyRow).where(CompanyRow.user_id == actor.user_id)


async def find_resume(db: AsyncSession, actor: Actor, resume_id: UUID) -> ResumeRow:
    """One résumé.

    Raises:
        NotFound: there is none with this id for the actor.
    """
    row = await db.scalar(resumes_visible_to(actor).where(ResumeRow.id == resume_id))
    if row is None:
        raise NotFound("There is no such résumé.")
    return row


async def find_job(db: AsyncSession, actor: Actor, job_id: UUID) -> JobTargetRow:
    """One job target.

    Raises:
        NotFound: there is none with this id for the actor.
    """
    row = await db.scalar(jobs_visible_to(actor).where(JobTargetRow.id == job_id))
    if row is None:
        raise NotFound("There is no such job.")
    return row


async def find_company(db: AsyncSession, actor: Actor, company_id: UUID) -> CompanyRow:
    """One company profile.

    Raises:
        NotFound: there is none with this id for the actor.
    """
    row = await db.scalar(companies_visible_to(actor).where(CompanyRow.id == company_id))
    if row is None:
        raise NotFound("There is no such company profile.")
    return row


def present_reading(row: DocumentRow) -> Reading:
    """How far the reading of a document is."""
    return Reading.model_validate(
        {
            "state": row.state,
            "page": row.page,
            "pages": row.pages,
            "problem": row.problem,
            "source": row.source,
        }
    )


def present_resume(row: ResumeRow, *, whole: bool = True) -> Resume:
    """The résumé; `whole` with its text."""
    return Resume(
        id=row.id, name=row.name, created_at=row.created_at, reading=present_reading(row), text=row.text if whole else "",
        facts=ResumeFacts.model_validate(row.facts), flags=[Flag.model_validate(flag) for flag in row.flags],
    )  # fmt: skip


def present_job(row: JobTargetRow, *, whole: bool = True) -> JobTarget:
    """The job target; `whole` with its text."""
    role = catalog.load().roles.get(row.role)
    return JobTarget.model_validate(
        {
            "id": row.id, "title": row.title, "company": row.company, "role": row.role,
            "role_title": role.title if role else "", "level": row.level, "goals": row.goals,
            "created_at": row.created_at, "reading": present_reading(row), "facts": row.facts, "flags": row.flags,
            "text": row.text if whole else "",
        }
    )  # fmt: skip


def present_company(row: CompanyRow, now: datetime) -> Company:
    """The profile with its date."""
    industry = industries.load().get(row.industry)
    return Company(
        id=row.id, name=row.name, industry=row.industry, industry_title=industry.title if industry else "",
        notes=row.notes, pages=row.pages, profile=CompanyFacts.model_validate(row.profile), built_at=row.built_at,
        stale=is_stale(row.built_at, now),
    )  # fmt: skip


async def list_resumes(
    db: AsyncSession, actor: Actor, *, before: UUID | None = None, limit: int = 50
) -> list[Resume]:
    """Résumés without their text, newest first; `before` is the last id of the page before."""
    query = resumes_visible_to(actor).order_by(ResumeRow.id.desc()).limit(limit)
    rows = await db.scalars(query.where(ResumeRow.id < before) if before else query)
    return [present_resume(row, whole=False) for row in rows]


async def list_jobs(
    db: AsyncSession, actor: Actor, *, before: UUID | None = None, limit: int = 50
) -> list[JobTarget]:
    """Job targets without their text, newest first; `before` is the last id of the page before."""
    query = jobs_visible_to(actor).order_by(JobTargetRow.id.desc()).limit(limit)
    rows = await db.scalars(query.where(JobTargetRow.id < before) if before else query)
    return [present_job(row, whole=False) for row in rows]


async def list_companies(db: AsyncSession, actor: Actor, now: datetime) -> list[Company]:
    """Company profiles by name."""
    rows = await db.scalars(companies_visible_to(actor).order_by(CompanyRow.name).limit(200))
    return [present_company(row, now) for row in rows]


async def list_company_names(db: AsyncSession, actor: Actor, q: str, limit: int = 10) -> list[str]:
    """Companies the actor has a profile of or aims at, whose name begins with or contains `q`; best first."""
    names = list(
        await db.scalars(select(CompanyRow.name).where(CompanyRow.user_id == actor.user_id).limit(500))
    )
    names += list(await db.scalars(jobs_visible_to(actor).with_only_columns(JobTargetRow.company).limit(500)))
    wanted = q.casefold().strip()
    unique = {company_key(name): name for name in reversed(names) if name}
    fitting = [name for name in unique.values() if wanted in name.casefold()]
    return sorted(fitting, key=lambda name: (not name.casefold().startswith(wanted), name.casefold()))[:limit]


@dataclass(frozen=True)
class Material:
    """What is known of a job, a résumé and a company when an interview is planned. Plain data, frozen by the caller."""

    job: JobFacts | None
    resume: ResumeFacts | None
    focus: Focus
    match: MatchReport
    company_facts: list[str]
    goals: str


def readable_text(row: DocumentRow) -> str:
    """The kept text with its commanding sentences blanked, every other character at its place."""
    flags = [Flag.model_validate(flag) for flag in row.flags]
    return hidden.mask(row.text, [flag for flag in flags if flag.kind == "command"])


async def gather_material(
    db: AsyncSession, actor: Actor, *, job_id: UUID | None, resume_id: UUID | None, company: str = ""
) -> Material:
    """Everything the panel may know: focus of the plan, the match and the sentences it may answer with.

    Raises:
        NotFound: the job or the résumé is not the actor's.
    """
    target = await find_job(db, actor, job_id) if job_id else None
    held = await find_resume(db, actor, resume_id) if resume_id else None
    name = company or (target.company if target else "")
    profile = (
        await db.scalar(companies_visible_to(actor).where(CompanyRow.key == company_key(name)))
        if name
        else None
    )
    job = JobFacts.model_validate(target.facts) if target else None
    resume = ResumeFacts.model_validate(held.facts) if held else None
    words, text = vocabulary.load(), readable_text(held) if held else ""
    return Material(
        job=job,
        resume=resume,
        focus=focus_of(job, resume, text, words) if job else Focus(),
        match=match_resume(job, resume, text, words) if job and resume else MatchReport(),
        company_facts=brief_panel(
            job,
            readable_text(target) if target else "",
            CompanyFacts.model_validate(profile.profile) if profile else None,
        ),
        goals=target.goals if target else "",
    )
