"""How long a report takes to become a PDF.

usage: uv run python benchmarks/pdf.py [--runs N]

The strong and the weak candidate of `greenroom demo` are played; their reports are set again and again, each time with
other words in every answer, because the typesetter remembers pages it has set before. Prints one JSON line: the median
and the 95th percentile in milliseconds, pages and kilobytes, and the median as a multiple of a bare page of the same
typesetter in the same run, which is what to compare between machines. Asked for: at most 100 ms.
"""

import argparse
import io
import json
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pypdf
import typst
from rich.console import Console

from greenroom.demonstration.commands import play_all
from greenroom.reports import pdf
from greenroom.reports.schemas import Report
from greenroom.settings import Settings

BARE = '#set document(title: "A")\n#set text(font: "Atkinson Hyperlegible Next")\n= A\nPage {run}.'


def reword(report: Report, run: int) -> Report:
    """The same report with other words in every answer and in the transcript."""
    body: dict[str, Any] = report.model_dump(mode="json")
    for card in body["cards"]:
        for turn in card["turns"]:
            for piece in turn["pieces"]:
                piece["text"] = f"{piece['text']} {run}"
    for line in body["transcript"]:
        line["text"] = f"{line['text']} {run}"
    return Report.model_validate(body)


def measure(work: Callable[[int], object], runs: int) -> list[float]:
    """Milliseconds of each run, in order of length; the first one warms up and does not count."""
    spent: list[float] = []
    for run in range(runs + 1):
        started = time.perf_counter()
        work(run)
        spent.append((time.perf_counter() - started) * 1000)
    return sorted(spent[1:])


def set_bare(run: int) -> bytes:
    """One page with a heading and a line."""
    source = BARE.replace("{run}", str(run)).encode()
    return typst.compile(
        source, font_paths=[pdf.FONTS], ignore_system_fonts=True, format="pdf", pdf_standards=["ua-1"]
    )


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--runs", type=int, default=40)
    runs = parser.parse_args().runs
    with tempfile.TemporaryDirectory(prefix="greenroom-benchmark-") as folder:
        settings = Settings(_env_file=None, data_dir=Path(folder))  # type: ignore[call-arg]
        reports = play_all(settings, ["strong", "weak"], "graded", Console(quiet=True), keep=False)
    worded = {name: [reword(report, run) for run in range(runs + 1)] for name, report in reports.items()}
    bare = statistics.median(measure(set_bare, runs))
    result: dict[str, Any] = {"bare_page_ms": round(bare, 1)}
    for name, versions in worded.items():
        spent = measure(lambda run, versions=versions: pdf.render(versions[run]), runs)
        body = pdf.render(versions[0])
        median = statistics.median(spent)
        result[name] = {
            "median_ms": round(median, 1),
            "p95_ms": round(spent[int(len(spent) * 0.95) - 1], 1),
            "of_bare_page": round(median / bare, 1),
            "pages": len(pypdf.PdfReader(io.BytesIO(body)).pages),
            "kb": round(len(body) / 1000),
        }
    print(json.dumps(result))


if __name__ == "__main__":
    main()
