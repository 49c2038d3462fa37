"""`greenroom demo` in the terminal: who plays, what is shown, and where the reports go."""

import json
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from greenroom.client import ApiError, Client, Unfinished, Unreachable
from greenroom.demonstration.play import PlayedTime, Player, start_of
from greenroom.demonstration.script import (
    CANDIDATES,
    CandidateName,
    load_interview,
    load_script,
)
from greenroom.interviews.schemas import Interview, Mode
from greenroom.library import catalog
from greenroom.loopback import serving
from greenroom.readiness import CannotStart
from greenroom.reports import pdf
from greenroom.reports.markdown import write_markdown
from greenroom.reports.pdf import PdfFailed
from greenroom.reports.schemas import Report
from greenroom.room.protocol import RoomView
from greenroom.schema import UnusableDatabase
from greenroom.settings import Settings

SHOWN = 96  # characters of an answer in the terminal


def run(
    settings: Settings, *, candidate: CandidateName | None, mode: Mode, out: Path, as_json: bool, keep: bool,
    seed: int | None = None,
) -> int:  # fmt: skip
    """Play one candidate or all four, write the reports to `out`, show how they did; the exit code."""
    candidates: list[CandidateName] = [candidate] if candidate else list(CANDIDATES)
    console = Console(stderr=as_json, quiet=as_json, highlight=False)
    try:
        reports = play_all(settings, candidates, mode, console, keep=keep, seed=seed)
        for name, report in reports.items():
            write_report(out, name, report)
    except LookupError as error:
        return _fail(f"The demo's script does not fit this question bank: {error}.")
    except (CannotStart, PdfFailed, UnusableDatabase, ApiError, Unfinished, Unreachable, OSError) as error:
        return _fail(str(error))
    if as_json:
        print(json.dumps({"candidates": {name: sum_up(report) for name, report in reports.items()}}))  # noqa: T201
    else:
        console.print(compare(reports))
        console.print(f"The reports lie in [bold]{escape(str(out))}[/]: one .pdf, .md and .json each.")
    return 0


def play_all(
    settings: Settings, candidates: list[CandidateName], mode: Mode, console: Console, *, keep: bool,
    seed: int | None = None,
) -> dict[CandidateName, Report]:  # fmt: skip
    """The report of each candidate, all of them in the same interview on the same questions' pool.

    Unless `keep`, everything happens in a folder that is removed afterwards, apart from the person's own data.
    """
    spec = load_interview(mode, seed)
    time = PlayedTime(start_of(len(candidates), spec.minutes))
    reports: dict[CandidateName, Report] = {}
    with ExitStack() as stack:
        if not keep:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="greenroom-demo-")))
            settings = settings.model_copy(update={"data_dir": folder, "database_url": ""})
        client = stack.enter_context(Client(stack.enter_context(serving(settings, time))))
        interview = client.create_interview(spec)
        for name in candidates:
            reports[name] = _play(client, interview, name, time, console)
    return reports


def _play(
    client: Client, interview: Interview, name: CandidateName, time: PlayedTime, console: Console
) -> Report:
    script = load_script(name)
    console.rule(f"[bold]{script.name}[/] {script.about}", align="left")

    def on_room(room: RoomView) -> None:
        if room.question is None:
            return
        clock = f"{room.clock.used_s // 60:02}:{room.clock.used_s % 60:02}"
        where = "follow-up" if room.question.is_follow_up else f"{room.counter.number}/{room.counter.of}"
        speaker = next(card.name for card in room.panel if card.slug == room.question.persona)
        console.print(
            f"[dim]{clock} {where:>9}[/]  [cyan]{escape(speaker)}[/]  {escape(room.question.text)}",
            soft_wrap=True,
        )

    def on_reply(_room: RoomView, words: str) -> None:
        shown = words if len(words) <= SHOWN else f"{words[:SHOWN].rsplit(' ', 1)[0]} …"
        console.print(f"{'':17}[dim]{escape(shown)}[/]", soft_wrap=True)

    player = Player(client, script, interview, catalog.load(), time, on_room, on_reply)
    report = player.play()
    console.print(f"{'':17}[bold]{escape(say_overall(report))}[/]\n")
    return report


def say_overall(report: Report) -> str:
    """The overall judgement in a few words."""
    judged = report.overall.judged
    if judged is None:
        return f"Not enough to judge. {report.overall.reason}".strip()
    return f"{judged.score} of 100, probably between {judged.score_low} and {judged.score_high}"


def sum_up(report: Report) -> dict[str, Any]:
    """One candidate in the `--json` line. Scores are 0-100, or null where there was not enough to judge."""
    judged = report.overall.judged
    return {
        "session": str(report.session_id),
        "overall": judged.score if judged else None,
        "questions": [
            {
                "id": card.id,
                "competency": card.competency,
                "question": card.question,
                "state": card.state,
                "score": card.judged.score if card.judged else None,
            }
            for card in report.cards
        ],
        "not_judged": [card.id for card in report.cards if card.judged is None],
    }


def compare(reports: dict[CandidateName, Report]) -> Table:
    """All candidates side by side."""
    table = Table(title="How the built-in evaluator saw them", title_justify="left")
    for heading in ("Candidate", "Overall", "Answers", "Judged", "What to change first"):
        table.add_column(heading, overflow="fold")
    for name, report in reports.items():
        judged = report.overall.judged
        table.add_row(
            load_script(name).name,
            f"{judged.score} ({judged.score_low}-{judged.score_high})" if judged else "not enough to judge",
            str(report.overall.asked),
            str(report.overall.assessed),
            escape(report.advice.change),
        )
    return table


def write_report(out: Path, name: CandidateName, report: Report) -> None:
    """Write `<name>.pdf`, `.md` and `.json` into a folder, which is made if need be."""
    out.mkdir(parents=True, exist_ok=True)
    (out / f"{name}.pdf").write_bytes(pdf.render(report))
    (out / f"{name}.json").write_text(report.model_dump_json(indent=2) + "\n", "utf-8")
    (out / f"{name}.md").write_text(write_markdown(report), "utf-8")


def _fail(sentence: str) -> int:
    print(f"greenroom: {sentence}", file=sys.stderr)  # noqa: T201
    return 1
