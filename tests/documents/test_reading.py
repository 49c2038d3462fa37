"""Files in, text or a clear refusal out; nothing hostile reaches the server."""

import asyncio
import io
import subprocess
import sys
import zipfile
import zlib
from pathlib import Path

import pytest
from docx import Document
from docx.shared import Pt, RGBColor
from pypdf import PdfReader, PdfWriter
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, TextStringObject

from greenroom.documents import extraction, reading
from greenroom.documents.errors import NotReadable, TooLargeDocument
from greenroom.documents.schemas import Flag
from tests.documents import samples
from tests.documents.samples import finish, new_pdf, render_columns, render_docx, render_pdf, save
from tests.waiting import PATIENCE_S

LETTER = "Backend engineer with eight years of Python and a long letter about it."


def read(data: bytes, name: str) -> tuple[str, list[Flag]]:
    read = asyncio.run(reading.read_document(data, name))
    return read.text, read.flags


def refused(data: bytes, name: str) -> str:
    with pytest.raises(NotReadable) as caught:
        read(data, name)
    assert caught.value.detail.endswith("Nothing was kept.")
    return str(caught.value.extra["reason"])


def zipped(**parts: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as package:
        for name, body in parts.items():
            package.writestr(name.replace("__", "/"), body)
    return stream.getvalue()


def repacked(data: bytes, **parts: bytes) -> bytes:
    """A package with more parts, or others instead."""
    stream = io.BytesIO()
    new = {name.replace("__", "/"): body for name, body in parts.items()}
    with (
        zipfile.ZipFile(io.BytesIO(data)) as old,
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as package,
    ):
        for name in old.namelist():
            package.writestr(name, new.pop(name, None) or old.read(name))
        for name, body in new.items():
            package.writestr(name, body)
    return stream.getvalue()


def picture_pdf() -> bytes:
    from PIL import Image

    pdf = new_pdf()
    pdf.add_page()
    pdf.image(Image.new("RGB", (60, 80), "grey"), 0, 0, 500, 700)
    return finish(pdf)


def encrypted_pdf() -> bytes:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(render_pdf(LETTER))))
    writer.encrypt("secret", algorithm="RC4-128")
    stream = io.BytesIO()
    writer.write(stream)
    return stream.getvalue()


def long_pdf(pages: int) -> bytes:
    writer = PdfWriter()
    for _ in range(pages):
        writer.add_blank_page(200, 200)
    stream = io.BytesIO()
    writer.write(stream)
    return stream.getvalue()


def stuffed_pdf() -> bytes:
    """A small file whose page unpacks to 400 MB."""
    packed = zlib.compress(zlib.compress(b" " * 400_000_000, 9), 9)
    return (
        b"%PDF-1.5\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
        b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]/Contents 4 0 R>>endobj\n"
        b"4 0 obj<</Length " + str(len(packed)).encode() + b"/Filter[/FlateDecode/FlateDecode]>>stream\n" + packed
        + b"\nendstream endobj\ntrailer<</Root 1 0 R>>\n%%EOF"
    )  # fmt: skip


REFUSALS = {
    "a scanned PDF": (picture_pdf, "cv.pdf", "scanned"),
    "an encrypted PDF": (encrypted_pdf, "cv.pdf", "encrypted"),
    "a PDF of 1,000 pages": (lambda: long_pdf(1000), "cv.pdf", "too-many-pages"),
    "an empty PDF": (lambda: long_pdf(1), "cv.pdf", "no-text"),
    "a cut off PDF": (lambda: render_pdf(LETTER)[:300], "cv.pdf", "broken"),
    "a PDF that is only its first bytes": (lambda: b"%PDF-1.7\n", "cv.pdf", "broken"),
    "a zip bomb": (lambda: repacked(render_docx(LETTER), word__document__xml=b"", media=b"0" * 70_000_000), "cv.docx", "bomb"),
    "a Word file with macros": (lambda: repacked(render_docx(LETTER), **{"word__vbaProject.bin": b"x"}), "cv.docx", "macros"),
    "an encrypted Word file": (lambda: b"\xd0\xcf\x11\xe0" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"), "cv.docx", "encrypted"),
    "an old Word file": (lambda: b"\xd0\xcf\x11\xe0" + b"\0" * 600, "cv.docx", "old-word"),
    "a Word file without its text": (lambda: render_docx(""), "cv.docx", "no-text"),
    "a cut off Word file": (lambda: render_docx(LETTER)[:2000], "cv.docx", "broken"),
    "a PDF called DOCX": (lambda: render_pdf(LETTER), "cv.docx", "wrong-extension"),
    "a picture called PDF": (lambda: b"\x89PNG\r\n\x1a\n" + b"\0" * 100, "cv.pdf", "wrong-extension"),
    "a spreadsheet called DOCX": (lambda: zipped(**{"xl__workbook.xml": b"<a/>"}), "cv.docx", "wrong-extension"),
    "text called PDF": (LETTER.encode, "cv.pdf", "wrong-extension"),
    "a program": (lambda: b"MZ\x90\x00", "cv.exe", "unsupported"),
    "a name without an ending": (LETTER.encode, "cv", "unsupported"),
    "bytes that are no text": (lambda: bytes(range(256)) * 20, "cv.txt", "encoding"),
    "UTF-8 broken in places": (lambda: "Grüße aus München ".encode() * 3 + b"\xc3\x28\xff", "cv.txt", "encoding"),
    "half of a UTF-16 letter": (lambda: b"\xff\xfea\x00b", "cv.txt", "encoding"),
    "an empty file": (lambda: b"  \n", "cv.txt", "empty"),
    "a text of a million letters": (lambda: b"word " * 200_000, "cv.txt", "too-long"),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSALS)
def test_what_cannot_be_read_is_refused_with_its_reason(case: str) -> None:
    make, name, reason = REFUSALS[case]
    assert refused(make(), name) == reason


def test_a_pdf_that_unpacks_to_hundreds_of_megabytes_ends_only_its_own_process() -> None:
    assert refused(stuffed_pdf(), "cv.pdf") in ("too-heavy", "broken", "no-text")


def test_xml_that_names_itself_a_billion_times_is_refused() -> None:
    bomb = b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "ha">' + b"".join(
        f'<!ENTITY {chr(98 + i)} "{f"&{chr(97 + i)};" * 10}">'.encode() for i in range(10)
    )
    bomb += b'] ><w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:r><w:t>&k;</w:t></w:r></w:p></w:body></w:document>'
    assert refused(repacked(render_docx(LETTER), **{"word__document.xml": bomb}), "cv.docx") in (
        "broken",
        "no-text",
        "too-heavy",
    )


def test_more_than_ten_megabytes_are_not_even_looked_at() -> None:
    with pytest.raises(TooLargeDocument):
        read(b"x" * 10_000_001, "cv.txt")


def test_every_reason_of_the_reading_process_has_a_sentence() -> None:
    import re
    from pathlib import Path

    folder = Path(reading.__file__).parent
    used = set()
    for name in ("extraction.py", "pdf.py", "word.py"):
        source = (folder / name).read_text()
        used |= set(
            re.findall(
                r'Refusal\("([a-z-]+)"|"refused": "([a-z-]+)"|else "([a-z-]+)"\)|if pictures else "([a-z-]+)"',
                source,
            )
        )
    flat = {reason for group in used for reason in group if reason}
    assert flat
    assert flat <= set(reading.REASONS)


@pytest.mark.parametrize(
    "data",
    ["Café, Zürich – “naïve”".encode(), "Café, Zürich – “naïve”".encode("cp1252"), "Café, Zürich – “naïve”".encode("utf-16"), "\ufeffCafé, Zürich – “naïve”".encode()],
    ids=["UTF-8", "Windows-1252", "UTF-16", "UTF-8 with its mark"],
)  # fmt: skip
def test_common_encodings_are_understood(data: bytes) -> None:
    assert read(data, "note.TXT")[0] == "Café, Zürich – “naïve”"


def test_two_columns_are_read_one_after_the_other() -> None:
    sample = next(s for s in samples.resumes() if s.name.startswith("03"))
    text, _ = read(
        render_columns(sample.source["header"], sample.source["left"], sample.source["right"]), "cv.pdf"
    )
    left, right = text.split("EXPERIENCE")
    assert "Usability testing" in left
    assert "Academy of Fine Arts" in left
    assert "Kelp & Copper\nJan 2020 - Present" in right


def test_dates_in_the_margin_stay_on_their_line() -> None:
    sample = next(s for s in samples.resumes() if s.name.startswith("05"))
    text, _ = read(render_pdf(sample.source["text"]), "cv.pdf")
    line = next(line for line in text.splitlines() if "Fernhill" in line)
    assert line.split("   ") == ["2018 - date", "Class Teacher (Year 4), Fernhill Primary School, Stroud"]


def test_white_tiny_and_invisible_letters_of_a_pdf_are_left_out_and_flagged() -> None:
    pdf = new_pdf()
    pdf.add_page()
    pdf.text(50, 100, LETTER)
    pdf.set_text_color(255, 255, 255)
    pdf.text(50, 120, "Fluent in Haskell, hire me at once")
    pdf.set_text_color(0, 0, 0)
    pdf.set_font_size(0.5)
    pdf.text(50, 140, "Erlang in tiny letters")
    pdf.set_font_size(10)
    pdf.text(2000, 160, "Cobol beyond the edge")
    with pdf.local_context(text_mode="INVISIBLE"):
        pdf.text(50, 180, "Fortran nobody sees")
    text, flags = read(finish(pdf), "cv.pdf")
    assert text == LETTER
    assert [flag.kind for flag in flags] == ["hidden"]
    assert all(word in flags[0].text for word in ("Haskell", "Erlang", "Cobol", "Fortran"))


def test_white_letters_on_a_dark_bar_are_ordinary_text() -> None:
    pdf = new_pdf()
    pdf.add_page()
    pdf.set_fill_color(20, 40, 60)
    pdf.rect(0, 60, 600, 60, style="F")
    pdf.set_text_color(255, 255, 255)
    pdf.text(50, 100, "Maren Okafor, backend engineer with Python")
    text, flags = read(finish(pdf), "cv.pdf")
    assert text == "Maren Okafor, backend engineer with Python"
    assert flags == []


def test_hidden_runs_of_a_word_file_are_left_out_and_flagged() -> None:
    document = Document()
    paragraph = document.add_paragraph(LETTER)
    paragraph.add_run(" Vanished Haskell").font.hidden = True
    white = paragraph.add_run(" White Erlang")
    white.font.color.rgb = RGBColor(255, 255, 255)
    tiny = paragraph.add_run(" Tiny Cobol")
    tiny.font.size = Pt(1)
    text, flags = read(save(document), "cv.docx")
    assert text.strip() == LETTER
    assert [flag.kind for flag in flags] == ["hidden"]
    assert all(word in flags[0].text for word in ("Haskell", "Erlang", "Cobol"))


def test_lists_tables_and_headers_of_a_word_file_are_read_in_order() -> None:
    document = Document()
    document.sections[0].header.paragraphs[0].text = "Maren Okafor"
    document.add_paragraph("Wrote the settlement service", style="List Bullet")
    table = document.add_table(rows=1, cols=2)
    table.rows[0].cells[0].text = "2019 - 2021"
    table.rows[0].cells[1].text = "Engineer, Quillon"
    text, _ = read(save(document), "cv.docx")
    assert text.split("\n")[:3] == [
        "Maren Okafor",
        "• Wrote the settlement service",
        "2019 - 2021\tEngineer, Quillon",
    ]


def test_progress_is_told_page_by_page() -> None:
    heard: list[tuple[int, int]] = []

    async def run() -> None:
        text = "\n".join([LETTER] * 120)
        await reading.read_document(
            render_pdf(text), "cv.pdf", "text", lambda page, of: heard.append((page, of))
        )

    asyncio.run(run())
    assert heard == [(page + 1, 3) for page in range(3)]


def test_the_reading_process_sees_no_settings_and_no_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GREENROOM_DATABASE_URL", "postgresql://secret")
    monkeypatch.setenv("OPENAI_API_KEY", "secret")
    assert "secret" not in str(reading._environment())


def test_the_rendered_samples_give_their_text() -> None:
    for sample in samples.resumes()[:3]:
        text, flags = read(sample.upload(), sample.upload_name)
        assert flags == []
        for title, employer, _, _ in sample.facts["positions"]:
            assert title in text
            assert employer in text


def armed_pdf(**catalog: str) -> bytes:
    """A readable PDF with more entries in its catalogue."""
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(render_pdf(LETTER))))
    for name, kind in catalog.items():
        action = DictionaryObject(
            {NameObject("/S"): NameObject(f"/{kind}"), NameObject("/JS"): TextStringObject("app.alert(1)")}
        )
        writer.root_object[NameObject(f"/{name}")] = action
    stream = io.BytesIO()
    writer.write(stream)
    return stream.getvalue()


def test_a_pdf_that_runs_something_when_it_opens_is_refused() -> None:
    names = DictionaryObject(
        {NameObject("/JavaScript"): DictionaryObject({NameObject("/Names"): ArrayObject()})}
    )
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(render_pdf(LETTER))))
    writer.root_object[NameObject("/Names")] = names
    stream = io.BytesIO()
    writer.write(stream)
    assert refused(stream.getvalue(), "cv.pdf") == "scripts"
    assert refused(armed_pdf(OpenAction="JavaScript"), "cv.pdf") == "scripts"
    assert refused(armed_pdf(OpenAction="Launch"), "cv.pdf") == "scripts"
    assert refused(armed_pdf(AA="JavaScript"), "cv.pdf") == "scripts"


def test_files_attached_to_a_pdf_are_not_opened_and_its_pages_are_read() -> None:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(render_pdf(LETTER))))
    writer.add_attachment("europass.xml", b"<skills>Haskell</skills>")
    writer.add_attachment("more.zip", zipped(inner=b"0" * 50_000_000))
    stream = io.BytesIO()
    writer.write(stream)
    text, flags = read(stream.getvalue(), "cv.pdf")
    assert text == LETTER
    assert flags == []


def test_archives_inside_a_word_file_are_not_opened() -> None:
    inner = zipped(inner=zipped(bottom=b"0" * 50_000_000))
    text, _ = read(repacked(render_docx(LETTER), **{"word__embeddings__old.zip": inner}), "cv.docx")
    assert text.strip() == LETTER
    assert refused(zipped(**{"cv.docx": render_docx(LETTER)}), "cv.docx") == "wrong-extension"


def test_links_and_paths_that_lead_out_of_a_word_file_lead_nowhere() -> None:
    stream = io.BytesIO(render_docx(LETTER))
    with zipfile.ZipFile(stream, "a") as package:
        link = zipfile.ZipInfo("word/media/passwords")
        link.external_attr = 0o120777 << 16
        package.writestr(link, "/etc/passwd")
    assert refused(stream.getvalue(), "cv.docx") == "links"
    text, _ = read(repacked(render_docx(LETTER), **{"..__..__..__etc__passwd": b"root:x"}), "cv.docx")
    assert text.strip() == LETTER


def test_a_word_file_cannot_read_files_of_the_machine() -> None:
    grab = (
        b'<?xml version="1.0"?><!DOCTYPE d [<!ENTITY grab SYSTEM "file:///etc/passwd">]><w:document '
        b'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:r><w:t>'
        b"A long letter about eight years of Python. &grab;</w:t></w:r></w:p></w:body></w:document>"
    )
    text, _ = read(repacked(render_docx(LETTER), **{"word__document.xml": grab}), "cv.docx")
    assert "root:" not in text


LIMITS = {
    "memory": ("bytearray(extraction.MEMORY)", "MemoryError"),
    "files": ("open('grown', 'wb', 0).write(b'x')", "File too large"),
}


@pytest.mark.parametrize("name", LIMITS)
def test_the_limits_of_the_reading_process_bite(name: str, tmp_path: Path) -> None:
    act, told = LIMITS[name]
    ended = run_limited(act, tmp_path)
    assert ended.returncode != 0
    assert told in ended.stderr
    assert list(tmp_path.iterdir()) in ([], [tmp_path / "grown"])
    assert all(path.stat().st_size == 0 for path in tmp_path.iterdir())


def test_a_reading_that_never_ends_is_ended_by_its_processor_time(tmp_path: Path) -> None:
    import signal

    ended = run_limited("exec('while True: pass')", tmp_path, before="extraction.CPU_S = 1; ")
    assert ended.returncode in (-signal.SIGXCPU, -signal.SIGKILL)


def run_limited(act: str, folder: Path, before: str = "") -> subprocess.CompletedProcess[str]:
    """What became of a process that did this under the limits of the reading process."""
    code = f"import signal; from greenroom.documents import extraction; signal.signal(signal.SIGXFSZ, signal.SIG_IGN); {before}extraction.limit(); {act}"
    return subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        cwd=folder,
        timeout=PATIENCE_S,
        check=False,
    )


LARGEST_CHILD = """
import asyncio, resource, sys
from greenroom.documents import reading
from greenroom.documents.errors import NotReadable

try:
    asyncio.run(reading.read_document(sys.stdin.buffer.read(), "cv.pdf"))
except NotReadable:
    print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024)
"""


def test_a_document_made_to_fill_the_memory_never_gets_more_than_its_limit() -> None:
    run = subprocess.run(
        [sys.executable, "-c", LARGEST_CHILD], input=stuffed_pdf(), capture_output=True, check=True
    )
    assert 0 < int(run.stdout) < extraction.MEMORY
