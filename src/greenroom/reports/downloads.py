"""The report as a file: PDF, Markdown and JSON, from the pages and from the API."""

import asyncio
import re
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response

from greenroom.accounts.service import Actor, local_actor
from greenroom.kit.errors import NotFound, describe
from greenroom.kit.web import ReadDb
from greenroom.reports import pdf, queries
from greenroom.reports.markdown import write_markdown
from greenroom.reports.schemas import Report

router = APIRouter(tags=["reports"])
Me = Annotated[Actor, Depends(local_actor)]
Kind = Literal["pdf", "md", "json"]
TYPES: dict[Kind, str] = {
    "pdf": "application/pdf",
    "md": "text/markdown; charset=utf-8",
    "json": "application/json",
}
_setters = ThreadPoolExecutor(max_workers=2, thread_name_prefix="typeset")


@router.get("/sessions/{session_id}/report.{kind}", include_in_schema=False)
@router.get(
    "/api/v1/sessions/{session_id}/report.{kind}", summary="Download the report", response_class=Response,
    responses={
        **describe(NotFound, pdf.PdfFailed),
        200: {"content": {name.partition(";")[0]: {} for name in TYPES.values()}, "description": "The file"},
    },
)  # fmt: skip
async def download(request: Request, db: ReadDb, actor: Me, session_id: UUID, kind: Kind) -> Response:
    """The report as a file to keep: `pdf` (tagged, with charts as vectors), `md` or `json`."""
    report = await queries.read_report(db, actor, session_id)
    await db.close()  # no connection is held while the pages are set
    match kind:
        case "pdf":
            body = await typeset(report)
        case "md":
            body = write_markdown(report).encode()
        case "json":
            body = report.model_dump_json(indent=2).encode()
    disposition = "inline" if kind == "pdf" and request.query_params.get("show") else "attachment"
    return Response(
        body,
        media_type=TYPES[kind],
        headers={"Content-Disposition": f'{disposition}; filename="{name_file(report, kind)}"'},
    )


async def typeset(report: Report) -> bytes:
    """The report as PDF; two at once, the others wait."""
    return await asyncio.get_running_loop().run_in_executor(_setters, pdf.render, report)


def name_file(report: Report, kind: Kind) -> str:
    """A file name without anything a file system or a header could stumble over."""
    plain = unicodedata.normalize("NFKD", report.title).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:60] or "report"
    return f"{slug}-{report.started_at.astimezone():%Y-%m-%d}.{kind}"
