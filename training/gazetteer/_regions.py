"""What belongs to no single country: continents, seas, ranges, islands, and regions that only news names."""

import re
import zlib
from collections.abc import Iterator

from tasks.geotag import USUAL_CLASS, NameClass, PlaceKind, name_key
from training.gazetteer._files import Sources
from training.gazetteer._records import Catalogue, Record
from training.gazetteer._towns import is_readable

NATURAL_EARTH_IDS = 100_000_000
"""Own ids of Natural Earth rows: this base plus a checksum of name, feature and rounded point. Stable across builds."""
SAME_FEATURE_DEGREES = 6.0
"""A Natural Earth row whose name a larger thing within some 600 km already bears is that thing."""
_KIND = {
    "L": PlaceKind.REGION, "T": PlaceKind.REGION, "H": PlaceKind.WATER, "S": PlaceKind.SITE, "P": PlaceKind.CITY,
}  # fmt: skip
_NO_COUNTRY = frozenset(
    {
        "CONT", "RGN", "SEA", "OCN", "GULF", "BAY", "STRT", "STM", "LK", "CHN", "CNL", "SD", "ISL", "ISLS", "ATOL",
        "MTS", "MT", "PK", "PEN", "DSRT", "VAL", "PLAT", "PLN", "CAPE", "ISTH", "RSV", "LGN",
    }
)  # fmt: skip
"""Feature codes worth having; left out are undersea features (4,900 rows), oil fields, buildings, rocks and reefs."""
_SHORT = {
    "I.": "Island", "Is.": "Islands", "Mts.": "Mountains", "Ra.": "Range", "Pen.": "Peninsula", "Plat.": "Plateau",
    "St.": "Saint", "S.": "Serra", "Arch.": "Archipelago", "Des.": "Desert",
}  # fmt: skip


def no_country(sources: Sources) -> Iterator[Record]:
    """GeoNames' seas, oceans, continents and features that cross borders."""
    for row in sources.rows("no-country.txt"):
        if row[7] not in _NO_COUNTRY:
            continue
        kind = PlaceKind.CONTINENT if row[7] == "CONT" else _KIND[row[6]]
        names = [(name, NameClass.PRIMARY) for name in dict.fromkeys((row[1], row[2]))]
        names += [(name, NameClass.ALTERNATE) for name in row[3].split(",") if is_readable(name)]
        population = int(row[14] or 0)
        yield Record(
            int(row[0]),
            row[1],
            kind,
            row[7],
            float(row[4]),
            float(row[5]),
            None,
            None,
            population,
            names,
            None,
            usual_class(row[6], kind),
        )


def usual_class(feature_class: str, kind: PlaceKind) -> str | None:
    """The feature class where it is not the usual one of the kind: ranges and islands are regions of class T."""
    return None if feature_class == USUAL_CLASS[kind] else feature_class


def natural_earth(sources: Sources) -> Iterator[Record]:
    """Physical regions and marine areas of Natural Earth, with ids of our own."""
    seen: set[int] = set()
    for row in sources.rows("ne_regions.tsv"):
        if row[0] == "name":
            continue
        name = _tidy(row[0], physical=row[1] == "T")
        place_id = -(NATURAL_EARTH_IDS + zlib.crc32("|".join(row).encode()) % NATURAL_EARTH_IDS)
        if place_id in seen:
            raise ValueError(f"two rows of ne_regions.tsv share the id {place_id}")
        seen.add(place_id)
        names = [(text, NameClass.PRIMARY) for text in dict.fromkeys((name, row[0]))]
        yield Record(
            place_id,
            name,
            _KIND[row[1]],
            row[2],
            float(row[3]),
            float(row[4]),
            None,
            None,
            0,
            names,
            None,
            usual_class(row[1], _KIND[row[1]]),
        )


def _tidy(name: str, *, physical: bool) -> str:
    name = re.sub(r"\s+", " ", name).strip()
    if name.isupper():
        name = name.title()
    words = name.split(" ")
    return " ".join(_SHORT.get(word, word) if physical or word == "St." else word for word in words)


def is_new(names: dict[str, list[Record]], record: Record) -> bool:
    """Whether no larger thing of that name lies near: Natural Earth repeats countries, islands and seas."""
    known = names.get(name_key(record.name), ())
    return not any(
        other.kind is not PlaceKind.CITY
        and abs(other.latitude - record.latitude) < SAME_FEATURE_DEGREES
        and abs(other.longitude - record.longitude) < SAME_FEATURE_DEGREES
        for other in known
    )


def by_name(catalogue: Catalogue) -> dict[str, list[Record]]:
    """Records other than towns and second-order divisions, by the keys of their names."""
    found: dict[str, list[Record]] = {}
    for record in catalogue.records.values():
        if record.kind not in (PlaceKind.CITY, PlaceKind.ADMIN2):
            for key in {name_key(text) for text, _ in record.names}:
                found.setdefault(key, []).append(record)
    return found


def curated_regions(sources: Sources, file: str = "regions.tsv") -> Iterator[Record]:
    """Political and physical regions of the news that no source has, with ids of our own and a hand-set point."""
    for row in sources.rows(file):
        place_id, name, feature_class, feature, lat, lon, countries, aliases, population = row
        names = [(name, NameClass.PRIMARY)]
        names += [(alias, NameClass.CURATED) for alias in aliases.split("|") if alias]
        country = countries if len(countries) == len("UA") else None
        kind = _KIND[feature_class]
        point, class_ = (float(lat), float(lon)), usual_class(feature_class, kind)
        yield Record(int(place_id), name, kind, feature, *point, country, None, int(population), names, None, class_)
