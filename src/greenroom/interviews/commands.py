"""`greenroom bank check` and `greenroom bank add`."""

import json
from pathlib import Path
from typing import Annotated

import typer

bank = typer.Typer(name="bank", help="The question bank: check it, add own questions.", no_args_is_help=True)


@bank.command()
def check(
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Check every item: shape, ids, duplicates, protected topics, readability, key points, coverage."""
    from greenroom.interviews.bank import check_bank

    report = check_bank()
    violations: list[dict[str, object]] = report["violations"]  # pyright: ignore[reportAssignmentType]
    if as_json:
        typer.echo(json.dumps(report))
    else:
        for violation in violations:
            typer.echo(
                f"{violation['item'] or violation['file']}: {violation['message']} [{violation['rule']}]"
            )
        typer.echo(f"{report['items']} items, {report['samples']} samples, {len(violations)} violations")
    raise typer.Exit(1 if violations else 0)


@bank.command()
def add(
    file: Annotated[Path, typer.Argument(help="A YAML list of items; their ids begin with own.")],
) -> None:
    """Add own questions. A file with anything wrong in it changes nothing."""
    from greenroom.interviews.bank import add_items
    from greenroom.library.catalog import own_bank

    if not file.is_file():
        typer.echo(f"{file}: there is no such file.", err=True)
        raise typer.Exit(2)
    try:
        text = file.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        typer.echo(f"{file}: not a text file in UTF-8.", err=True)
        raise typer.Exit(2) from None
    items, violations = add_items(text, file.name, own_bank())
    for violation in violations:
        typer.echo(violation.shown(), err=True)
    if violations:
        typer.echo("Nothing was added.", err=True)
        raise typer.Exit(1)
    typer.echo(
        f"Added {len(items)} question{'' if len(items) == 1 else 's'}: {', '.join(item.id for item in items)}"
    )
