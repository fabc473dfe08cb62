"""``dateline sources``: how its commands are called. Their work is in `cli.sources`."""

# ruff: noqa: PLC0415 - commands import what they need when they run, so that --help answers at once

from typing import Annotated

import typer

from cli.options import AsJson

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="Say where news hosts are at home.")


@app.command("home")
def home(
    host: Annotated[str, typer.Argument(metavar="HOST")],
    place: Annotated[int | None, typer.Argument(metavar="PLACE_ID", help="Id in the gazetteer.")] = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Say where a news host is at home; without a place, take it back."""
    from cli import sources

    sources.set_home(host, place, as_json=as_json)


@app.command("show")
def show(host: Annotated[str | None, typer.Argument(metavar="HOST")] = None, *, as_json: AsJson = False) -> None:
    """Show all homes, or what is known of one host."""
    from cli import sources

    sources.show(host, as_json=as_json)
