"""The limited process: a document on standard input, JSON lines on standard output.

`python -m greenroom.documents.extraction NAME PURPOSE` sets its own limits of memory, time and files before it looks at a
byte, so that a hostile document can only end this process. Lines: `{"page": 1, "of": 3}`, then one of
`{"text": …, "flags": […], "facts": {…}, "pages": 3}` and `{"refused": reason, …}`.
"""

import json
import resource
import sys
from pathlib import PurePath
from typing import Any

from pydantic import TypeAdapter

from greenroom.documents import hidden, vocabulary
from greenroom.documents.lines import bare, name_section
from greenroom.documents.outcome import Purpose, Reading, Refusal, Taken
from greenroom.documents.schemas import Flag

MEMORY = 768 * 1024 * 1024  # bytes of address space
CPU_S = 20
CHARACTERS = 200_000  # a document of 60 full pages
KINDS = {"pdf": "pdf", "docx": "docx", "txt": "text", "md": "text", "markdown": "text", "text": "text"}
_PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"II*\x00", b"MM\x00*", b"RIFF")


def limit() -> None:
    """Bound this process for good: memory, processor time, no files written, no core dump, no child process.

    The last one holds for everybody but root, whom the kernel does not count.
    """
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_S, CPU_S))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NPROC, (0, 0))


def extract(data: bytes, name: str) -> Taken:
    """The text of a document whose name says what it is.

    Raises:
        Refusal: anything that keeps it from being read.
    """
    wanted = KINDS.get(PurePath(name).suffix.lower().lstrip("."))
    if wanted is None:
        raise Refusal("unsupported")
    if not data.strip():
        raise Refusal("empty")
    found = sniff(data)
    if found != wanted:
        raise Refusal(
            "wrong-extension",
            looks_like={"pdf": "a PDF", "docx": "a Word document", "text": "plain text"}.get(found, found),
        )
    taken = _read(data, wanted)
    if len(taken.text) > CHARACTERS:
        raise Refusal("too-long", characters=len(taken.text))
    return taken


def _read(data: bytes, kind: str) -> Taken:
    if kind == "pdf":
        from greenroom.documents.pdf import read_pdf

        words = vocabulary.load()
        return read_pdf(
            data, lambda text: bool(name_section(bare(text), words, styled=text.isupper())), report
        )
    if kind == "docx":
        from greenroom.documents.word import read_docx

        return read_docx(data)
    return Taken(decode(data))


def understand(taken: Taken, purpose: Purpose) -> Reading:
    """The text as it is kept, what was hidden or commanding in it, and the facts of the rest."""
    text, flags = hidden.clean(taken.text)
    unseen = [
        Flag(kind="hidden", text=" ".join(piece.split())[:300]) for piece in taken.hidden if piece.strip()
    ]
    orders = hidden.find_commands(text)
    readable = hidden.mask(text, orders)
    return Reading(text, [*unseen, *flags, *orders], find_facts(readable, purpose), taken.pages)


def find_facts(text: str, purpose: Purpose) -> dict[str, Any]:
    """The facts of a cleaned and masked text, as JSON."""
    words = vocabulary.load()
    if purpose == "resume":
        from greenroom.documents.resume import parse_resume

        return parse_resume(text, words).model_dump(mode="json")
    if purpose == "job":
        from greenroom.documents.job import parse_job
        from greenroom.library import catalog

        roles_only = catalog.load_from(catalog.HOME / "no-bank-needed")
        return parse_job(text, words, roles_only).model_dump(mode="json")
    return {}


def sniff(data: bytes) -> str:
    """What the bytes are: `pdf`, `docx`, `text`, or words for what else it looks like.

    Raises:
        Refusal: an encrypted or old Office file, macros, or a bomb.
    """
    head = data[:1024]
    if b"%PDF-" in head:
        return "pdf"
    if head.startswith(b"PK\x03\x04"):
        from greenroom.documents.word import check_package

        return check_package(data)
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        raise Refusal("encrypted" if "EncryptedPackage".encode("utf-16-le") in data else "old-word")
    if head.startswith(_PICTURES) or head[4:12] in (b"ftypheic", b"ftypheix", b"ftypmif1"):
        return "a picture"
    if head.startswith(b"{\\rtf"):
        return "an RTF document"
    return "text"


def decode(data: bytes) -> str:
    """Text of unknown encoding: UTF-8, UTF-16 with its mark, else Windows-1252 when that gives plain text.

    Raises:
        Refusal: bytes that are no text in any of them, or UTF-8 that is broken in places.
    """
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    else:
        encodings = ["utf-8-sig"]
        multibyte = data.decode("utf-8", "ignore")
        if not any(ord(c) > 127 for c in multibyte):
            encodings.append("cp1252")
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        control = sum(ord(c) < 32 and c not in "\t\n\r\f" for c in text)
        if control > 0.001 * len(text) or "\x00" in text:
            break
        if not any(c.isalnum() for c in text):
            raise Refusal("no-text")
        return text
    raise Refusal("encoding")


def report(page: int, of: int) -> None:
    """Tell the waiting process how far this one is."""
    _say({"page": page, "of": of})


def _say(line: dict[str, object]) -> None:
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()


def main() -> None:
    """Read one document and end."""
    limit()
    data = sys.stdin.buffer.read()
    try:
        reading = understand(
            extract(data, sys.argv[1]), TypeAdapter[Purpose](Purpose).validate_python(sys.argv[2])
        )
    except Refusal as refusal:
        _say({"refused": refusal.reason, **refusal.details})
    except (MemoryError, RecursionError):
        _say({"refused": "too-heavy"})
    else:
        flags = [flag.model_dump(mode="json") for flag in reading.flags]
        _say({"text": reading.text, "flags": flags, "facts": reading.facts, "pages": reading.pages})


if __name__ == "__main__":
    main()
