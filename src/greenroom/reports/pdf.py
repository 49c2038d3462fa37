"""A report as a PDF: typeset by typst with our own fonts, tagged (PDF/UA-1), with its charts as vectors.

The report goes in as JSON data; the template is the only source that typst reads, so an answer can never be markup.
"""

import json
import re
import unicodedata
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

from greenroom.kit.errors import Problem
from greenroom.reports.schemas import Report
from greenroom.reports.sheet import lay_out

TEMPLATE: Final = Path(str(files("greenroom.reports"))) / "report.typ"
FONTS: Final = Path(str(files("greenroom"))) / "static" / "dist" / "print"
NO_SIGN = "\u25af"  # stands for one sign that no font here can draw
ROUNDS = 5  # tries until every sign has a font or a stand-in; the second one finds nearly all
STILL_THERE: Final = "The report is there as a page to print, as Markdown and as JSON."
_UNDRAWN = re.compile(r'the text `"(.+?)"` could not be displayed')
_ESCAPED = re.compile(r"\\u\{([0-9a-f]+)\}")


class PdfFailed(Problem):
    status = 500
    slug = "pdf-failed"
    title = "The PDF could not be written"


def render(report: Report) -> bytes:
    """The report as PDF/UA-1. Blocking: 20 to 50 ms of one processor, without the interpreter's lock.

    Signs that our fonts lack are drawn by the fonts of this machine. Those that it lacks too become their names (an
    emoji) or `NO_SIGN`, and the first page says so.

    Raises:
        PdfFailed: the fonts are not built, or the typesetter refuses.
    """
    import typst

    if not list_fonts():
        raise PdfFailed(
            f"The fonts of the PDF are missing. Run `make build` in the project folder. {STILL_THERE}"
        )
    sheet, undrawn = lay_out(report), set[str]()
    for attempt in range(ROUNDS):
        try:
            return typst.compile(
                TEMPLATE,
                font_paths=[FONTS],
                ignore_system_fonts=attempt == 0,
                format="pdf",
                sys_inputs={"report": json.dumps(sheet, ensure_ascii=False)},
                pdf_standards=["ua-1"],
                timestamp=int(report.started_at.timestamp()),
            )
        except typst.TypstError as error:
            missing = find_undrawn(error.diagnostic)
            if not missing:
                raise PdfFailed(f"The typesetter stopped: {error.message}. {STILL_THERE}") from error
            if attempt:  # the machine's own fonts were tried
                undrawn |= missing
                sheet = {**stand_in(lay_out(report), undrawn), "undrawn": any(map(is_letter, undrawn))}
    raise PdfFailed(f"Some signs of this report cannot be drawn on this machine. {STILL_THERE}")


def list_fonts() -> list[Path]:
    """Our fonts for the PDF, as built."""
    return sorted(FONTS.glob("*.ttf"))


def find_undrawn(diagnostic: str) -> set[str]:
    """The signs that the typesetter had no font for, of its message."""
    found = (_ESCAPED.sub(lambda code: chr(int(code[1], 16)), text) for text in _UNDRAWN.findall(diagnostic))
    return {sign for text in found for sign in text if sign != NO_SIGN and not sign.isspace()}


def is_letter(sign: str) -> bool:
    """Whether a sign's place is kept; others are named, or were never visible."""
    return unicodedata.category(sign)[0] in "LMN"


def stand_in(value: Any, undrawn: set[str]) -> Any:  # noqa: ANN401 - any JSON
    """The same data with undrawn signs as `NO_SIGN`, emoji and other symbols by name, invisible ones gone."""
    match value:
        case str():
            return "".join(_replace(sign) if sign in undrawn else sign for sign in value)
        case list():
            return [stand_in(part, undrawn) for part in value]  # pyright: ignore[reportUnknownVariableType]
        case dict():
            return {key: stand_in(part, undrawn) for key, part in value.items()}  # pyright: ignore[reportUnknownVariableType]
        case _:
            return value


def _replace(sign: str) -> str:
    if is_letter(sign):
        return NO_SIGN if unicodedata.category(sign)[0] != "M" else ""
    if (
        unicodedata.category(sign)[0] in "CZ" or unicodedata.category(sign) == "Sk"
    ):  # a joiner, a tone of skin
        return ""
    return f"[{unicodedata.name(sign, 'sign').lower()}]"
