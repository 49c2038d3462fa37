"""The command line. Imports are late: `greenroom --help` must not pay for the server."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal
from uuid import UUID

import typer

from greenroom.grading.commands import grade_file, report_file
from greenroom.interviews.commands import bank
from greenroom.providers.embeddings.commands import models

if TYPE_CHECKING:
    from greenroom.settings import Settings

cli = typer.Typer(
    name="greenroom",
    help="Mock interviews with a panel that listens and follows up. Everything runs on this machine.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

cli.add_typer(bank)
cli.add_typer(models)
cli.command("grade")(grade_file)
cli.command("grade-report")(report_file)


def read_settings(**overrides: object) -> "Settings":
    """The settings of the environment; one that cannot be used ends the command with its name and reason."""
    from pydantic import ValidationError

    from greenroom.kit.faults import explain
    from greenroom.settings import Settings

    try:
        return Settings(**overrides)  # pyright: ignore[reportArgumentType] - names and types match the fields
    except ValidationError as error:
        reasons = [f"GREENROOM_{str(one['loc'][0]).upper()}: {explain(one)}." for one in error.errors()]
    except ValueError as error:  # a list that is not written as JSON
        reasons = [f'{error}. Lists are written as JSON, such as \'["one", "two"]\'.']
    for reason in reasons:
        typer.echo(f"greenroom: {reason}", err=True)
    raise typer.Exit(1)


@cli.command()
def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on; 0 picks a free one.")] = None,
) -> None:
    """Start the pages and the API; migrates the database first."""
    from greenroom import server

    overrides = {k: v for k, v in {"host": host, "port": port}.items() if v is not None}
    sys.exit(server.run(read_settings(**overrides)))


@cli.command()
def worker() -> None:
    """Run background jobs in this process, beside any number of others."""
    from greenroom import server

    sys.exit(server.run_worker(read_settings()))


@cli.command()
def migrate() -> None:
    """Create the database or bring it to the newest version."""
    from greenroom import server

    sys.exit(server.run_migrations(read_settings()))


@cli.command()
def demo(
    candidate: Annotated[
        Literal["strong", "middle", "weak", "hostile"] | None, typer.Option(help="Only this one.")
    ] = None,
    mode: Annotated[
        Literal["practice", "graded"], typer.Option(help="Practice coaches, graded does not.")
    ] = "practice",
    out: Annotated[Path, typer.Option(help="Folder for the reports.")] = Path("demo-report"),
    as_json: Annotated[bool, typer.Option("--json", help="Print one line of JSON and nothing else.")] = False,
    keep: Annotated[
        bool, typer.Option("--keep", help="Keep the sessions among your own, to open them in the pages.")
    ] = False,
) -> None:
    """Play a scripted interview with sample candidates through the real conductor and write the reports."""
    from greenroom.demonstration import commands

    sys.exit(
        commands.run(read_settings(), candidate=candidate, mode=mode, out=out, as_json=as_json, keep=keep)
    )


@cli.command()
def practise(
    role: Annotated[str, typer.Option(help="A role, or any job title.")] = "backend",
    company: Annotated[str, typer.Option(help="Where the job is.")] = "",
    level: Annotated[Literal["entry", "mid", "senior", "lead"], typer.Option(help="Of the job.")] = "mid",
    kind: Annotated[
        str, typer.Option("--type", help="behavioral, technical, situational, mixed, case, hr_screen …")
    ] = "mixed",
    minutes: Annotated[int, typer.Option(help="15, 30, 45 or 60.")] = 30,
    panel: Annotated[int, typer.Option(min=1, max=4, help="How many interviewers.")] = 2,
    tone: Annotated[Literal["friendly", "neutral", "tough"], typer.Option(help="Of the panel.")] = "neutral",
    mode: Annotated[
        Literal["practice", "graded"], typer.Option(help="Practice gives hints, graded does not.")
    ] = "practice",
    timing: Annotated[Literal["on", "x1.5", "x2", "off"], typer.Option(help="The timer.")] = "on",
    scenario: Annotated[
        Literal["interview", "meeting", "presentation", "own"], typer.Option(help="What to practise.")
    ] = "interview",
    scene: Annotated[
        str, typer.Option(help="Which meeting or presentation, such as clinic_rota; a wrong name lists them.")
    ] = "",
    describe: Annotated[
        str, typer.Option(help="With --scenario own: who meets, what about, what you want.")
    ] = "",
    then: Annotated[
        list[str] | None,
        typer.Option("--round", help="A further round, such as technical:30; again for one more."),
    ] = None,
    job: Annotated[
        Path | None, typer.Option(exists=True, dir_okay=False, help="Text file with the job description.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option(dir_okay=False, help="Also write the report to this file, as Markdown.")
    ] = None,
    new: Annotated[bool, typer.Option("--new", help="Do not ask about an unfinished interview.")] = False,
    server: Annotated[
        str, typer.Option(help="Address of a running Greenroom; left out, this command brings its own.")
    ] = "",
) -> None:
    """Hold an interview in this terminal, or go on with one that was left."""
    from greenroom.terminal import commands

    spec = commands.read_spec(
        {
            "role": role, "company": company, "level": level, "type": kind, "minutes": minutes, "panel": panel,
            "tone": tone, "mode": mode, "timing": timing, "scenario": scenario, "scene": scene, "description": describe,
            "then": [commands.read_round(text, minutes, panel) for text in then or []],
            "job_description": job.read_text("utf-8", errors="replace") if job else "",
        }
    )  # fmt: skip
    sys.exit(commands.run(read_settings(), spec, new=new, server=server, out=out))


@cli.command()
def export(file: Annotated[Path, typer.Argument(help="Where to write; a zip of JSON.")]) -> None:
    """Write everything of yours into one file."""
    from greenroom.app import build_context, opened
    from greenroom.privacy import commands

    settings = read_settings()
    sys.exit(commands.export(settings, lambda: opened(build_context(settings)), file))


@cli.command("import")
def bring_in(file: Annotated[Path, typer.Argument(help="A file that `greenroom export` wrote.")]) -> None:
    """Add what an export has; what is here already stays as it is."""
    from greenroom.app import build_context, opened
    from greenroom.privacy import commands

    settings = read_settings()
    sys.exit(commands.bring_in(settings, lambda: opened(build_context(settings)), file))


@cli.command()
def reset(yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False) -> None:
    """Erase everything of yours, after asking."""
    from greenroom.app import build_context, opened
    from greenroom.privacy import commands

    settings = read_settings()
    sys.exit(
        commands.reset(
            settings, lambda: opened(build_context(settings)), lambda question: yes or typer.confirm(question)
        )
    )


@cli.command()
def regrade(
    session: Annotated[UUID, typer.Argument(help="The session's id, as in the address of its report.")],
    engine: Annotated[
        Literal["set_up", "builtin", "lexical", "embeddings"],
        typer.Option(help="The engines that are set up, the built-in alone, or the built-in in this tier."),
    ] = "set_up",
    rubric: Annotated[
        Literal["frozen", "current"], typer.Option(help="The session's own rubric, or the bank's of today.")
    ] = "frozen",
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Judge a session again; both judgements are kept and shown side by side."""
    from greenroom.app import build_context, opened
    from greenroom.grading import terminal
    from greenroom.grading.schemas import RegradeCreate

    settings = read_settings()
    wanted = RegradeCreate(engine=engine, rubric=rubric)
    sys.exit(terminal.regrade(lambda: opened(build_context(settings)), session, wanted, as_json=as_json))


@cli.command()
def calibration(as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False) -> None:
    """Show where own levels and objections differ from the evaluator's levels, by type of question and engine."""
    from greenroom.app import build_context, opened
    from greenroom.grading import terminal

    settings = read_settings()
    sys.exit(terminal.calibrate(lambda: opened(build_context(settings)), as_json=as_json))


@cli.command()
def doctor() -> None:
    """Say what would keep Greenroom from working here, and what to do about it; changes nothing."""
    from greenroom import doctor as examination

    sys.exit(examination.run(read_settings()))


def main() -> None:
    """Entry point of the `greenroom` command."""
    cli()
