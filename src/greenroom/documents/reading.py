"""A document in, its text out: in a process of its own with little memory, little time and nothing else.

What is refused is refused with a sentence that says what it is and what to do. The facts are found in that process
too: a text made to keep a pattern busy for hours only ends it.
"""

import asyncio
import contextlib
import json
import os
import sys
from collections.abc import Callable
from typing import Any

import structlog

from greenroom.documents.errors import NotReadable, TooLargeDocument
from greenroom.documents.outcome import Purpose, Reading
from greenroom.documents.schemas import Flag

UPLOAD_LIMIT = 10_000_000  # bytes
WALL_S = 100.0  # a busy machine is no fault of the file: the work itself has its own limit
CRASHED = 1  # what Python ends with after an error of ours; the limits end it by a signal
AT_ONCE = 2  # readings at the same time in one process
KEPT = "Nothing was kept."
REASONS = {
    "scanned": "No text was found: the pages are pictures, as from a scanner. Paste the text instead, or export the document as a PDF with text.",
    "no-text": "No text was found in this file. Paste the text instead.",
    "encrypted": "This file is protected by a password. Save it without one and try again.",
    "bomb": "This file unpacks to far more than a document needs, so it was not opened. Save it again as a plain PDF or DOCX.",
    "macros": "This Word file carries macros, so it was not opened. Save it as DOCX without macros, or as PDF.",
    "scripts": "This PDF carries scripts or starts programs, so it was not opened. Print it to a new PDF, or paste the text.",
    "links": "This file points at files outside of itself, so it was not opened. Save it again as a plain PDF or DOCX.",
    "too-many-pages": "This file has {pages} pages; up to 60 are read. Save the part that matters as its own file.",
    "too-long": "This file holds {characters} characters; up to 200,000 are read. Save the part that matters as its own file.",
    "wrong-extension": "The name of this file does not fit what is in it: it looks like {looks_like}. Give it its right name, or save it as PDF, DOCX, TXT or MD.",
    "unsupported": "Only PDF, DOCX, TXT and MD are read. Save the document as one of them, or paste the text.",
    "old-word": "This is the old Word format. Open it and save it as DOCX or PDF.",
    "broken": "This file is damaged or cut off. Save it again and retry, or paste the text.",
    "encoding": "The letters of this file are in a broken or unknown encoding. Save it as UTF-8, or paste the text.",
    "unreadable-font": "The letters of this PDF carry no meaning (its fonts have no character table). Paste the text instead.",
    "empty": "This file is empty.",
    "too-heavy": "Reading this file took more memory or time than a document may need, so it was stopped. Save it again as a plain PDF, or paste the text.",
    "our-side": "Reading this file failed on our side: it holds something that the reader did not expect. Paste the text instead, or save it again as PDF.",
    "too-large": "A document may have up to 10 MB.",
}
log = structlog.get_logger()
_slots: dict[asyncio.AbstractEventLoop, asyncio.Semaphore] = {}


def refuse(reason: str, **details: Any) -> NotReadable:  # noqa: ANN401 - numbers and words of the sentence
    """The problem for a reason, with its sentence."""
    sentence = REASONS[reason].format(
        **{k: f"{v:,}" if isinstance(v, int) else v for k, v in details.items()}
    )
    return NotReadable(f"{sentence} {KEPT}", reason=reason)


async def read_document(
    data: bytes, name: str, purpose: Purpose = "text", progress: Callable[[int, int], None] | None = None
) -> Reading:
    """A document's cleaned text, what was hidden in it, and its facts. `progress` hears page and pages.

    Raises:
        NotReadable: with a sentence that names the reason.
        TooLargeDocument: more than 10 MB.
    """
    if len(data) > UPLOAD_LIMIT:
        raise TooLargeDocument(f"{REASONS['too-large']} {KEPT}", reason="too-large")
    loop = asyncio.get_running_loop()
    async with _slots.setdefault(loop, asyncio.Semaphore(AT_ONCE)):
        return await _run(data, name, purpose, progress)


async def _run(
    data: bytes, name: str, purpose: Purpose, progress: Callable[[int, int], None] | None
) -> Reading:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "greenroom.documents.extraction", name[-200:] or "unnamed", purpose,
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL,
        limit=8_000_000, start_new_session=True, env=_environment(),
    )  # fmt: skip
    try:
        async with asyncio.timeout(WALL_S):
            answer = await _converse(process, data, progress)
            await process.wait()
    except TimeoutError as error:
        raise refuse("too-heavy") from error
    finally:
        if process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()
    if answer is None:
        log.warning("document.reader_ended", code=process.returncode)
        raise refuse("our-side" if process.returncode == CRASHED else "too-heavy")
    if "refused" in answer:
        reason = str(answer.pop("refused"))
        raise refuse(reason, **answer)
    flags = [Flag.model_validate(flag) for flag in answer["flags"]]
    return Reading(str(answer["text"]), flags, answer["facts"], int(answer["pages"]))


def _environment() -> dict[str, str]:
    """What a Python needs to start; no settings, no keys."""
    kept = {
        key: os.environ[key]
        for key in ("PATH", "PYTHONPATH", "VIRTUAL_ENV", "LANG", "SYSTEMROOT")
        if key in os.environ
    }
    return {**kept, "PYTHONDONTWRITEBYTECODE": "1", "PYTHONUTF8": "1"}


async def _converse(
    process: asyncio.subprocess.Process, data: bytes, progress: Callable[[int, int], None] | None
) -> dict[str, Any] | None:
    if process.stdin is None or process.stdout is None:
        raise RuntimeError("the reader has no pipes")
    feeding = asyncio.create_task(_feed(process.stdin, data))
    answer: dict[str, Any] | None = None
    try:
        async for line in process.stdout:
            message: dict[str, Any] = json.loads(line)
            if "page" in message:
                if progress:
                    progress(int(message["page"]), int(message["of"]))
            else:
                answer = message
    finally:
        feeding.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await feeding
    return answer


async def _feed(pipe: asyncio.StreamWriter, data: bytes) -> None:
    with contextlib.suppress(BrokenPipeError, ConnectionResetError):
        pipe.write(data)
        await pipe.drain()
        pipe.close()
        await pipe.wait_closed()
