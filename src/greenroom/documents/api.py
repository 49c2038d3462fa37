"""The API of résumés, job targets and company profiles."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Body, Depends, File, Form, Query, Response, UploadFile

from greenroom.accounts.requests import IdempotencyKey
from greenroom.accounts.service import Actor, local_actor
from greenroom.documents import companies, industries, queries, service
from greenroom.documents.errors import TooLargeDocument, TooManyReadings
from greenroom.documents.match import unused_evidence
from greenroom.documents.models import JobTargetRow, ResumeRow
from greenroom.documents.reading import UPLOAD_LIMIT
from greenroom.documents.records import (
    Company,
    CompanyCreate,
    CompanyUpdate,
    IndustryChoice,
    JobTarget,
    JobTargetCreate,
    JobTargetUpdate,
    Resume,
    ResumeCreate,
    ResumeUpdate,
)
from greenroom.documents.schemas import Focus, Match, MatchReport
from greenroom.kit.deletion import NothingToRestore
from greenroom.kit.errors import Invalid, KeyReused, NotFound, describe
from greenroom.kit.texts import Clean, clean
from greenroom.kit.web import Ctx, ReadDb, WriteDb, locate

router = APIRouter(prefix="/api/v1")
Me = Annotated[Actor, Depends(local_actor)]
Limit = Annotated[int, Query(ge=1, le=100)]
Document = Annotated[UploadFile, File(description="PDF, DOCX, TXT or MD, up to 10 MB")]
TAKING = describe(Invalid, KeyReused, TooLargeDocument, TooManyReadings)


async def take(file: UploadFile) -> tuple[str, bytes]:
    """Name and bytes of an upload, one byte more than allowed at most."""
    return clean(file.filename or "unnamed")[-200:], await file.read(UPLOAD_LIMIT + 1)


# résumés


@router.post("/resumes", tags=["resumes"], status_code=202, summary="Paste a résumé", responses=TAKING)
async def paste_resume(
    context: Ctx, db: WriteDb, actor: Me, resume: ResumeCreate, key: IdempotencyKey = None
) -> Resume:
    """The résumé in the state `waiting`; ask for it again until its reading is `ready` or `failed`."""
    row = await service.add_resume(
        context, db, actor, name=resume.name, file_name="", body=resume.text.encode(), key=key
    )
    return queries.present_resume(row)


@router.post(
    "/resumes/upload", tags=["resumes"], status_code=202, summary="Upload a résumé", responses=TAKING
)
async def upload_resume(
    context: Ctx, db: WriteDb, actor: Me, file: Document, name: Annotated[Clean, Form(max_length=200)] = "",
    key: IdempotencyKey = None,
) -> Resume:  # fmt: skip
    """The résumé in the state `waiting`. The file is kept, encrypted, until it is read, at most minutes."""
    file_name, body = await take(file)
    row = await service.add_resume(context, db, actor, name=name, file_name=file_name, body=body, key=key)
    return queries.present_resume(row)


@router.get("/resumes", tags=["resumes"], summary="List résumés, newest first")
async def list_resumes(db: ReadDb, actor: Me, before: UUID | None = None, limit: Limit = 50) -> list[Resume]:
    """A page of résumés without their text; `before` is the last id of the page before."""
    return await queries.list_resumes(db, actor, before=before, limit=limit)


@router.get("/resumes/{resume_id}", tags=["resumes"], summary="Read a résumé", responses=describe(NotFound))
async def read_resume(db: ReadDb, actor: Me, resume_id: UUID) -> Resume:
    """The résumé with its text, its facts and what was left out of them."""
    return queries.present_resume(await queries.find_resume(db, actor, resume_id))


@router.patch(
    "/resumes/{resume_id}", tags=["resumes"], summary="Rename a résumé or correct its facts", responses=describe(NotFound, Invalid)
)  # fmt: skip
async def change_resume(db: WriteDb, actor: Me, resume_id: UUID, change: ResumeUpdate) -> Resume:
    """The résumé as it is now."""
    return queries.present_resume(await service.change_resume(db, actor, resume_id, change))


@router.post(
    "/resumes/{resume_id}/cancel",
    tags=["resumes"],
    summary="Stop reading a résumé",
    responses=describe(NotFound),
)
async def cancel_resume(db: WriteDb, actor: Me, resume_id: UUID) -> Resume:
    """The résumé; its file is gone."""
    row = await queries.find_resume(db, actor, resume_id)
    await service.cancel_reading(db, row)
    return queries.present_resume(row)


@router.delete(
    "/resumes/{resume_id}",
    tags=["resumes"],
    status_code=204,
    summary="Delete a résumé",
    responses=describe(NotFound),
)
async def delete_resume(context: Ctx, db: WriteDb, actor: Me, resume_id: UUID) -> Response:
    """Gone from every list at once, for good after ten seconds."""
    await service.delete_document(context, db, await queries.find_resume(db, actor, resume_id))
    return Response(status_code=204)


@router.post(
    "/resumes/{resume_id}/restore", tags=["resumes"], status_code=204, summary="Undo a deletion", responses=describe(NothingToRestore)
)  # fmt: skip
async def restore_resume(context: Ctx, db: WriteDb, actor: Me, resume_id: UUID) -> Response:
    """Within ten seconds of the deletion."""
    await service.restore_document(context, db, actor, ResumeRow, resume_id)
    return Response(status_code=204)


# job targets


@router.post("/jobs", tags=["jobs"], status_code=202, summary="Keep a job target", responses=TAKING)
async def create_job(
    context: Ctx, db: WriteDb, actor: Me, target: JobTargetCreate, key: IdempotencyKey = None
) -> JobTarget:
    """The job target; with an advertisement it is `waiting` until that is read."""
    return queries.present_job(await service.add_job(context, db, actor, target, key=key))


@router.post(
    "/jobs/upload", tags=["jobs"], status_code=202, summary="Upload a job advertisement", responses=TAKING
)
async def upload_job(
    context: Ctx, db: WriteDb, actor: Me, file: Document,
    title: Annotated[str, Form(max_length=300)] = "", company: Annotated[str, Form(max_length=300)] = "",
    goals: Annotated[str, Form(max_length=4_000)] = "", key: IdempotencyKey = None,
) -> JobTarget:  # fmt: skip
    """The job target in the state `waiting`. The file is kept, encrypted, until it is read, at most minutes."""
    file_name, body = await take(file)
    target = JobTargetCreate(title=title, company=company, goals=goals)
    return queries.present_job(
        await service.add_job(context, db, actor, target, file_name=file_name, body=body, key=key)
    )


@router.get("/jobs", tags=["jobs"], summary="List job targets, newest first")
async def list_jobs(db: ReadDb, actor: Me, before: UUID | None = None, limit: Limit = 50) -> list[JobTarget]:
    """A page of job targets without their text; `before` is the last id of the page before."""
    return await queries.list_jobs(db, actor, before=before, limit=limit)


@router.get("/jobs/{job_id}", tags=["jobs"], summary="Read a job target", responses=describe(NotFound))
async def read_job(db: ReadDb, actor: Me, job_id: UUID) -> JobTarget:
    """The job target with its text and facts."""
    return queries.present_job(await queries.find_job(db, actor, job_id))


@router.patch(
    "/jobs/{job_id}", tags=["jobs"], summary="Correct a job target", responses=describe(NotFound, Invalid)
)
async def change_job(db: WriteDb, actor: Me, job_id: UUID, change: JobTargetUpdate) -> JobTarget:
    """The job target as it is now."""
    return queries.present_job(await service.change_job(db, actor, job_id, change))


@router.post(
    "/jobs/{job_id}/cancel",
    tags=["jobs"],
    summary="Stop reading an advertisement",
    responses=describe(NotFound),
)
async def cancel_job(db: WriteDb, actor: Me, job_id: UUID) -> JobTarget:
    """The job target; its file is gone."""
    row = await queries.find_job(db, actor, job_id)
    await service.cancel_reading(db, row)
    return queries.present_job(row)


@router.delete(
    "/jobs/{job_id}",
    tags=["jobs"],
    status_code=204,
    summary="Delete a job target",
    responses=describe(NotFound),
)
async def delete_job(context: Ctx, db: WriteDb, actor: Me, job_id: UUID) -> Response:
    """Gone from every list at once, for good after ten seconds."""
    await service.delete_document(context, db, await queries.find_job(db, actor, job_id))
    return Response(status_code=204)


@router.post(
    "/jobs/{job_id}/restore",
    tags=["jobs"],
    status_code=204,
    summary="Undo a deletion",
    responses=describe(NothingToRestore),
)
async def restore_job(context: Ctx, db: WriteDb, actor: Me, job_id: UUID) -> Response:
    """Within ten seconds of the deletion."""
    await service.restore_document(context, db, actor, JobTargetRow, job_id)
    return Response(status_code=204)


@router.get(
    "/jobs/{job_id}/match", tags=["jobs"], summary="A job against a résumé", responses=describe(NotFound)
)
async def match_job(db: ReadDb, actor: Me, job_id: UUID, resume_id: UUID) -> MatchReport:
    """Every requirement: covered, thin or missing, with the sentence of the résumé that shows it."""
    return (await queries.gather_material(db, actor, job_id=job_id, resume_id=resume_id)).match


@router.get(
    "/jobs/{job_id}/focus",
    tags=["jobs"],
    summary="What a panel should ask about",
    responses=describe(NotFound),
)
async def focus_job(db: ReadDb, actor: Me, job_id: UUID, resume_id: UUID | None = None) -> Focus:
    """Must-haves, and with a résumé those that it shows thinly or not at all."""
    return (await queries.gather_material(db, actor, job_id=job_id, resume_id=resume_id)).focus


@router.post(
    "/jobs/{job_id}/unused-evidence",
    tags=["jobs"],
    summary="Evidence that answers left out",
    responses=describe(NotFound),
)
async def list_unused(
    db: ReadDb,
    actor: Me,
    job_id: UUID,
    resume_id: UUID,
    answers: Annotated[list[str], Body(examples=[["I rewrote the export in batches."]])],
) -> list[Match]:
    """Requirements that the résumé shows and none of these answers spoke of. Nothing is kept."""
    material = await queries.gather_material(db, actor, job_id=job_id, resume_id=resume_id)
    return unused_evidence(material.match, answers[:100])


# companies


@router.get("/industries", tags=["companies"], summary="Industries with a general profile")
async def list_industries() -> list[IndustryChoice]:
    """Slugs and titles, by title."""
    found = [IndustryChoice(slug=i.slug, title=i.title) for i in industries.load().values()]
    return sorted(found, key=lambda choice: choice.title)


@router.post(
    "/companies",
    tags=["companies"],
    status_code=201,
    summary="Keep a company profile",
    responses=describe(Invalid, KeyReused),
)
async def keep_company(
    response: Response,
    context: Ctx,
    db: WriteDb,
    actor: Me,
    company: CompanyCreate,
    key: IdempotencyKey = None,
) -> Company:
    """The profile made of notes, pasted pages and a general profile of the industry. The same name again replaces it."""
    row = await companies.keep_company(context, db, actor, company, key)
    locate(response, f"/api/v1/companies/{row.id}")
    return queries.present_company(row, context.clock())


@router.get("/companies", tags=["companies"], summary="List company profiles, by name")
async def list_companies(context: Ctx, db: ReadDb, actor: Me) -> list[Company]:
    """All profiles of the person."""
    return await queries.list_companies(db, actor, context.clock())


@router.get("/companies/names", tags=["companies"], summary="Complete a company's name")
async def complete_company(db: ReadDb, actor: Me, q: Annotated[str, Query(max_length=200)] = "") -> list[str]:
    """Up to ten names among the person's own profiles and job targets."""
    return await queries.list_company_names(db, actor, q)


@router.get(
    "/companies/{company_id}",
    tags=["companies"],
    summary="Read a company profile",
    responses=describe(NotFound),
)
async def read_company(context: Ctx, db: ReadDb, actor: Me, company_id: UUID) -> Company:
    """The profile, with the source of every line; `stale` when it is older than 30 days."""
    return queries.present_company(await queries.find_company(db, actor, company_id), context.clock())


@router.patch(
    "/companies/{company_id}",
    tags=["companies"],
    summary="Correct a company's notes",
    responses=describe(NotFound, Invalid),
)
async def change_company(
    context: Ctx, db: WriteDb, actor: Me, company_id: UUID, change: CompanyUpdate
) -> Company:
    """The profile, made anew."""
    return queries.present_company(
        await companies.change_company(context, db, actor, company_id, change), context.clock()
    )


@router.post(
    "/companies/{company_id}/refresh",
    tags=["companies"],
    summary="Make a profile anew",
    responses=describe(NotFound),
)
async def refresh_company(
    context: Ctx, db: WriteDb, actor: Me, company_id: UUID, *, force: bool = False
) -> Company:
    """The profile; without `force` it is made anew only when it is older than 30 days."""
    row = await companies.refresh_company(context, db, actor, company_id, force=force)
    return queries.present_company(row, context.clock())


@router.delete(
    "/companies/{company_id}",
    tags=["companies"],
    status_code=204,
    summary="Delete a company profile",
    responses=describe(NotFound),
)
async def delete_company(db: WriteDb, actor: Me, company_id: UUID) -> Response:
    """The profile and the notes are gone for good."""
    await companies.delete_company(db, actor, company_id)
    return Response(status_code=204)
