"""`greenroom models`: the files that are not part of the installation, and where they are."""

from pathlib import Path
from typing import Annotated

import typer

models = typer.Typer(name="models", help="Model files that are fetched on request.", no_args_is_help=True)
FolderOption = Annotated[
    Path | None, typer.Option("--folder", help="Folder of the model; left out: the one of the settings.")
]


@models.command()
def fetch(
    folder: FolderOption = None,
    base: Annotated[
        str | None,
        typer.Option("--from", help="Another address that has the same files; hashes are checked anyway."),
    ] = None,
) -> None:
    """Fetch the embedding model of the evaluator's second tier (91 MB), and check that it is the right one."""
    from rich.console import Console
    from rich.progress import DownloadColumn, Progress, TextColumn

    from greenroom.providers.embeddings.download import BASE, NAME, DownloadError, download_model

    place = folder or _folder()
    console = Console(stderr=True, highlight=False)
    with Progress(
        TextColumn("{task.description}"), DownloadColumn(), console=console, transient=True
    ) as progress:
        tasks: dict[str, object] = {}

        def tell(name: str, size: int) -> None:
            task = tasks.setdefault(name, progress.add_task(name, total=None))
            progress.advance(task, size)  # pyright: ignore[reportArgumentType] - the id that add_task gave

        try:
            download_model(place, base=base or BASE, tell=tell)
        except (DownloadError, OSError) as error:
            typer.echo(f"greenroom: {NAME} could not be fetched: {error}", err=True)
            raise typer.Exit(1) from error
    typer.echo(f"{NAME} is in {place}. Use it with GREENROOM_EVALUATOR_TIER=embeddings.")


@models.command("list")
def show(folder: FolderOption = None) -> None:
    """Say which model files are there, and whether they can be used."""
    from greenroom.providers.embeddings.download import NAME
    from greenroom.providers.embeddings.onnx import ModelMissingError, OnnxEmbeddings

    place = folder or _folder()
    try:
        OnnxEmbeddings(place)
    except ModelMissingError as error:
        typer.echo(f"{NAME}: not usable: {error}. Run `greenroom models fetch`.")
        raise typer.Exit(1) from error
    typer.echo(f"{NAME}: ready in {place}")


def _folder() -> Path:
    from greenroom.settings import Settings

    return Settings().model_folder
