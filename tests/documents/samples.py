"""The labelled samples: loaded from data/, and rendered to the files people upload."""

import io
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

DATA = Path(__file__).parent / "data"


@dataclass(frozen=True)
class Sample:
    name: str
    split: str
    format: str
    source: dict[str, Any]
    facts: dict[str, Any]

    @property
    def upload_name(self) -> str:
        return f"{self.name}.{self.format.partition('_')[0]}"

    def upload(self) -> bytes:
        """The sample as the file that a person would upload."""
        match self.format:
            case "pdf":
                return render_pdf(self.source["text"])
            case "pdf_columns":
                return render_columns(self.source["header"], self.source["left"], self.source["right"])
            case "docx":
                return render_docx(self.source["text"])
            case "docx_table":
                return render_table(self.source["header"], self.source["rows"])
            case _:
                return str(self.source["text"]).encode()


def resumes() -> list[Sample]:
    found = []
    for path in sorted((DATA / "resumes").glob("*.yaml")):
        body = yaml.safe_load(path.read_text(encoding="utf-8"))
        found.append(Sample(path.stem, body["split"], body["format"], body, body["facts"]))
    return found


def jobs() -> list[Sample]:
    found = []
    for path in sorted((DATA / "jobs").glob("*.yaml")):
        bodies = yaml.safe_load(path.read_text(encoding="utf-8"))
        found += [Sample(body["id"], body["split"], "txt", body, body["facts"]) for body in bodies]
    return found


def contradictions() -> dict[str, Any]:
    found: dict[str, Any] = {"resumes": {}, "cases": []}
    for path in sorted(DATA.glob("contradictions*.yaml")):
        loaded = yaml.safe_load(path.read_text(encoding="utf-8"))
        found["resumes"] |= loaded["resumes"]
        found["cases"] += loaded["cases"]
    return found


def new_pdf() -> Any:
    from fpdf import FPDF

    pdf = FPDF(unit="pt", format="A4")
    pdf.set_auto_page_break(True, margin=50)
    pdf.set_compression(False)
    font = Path("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf")
    if font.exists():
        pdf.add_font("sample", fname=str(font))
        pdf.set_font("sample", size=10)
    else:
        pdf.set_font("helvetica", size=10)
    return pdf


def finish(pdf: Any) -> bytes:
    return bytes(pdf.output())


def _plain(pdf: Any, text: str) -> str:
    return text if pdf.font_family == "sample" else text.encode("latin-1", "replace").decode("latin-1")


def _place(pdf: Any, x: float, y: float, text: str) -> None:
    """Every run of words that stands apart is placed by itself, as word processors do."""
    import re

    for match in re.finditer(r"\S+(?: \S+)*", text):
        before = text[: match.start()]
        pdf.text(x + len(before) * 5, y, _plain(pdf, match.group()))


def render_pdf(text: str) -> bytes:
    pdf = new_pdf()
    pdf.add_page()
    y = 60.0
    for line in text.splitlines():
        if y > 780:
            pdf.add_page()
            y = 60.0
        _place(pdf, 50, y, line)
        y += 14
    return finish(pdf)


def render_columns(header: str, left: str, right: str) -> bytes:
    """Two columns, written line by line across the page, as many layout programs do."""
    pdf = new_pdf()
    pdf.add_page()
    y = 60.0
    for line in header.splitlines():
        pdf.text(50, y, _plain(pdf, line))
        y += 16
    y += 14
    one, two = left.splitlines(), right.splitlines()
    for index in range(max(len(one), len(two))):
        if index < len(one) and one[index]:
            pdf.text(50, y, _plain(pdf, one[index]))
        if index < len(two) and two[index]:
            pdf.text(225, y, _plain(pdf, two[index]))
        y += 14
    return finish(pdf)


def render_docx(text: str) -> bytes:
    from docx import Document

    document = Document()
    for line in text.splitlines():
        document.add_paragraph(line)
    return save(document)


def render_table(header: str, rows: list[list[str]]) -> bytes:
    from docx import Document

    document = Document()
    for line in header.splitlines():
        document.add_paragraph(line)
    table = document.add_table(rows=0, cols=2)
    for cells in rows:
        row = table.add_row()
        for cell, text in zip(row.cells, cells, strict=True):
            cell.text = text
    return save(document)


def save(document: Any) -> bytes:
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()
