"""Airports with scheduled flights: from the package `airportsdata`, those with an IATA code."""

import csv
import re
import zlib
from collections.abc import Iterator, Mapping

from tasks.geotag import NameClass, PlaceKind, name_key
from training.gazetteer._files import Sources
from training.gazetteer._grid import Grid
from training.gazetteer._records import Catalogue, Record
from training.gazetteer._travel import Stop

AIRPORT_IDS = 400_000_000
"""Own ids are negative: this base plus a checksum of the ICAO code."""
NEIGHBOUR_DEGREES = 0.5
_KIND = re.compile(
    r"\s+(?:International |Regional |Municipal |County |Memorial |Domestic )*(?:Airport|Field|Air Base)$"
)


def airports(sources: Sources, catalogue: Catalogue, stops: Mapping[str, Stop]) -> Iterator[Record]:
    """One site for each airport, under its names and those that news use, in the division of the nearest town.

    Args:
        sources: Where the list is.
        catalogue: What is known so far.
        stops: The airports that GeoNames has, by their IATA code.
    """
    towns: Grid[Record] = Grid()
    for record in catalogue.records.values():
        if record.kind is PlaceKind.CITY:
            towns.add(record.latitude, record.longitude, record)
    bearers = {name_key(text) for record in catalogue.records.values() for text, _ in record.names}
    with sources.path("airports.csv").open(encoding="utf-8") as lines:
        rows = [row for row in csv.DictReader(lines) if row["iata"] and row["country"] in catalogue.areas]
    for row in sorted(rows, key=lambda row: row["icao"]):
        lat, lon = float(row["lat"]), float(row["lon"])
        near = towns.nearest(lat, lon, NEIGHBOUR_DEGREES)
        admin1 = near.admin1 if near is not None and near.country == row["country"] else None
        stop = stops.get(row["iata"])
        spelled = dict.fromkeys((stop.name, *stop.english, row["name"]) if stop else (row["name"],))
        place_id = stop.id if stop else -(AIRPORT_IDS + zlib.crc32(row["icao"].encode()) % 100_000_000)
        own = next(iter(spelled))
        names = [(own, NameClass.PRIMARY)]
        names += [(name, NameClass.ALTERNATE) for text in spelled for name in _other_names(text, row["city"], bearers)]
        yield Record(place_id, own, PlaceKind.SITE, "AIRP", lat, lon, row["country"], admin1, 0, names)


def _other_names(name: str, city: str, bearers: set[str]) -> Iterator[str]:
    """`Pearson International Airport`, `Toronto Pearson Airport`, and `Heathrow` where nothing else is called so."""
    parts = [part.strip() for part in name.split("/")] if "/" in name else [name]
    for part in parts:
        yield part
        first, _, rest = part.partition(" ")
        bare = rest if rest and (first == city or name_key(first) in bearers) else part.removeprefix(city).lstrip(" -–")
        for form in dict.fromkeys((part, bare)):
            core = _KIND.sub("", form)
            if not core or core == form:
                continue
            yield form
            yield f"{core} Airport"
            if form is bare and core != city and len(core) > 4 and name_key(core) not in bearers:  # noqa: PLR2004 - no codes
                yield core
