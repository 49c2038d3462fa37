"""Background jobs of this slice: reading documents, and deleting them for good."""

import asyncio
import contextlib
from uuid import UUID

import structlog
from cryptography.exceptions import InvalidTag

from greenroom.documents import reading, researching, service
from greenroom.documents.errors import NotReadable, TooLargeDocument
from greenroom.documents.models import JobTargetRow, ResumeRow, UploadRow
from greenroom.documents.outcome import Purpose, Reading
from greenroom.documents.schemas import JobFacts, ResumeFacts
from greenroom.kit import deletion
from greenroom.kit.db import Database
from greenroom.kit.jobs import Job
from greenroom.kit.web import Context

LOOK_S = 0.4  # how often progress is kept and a cancellation noticed
GAVE_UP = "Reading this document failed on our side. Nothing of the file was kept; upload it again, or paste the text."
SEAL_BROKEN = "The waiting file was changed in the database or sealed with another key, so it was not opened. Nothing of it was kept; upload it again."
MODELS: dict[str, type[ResumeRow | JobTargetRow]] = {"resume": ResumeRow, "job": JobTargetRow}
log = structlog.get_logger()


def document_jobs(context: Context) -> list[Job]:
    """The jobs and their handlers."""
    database = context.database

    async def read_document(*, kind: str, id: str, upload_id: str) -> None:  # noqa: A002 - the job's argument
        await read(context, kind, UUID(id), UUID(upload_id))

    async def give_up(*, kind: str, id: str, upload_id: str) -> None:  # noqa: A002 - the job's argument
        del upload_id
        async with database.write() as db:
            row = await db.get(MODELS[kind], UUID(id))
            if row is not None:
                await service.fail_reading(db, row, GAVE_UP)

    async def purge_document(*, kind: str, id: str, deleted_at: str) -> None:  # noqa: A002 - the job's argument
        async with database.write() as db:
            await deletion.complete(db, MODELS[kind], UUID(id), deleted_at)

    async def research_company(*, company_id: str, run: str) -> None:
        await researching.run(context, UUID(company_id), UUID(run))

    async def give_up_research(*, company_id: str, run: str) -> None:
        await researching.give_up(context, UUID(company_id), UUID(run))

    return [
        Job("read_document", read_document, on_failure=give_up),
        Job("purge_document", purge_document),
        Job("research_company", research_company, on_failure=give_up_research),
    ]


async def read(context: Context, kind: str, row_id: UUID, upload_id: UUID) -> None:
    """Read one upload and keep its facts, or the reason why not. Running twice is harmless: the upload is gone then."""
    database = context.database
    async with database.write() as db:
        row, upload = await db.get(MODELS[kind], row_id), await db.get(UploadRow, upload_id)
        if row is None or upload is None or row.state not in service.OPEN_STATES:
            return
        try:
            body, file_name = service.open_upload(context, upload), upload.file_name
        except InvalidTag:
            await service.fail_reading(db, row, SEAL_BROKEN)
            return
        row.state = "reading"
    purpose: Purpose = "resume" if kind == "resume" else "job"
    try:
        found = await _read_watched(database, MODELS[kind], row_id, body, file_name, purpose)
    except (NotReadable, TooLargeDocument) as problem:
        log.info("document.refused", id=str(row_id), reason=problem.extra.get("reason"))
        async with database.write() as db:
            row = await db.get(MODELS[kind], row_id)
            if row is not None:
                await service.fail_reading(db, row, problem.detail)
        return
    if found is not None:
        await _keep(database, kind, row_id, found)


async def _keep(database: Database, kind: str, row_id: UUID, found: Reading) -> None:
    flags = [flag.model_dump(mode="json") for flag in found.flags]
    async with database.write() as db:
        row = await db.get(MODELS[kind], row_id)
        if row is None or row.state not in service.OPEN_STATES:
            return
        row.page = row.pages = found.pages
        if isinstance(row, ResumeRow):
            await service.finish_resume(db, row, found.text, ResumeFacts.model_validate(found.facts), flags)
        else:
            await service.finish_job(db, row, found.text, JobFacts.model_validate(found.facts), flags)
    log.info("document.read", id=str(row_id), kind=kind, pages=found.pages)


async def _read_watched(
    database: Database,
    model: type[ResumeRow | JobTargetRow],
    row_id: UUID,
    body: bytes,
    file_name: str,
    purpose: Purpose,
) -> Reading | None:
    """The reading, or None when the person cancelled it or deleted the document meanwhile."""
    seen = {"page": 0, "pages": 0}

    def note(page: int, pages: int) -> None:
        seen.update(page=page, pages=pages)

    task = asyncio.create_task(reading.read_document(body, file_name, purpose, note))
    try:
        while True:
            done, _ = await asyncio.wait({task}, timeout=LOOK_S)
            if done:
                return task.result()
            async with database.write() as db:
                row = await db.get(model, row_id)
                if row is None or row.state not in service.OPEN_STATES:
                    return None
                row.page, row.pages = seen["page"], seen["pages"]
    finally:
        if not task.done():
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task
