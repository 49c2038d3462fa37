"""The command line. Imports are late: `greenroom --help` must not pay for the server."""

import sys
from pathlib import Path
from typing import Annotated, Literal

import typer

from greenroom.interviews.commands import bank

cli = typer.Typer(
    name="greenroom",
    help="Mock interviews with a panel that listens and follows up. Everything runs on this machine.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

cli.add_typer(bank)


@cli.command()
def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on; 0 picks a free one.")] = None,
) -> None:
    """Start the pages and the API; migrates the database first."""
    from greenroom import server
    from greenroom.settings import Settings

    overrides = {k: v for k, v in {"host": host, "port": port}.items() if v is not None}
    sys.exit(server.run(Settings(**overrides)))  # pyright: ignore[reportArgumentType] - names and types match the fields


@cli.command()
def worker() -> None:
    """Run background jobs in this process, beside any number of others."""
    from greenroom import server
    from greenroom.settings import Settings

    sys.exit(server.run_worker(Settings()))


@cli.command()
def migrate() -> None:
    """Create the database or bring it to the newest version."""
    from greenroom import server
    from greenroom.settings import Settings

    sys.exit(server.run_migrations(Settings()))


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
    from greenroom.settings import Settings

    sys.exit(commands.run(Settings(), candidate=candidate, mode=mode, out=out, as_json=as_json, keep=keep))


def main() -> None:
    """Entry point of the `greenroom` command."""
    cli()
