"""Villages and quarters of the world that have a postal code and that no surer layer knows."""

import zlib
from collections import defaultdict
from collections.abc import Iterable, Iterator

from tasks.geotag import NameClass, PlaceKind, name_key
from training.gazetteer._files import Sources
from training.gazetteer._grid import Grid
from training.gazetteer._records import Record
from training.gazetteer._towns import SAME_PLACE_DEGREES, is_readable

POSTAL_WORLD_IDS = 1_000_000_000
"""Own ids are negative: this base plus a checksum of country, name and rounded point. Stable across builds."""
NEIGHBOUR_DEGREES = 0.5
"""A village lies in the division of the nearest town within some 55 km."""
PLACED_FROM = 4
"""Accuracy from which the row's point is that of the place itself; below it is a neighbour's or an estimate."""
ENGLISH = frozenset({"AU", "BD", "CA", "GB", "GG", "IE", "IM", "JE", "LK", "MT", "MY", "NZ", "PH", "PK", "ZA"})
"""Countries with news in English, whose villages news in English names: there a neighbour's point will do."""
MAX_WORDS = 3
"""Longer names are lists of hamlets, post offices and firms."""


def postal_world(sources: Sources, known: Iterable[Record]) -> Iterator[Record]:
    """Places outside the US, each once, where no place of that name is known within 39 km."""
    towns, names = _towns(known)
    taken: set[int] = set()
    for country, name, lat, lon in _rows(sources):
        points = names[country, name_key(name)]
        if any(max(abs(lat - at), abs(lon - on)) < SAME_PLACE_DEGREES for at, on in points):
            continue
        points.append((lat, lon))
        near = towns[country].nearest(lat, lon, NEIGHBOUR_DEGREES)
        if near is None:
            continue
        place_id = _new_id(f"{country}|{name}|{lat:.1f}|{lon:.1f}", taken)
        own = [(name, NameClass.PRIMARY)]
        yield Record(place_id, name, PlaceKind.CITY, "PPL", lat, lon, country, near.admin1, 0, own, near.admin2)


def _new_id(what: str, taken: set[int]) -> int:
    number = zlib.crc32(what.encode()) % POSTAL_WORLD_IDS
    while number in taken:
        number += 1
    taken.add(number)
    return -(POSTAL_WORLD_IDS + number)


def _towns(known: Iterable[Record]) -> tuple[dict[str, Grid[Record]], dict[tuple[str, str], list[tuple[float, float]]]]:
    towns: dict[str, Grid[Record]] = defaultdict(Grid)
    names: dict[tuple[str, str], list[tuple[float, float]]] = defaultdict(list)
    for record in known:
        if record.country is None or record.kind not in (PlaceKind.CITY, PlaceKind.ADMIN2):
            continue
        for text, _ in record.names:
            names[record.country, name_key(text)].append((record.latitude, record.longitude))
        if record.kind is PlaceKind.CITY:
            towns[record.country].add(record.latitude, record.longitude, record)
    return towns, names


def _rows(sources: Sources) -> Iterator[tuple[str, str, float, float]]:
    """Country, name and mean point of every name in a division of the postal files."""
    for file, text in sources.archive("postal_world_except_US.tar.gz"):
        country = file.rpartition("/")[2].removesuffix(".txt")
        found: dict[tuple[str, str], list[tuple[float, float]]] = {}
        for row in (line.split("\t") for line in text.splitlines()):
            if len(row) > 10 and row[9] and _is_name(row[2]) and _is_placed(row):  # noqa: PLR2004 - latitude and longitude end a row
                found.setdefault((row[2].strip(), row[3]), []).append((float(row[9]), float(row[10])))
        for (name, _), points in sorted(found.items()):
            lat, lon = sorted(points)[len(points) // 2]
            yield country, name.title() if name.isupper() else name, lat, lon


def _is_name(text: str) -> bool:
    name = text.strip()
    return is_readable(name) and len(name.split()) <= MAX_WORDS and not any(mark in name for mark in "()/;:.")


def _is_placed(row: list[str]) -> bool:
    accuracy = int(row[11] or 0) if len(row) > 11 else 0  # noqa: PLR2004 - the last column
    return accuracy >= (PLACED_FROM - 1 if row[0] in ENGLISH else PLACED_FROM)
