"""``dateline keys``: how its commands are called. Their work is in `cli.keys`."""

# ruff: noqa: PLC0415 - commands import what they need when they run, so that --help answers at once

from typing import Annotated

import typer

from cli.options import AsJson

app = typer.Typer(
    no_args_is_help=True, rich_markup_mode=None, help="Create, list, rotate or revoke access keys of the API."
)


@app.command("create")
def create(
    name: Annotated[str, typer.Argument(metavar="NAME", help="What the key is for; only for you.")],
    *,
    scope: Annotated[
        list[str] | None, typer.Option("--scope", "-s", help="submit, read, operate or metrics; may be repeated.")
    ] = None,
    per_minute: Annotated[
        int | None, typer.Option(min=1, metavar="ARTICLES", help="Its quota, instead of the general one.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Create an access key and print it: this once only, the store keeps a hash."""
    from cli import keys

    keys.create(name, scope or ["submit", "read"], per_minute, as_json=as_json)


@app.command("list")
def list_all(*, as_json: AsJson = False) -> None:
    """List the access keys, without their secrets."""
    from cli import keys

    keys.list_all(as_json=as_json)


@app.command("rotate")
def rotate(
    key_id: Annotated[str, typer.Argument(metavar="ID")],
    *,
    keep_hours: Annotated[float, typer.Option(min=0, help="The old key works this much longer.")] = 24,
    as_json: AsJson = False,
) -> None:
    """Replace an access key: print a new one like it; the old one goes on working for a while."""
    from cli import keys

    keys.rotate(key_id, keep_hours, as_json=as_json)


@app.command("revoke")
def revoke(key_id: Annotated[str, typer.Argument(metavar="ID")], *, as_json: AsJson = False) -> None:
    """Revoke an access key: it stops working at once."""
    from cli import keys

    keys.revoke(key_id, as_json=as_json)
