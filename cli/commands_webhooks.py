"""``dateline webhooks``: how its commands are called. Their work is in `cli.webhooks`."""

# ruff: noqa: PLC0415 - commands import what they need when they run, so that --help answers at once

from typing import Annotated

import typer

from cli.options import AsJson

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="Subscribe, list, replay or delete webhooks.")
Id = Annotated[str, typer.Argument(help="As in the list.", metavar="ID")]
Many = list[str] | None


@app.command("add")
def add(  # noqa: PLR0913 - each is an option
    url: Annotated[str, typer.Argument(help="Whom to call, over https.", metavar="URL")],
    *,
    name: Annotated[str, typer.Option(help="For people.")] = "",
    type: Annotated[  # noqa: A002 - the option's name
        Many,
        typer.Option(help="processed, updated, quarantined, withdrawn or merged; options may be repeated."),
    ] = None,
    source: Annotated[Many, typer.Option(help="Only of this host.")] = None,
    language: Annotated[Many, typer.Option(help="Only in this language: en.")] = None,
    country: Annotated[Many, typer.Option(help="Only with a place in this country: UA.")] = None,
    place: Annotated[list[int] | None, typer.Option(help="Only with this place, by GeoNames id.")] = None,
    entity: Annotated[Many, typer.Option(help="Only with this entity: NATO, or ORG:NATO.")] = None,
    story: Annotated[Many, typer.Option(help="Only of this story, by its id.")] = None,
    originals: Annotated[bool, typer.Option("--originals", help="No copies.")] = False,
    result: Annotated[bool, typer.Option("--result", help="Send the whole result along, not only a link.")] = False,
    after: Annotated[str | None, typer.Option(metavar="CURSOR", help="Begin there; 0-0 for all that is kept.")] = None,
    as_json: AsJson = False,
) -> None:
    """Subscribe an address and print the secret that its calls are signed with: this once only."""
    from cli import webhooks

    wanted = {
        "types": [webhooks.event_type(each) for each in type or ()],
        "sources": source or [],
        "languages": language or [],
        "countries": [code.upper() for code in country or ()],
        "places": place or [],
        "entities": [webhooks.entity(each) for each in entity or ()],
        "stories": story or [],
        "originals": originals,
    }
    order = {"url": url, "name": name, "filter": wanted, "include": "result" if result else "link", "after": after}
    webhooks.add(order, as_json=as_json)


@app.command("list")
def list_all(*, as_json: AsJson = False) -> None:
    """List the webhooks, with how far each one is and how its last call went."""
    from cli import webhooks

    webhooks.list_all(as_json=as_json)


@app.command("show")
def show(webhook: Id, *, as_json: AsJson = False) -> None:
    """Show everything about a webhook but its secret."""
    from cli import webhooks

    webhooks.show(webhook, as_json=as_json)


@app.command("rotate")
def rotate(
    webhook: Id,
    *,
    keep_hours: Annotated[float, typer.Option(min=0, help="The old secret signs for this much longer.")] = 24,
    as_json: AsJson = False,
) -> None:
    """Replace the secret and print the new one; for a while calls are signed with both."""
    from cli import webhooks

    webhooks.rotate(webhook, keep_hours, as_json=as_json)


@app.command("disable")
def disable(webhook: Id, *, as_json: AsJson = False) -> None:
    """Call it no more for now; its events wait in the feed."""
    from cli import webhooks

    webhooks.change(webhook, "disable", {}, as_json=as_json)


@app.command("enable")
def enable(webhook: Id, *, as_json: AsJson = False) -> None:
    """Call it again, from where it was; what was failing is tried at once."""
    from cli import webhooks

    webhooks.change(webhook, "enable", {}, as_json=as_json)


@app.command("replay")
def replay(
    webhook: Id,
    after: Annotated[str, typer.Argument(metavar="CURSOR", help="0-0 for everything that is kept.")],
    *,
    as_json: AsJson = False,
) -> None:
    """Go on after another cursor: an earlier one sends events again, a later one passes over those between."""
    from cli import webhooks

    webhooks.change(webhook, "replay", {"after": after}, as_json=as_json)


@app.command("delete")
def delete(webhook: Id, *, as_json: AsJson = False) -> None:
    """Call it no more, and forget it."""
    from cli import webhooks

    webhooks.delete(webhook, as_json=as_json)
