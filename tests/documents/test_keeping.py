"""Documents while they wait, twice the same request, and what leaves and stays when a person does."""

import asyncio
import time
import zipfile
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest
from cryptography.exceptions import InvalidTag
from sqlalchemy import select

from greenroom.app import build_context, opened
from greenroom.documents import service
from greenroom.documents.models import JobTargetRow, ResumeRow, UploadRow
from greenroom.documents.privacy import INTERRUPTED
from greenroom.kit import deletion
from greenroom.kit.ids import uuid7
from greenroom.privacy import commands
from greenroom.settings import Settings
from tests.apart import serving_apart
from tests.documents.test_api import JOB, RESUME, holds_upload, settled
from tests.live import Live, settings_for
from tests.waiting import PATIENCE_S

TEXT = RESUME.source["text"]


async def plant_upload(live: Live, body: bytes) -> tuple[ResumeRow, UploadRow]:
    """A résumé that waits, as the database has it, with nobody on the way to read it."""
    context = live.app.state.context
    async with context.database.write() as db:
        resume = ResumeRow(
            id=uuid7(), user_id=service_actor(), name="Waiting", source="cv.txt", state="waiting", page=0, pages=0,
            problem="", text="", facts={}, flags=[], created_at=context.clock(),
        )  # fmt: skip
        upload_id = uuid7()
        sealed = service.seal_upload(context, upload_id, body)
        upload = UploadRow(id=upload_id, resume_id=resume.id, job_id=None, file_name="cv.txt", body=sealed)
        db.add(resume)
        await db.flush()
        db.add(upload)
        await db.flush()
    return resume, upload


def service_actor() -> Any:
    from greenroom.accounts.service import LOCAL_USER

    return LOCAL_USER


def test_a_waiting_file_is_sealed_and_opens_only_in_its_own_row(live: Live, api: httpx.Client) -> None:
    from greenroom.documents import jobs

    _, one = live.run(plant_upload(live, TEXT.encode()))
    _, other = live.run(plant_upload(live, TEXT.encode()))
    context = live.app.state.context
    assert b"Pebblegate" not in one.body
    assert service.open_upload(context, one) == TEXT.encode()
    swapped = UploadRow(id=other.id, body=one.body)
    with pytest.raises(InvalidTag):
        service.open_upload(context, swapped)
    for upload in (one, other):
        live.run(jobs.read(context, "resume", upload.resume_id, upload.id))
        assert api.get(f"/api/v1/resumes/{upload.resume_id}").json()["reading"]["state"] == "ready"


def test_a_waiting_file_that_was_changed_is_not_read_and_not_kept(live: Live, api: httpx.Client) -> None:
    from greenroom.documents import jobs

    resume, upload = live.run(plant_upload(live, TEXT.encode()))
    context = live.app.state.context

    async def tamper() -> None:
        async with context.database.write() as db:
            row = await db.get(UploadRow, upload.id)
            row.body = row.body[:-1] + bytes([row.body[-1] ^ 1])

    live.run(tamper())
    live.run(jobs.read(context, "resume", resume.id, upload.id))
    read = api.get(f"/api/v1/resumes/{resume.id}").json()
    assert read["reading"]["state"] == "failed"
    assert "was changed" in read["reading"]["problem"]
    assert not holds_upload(live, str(resume.id))


def test_the_same_request_twice_keeps_one_document(api: httpx.Client) -> None:
    key = {"Idempotency-Key": f"documents-{time.monotonic_ns()}"}
    before = len(api.get("/api/v1/resumes?limit=100").json())
    made = [api.post("/api/v1/resumes", json={"text": TEXT}, headers=key).json()["id"] for _ in range(2)]
    assert made[0] == made[1]
    assert len(api.get("/api/v1/resumes?limit=100").json()) == before + 1
    other = api.post("/api/v1/resumes", json={"text": TEXT + "more"}, headers=key)
    assert (other.status_code, other.json()["type"]) == (422, "urn:greenroom:problem:idempotency-key-reused")


def test_every_document_request_takes_a_key(api: httpx.Client) -> None:
    stamp = time.monotonic_ns()
    file = {"file": ("cv.txt", TEXT.encode())}
    for name, send in {
        "resume": lambda headers: api.post("/api/v1/resumes/upload", files=file, headers=headers),
        "job": lambda headers: api.post("/api/v1/jobs", json={"text": JOB.source["text"]}, headers=headers),
        "job file": lambda headers: api.post("/api/v1/jobs/upload", files=file, headers=headers),
        "company": lambda headers: api.post("/api/v1/companies", json={"name": "Once Ltd"}, headers=headers),
    }.items():
        headers = {"Idempotency-Key": f"{name}-{stamp}"}
        first, second = send(headers), send(headers)
        assert first.is_success
        assert first.json()["id"] == second.json()["id"], name


def fill(settings: Settings) -> dict[str, Any]:
    """A résumé, a job and a company that are read, as the API shows them."""
    with serving_apart(settings) as address, httpx.Client(base_url=address, timeout=PATIENCE_S) as api:
        resume = api.post("/api/v1/resumes", json={"name": "Maren", "text": TEXT}).json()
        job = api.post("/api/v1/jobs", json={"text": JOB.source["text"]}).json()
        company = api.post(
            "/api/v1/companies", json={"name": "Saltmarsh", "notes": "They ask for stories of quiet service."}
        )
        return {
            "resumes": settled(api, f"/api/v1/resumes/{resume['id']}"),
            "jobs": settled(api, f"/api/v1/jobs/{job['id']}"),
            "companies": company.json(),
        }


@pytest.mark.slow
def test_documents_leave_with_the_export_come_back_with_it_and_are_erased_without_a_trace(
    tmp_path: Path,
) -> None:
    home, away = settings_for(tmp_path / "home", ""), settings_for(tmp_path / "away", "")
    kept = fill(home)
    archive = tmp_path / "mine.zip"
    assert commands.export(home, lambda: opened(build_context(home)), archive) == 0
    for _ in range(2):
        assert commands.bring_in(away, lambda: opened(build_context(away)), archive) == 0
    with serving_apart(away) as address, httpx.Client(base_url=address, timeout=PATIENCE_S) as api:
        for kind, before in kept.items():
            assert api.get(f"/api/v1/{kind}/{before['id']}").json() == before
    assert commands.reset(home, lambda: opened(build_context(home)), lambda _: True) == 0
    left = b"".join(path.read_bytes() for path in (tmp_path / "home").rglob("*") if path.is_file())
    assert not [word for word in (b"Pebblegate", b"Saltmarsh", b"quiet service") if word in left]


@pytest.mark.slow
def test_a_file_that_waits_stays_behind_and_its_document_says_so_elsewhere(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    home, away = settings_for(tmp_path / "home", ""), settings_for(tmp_path / "away", "")
    for settings in (home, away):
        with serving_apart(settings):
            pass
    context = build_context(home)

    async def plant() -> None:
        async with opened(context), context.database.write() as db:
            row = ResumeRow(
                id=uuid7(), user_id=service_actor(), name="Waiting", source="cv.txt", state="waiting", page=0, pages=0,
                problem="", text="", facts={}, flags=[], created_at=context.clock(),
            )  # fmt: skip
            db.add(row)
            await db.flush()
            db.add(UploadRow(id=uuid7(), resume_id=row.id, job_id=None, file_name="cv.txt", body=b"sealed"))

    asyncio.run(plant())
    archive = tmp_path / "mine.zip"
    assert commands.export(home, lambda: opened(build_context(home)), archive) == 0
    with zipfile.ZipFile(archive) as members:
        assert not [name for name in members.namelist() if "upload" in name]
    assert commands.bring_in(away, lambda: opened(build_context(away)), archive) == 0, capsys.readouterr().err
    with serving_apart(away) as address, httpx.Client(base_url=address, timeout=PATIENCE_S) as api:
        (read,) = api.get("/api/v1/resumes").json()
    assert (read["reading"]["state"], read["reading"]["problem"]) == ("failed", INTERRUPTED)
    assert commands.reset(home, lambda: opened(build_context(home)), lambda _: True) == 0
    assert asyncio.run(count_rows(home)) == 0


async def count_rows(settings: Settings) -> int:
    context = build_context(settings)
    async with opened(context), context.database.read() as db:
        rows = [
            len((await db.scalars(select(model))).all()) for model in (ResumeRow, JobTargetRow, UploadRow)
        ]
    return sum(rows)


def test_a_deleted_resume_leaves_no_word_in_the_database_file(tmp_path: Path) -> None:
    settings = settings_for(tmp_path / "home", "")
    kept = fill(settings)
    context = build_context(settings)

    async def purge() -> None:
        async with opened(context), context.database.write() as db:
            row = await db.get(ResumeRow, UUID(kept["resumes"]["id"]))
            assert row is not None
            row.deleted_at = context.clock()
            await db.flush()
            assert await deletion.complete(db, ResumeRow, row.id, row.deleted_at.isoformat())

    def holds(word: bytes) -> bool:
        return any(word in path.read_bytes() for path in (tmp_path / "home").rglob("*") if path.is_file())

    assert holds(b"Quillon Freight")
    asyncio.run(purge())
    assert not holds(b"Quillon Freight")
    assert holds(b"Pebblegate")  # the job is still there
