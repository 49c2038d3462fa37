"""Pages of résumés, jobs and companies. Every form has its twin in the API and calls the same service."""

from typing import Annotated
from uuid import UUID, uuid4

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import ValidationError
from starlette.datastructures import UploadFile

from greenroom.accounts.service import Actor, local_actor
from greenroom.documents import companies, forms, industries, queries, service
from greenroom.documents.models import JobTargetRow, ResumeRow
from greenroom.documents.reading import UPLOAD_LIMIT
from greenroom.documents.records import (
    CompanyCreate,
    CompanyUpdate,
    JobTarget,
    JobTargetCreate,
    JobTargetUpdate,
    Resume,
    ResumeUpdate,
)
from greenroom.documents.schemas import JobFacts, ResumeFacts
from greenroom.kit.errors import Problem
from greenroom.kit.texts import clean
from greenroom.kit.web import Ctx, ReadDb, WriteDb, render
from greenroom.library import catalog

router = APIRouter(include_in_schema=False)
Me = Annotated[Actor, Depends(local_actor)]
SEE_OTHER = 303


async def read_form(request: Request) -> tuple[dict[str, str], str, bytes]:
    """The text fields of a form, and name and bytes of its file; both empty when none was chosen."""
    async with request.form(max_files=1, max_fields=2_000, max_part_size=400_000) as form:
        texts = {name: clean(value) for name, value in form.items() if isinstance(value, str)}
        file = form.get("file")
        if isinstance(file, UploadFile) and file.filename:
            return texts, clean(file.filename)[-200:], await file.read(UPLOAD_LIMIT + 1)
    return texts, "", b""


def go(path: str) -> Response:
    """Show another page after a form."""
    return RedirectResponse(path, SEE_OTHER)


@router.get("/prepare")
async def show_prepare(
    request: Request, context: Ctx, db: ReadDb, actor: Me, deleted: UUID | None = None, kind: str = ""
) -> Response:
    """Jobs, résumés and companies, and the forms that add them."""
    return await _prepare(
        request, context, db, actor, error="", deleted=(kind, str(deleted)) if deleted else None
    )


async def _prepare(
    request: Request,
    context: Ctx,
    db: ReadDb,
    actor: Actor,
    *,
    error: str,
    deleted: tuple[str, str] | None = None,
    typed: tuple[str, dict[str, str]] = ("", {}),
    status: int = 200,
) -> Response:
    """`typed` is what stood in the form that was refused, and which form it was."""
    undo = None
    if deleted and deleted[0] in ("resumes", "jobs"):
        label = "The résumé was deleted." if deleted[0] == "resumes" else "The job was deleted."
        undo = {"label": label, "url": f"/{deleted[0]}/{deleted[1]}/restore"}
    return render(
        request, "prepare.html", status=status, resumes=await queries.list_resumes(db, actor), error=error, undo=undo,
        jobs=await queries.list_jobs(db, actor), companies=await queries.list_companies(db, actor, context.clock()),
        industries=_industries(), names=await queries.list_company_names(db, actor, "", limit=200), refused=typed[0],
        typed=typed[1], key=str(uuid4()),
    )  # fmt: skip


def _industries() -> list[tuple[str, str]]:
    return sorted(((i.slug, i.title) for i in industries.load().values()), key=lambda pair: pair[1])


# résumés


@router.post("/resumes")
async def add_resume(request: Request, context: Ctx, db: WriteDb, actor: Me) -> Response:
    """Take an upload or a pasted text and show it being read."""
    form, file_name, body = await read_form(request)
    text = form.get("text", "")
    if not body and not text.strip():
        error = "Choose a file or paste the text of your résumé."
        return await _prepare(request, context, db, actor, error=error, typed=("resumes", form), status=422)
    try:
        row = await service.add_resume(
            context,
            db,
            actor,
            name=form.get("name", ""),
            file_name=file_name,
            body=body or text[:200_000].encode(),
            key=form.get("key"),
        )
    except Problem as problem:
        told, status = problem.detail, problem.status
        return await _prepare(request, context, db, actor, error=told, typed=("resumes", form), status=status)
    return go(f"/resumes/{row.id}")


@router.get("/resumes/{resume_id}")
async def show_resume(
    request: Request, db: ReadDb, actor: Me, resume_id: UUID, *, saved: bool = False
) -> Response:
    """The facts to correct, beside the text they come from."""
    return _resume(request, await queries.find_resume(db, actor, resume_id), saved=saved)


def _resume(
    request: Request,
    row: ResumeRow,
    *,
    saved: bool = False,
    errors: list[str] | None = None,
    status: int = 200,
) -> Response:
    resume = queries.present_resume(row)
    if request.headers.get("hx-request"):
        return _reading(request, resume, f"/resumes/{row.id}")
    return render(
        request, "resume.html", status=status, document=resume, resume=resume, base=f"/resumes/{row.id}", saved=saved,
        errors=errors or [], fields=forms.RESUME_FIELDS, blank_rows=forms.BLANK_ROWS,
    )  # fmt: skip


def _reading(request: Request, document: Resume | JobTarget, base: str) -> Response:
    """How far the reading is; at its end the whole page is asked for."""
    answer = render(request, "_reading.html", document=document, base=base)
    if document.reading.state == "ready":
        answer.headers["HX-Refresh"] = "true"
    return answer


@router.post("/resumes/{resume_id}/facts")
async def change_resume(request: Request, db: WriteDb, actor: Me, resume_id: UUID) -> Response:
    """Keep the corrected facts and the name."""
    form, _, _ = await read_form(request)
    row = await queries.find_resume(db, actor, resume_id)
    try:
        facts = forms.resume_facts(form, ResumeFacts.model_validate(row.facts))
    except ValidationError as error:
        return _resume(request, row, errors=forms.explain(error), status=422)
    name = form.get("name", "").strip()[:200]
    await service.change_resume(db, actor, resume_id, ResumeUpdate(name=name or None, facts=facts))
    return go(f"/resumes/{resume_id}?saved=true")


@router.post("/resumes/{resume_id}/cancel")
async def cancel_resume(db: WriteDb, actor: Me, resume_id: UUID) -> Response:
    """Stop the reading."""
    await service.cancel_reading(db, await queries.find_resume(db, actor, resume_id))
    return go(f"/resumes/{resume_id}")


@router.post("/resumes/{resume_id}/delete")
async def delete_resume(context: Ctx, db: WriteDb, actor: Me, resume_id: UUID) -> Response:
    """Take it off the list and offer the undo."""
    await service.delete_document(context, db, await queries.find_resume(db, actor, resume_id))
    return go(f"/prepare?kind=resumes&deleted={resume_id}")


@router.post("/resumes/{resume_id}/restore")
async def restore_resume(context: Ctx, db: WriteDb, actor: Me, resume_id: UUID) -> Response:
    """Undo the deletion."""
    await service.restore_document(context, db, actor, ResumeRow, resume_id)
    return go("/prepare")


# job targets


@router.post("/jobs")
async def add_job(request: Request, context: Ctx, db: WriteDb, actor: Me) -> Response:
    """Keep a job target and show its advertisement being read."""
    form, file_name, body = await read_form(request)
    try:
        target = JobTargetCreate.model_validate(
            {name: form.get(name, "") for name in ("title", "company", "goals", "text")}
            | {"stack": _stack(form)}
        )
        key = form.get("key")
        row = await service.add_job(context, db, actor, target, file_name=file_name, body=body, key=key)
    except (ValidationError, Problem) as wrong:
        told, status = _told(wrong)
        return await _prepare(request, context, db, actor, error=told, typed=("jobs", form), status=status)
    return go(f"/jobs/{row.id}")


def _told(wrong: ValidationError | Problem) -> tuple[str, int]:
    """What was refused, in words, and the status of the answer."""
    if isinstance(wrong, Problem):
        return wrong.detail, wrong.status
    return " ".join(forms.explain(wrong)), 422


def _stack(form: dict[str, str]) -> list[str]:
    return [name.strip()[:80] for name in form.get("stack", "").split(",") if name.strip()][:60]


@router.get("/jobs/{job_id}")
async def show_job(
    request: Request, db: ReadDb, actor: Me, job_id: UUID, resume: UUID | None = None, *, saved: bool = False
) -> Response:
    """The job to correct, and how a résumé matches it."""
    return await _job(
        request, db, actor, await queries.find_job(db, actor, job_id), resume=resume, saved=saved
    )


async def _job(
    request: Request, db: ReadDb, actor: Actor, row: JobTargetRow, *, resume: UUID | None = None, saved: bool = False,
    errors: list[str] | None = None, status: int = 200,
) -> Response:  # fmt: skip
    job = queries.present_job(row)
    if request.headers.get("hx-request"):
        return _reading(request, job, f"/jobs/{row.id}")
    resumes = [r for r in await queries.list_resumes(db, actor) if r.reading.state == "ready"]
    chosen = resume or (resumes[0].id if resumes else None)
    material = await queries.gather_material(db, actor, job_id=row.id, resume_id=chosen)
    return render(
        request, "job.html", status=status, document=job, job=job, base=f"/jobs/{row.id}", saved=saved, errors=errors or [],
        resumes=resumes, chosen=chosen, match=material.match, roles=catalog.load().roles.values(),
        competencies={c.slug: c.title for c in catalog.load().competencies.values()}, blank_rows=forms.BLANK_ROWS,
    )  # fmt: skip


@router.post("/jobs/{job_id}/facts")
async def change_job(request: Request, db: WriteDb, actor: Me, job_id: UUID) -> Response:
    """Keep what was corrected."""
    form, _, _ = await read_form(request)
    row = await queries.find_job(db, actor, job_id)
    try:
        facts = forms.job_facts(form, JobFacts.model_validate(row.facts))
        given = {
            name: form[name].strip()
            for name in ("title", "company", "level", "role", "goals")
            if name in form
        }
        change = JobTargetUpdate.model_validate({**given, "stack": _stack(form)})
    except ValidationError as error:
        return await _job(request, db, actor, row, errors=forms.explain(error), status=422)
    await service.change_job(db, actor, job_id, JobTargetUpdate(facts=facts))
    try:
        await service.change_job(db, actor, job_id, change)
    except Problem as problem:
        return await _job(request, db, actor, row, errors=[problem.detail], status=problem.status)
    return go(f"/jobs/{job_id}?saved=true")


@router.post("/jobs/{job_id}/cancel")
async def cancel_job(db: WriteDb, actor: Me, job_id: UUID) -> Response:
    """Stop the reading."""
    await service.cancel_reading(db, await queries.find_job(db, actor, job_id))
    return go(f"/jobs/{job_id}")


@router.post("/jobs/{job_id}/delete")
async def delete_job(context: Ctx, db: WriteDb, actor: Me, job_id: UUID) -> Response:
    """Take it off the list and offer the undo."""
    await service.delete_document(context, db, await queries.find_job(db, actor, job_id))
    return go(f"/prepare?kind=jobs&deleted={job_id}")


@router.post("/jobs/{job_id}/restore")
async def restore_job(context: Ctx, db: WriteDb, actor: Me, job_id: UUID) -> Response:
    """Undo the deletion."""
    await service.restore_document(context, db, actor, JobTargetRow, job_id)
    return go("/prepare")


# companies


@router.post("/companies")
async def add_company(request: Request, context: Ctx, db: WriteDb, actor: Me) -> Response:
    """Make a profile out of a name, notes and an industry."""
    form, _, _ = await read_form(request)
    try:
        company = CompanyCreate.model_validate(
            {n: form.get(n, "") for n in ("name", "industry", "notes", "pages")}
        )
        row = await companies.keep_company(context, db, actor, company, form.get("key"))
    except (ValidationError, Problem) as wrong:
        told, status = _told(wrong)
        return await _prepare(
            request, context, db, actor, error=told, typed=("companies", form), status=status
        )
    return go(f"/companies/{row.id}")


@router.post("/companies/{company_id}")
async def change_company(
    request: Request, context: Ctx, db: WriteDb, actor: Me, company_id: UUID
) -> Response:
    """Keep the notes and make the profile anew."""
    form, _, _ = await read_form(request)
    change = CompanyUpdate(
        industry=form.get("industry", "")[:40],
        notes=form.get("notes", "")[:20_000],
        pages=form.get("pages", "")[:50_000],
    )
    await companies.change_company(context, db, actor, company_id, change)
    return go(f"/companies/{company_id}")


@router.post("/companies/{company_id}/refresh")
async def refresh_company(context: Ctx, db: WriteDb, actor: Me, company_id: UUID) -> Response:
    """Make the profile anew, whatever its age."""
    await companies.refresh_company(context, db, actor, company_id, force=True)
    return go(f"/companies/{company_id}")


@router.post("/companies/{company_id}/delete")
async def delete_company(db: WriteDb, actor: Me, company_id: UUID) -> Response:
    """Delete the profile and the notes."""
    await companies.delete_company(db, actor, company_id)
    return go("/prepare")
