"""Text of a DOCX: paragraphs, tables, text boxes and headers in order, hidden text taken out and listed.

Works on the XML that python-docx parsed, because text boxes and tracked changes have no place in its objects. Runs in
the limited process.
"""

import io
import stat
import zipfile
from collections.abc import Iterator
from itertools import zip_longest
from typing import Any

from greenroom.documents.outcome import Refusal, Taken

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
UNPACKED = 60_000_000  # bytes of all parts together
RATIO = 200  # unpacked to packed, over which a part is a bomb
PARTS = 2_000


def check_package(data: bytes) -> str:
    """What kind of package a ZIP file is: `docx`, or a name for the message.

    Raises:
        Refusal: broken, a bomb, with macros, or with links to files outside of it.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            parts = package.infolist()
            names = {part.filename for part in parts}
            bomb = len(parts) > PARTS or sum(part.file_size for part in parts) > UNPACKED
            bomb = bomb or any(
                p.file_size > 1_000_000 and p.file_size > RATIO * max(p.compress_size, 1) for p in parts
            )
            if bomb:
                raise Refusal("bomb")
            if any(part.flag_bits & 1 for part in parts):
                raise Refusal("encrypted")
            if any(stat.S_ISLNK(part.external_attr >> 16) for part in parts):
                raise Refusal("links")
            types = package.read("[Content_Types].xml") if "[Content_Types].xml" in names else b""
    except (zipfile.BadZipFile, EOFError, OSError, RuntimeError, NotImplementedError, ValueError) as error:
        raise Refusal("broken") from error
    if b"macroEnabled" in types or any(name.lower().endswith("vbaproject.bin") for name in names):
        raise Refusal("macros")
    if "word/document.xml" in names or b"wordprocessingml.document.main" in types:
        return "docx"
    if "xl/workbook.xml" in names:
        return "a spreadsheet"
    if "ppt/presentation.xml" in names:
        return "a presentation"
    return "an OpenDocument file" if "mimetype" in names else "a ZIP archive"


def read_docx(data: bytes) -> Taken:
    """The text of a DOCX.

    Raises:
        Refusal: broken, a bomb, with macros, or without text.
    """
    if check_package(data) != "docx":
        raise Refusal("broken")
    heads, body = _open(data)
    hidden: list[str] = []
    lines: list[str] = []
    for part in (*heads, body):
        lines += _blocks(part, hidden)
    text = "\n".join(lines)
    if sum(c.isalpha() for c in text) < 20:
        raise Refusal("scanned" if body.findall(f".//{W}drawing") else "no-text")
    return Taken(text, [" ".join(hidden)[:2000]] if hidden else [])


def _open(data: bytes) -> tuple[list[Any], Any]:
    """The XML of the headers and of the body."""
    from docx import Document
    from docx.opc.exceptions import PackageNotFoundError

    # lxml's XMLSyntaxError is a SyntaxError.
    broken = (
        PackageNotFoundError,
        SyntaxError,
        KeyError,
        ValueError,
        AttributeError,
        zipfile.BadZipFile,
        EOFError,
    )
    try:
        document = Document(io.BytesIO(data))
        heads: list[Any] = [
            section.header._element  # noqa: SLF001  # pyright: ignore[reportPrivateUsage] - no public way to the XML
            for section in document.sections
            if not section.header.is_linked_to_previous
        ]
        element: Any = document.element  # pyright: ignore[reportUnknownMemberType]
        body: Any = element.body
    except broken as error:
        raise Refusal("broken") from error
    return heads, body


def _blocks(parent: Any, hidden: list[str]) -> Iterator[str]:  # noqa: ANN401 - lxml element
    for child in parent:
        if child.tag == f"{W}p":
            yield from _paragraph(child, hidden)
        elif child.tag == f"{W}tbl":
            yield from _table(child, hidden)
        elif child.tag == f"{W}sdt":
            content = child.find(f"{W}sdtContent")
            yield from _blocks(content, hidden) if content is not None else ()


def _table(table: Any, hidden: list[str]) -> Iterator[str]:  # noqa: ANN401 - lxml element
    """Rows as lines: the first lines of all cells together, then the second ones, as the eye reads them."""
    for row in table.iter(f"{W}tr"):
        cells = [list(_blocks(cell, hidden)) for cell in row.findall(f"{W}tc")]
        cells = [[line for line in cell if line.strip()] for cell in cells]
        if _are_columns(cells):
            for cell in cells:
                yield from (*cell, "")
            continue
        for lines in zip_longest(*cells, fillvalue=""):
            yield "\t".join(line for line in lines if line)
        if max((len(cell) for cell in cells), default=0) > 1:
            yield ""


def _are_columns(cells: list[list[str]]) -> bool:
    """A row with two long cells is a page in columns, not a line of a table."""
    return len([cell for cell in cells if len(cell) >= 8]) >= 2


def _paragraph(paragraph: Any, hidden: list[str]) -> Iterator[str]:  # noqa: ANN401 - lxml element
    listed = paragraph.find(f"{W}pPr/{W}numPr") is not None or _style(paragraph).startswith("ListBullet")
    shaded = paragraph.find(f"{W}pPr/{W}shd") is not None or _in_shaded_cell(paragraph)
    text = ""
    boxes: list[Any] = []
    for run in _runs(paragraph):
        boxes += [box for box in run.iter(f"{W}txbxContent") if not _inside(box, FALLBACK, run)]
        piece = _letters(run)
        if piece and _is_unseen(run, shaded=shaded):
            hidden.append(piece)
        else:
            text += piece
    for line in text.split("\n"):
        yield f"• {line}" if listed and line.strip() else line
    for box in boxes:
        yield from _blocks(box, hidden)


def _style(paragraph: Any) -> str:  # noqa: ANN401 - lxml element
    style = paragraph.find(f"{W}pPr/{W}pStyle")
    return str(style.get(f"{W}val", "")) if style is not None else ""


def _in_shaded_cell(paragraph: Any) -> bool:  # noqa: ANN401 - lxml element
    return any(cell.find(f"{W}tcPr/{W}shd") is not None for cell in paragraph.iterancestors(f"{W}tc"))


def _runs(paragraph: Any) -> Iterator[Any]:  # noqa: ANN401 - lxml elements
    """Runs of this paragraph, those of links and insertions included, not those of text boxes inside it."""
    for run in paragraph.iter(f"{W}r"):
        owner = next(run.iterancestors(f"{W}p"))
        if owner is paragraph and not _inside(run, f"{W}del", paragraph):
            yield run


def _inside(element: Any, tag: str, limit: Any) -> bool:  # noqa: ANN401 - lxml elements
    for ancestor in element.iterancestors():
        if ancestor is limit:
            return False
        if ancestor.tag == tag:
            return True
    return False


def _letters(run: Any) -> str:  # noqa: ANN401 - lxml element
    text = ""
    for child in run:
        if child.tag == f"{W}t":
            text += child.text or ""
        elif child.tag in (f"{W}tab", f"{W}ptab"):
            text += "\t"
        elif child.tag in (f"{W}br", f"{W}cr"):
            text += "\n"
        elif child.tag in (f"{W}noBreakHyphen", f"{W}softHyphen"):
            text += "-" if child.tag.endswith("noBreakHyphen") else ""
    return text


def _is_unseen(run: Any, *, shaded: bool) -> bool:  # noqa: ANN401 - lxml element
    look = run.find(f"{W}rPr")
    if look is None:
        return False
    vanish = look.find(f"{W}vanish")
    if vanish is not None and vanish.get(f"{W}val", "1") not in ("0", "false", "off"):
        return True
    size = look.find(f"{W}sz")
    if size is not None and str(size.get(f"{W}val", "20")).isdigit() and int(size.get(f"{W}val")) <= 4:
        return True  # half points
    colour = look.find(f"{W}color")
    pale = colour is not None and str(colour.get(f"{W}val", "")).upper() in ("FFFFFF", "FEFEFE", "FDFDFD")
    backed = shaded or look.find(f"{W}shd") is not None or look.find(f"{W}highlight") is not None
    return pale and not backed
