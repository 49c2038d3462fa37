"""`greenroom grade` and `greenroom grade-report`: the built-in grader on answers that somebody brings along.

The engine is imported late, so that `greenroom --help` does not pay for it.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from rich.console import Console

    from greenroom.grading.builtin.weights import Tier
    from greenroom.grading.dataset import Line
    from greenroom.providers.embeddings.base import Embeddings

TierOption = Annotated[str, typer.Option(help="lexical, or embeddings (better; needs the model).")]
ModelOption = Annotated[
    Path | None,
    typer.Option(envvar="GREENROOM_EMBEDDINGS_FOLDER", help="Folder with model.onnx and tokenizer.json."),
]
DownloadOption = Annotated[
    bool, typer.Option("--download", help="Fetch the official model (91 MB) when it is not there.")
]


def grade_file(
    source: Annotated[
        Path, typer.Argument(metavar="IN.jsonl", help="Lines with question, answer, references …")
    ],
    target: Annotated[Path, typer.Argument(metavar="OUT.jsonl", help="Where the graded lines go.")],
    tier: TierOption = "lexical",
    model: ModelOption = None,
    download: DownloadOption = False,
) -> None:
    """Grade the answers of a JSONL file; a bad line is reported by its number and the rest is graded."""
    from greenroom.grading.dataset import BadLineError, grade_line, read_line

    kind, embed = open_tier(tier, model, download=download)
    texts, bad = read_texts(source)
    total = len(texts) + len(bad)
    check_target(target, source)
    done = 0
    with target.open("w", encoding="utf-8") as out:
        for number, text in track(texts, "grading"):
            try:
                result = grade_line(read_line(text), tier=kind, embed=embed)
            except BadLineError as error:
                bad.append((number, str(error)))
                continue
            out.write(json.dumps({"line": number, **result}, ensure_ascii=False) + "\n")
            done += 1
    report_bad(sorted(bad))
    lines = "line" if total == 1 else "lines"
    open_console().print(f"{done} of {total} {lines} graded ({kind}) → {target}", soft_wrap=True)
    if bad and not done:
        raise typer.Exit(1)


def report_file(
    sources: Annotated[
        list[Path], typer.Argument(metavar="SCORED.jsonl…", help="Lines that also have `score`.")
    ],
    tier: TierOption = "lexical",
    model: ModelOption = None,
    download: DownloadOption = False,
    anchors: Annotated[int, typer.Option(min=0, max=10, help="Graded answers given per question.")] = 0,
    attacks: Annotated[bool, typer.Option(help="Also attack the grader with spoilt answers.")] = True,
    json_out: Annotated[Path | None, typer.Option("--json", help="Write the figures as JSON.")] = None,
    html_out: Annotated[Path | None, typer.Option("--html", help="Write the figures as a page.")] = None,
) -> None:
    """Measure the built-in grader against human scores, with intervals by question and an attack table."""
    from greenroom.grading.dataset import BadLineError, read_line
    from greenroom.grading.evaluation import evaluate, render_page, render_text

    kind, embed = open_tier(tier, model, download=download)
    for target in (json_out, html_out):
        if target:
            check_target(target, *sources)
    lines: list[Line] = []
    bad: list[tuple[int, str]] = []
    for source in sources:
        texts, unread = read_texts(source)
        bad += [(number, f"{source.name}: {reason}") for number, reason in unread]
        for number, text in texts:
            try:
                line = read_line(text)
            except BadLineError as error:
                bad.append((number, f"{source.name}: {error}"))
                continue
            lines.append(line.model_copy(update={"dataset": line.dataset or source.stem}))
    scored = [line for line in lines if line.human is not None]
    report_bad(bad)
    if not scored:
        raise _stop("no line has a `score` to compare with")
    report = evaluate(
        scored,
        tier=kind,
        embed=embed,
        anchors=anchors,
        attacks=attacks,
        track=lambda x, label: list(track(x, label)),
    )
    typer.echo(render_text(report))
    if json_out:
        json_out.write_text(json.dumps(report.model_dump(mode="json"), indent=2) + "\n", encoding="utf-8")
    if html_out:
        html_out.write_text(render_page(report), encoding="utf-8")


def open_tier(tier: str, folder: Path | None, *, download: bool) -> "tuple[Tier, Embeddings | None]":
    """The tier and, for embeddings, the model; stops with a clear message when it cannot be had."""
    if tier == "lexical":
        return "lexical", None
    if tier != "embeddings":
        raise _stop(f"unknown tier {tier!r}: lexical or embeddings")
    from greenroom.providers.embeddings.download import DownloadError, download_model
    from greenroom.providers.embeddings.onnx import ModelMissingError, OnnxEmbeddings
    from greenroom.settings import Settings

    place = folder or Settings().model_folder
    try:
        if download:
            open_console().print(f"checking {place} …")
            download_model(place)
        return "embeddings", OnnxEmbeddings(place)
    except DownloadError as error:
        raise _stop(f"the model could not be downloaded: {error}") from error
    except ModelMissingError as error:
        raise _stop(
            f"{error}. Add --download to fetch it, or --model FOLDER to use your own copy."
        ) from error


def open_console() -> "Console":
    """The error stream, for progress and messages; results go elsewhere."""
    from rich.console import Console

    return Console(stderr=True, highlight=False)


def check_target(target: Path, *sources: Path) -> None:
    """Make sure, before the work begins, that the results have a place, and that it is none of the files read."""
    if any(target.exists() and source.exists() and target.samefile(source) for source in sources):
        raise _stop(f"{target} is the file that is read: name another one for the results")
    try:
        target.open("a", encoding="utf-8").close()
    except OSError as error:
        raise _stop(f"cannot write {target}: {error.strerror}") from error


def read_texts(source: Path) -> tuple[list[tuple[int, str]], list[tuple[int, str]]]:
    """The lines of a file that are not blank, with their numbers from 1, and those that are not UTF-8."""
    try:
        content = source.read_bytes()
    except OSError as error:
        raise _stop(f"cannot read {source}: {error.strerror}") from error
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise _stop(f"{source} is UTF-16 text: save it as UTF-8")
    texts: list[tuple[int, str]] = []
    bad: list[tuple[int, str]] = []
    for number, line in enumerate(content.removeprefix(b"\xef\xbb\xbf").split(b"\n"), 1):
        try:
            text = line.decode("utf-8")
        except UnicodeDecodeError as error:
            bad.append((number, f"not UTF-8 text at byte {error.start + 1}"))
            continue
        if text.strip():
            texts.append((number, text))
    return texts, bad


def report_bad(bad: list[tuple[int, str]]) -> None:
    """Say which lines were left out, and why."""
    for number, reason in bad[:20]:
        open_console().print(f"[red]line {number}[/]: {_plain(reason)}", soft_wrap=True)
    if len(bad) > 20:
        open_console().print(f"… and {len(bad) - 20} more")


def track(items: list[Any], label: str) -> Iterator[Any]:
    """The items, with a progress bar on the error stream."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=open_console(), transient=True) as progress:
        yield from progress.track(items, description=label)


def _plain(text: str) -> str:
    return text.replace("[", r"\[")


def _stop(message: str) -> typer.Exit:
    open_console().print(f"[red]{_plain(message)}[/]", soft_wrap=True)
    return typer.Exit(2)
