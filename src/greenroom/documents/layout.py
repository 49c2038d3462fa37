"""Runs of text on a page, put into reading order: lines from top to bottom, and columns one after the other.

Two columns are read as columns only when the right one holds a heading of its own. A page with dates on the left and
text on the right, or the other way round, is a table and stays in lines.
"""

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass

WIDTH = 0.5  # of the font size: how wide a letter is on average, where nothing better is known
GAP = 1.3  # font sizes between two runs of one line that are set apart
LEAST_LINES = 5  # lines that must start at the second column


@dataclass(frozen=True)
class Run:
    """Text at a place; points, `y` upwards. `joined`: no space was meant before it."""

    x: float
    y: float
    size: float
    text: str
    joined: bool = False

    @property
    def end(self) -> float:
        return self.x + len(self.text) * self.size * WIDTH


@dataclass(frozen=True)
class _Line:
    y: float
    size: float
    runs: tuple[Run, ...]


def order_runs(runs: Sequence[Run], is_heading: Callable[[str], bool]) -> str:
    """The text of one page in reading order. Gaps between paragraphs become empty lines."""
    lines = _lines(runs)
    gutter = _find_gutter(lines, is_heading)
    if gutter is None:
        return _write(lines)
    parts: list[str] = []
    band: list[_Line] = []
    for line in lines:
        if any(run.x < gutter - 2 and run.end > gutter + 4 * run.size for run in line.runs):
            parts += [_columns(band, gutter), _write([line])]
            band = []
        else:
            band.append(line)
    parts.append(_columns(band, gutter))
    return "\n".join(part for part in parts if part.strip())


def _lines(runs: Sequence[Run]) -> list[_Line]:
    lines: list[list[Run]] = []
    for run in sorted(runs, key=lambda run: -run.y):
        if not run.text.strip():
            continue
        if lines and abs(lines[-1][0].y - run.y) <= 0.4 * max(run.size, lines[-1][0].size):
            lines[-1].append(run)
        else:
            lines.append([run])
    return [
        _Line(line[0].y, max(run.size for run in line), tuple(sorted(line, key=lambda run: run.x)))
        for line in lines
    ]


def _find_gutter(lines: list[_Line], is_heading: Callable[[str], bool]) -> float | None:
    """Where the right column starts, or None. Every place at which enough lines start a later run is tried."""
    starts: dict[int, int] = {}
    left_edge = min((line.runs[0].x for line in lines), default=0)
    for line in lines:
        for run in line.runs:
            if run.x > left_edge + 60:
                starts[round(run.x / 4)] = starts.get(round(run.x / 4), 0) + 1
    for place in sorted(starts, key=lambda place: -starts[place]):
        gutter = place * 4.0
        right = [run for line in lines for run in line.runs if abs(run.x - gutter) <= 4]
        if len(right) < LEAST_LINES or not any(is_heading(run.text) for run in right):
            continue
        low, high = min(run.y for run in right), max(run.y for run in right)
        beside = [line for line in lines if low <= line.y <= high]
        crossing = [
            line
            for line in beside
            if any(run.x < gutter - 8 and run.end > gutter + 4 * run.size for run in line.runs)
        ]
        if len(crossing) <= 0.2 * len(beside):
            return gutter - 4
    return None


def _columns(band: list[_Line], gutter: float) -> str:
    left = [
        _Line(line.y, line.size, kept)
        for line in band
        if (kept := tuple(r for r in line.runs if r.x < gutter))
    ]
    right = [
        _Line(line.y, line.size, kept)
        for line in band
        if (kept := tuple(r for r in line.runs if r.x >= gutter))
    ]
    return "\n\n".join(text for text in (_write(left), _write(right)) if text)


def _write(lines: list[_Line]) -> str:
    steps = sorted(before.y - after.y for before, after in itertools.pairwise(lines))
    usual = steps[len(steps) // 4] if steps else 0.0
    written: list[str] = []
    for index, line in enumerate(lines):
        if index and lines[index - 1].y - line.y > max(1.35 * usual, 1.2 * line.size):
            written.append("")
        written.append(_join(line.runs))
    return "\n".join(written)


def _join(runs: Sequence[Run]) -> str:
    text = ""
    last: Run | None = None
    for run in runs:
        piece = run.text.strip("\n")
        if last is not None:
            gap = run.x - last.end
            if gap > GAP * run.size:
                piece = "   " + piece.lstrip()
            elif not run.joined and not text.endswith(" ") and not piece.startswith(" "):
                piece = " " + piece
        text += piece
        last = run
    return text.strip()
