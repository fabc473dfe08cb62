"""``dateline export``: how it is called. Its work is in `cli.export`."""

# ruff: noqa: PLC0415 - commands import what they need when they run, so that --help answers at once

from typing import Annotated

import typer


def export(  # noqa: PLR0913 - each is an option
    *,
    format: Annotated[str, typer.Option(metavar="NAME", help="ndjson, parquet or geojson.")] = "ndjson",  # noqa: A002 - the option's name
    out: Annotated[
        str,
        typer.Option(metavar="FILE", help="Written whole or not at all; .gz packs it. Standard output unless given."),
    ] = "-",
    since: Annotated[str | None, typer.Option(metavar="TIME", help="Accepted then or later, in ISO 8601.")] = None,
    until: Annotated[str | None, typer.Option(metavar="TIME", help="Accepted before then.")] = None,
    outcome: Annotated[str | None, typer.Option(help="done, partial, quarantined or withdrawn.")] = None,
    source: Annotated[str | None, typer.Option(help="Only of this host.")] = None,
    country: Annotated[str | None, typer.Option(help="Only with a place in this country: UA.")] = None,
    admin1: Annotated[str | None, typer.Option(help="Only with a place in this division: US.MI.")] = None,
    place: Annotated[int | None, typer.Option(help="Only with this place, by GeoNames id.")] = None,
    near: Annotated[str | None, typer.Option(metavar="LAT,LON", help="Only with a place near this point.")] = None,
    radius_km: Annotated[float | None, typer.Option(help="How near; 50 unless given.")] = None,
    entity: Annotated[str | None, typer.Option(help="Only with this entity: NATO, or ORG:NATO.")] = None,
    story: Annotated[str | None, typer.Option(help="Only of this story.")] = None,
    originals: Annotated[bool, typer.Option("--originals", help="No copies.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Sum up as JSON, for programs, on standard error.")] = False,
) -> None:
    """Write results to a file.

    All of them, or those that fulfil every condition, newest acceptance first. Reads from the API and needs a key with
    the scope read. What is still on its way is left out.
    """
    from cli.export import Order
    from cli.export import export as write

    conditions = {
        "since": since,
        "until": until,
        "outcome": outcome,
        "source": source,
        "country": country,
        "admin1": admin1,
        "place": place,
        "near": near,
        "radius_km": radius_km,
        "entity": entity,
        "story": story,
        "originals": "true" if originals else None,
    }
    given = {name: str(value) for name, value in conditions.items() if value is not None}
    write(Order(format, out, given), as_json=as_json)
