"""What one travels to: GeoNames' rows of airports, stations, islands and remote places that OpenTravelData lists."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass

from tasks.geotag import NameClass, PlaceKind, name_key
from training.gazetteer._files import Sources
from training.gazetteer._known import SAME_PLACE_DEGREES, Known
from training.gazetteer._records import Catalogue, Record
from training.gazetteer._regions import usual_class
from training.gazetteer._towns import is_readable

FILE = "optd_por_public.csv"
AIRPORTS = frozenset({"AIRP", "AIRB", "AIRF"})
_KINDS = {
    **dict.fromkeys(("PPL", "PPLX", "PPLL", "PPLF", "PPLW"), PlaceKind.CITY),
    **dict.fromkeys(("ISL", "ISLS", "ATOL", "PRK", "RESV", "RESW", "MT", "OAS"), PlaceKind.REGION),
    **dict.fromkeys(("LK", "BAY", "HBR"), PlaceKind.WATER),
    **dict.fromkeys(("RSTN", "INSM"), PlaceKind.SITE),
}
"""Features worth having besides airports, and what they are to us. Not bus stops, heliports, lodges and mines."""


@dataclass(frozen=True, slots=True)
class Stop:
    """A row that GeoNames has: its id, and what GeoNames says of it."""

    id: int
    iata: str
    name: str
    feature_class: str
    feature: str
    latitude: float
    longitude: float
    country: str
    admin1: str | None
    admin2: str | None
    english: tuple[str, ...]


def stops(sources: Sources) -> list[Stop]:
    """The rows with a GeoNames id that are in use, in the order of their ids; of an id the first."""
    with sources.path(FILE).open(encoding="utf-8") as lines:
        rows = [row for row in csv.DictReader(lines, delimiter="^", quoting=csv.QUOTE_NONE) if _is_in_use(row)]
    found: dict[int, Stop] = {}
    for row in rows:
        found.setdefault(int(row["geoname_id"]), _stop(row))
    return [stop for _, stop in sorted(found.items())]


def _is_in_use(row: dict[str, str]) -> bool:
    return row["is_geonames"] == "Y" and row["geoname_id"] not in ("", "0") and not row["date_until"]


def _stop(row: dict[str, str]) -> Stop:
    names = (part.split("|") for part in row["alt_name_section"].split("="))
    english = tuple(part[1] for part in names if len(part) > 1 and part[0] == "en" and is_readable(part[1]))
    return Stop(
        int(row["geoname_id"]),
        row["iata_code"],
        row["name"],
        row["fclass"],
        row["fcode"],
        float(row["geoname_lat"] or row["latitude"]),
        float(row["geoname_lon"] or row["longitude"]),
        row["country_code"],
        row["adm1_code"] or None,
        row["adm2_code"] or None,
        english,
    )


def by_code(every: list[Stop]) -> dict[str, Stop]:
    """Airports by their IATA code."""
    return {stop.iata: stop for stop in every if stop.feature in AIRPORTS}


def places(every: list[Stop], catalogue: Catalogue) -> Iterator[Record]:
    """Towns, islands, parks, waters and stations that no surer layer has."""
    known = Known(record for record in catalogue.records.values() if record.kind is not PlaceKind.ADMIN2)
    for stop in every:
        kind, at = _KINDS.get(stop.feature), (stop.latitude, stop.longitude)
        if kind is None or stop.id in catalogue.records or stop.country not in catalogue.areas:
            continue
        if known.has(stop.country, name_key(stop.name), SAME_PLACE_DEGREES, *at):
            continue
        names = [(stop.name, NameClass.PRIMARY)]
        names += [(name, NameClass.ALTERNATE) for name in dict.fromkeys(stop.english) if name != stop.name]
        admin1 = stop.admin1 if f"{stop.country}.{stop.admin1}" in catalogue.areas else None
        admin2 = stop.admin2 if f"{stop.country}.{admin1}.{stop.admin2}" in catalogue.areas else None
        class_ = usual_class(stop.feature_class, kind)
        yield Record(stop.id, stop.name, kind, stop.feature, *at, stop.country, admin1, 0, names, admin2, class_)
