"""``dateline gazetteer``: which places a name can mean. Reads the gazetteer on this machine, asks no server."""

from collections.abc import Sequence
from typing import Any

from rich.table import Table
from rich.text import Text

from cli.errors import Trouble
from cli.exits import Exit
from cli.output import console, emit
from tasks.geotag import Candidate, Gazetteer, name_key, shipped_gazetteer

_SHOWN = 80
"""Characters of an unknown name that are repeated."""


def lookup(name: str, limit: int, *, as_json: bool, gazetteer: Gazetteer | None = None) -> None:
    """Print the places that bear a name, the most important first.

    Raises:
        Trouble: There is no name, or the gazetteer does not know it.
    """
    if not name.strip():
        raise Trouble("There is no name to look up.", "Give one: `dateline gazetteer lookup Paris`.", Exit.USAGE)
    known = gazetteer or shipped_gazetteer()
    key = name_key(name)
    found = known.lookup(key)
    if as_json:
        rows = [_row(candidate, known) for candidate in found[:limit]]
        emit({"name": name, "key": key, "gazetteer": known.version, "candidates": rows, "more": len(found) > limit})
        return
    if not found:
        why = known.why_no_place(key)
        shown = name.strip() if len(name) <= _SHOWN else f"{name[:_SHOWN]}…"
        said = f"{shown} is no place here: {why}." if why else f"The gazetteer knows no {shown}."
        raise Trouble(
            said, "Look for another spelling, or for the name without the word that says its kind.", Exit.FOUND
        )
    console().print(_table(found[:limit], known))
    if len(found) > limit:
        console().print(Text(f"and {len(found) - limit} more; --limit shows them", style="dim"))


def _row(candidate: Candidate, gazetteer: Gazetteer) -> dict[str, Any]:
    place = candidate.place
    division = gazetteer.area(place.admin1_code) if place.admin1_code else None
    return {
        "geoname_id": place.id,
        "name": place.name,
        "kind": place.kind.value,
        "feature": f"{place.feature_class}.{place.feature}",
        "country_code": place.country,
        "admin1_code": place.admin1_code,
        "admin1_name": None if division is None else division.name,
        "admin2_code": place.admin2_code,
        "latitude": place.latitude,
        "longitude": place.longitude,
        "population": place.population or None,
        "bears_it_as": candidate.name_class.name.lower(),
    }


def _table(found: Sequence[Candidate], gazetteer: Gazetteer) -> Table:
    table = Table(box=None, pad_edge=False)
    for title in ("id", "name", "kind", "in", "inhabitants", "point", "bears it as"):
        table.add_column(title, justify="right" if title in {"id", "inhabitants"} else "left")
    for row in (_row(candidate, gazetteer) for candidate in found):
        where = ", ".join(part for part in (row["admin1_name"], row["country_code"]) if part and part != row["name"])
        people = f"{row['population']:,}" if row["population"] else ""
        point = f"{row['latitude']:.3f}, {row['longitude']:.3f}"
        table.add_row(str(row["geoname_id"]), row["name"], row["kind"], where, people, point, str(row["bears_it_as"]))
    return table
