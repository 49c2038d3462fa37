"""Taking documents in, reading them, correcting what was read, and deleting it all."""

import hashlib
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from greenroom.accounts.requests import once
from greenroom.accounts.service import Actor
from greenroom.documents.errors import TooLargeDocument, TooManyReadings
from greenroom.documents.models import JobTargetRow, ResumeRow, UploadRow
from greenroom.documents.queries import DocumentRow, find_job, find_resume
from greenroom.documents.reading import KEPT, REASONS, UPLOAD_LIMIT
from greenroom.documents.records import (
    JobTargetCreate,
    JobTargetUpdate,
    ResumeUpdate,
)
from greenroom.documents.schemas import JobFacts, ResumeFacts, Skill
from greenroom.documents.terms import fold_skill
from greenroom.engines import vault
from greenroom.kit import deletion
from greenroom.kit.errors import Invalid
from greenroom.kit.ids import uuid7
from greenroom.kit.web import Context
from greenroom.library import catalog

WAITING_AT_ONCE = 10  # documents of one person that wait to be read
PASTED = "pasted text"
OPEN_STATES = ("waiting", "reading")


async def add_resume(
    context: Context,
    db: AsyncSession,
    actor: Actor,
    *,
    name: str,
    file_name: str,
    body: bytes,
    key: str | None = None,
) -> ResumeRow:
    """A résumé that waits to be read. `file_name` is empty for pasted text; the same `key` again gives the same one.

    Raises:
        KeyReused: the key came with another document.
        TooLargeDocument: more than 10 MB.
        TooManyReadings: ten of the actor's documents wait already.
    """

    async def make(new_id: UUID) -> None:
        await _check_room(db, actor, body)
        row = ResumeRow(
            id=new_id, user_id=actor.user_id, name=(name or file_name or "Résumé")[:200], source=(file_name or PASTED)[:200],
            state="waiting", page=0, pages=0, problem="", text="", facts=ResumeFacts().model_dump(mode="json"), flags=[],
            created_at=context.clock(),
        )  # fmt: skip
        db.add(row)
        await db.flush()
        await _enqueue(context, db, row, file_name, body)

    request = f"resume:{name}:{file_name}:{_fingerprint(body)}"
    made = await once(db, actor, key, request, context.clock(), make)
    return await find_resume(db, actor, made)


async def add_job(
    context: Context,
    db: AsyncSession,
    actor: Actor,
    target: JobTargetCreate,
    *,
    file_name: str = "",
    body: bytes = b"",
    key: str | None = None,
) -> JobTargetRow:
    """A job target; its advertisement, pasted or uploaded, waits to be read. The same `key` again gives the same one.

    Raises:
        KeyReused: the key came with another job.
        Invalid: neither a title nor an advertisement is given.
        TooLargeDocument: more than 10 MB.
        TooManyReadings: ten of the actor's documents wait already.
    """
    body = body or target.text.encode()
    if not target.title and not body.strip():
        raise Invalid("Give a title, paste the advertisement or choose a file. Nothing was kept.")

    async def make(new_id: UUID) -> None:
        await _check_room(db, actor, body)
        row = _new_job(context, actor, new_id, target, file_name, body)
        db.add(row)
        await db.flush()
        if body.strip():
            await _enqueue(context, db, row, file_name, body)

    request = f"job:{target.model_dump_json()}:{file_name}:{_fingerprint(body)}"
    made = await once(db, actor, key, request, context.clock(), make)
    return await find_job(db, actor, made)


def _new_job(
    context: Context, actor: Actor, new_id: UUID, target: JobTargetCreate, file_name: str, body: bytes
) -> JobTargetRow:
    """The row of a job target with what the person gave."""
    match = catalog.load().find_role(target.role or target.title) if target.role or target.title else None
    facts = JobFacts(
        title=target.title, company=target.company, role=match.role.slug if match else "", level=target.level or "mid",
        level_confidence="high" if target.level else "low",
        role_note=match.note if match else "", stack=[Skill(name=name, origin="person") for name in target.stack if name.strip()],
    )  # fmt: skip
    return JobTargetRow(
        id=new_id, user_id=actor.user_id, title=target.title, company=target.company, role=facts.role,
        level=facts.level, goals=target.goals, source=(file_name or (PASTED if target.text else ""))[:200],
        state="waiting" if body.strip() else "ready", page=0, pages=0, problem="", text="",
        facts=facts.model_dump(mode="json"), flags=[], created_at=context.clock(),
    )  # fmt: skip


def _fingerprint(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()


async def _check_room(db: AsyncSession, actor: Actor, body: bytes) -> None:
    if len(body) > UPLOAD_LIMIT:
        raise TooLargeDocument(f"{REASONS['too-large']} {KEPT}", reason="too-large")
    waiting = 0
    for model in (ResumeRow, JobTargetRow):
        query = select(func.count()).select_from(model)
        waiting += (
            await db.scalar(query.where(model.user_id == actor.user_id, model.state.in_(OPEN_STATES))) or 0
        )
    if waiting >= WAITING_AT_ONCE:
        raise TooManyReadings(
            f"{waiting} documents are still being read. Wait for one of them, or cancel it. {KEPT}"
        )


async def _enqueue(context: Context, db: AsyncSession, row: DocumentRow, file_name: str, body: bytes) -> None:
    is_resume = isinstance(row, ResumeRow)
    new_id = uuid7()
    upload = UploadRow(
        id=new_id, resume_id=row.id if is_resume else None, job_id=None if is_resume else row.id,
        file_name=(file_name or "pasted.txt")[-200:], body=seal_upload(context, new_id, body),
    )  # fmt: skip
    db.add(upload)
    await db.flush()
    kind = "resume" if is_resume else "job"
    await context.queue.enqueue(
        db, "read_document", key=str(upload.id), kind=kind, id=str(row.id), upload_id=str(upload.id)
    )


def seal_upload(context: Context, upload_id: UUID, body: bytes) -> bytes:
    """The bytes of a document as they wait in the database: AES-256-GCM under the installation's key, bound to their row."""
    return vault.seal_bytes(context.settings.data_dir, body, f"document:{upload_id}")


def open_upload(context: Context, upload: UploadRow) -> bytes:
    """The bytes of a waiting document.

    Raises:
        InvalidTag: they were changed, belong to another row, or were sealed with another installation's key.
    """
    return vault.unseal_bytes(context.settings.data_dir, upload.body, f"document:{upload.id}")


async def cancel_reading(db: AsyncSession, row: DocumentRow) -> None:
    """Stop the reading: the file is gone at once, what is kept of the document stays empty."""
    if row.state in OPEN_STATES:
        row.state = "cancelled"
        await _drop_uploads(db, row.id)


async def _drop_uploads(db: AsyncSession, row_id: UUID) -> None:
    await db.execute(delete(UploadRow).where((UploadRow.resume_id == row_id) | (UploadRow.job_id == row_id)))


async def fail_reading(db: AsyncSession, row: DocumentRow, problem: str) -> None:
    """Note why a document was not read; nothing of the file is kept."""
    if row.state in OPEN_STATES:
        row.state, row.problem = "failed", problem
        await _drop_uploads(db, row.id)


async def finish_resume(
    db: AsyncSession, row: ResumeRow, text: str, facts: ResumeFacts, flags: list[dict[str, object]]
) -> None:
    """Keep what was read; the file goes."""
    row.state, row.text, row.facts, row.flags = "ready", text, facts.model_dump(mode="json"), flags
    await _drop_uploads(db, row.id)


async def finish_job(
    db: AsyncSession, row: JobTargetRow, text: str, read: JobFacts, flags: list[dict[str, object]]
) -> None:
    """Keep what was read; what the person gave before wins over it. The file goes."""
    given = JobFacts.model_validate(row.facts)
    title, company = row.title or read.title, row.company or read.company
    match = catalog.load().find_role(row.role or title) if row.role or title else None
    known = {fold_skill(skill.name) for skill in given.stack}
    stack = [*given.stack, *(skill for skill in read.stack if fold_skill(skill.name) not in known)]
    level_given = given.level_confidence == "high"
    level = given.level if level_given else read.level
    facts = read.model_copy(
        update={
            "title": title, "company": company, "stack": stack, "level": level,
            "role": match.role.slug if match else "", "role_note": match.note if match else read.role_note,
        }
    )  # fmt: skip
    row.title, row.company, row.role, row.level = title[:300], company[:300], facts.role, facts.level
    row.state, row.text, row.facts, row.flags = "ready", text, facts.model_dump(mode="json"), flags
    await _drop_uploads(db, row.id)


async def change_resume(db: AsyncSession, actor: Actor, resume_id: UUID, change: ResumeUpdate) -> ResumeRow:
    """Rename a résumé or correct its facts; corrected facts count as the person's own."""
    row = await find_resume(db, actor, resume_id)
    if change.name is not None:
        row.name = change.name
    if change.facts is not None:
        row.facts = own_changes(ResumeFacts.model_validate(row.facts), change.facts).model_dump(mode="json")
    return row


def own_changes(before: ResumeFacts, after: ResumeFacts) -> ResumeFacts:
    """The new facts, each that was not there before marked as the person's own and certain."""
    changed: dict[str, object] = {}
    for field in ResumeFacts.model_fields:
        known = [fact.model_dump(exclude={"span", "confidence", "origin"}) for fact in getattr(before, field)]
        kept = list(getattr(before, field))
        facts: list[object] = []
        for fact in getattr(after, field):
            bare = fact.model_dump(exclude={"span", "confidence", "origin"})
            same = kept[known.index(bare)] if bare in known else None
            facts.append(same or fact.model_copy(update={"origin": "person", "confidence": "high"}))
        changed[field] = facts
    return after.model_copy(update=changed)


async def change_job(db: AsyncSession, actor: Actor, job_id: UUID, change: JobTargetUpdate) -> JobTargetRow:
    """Correct a job target. A new title without a role finds its role anew.

    Raises:
        Invalid: the role is none of ours.
    """
    row = await find_job(db, actor, job_id)
    facts = change.facts or JobFacts.model_validate(row.facts)
    if change.facts is not None:
        row.title, row.company, row.role, row.level = facts.title, facts.company, facts.role, facts.level
    for field in ("title", "company", "level", "goals"):
        value = getattr(change, field)
        if value is not None:
            setattr(row, field, value)
    role = change.role or (
        change.title if change.title and change.role is None and change.title != facts.title else ""
    )
    if role:
        match = catalog.load().find_role(role)
        if change.role and not match.known:
            raise Invalid("That is not a role we know. Nothing was changed.")
        row.role, facts = match.role.slug, facts.model_copy(update={"role_note": match.note})
    if change.stack is not None:
        held = {fold_skill(skill.name): skill for skill in facts.stack}
        stack = [
            held.get(fold_skill(name), Skill(name=name, origin="person"))
            for name in change.stack
            if name.strip()
        ]
        facts = facts.model_copy(update={"stack": stack})
    update_ = {"title": row.title, "company": row.company, "role": row.role, "level": row.level}
    row.facts = facts.model_copy(update=update_).model_dump(mode="json")
    return row


async def delete_document(context: Context, db: AsyncSession, row: DocumentRow) -> None:
    """Off every list at once; ten seconds later it is really gone."""
    await cancel_reading(db, row)
    kind = "resume" if isinstance(row, ResumeRow) else "job"
    await deletion.begin(context, db, row, "purge_document", kind=kind)


async def restore_document(
    context: Context, db: AsyncSession, actor: Actor, model: type[ResumeRow | JobTargetRow], row_id: UUID
) -> None:
    """Undo a deletion within its ten seconds.

    Raises:
        NothingToRestore: it is gone, or never was.
    """
    await deletion.undo(db, model, row_id, actor.user_id, context.clock())
