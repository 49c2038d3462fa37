"""Text of a PDF in reading order, with what no reader can see taken out and listed. Runs in the limited process."""

import io
from collections.abc import Callable
from typing import Any

from pypdf import PageObject, PdfReader
from pypdf.errors import PyPdfError
from pypdf.generic import ContentStream, NameObject

from greenroom.documents.layout import Run, order_runs
from greenroom.documents.outcome import Refusal, Taken

PAGES = 60
SHOWS = {b"Tj", b"TJ", b"'", b'"'}
FILLS = {b"f", b"F", b"f*", b"B", b"B*", b"b", b"b*"}
# What a damaged file makes the library raise.
UNSOUND = (
    PyPdfError,
    ValueError,
    KeyError,
    TypeError,
    AttributeError,
    IndexError,
    RecursionError,
    NotImplementedError,
)
SMALLEST = 1.5  # points; nobody reads smaller letters
PALE = 0.94  # lightness from which letters vanish on white paper
Matrix = tuple[float, float, float, float, float, float]


def read_pdf(data: bytes, is_heading: Callable[[str], bool], progress: Callable[[int, int], None]) -> Taken:
    """The text of all pages.

    Raises:
        Refusal: encrypted, broken, with scripts, too many pages, no text on any page, or letters without meaning.
    """
    reader = _open(data)
    try:
        active = _is_active(reader)
        count = len(reader.pages)
    except UNSOUND as error:
        raise Refusal("broken") from error
    if active:
        raise Refusal("scripts")
    if count > PAGES:
        raise Refusal("too-many-pages", pages=count)
    texts: list[str] = []
    hidden: list[str] = []
    pictures = False
    for number in range(count):
        try:
            page = reader.pages[number]
            pictures = pictures or _has_pictures(page)
            seen, unseen = _read_page(page, reader, is_heading)
        except UNSOUND as error:
            raise Refusal("broken") from error
        texts.append(seen)
        hidden += unseen
        progress(number + 1, count)
    text = "\n\n".join(part for part in texts if part.strip())
    _check(text, pictures)
    return Taken(text, hidden, count)


def _open(data: bytes) -> PdfReader:
    try:
        reader = PdfReader(io.BytesIO(data), strict=False)
        locked = reader.is_encrypted and not reader.decrypt("")
    except UNSOUND as error:
        raise Refusal("broken") from error
    except ImportError as error:  # AES needs an optional package
        raise Refusal("encrypted") from error
    if locked:
        raise Refusal("encrypted")
    return reader


def _is_active(reader: PdfReader) -> bool:
    """Whether opening the document would run something. Attached files are left alone: only pages are read."""
    root: Any = reader.root_object
    names: Any = root.get("/Names")
    if "/AA" in root or (names and "/JavaScript" in names.get_object()):
        return True
    first: Any = root.get("/OpenAction")
    first = first.get_object() if first is not None else None
    return isinstance(first, dict) and first.get("/S") in ("/JavaScript", "/Launch")  # pyright: ignore[reportUnknownMemberType]


def _check(text: str, pictures: bool) -> None:
    letters = sum(c.isalpha() for c in text)
    if letters < 20:
        raise Refusal("scanned" if pictures else "no-text")
    odd = sum(c == "\ufffd" or "\ue000" <= c <= "\uf8ff" for c in text) + 6 * text.count("(cid:")
    if odd > 0.1 * len(text):
        raise Refusal("unreadable-font")


def _has_pictures(page: PageObject) -> bool:
    resources: Any = page.get("/Resources")
    objects: Any = resources.get_object().get("/XObject") if resources else None
    found: list[Any] = list(objects.get_object().values()) if objects else []
    return any(item.get_object().get("/Subtype") in ("/Image", "/Form") for item in found)


def _read_page(
    page: PageObject, reader: PdfReader, is_heading: Callable[[str], bool]
) -> tuple[str, list[str]]:
    source: Any = page.get("/Contents")
    if source is None:
        return "", []
    # As bytes: letters are numbers of glyphs here, and must come out of the filtered stream as they went in.
    contents = ContentStream(source.get_object(), reader, "bytes")
    box = page.mediabox
    frame = (float(box.left), float(box.bottom), float(box.right), float(box.top))
    operations = list(contents.operations)
    unseen = _find_unseen(operations, frame)
    if not unseen:
        return order_runs(_runs(page), is_heading), []
    hidden = _extract(
        page, reader, [op for i, op in enumerate(operations) if op[1] not in SHOWS or i in unseen]
    )
    seen = _extract(page, reader, [op for i, op in enumerate(operations) if i not in unseen])
    lines = [line for line in _plain(hidden).split("\n") if line.strip()]
    return order_runs(seen, is_heading), [" ".join(lines)[:2000]] if lines else []


def _plain(runs: list[Run]) -> str:
    return order_runs(runs, lambda _text: False)


def _extract(page: PageObject, reader: PdfReader, operations: list[Any]) -> list[Run]:
    stream = ContentStream(None, reader, "bytes")
    stream.operations = operations
    page[NameObject("/Contents")] = stream
    return _runs(page)


def _runs(page: PageObject) -> list[Run]:
    runs: list[Run] = []

    def take(text: str, cm: list[float], tm: list[float], _font: object, size: float) -> None:
        if not text.strip():
            return
        turned = abs(tm[1]) > 0.1 * abs(tm[0] or 1) or abs(cm[1]) > 0.1 * abs(cm[0] or 1)
        x = tm[4] * cm[0] + tm[5] * cm[2] + cm[4]
        y = tm[4] * cm[1] + tm[5] * cm[3] + cm[5]
        scale = abs(tm[3] * cm[3]) or abs(tm[0] * cm[0]) or 1
        height = max(abs(size) * scale, 1.0)
        for index, line in enumerate(text.strip("\n").split("\n")):
            joined = not text[:1].isspace()
            runs.append(
                Run(x, -10_000 + y if turned else y - index * height * 1.2, height, line.strip(), joined)
            )

    page.extract_text(visitor_text=take)
    return runs


# what no reader sees


class _Ink:
    """The part of the graphics state that decides whether letters can be seen."""

    def __init__(self) -> None:
        self.ctm: Matrix = (1, 0, 0, 1, 0, 0)
        self.light: float | None = 0.0
        self.mode = 0
        self.size = 10.0

    def copy(self) -> "_Ink":
        other = _Ink()
        other.ctm, other.light, other.mode, other.size = self.ctm, self.light, self.mode, self.size
        return other


def _times(m: Matrix, n: Matrix) -> Matrix:
    return (
        m[0] * n[0] + m[1] * n[2], m[0] * n[1] + m[1] * n[3],
        m[2] * n[0] + m[3] * n[2], m[2] * n[1] + m[3] * n[3],
        m[4] * n[0] + m[5] * n[2] + n[4], m[4] * n[1] + m[5] * n[3] + n[5],
    )  # fmt: skip


def _lightness(values: list[float]) -> float | None:
    """0 black to 1 white of grey, RGB or CMYK; None for other colour spaces, which are taken as visible."""
    if len(values) == 1:
        return values[0]
    if len(values) == 3:
        return min(values)
    if len(values) == 4:
        return 1 - max(*values[:3], values[3])
    return None


def _numbers(operands: Any) -> list[float]:  # noqa: ANN401 - operands of any type
    try:
        return [float(value) for value in operands]
    except (TypeError, ValueError):
        return []


class _Page:
    """Walks the operations of a page and tells which of them show letters that cannot be seen."""

    def __init__(self, frame: tuple[float, float, float, float]) -> None:
        self.frame = frame
        self.ink = _Ink()
        self.stack: list[_Ink] = []
        self.line: Matrix = (1, 0, 0, 1, 0, 0)
        self.leading = 0.0
        self.path: list[tuple[float, float, float, float]] = []
        self.painted: list[tuple[float, float, float, float]] = []
        self.picture = False

    def step(self, operator: bytes, operands: Any) -> bool:  # noqa: ANN401 - operands of any type
        """True when the operation shows letters and none of them can be seen."""
        if operator in SHOWS:
            return self._unseen()
        numbers = _numbers(operands) if operator != b"Tf" else _numbers(operands[1:])
        if operator in (b"q", b"Q", b"cm", b"Do"):
            self._frame_state(operator, numbers)
        elif operator in (b"re", b"n", *FILLS):
            self._paint(operator, numbers)
        elif operator in (b"BT", b"Tm", b"Td", b"TD", b"T*", b"TL"):
            self._move(operator, numbers)
        elif operator in (b"g", b"rg", b"k", b"sc", b"scn", b"cs"):
            self.ink.light = 0.0 if operator == b"cs" else _lightness(numbers)
        elif operator == b"Tr" and numbers:
            self.ink.mode = int(numbers[0])
        elif operator == b"Tf" and numbers:
            self.ink.size = numbers[-1]
        return False

    def _frame_state(self, operator: bytes, numbers: list[float]) -> None:
        if operator == b"q":
            self.stack.append(self.ink.copy())
        elif operator == b"Q" and self.stack:
            self.ink = self.stack.pop()
        elif operator == b"cm" and len(numbers) == 6:
            self.ink.ctm = _times(
                (numbers[0], numbers[1], numbers[2], numbers[3], numbers[4], numbers[5]), self.ink.ctm
            )
        elif operator == b"Do":
            self.picture = True

    def _paint(self, operator: bytes, numbers: list[float]) -> None:
        if operator == b"re" and len(numbers) == 4:
            a = _times((1, 0, 0, 1, numbers[0], numbers[1]), self.ink.ctm)
            b = _times((1, 0, 0, 1, numbers[0] + numbers[2], numbers[1] + numbers[3]), self.ink.ctm)
            self.path.append((min(a[4], b[4]), min(a[5], b[5]), max(a[4], b[4]), max(a[5], b[5])))
            return
        if operator in FILLS and (self.ink.light is None or self.ink.light < PALE):
            self.painted += self.path
        self.path = []

    def _move(self, operator: bytes, numbers: list[float]) -> None:
        if operator == b"BT":
            self.line = (1, 0, 0, 1, 0, 0)
        elif operator == b"TL" and numbers:
            self.leading = numbers[0]
        elif operator == b"Tm" and len(numbers) == 6:
            self.line = (numbers[0], numbers[1], numbers[2], numbers[3], numbers[4], numbers[5])
        elif operator in (b"Td", b"TD") and len(numbers) == 2:
            self.line = _times((1, 0, 0, 1, numbers[0], numbers[1]), self.line)
            self.leading = -numbers[1] if operator == b"TD" else self.leading
        elif operator == b"T*":
            self.line = _times((1, 0, 0, 1, 0, -self.leading), self.line)

    def _unseen(self) -> bool:
        place = _times(self.line, self.ink.ctm)
        x, y = place[4], place[5]
        scale = max(abs(place[0]), abs(place[1]), abs(place[2]), abs(place[3]))
        left, bottom, right, top = self.frame
        if self.ink.mode in (3, 7) or abs(self.ink.size) * scale < SMALLEST:
            return True
        if x > right + 5 or y > top + 5 or y < bottom - 5 or x < left - 400:
            return True
        pale = self.ink.light is not None and self.ink.light >= PALE and self.ink.mode in (0, 4)
        on_colour = any(x0 - 2 <= x <= x1 + 2 and y0 - 2 <= y <= y1 + 2 for x0, y0, x1, y1 in self.painted)
        return pale and not on_colour and not self.picture


def _find_unseen(operations: list[Any], frame: tuple[float, float, float, float]) -> set[int]:
    page = _Page(frame)
    unseen = {index for index, (operands, operator) in enumerate(operations) if page.step(operator, operands)}
    shown = sum(1 for _, operator in operations if operator in SHOWS)
    # A scan with a text layer is invisible letters behind a picture: that layer is the document.
    return set() if page.picture and len(unseen) == shown else unseen
