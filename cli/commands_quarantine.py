"""``dateline quarantine``: how its commands are called. Their work is in `cli.quarantine`."""

# ruff: noqa: PLC0415 - commands import what they need when they run, so that --help answers at once

from typing import Annotated

import typer

from cli.options import ArticleId, AsJson

app = typer.Typer(
    no_args_is_help=True, rich_markup_mode=None, help="List, retry or drop articles that could not be processed."
)


@app.command("list")
def list_all(
    *, limit: Annotated[int, typer.Option(min=1, max=1000, help="At most so many.")] = 100, as_json: AsJson = False
) -> None:
    """List the articles in quarantine, oldest first, with the reason."""
    from cli import quarantine

    quarantine.list_all(limit, as_json=as_json)


@app.command("show")
def show(article: ArticleId, *, as_json: AsJson = False) -> None:
    """Show who put an article there, when, where and why."""
    from cli import quarantine

    quarantine.show(article, as_json=as_json)


@app.command("retry")
def retry(
    articles: Annotated[list[str] | None, typer.Argument(metavar="ID...")] = None,
    *,
    everything: Annotated[bool, typer.Option("--all", help="Retry all of them.")] = False,
    as_json: AsJson = False,
) -> None:
    """Send articles through the pipeline again, from the stage that failed."""
    from cli import quarantine

    raise typer.Exit(quarantine.change("retry", articles or [], everything=everything, as_json=as_json))


@app.command("drop")
def drop(
    articles: Annotated[list[str] | None, typer.Argument(metavar="ID...")] = None,
    *,
    everything: Annotated[bool, typer.Option("--all", help="Drop all of them.")] = False,
    as_json: AsJson = False,
) -> None:
    """Give articles up: their outcome becomes withdrawn."""
    from cli import quarantine

    raise typer.Exit(quarantine.change("drop", articles or [], everything=everything, as_json=as_json))
