"""Countries, their divisions, and what the curated files say of them."""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator

from tasks.geotag import NameClass, PlaceKind, bare_key, name_key
from training.gazetteer._files import Sources
from training.gazetteer._records import Catalogue, Record

FORMER = frozenset({"CS", "AN"})
"""countryInfo keeps Serbia and Montenegro and the Netherlands Antilles, which exist no more."""


def add_countries(catalogue: Catalogue, sources: Sources, cities: Iterable[Record]) -> None:
    """Countries with GeoNames ids; the point is Natural Earth's, else the capital's. Capitals are marked."""
    points = {
        row[0]: (float(row[1]), float(row[2])) for row in sources.rows("country_points_ne.tsv") if row[0] != "ISO"
    }
    by_country = _by_country(cities)
    for row in sources.rows("countryInfo.txt"):
        code = row[0]
        if code == "ISO" or code in FORMER:
            continue
        capital = _capital(by_country[code], row[5])
        if capital is not None:
            capital.feature = "PPLC"
        point = points.get(code) or _point_of(capital, by_country[code])
        if point is None:
            continue
        name = row[4].strip()
        catalogue.add([_country(code, int(row[16]), name, point, int(row[7] or 0))])
        catalogue.areas[code] = int(row[16])


def _country(code: str, place_id: int, name: str, point: tuple[float, float], population: int) -> Record:
    names = [(name, NameClass.PRIMARY)]
    return Record(place_id, name, PlaceKind.COUNTRY, "PCLI", *point, code, None, population, names)


def _by_country(cities: Iterable[Record]) -> dict[str, list[Record]]:
    grouped: dict[str, list[Record]] = defaultdict(list)
    for city in cities:
        grouped[city.country or ""].append(city)
    return grouped


def _capital(cities: list[Record], name: str) -> Record | None:
    key = name_key(name)
    named = [city for city in cities if key and any(name_key(text) == key for text, _ in city.names)]
    return max(named, key=lambda city: (name_key(city.name) == key, city.population, -city.id), default=None)


def _point_of(capital: Record | None, cities: list[Record]) -> tuple[float, float] | None:
    city = capital or max(cities, key=lambda city: (city.population, -city.id), default=None)
    return None if city is None else (city.latitude, city.longitude)


def add_divisions(catalogue: Catalogue, sources: Sources, cities: Iterable[Record]) -> None:
    """First-order and second-order divisions that have a point; a first-order one counts its towns' inhabitants."""
    inhabitants: dict[tuple[str | None, str | None], int] = defaultdict(int)
    for city in cities:
        inhabitants[city.country, city.admin1] += city.population
    points = {int(row[0]): row for row in sources.rows("admin_coords.tsv") if row[0] != "geonameid"}
    for row in sources.rows("admin1CodesASCII.txt"):
        country, _, admin1 = row[0].partition(".")
        point = points.get(int(row[3]))
        if point is not None and country in catalogue.areas:
            catalogue.add([_division(row, PlaceKind.ADMIN1, point, inhabitants[country, admin1])])
            catalogue.areas[row[0]] = int(row[3])
    for row in sources.rows("admin2Codes.txt"):
        point = points.get(int(row[3]))
        if point is not None and row[0].partition(".")[0] in catalogue.areas:
            catalogue.add([_division(row, PlaceKind.ADMIN2, point, 0)])
            catalogue.areas[row[0]] = int(row[3])


def _division(row: list[str], kind: PlaceKind, point: list[str], population: int) -> Record:
    country, admin1 = row[0].split(".")[:2]
    names = [(name, NameClass.PRIMARY) for name in dict.fromkeys((row[1], row[2])) if name]
    bare = bare_key(name_key(row[1]))
    if bare:
        names.append((bare, NameClass.BARE))
    feature = "ADM1" if kind is PlaceKind.ADMIN1 else "ADM2"
    lat, lon = float(point[6]), float(point[7])
    admin2 = row[0].split(".")[2] if kind is PlaceKind.ADMIN2 else None
    return Record(int(row[3]), row[1], kind, feature, lat, lon, country, admin1, population, names, admin2)


def apply_curated(catalogue: Catalogue, sources: Sources, *, lenient: bool = False) -> None:
    """Aliases, abbreviations, demonyms and names that are no places.

    Args:
        catalogue: What they are added to.
        sources: Where the curated files are.
        lenient: Pass over rows about places that the catalogue lacks: it holds a part of the world.
    """
    cities = _city_index(catalogue)

    def found(what: str) -> Record | None:
        try:
            return _find(catalogue, cities, what)
        except LookupError:
            if not lenient:
                raise
            return None

    for file, name_class in (("aliases.tsv", NameClass.CURATED), ("abbreviations.tsv", NameClass.ABBREVIATION)):
        for what, names in _lists(sources, file):
            if (record := found(what)) is not None:
                record.names.extend((name, name_class) for name in names)
    for what, names in _lists(sources, "demonyms.tsv"):
        if (record := found(what)) is not None:
            catalogue.demonyms |= {name_key(name): str(record.id) for name in names}
    for row in sources.rows("not_places.tsv"):
        catalogue.not_places[name_key(row[0])] = row[1]


def add_homes(catalogue: Catalogue, sources: Sources) -> None:
    """Where news hosts are at home, for those whose home the catalogue has."""
    rows = json.loads(sources.path("outlet_homes.json").read_bytes())
    for host, home in sorted(rows.items()):
        place_id = int(home.get("geonameid") or 0)
        if place_id in catalogue.records:
            catalogue.homes[host.removeprefix("www.")] = place_id


def _lists(sources: Sources, file: str) -> Iterator[tuple[str, list[str]]]:
    return ((row[0], row[1].split("|")) for row in sources.rows(file))


def _city_index(catalogue: Catalogue) -> dict[tuple[str, str | None], Record]:
    """The most populous city for each name and country; own names win over alternates."""
    best: dict[tuple[str, str | None], Record] = {}
    for record in catalogue.records.values():
        if record.kind is not PlaceKind.CITY:
            continue
        for text, _ in record.names:
            known = best.get((name_key(text), record.country))
            if known is None or (record.population, -record.id) > (known.population, -known.id):
                best[name_key(text), record.country] = record
    return best


def _find(catalogue: Catalogue, cities: dict[tuple[str, str | None], Record], what: str) -> Record:
    """The record that a curated row speaks of.

    Raises:
        LookupError: The row names nothing that the sources have.
    """
    if what.startswith("city:"):
        name, _, country = what.removeprefix("city:").rpartition(",")
        found = cities.get((name_key(name), country))
    else:
        place_id = int(what) if what.lstrip("-").isdigit() else catalogue.areas.get(what)
        found = None if place_id is None else catalogue.records.get(place_id)
    if found is None:
        raise LookupError(f"a curated row speaks of {what!r}, which no source has")
    return found
