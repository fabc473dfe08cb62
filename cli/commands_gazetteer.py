"""``dateline gazetteer``: how its commands are called. Their work is in `cli.gazetteer`."""

# ruff: noqa: PLC0415 - commands import what they need when they run, so that --help answers at once

from typing import Annotated

import typer

from cli.options import AsJson

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="Look up which places a name can mean.")


@app.command("lookup")
def lookup(
    name: Annotated[str, typer.Argument(metavar="NAME")],
    *,
    limit: Annotated[int, typer.Option(min=1, help="At most so many.")] = 20,
    as_json: AsJson = False,
) -> None:
    """Show the places that bear a name, the most important first."""
    from cli import gazetteer

    gazetteer.lookup(name, limit, as_json=as_json)
