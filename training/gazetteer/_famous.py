"""Quarters, parks, waters, bases and sites that news name: `curated/places.tsv`, where no other source has them."""

from collections.abc import Iterable, Iterator

from tasks.geotag import NameClass, PlaceKind, name_key
from training.gazetteer._grid import Grid
from training.gazetteer._known import SAME_PLACE_DEGREES, Known, great_names
from training.gazetteer._records import Catalogue, Record

FILE = "places.tsv"
NEIGHBOUR_DEGREES = 0.5
_LOCAL = frozenset({"PPLX", "PRK", "MT", "INSM", "SITE"})
"""Features that lie in one division, that of the nearest town; rivers and regions may lie in many."""


def famous_places(curated: Iterable[Record], catalogue: Catalogue) -> Iterator[Record]:
    """Curated places of which no name is borne by one of their sort around, or by a division of the country.

    A quarter leaves its name to a big town elsewhere, unless the list says how many live in it.
    """
    known = {is_town: Known(_sorted(catalogue, is_town=is_town)) for is_town in (True, False)}
    great = great_names(catalogue.records.values())
    towns: Grid[Record] = Grid()
    for record in _sorted(catalogue, is_town=True):
        towns.add(record.latitude, record.longitude, record)
    for record in curated:
        near = known[record.kind is PlaceKind.CITY]
        at = (record.latitude, record.longitude)
        within = None if record.feature == "RGN" else SAME_PLACE_DEGREES
        if any(near.has(record.country, name_key(text), within, *at) for text, _ in record.names):
            continue
        if record.kind is PlaceKind.CITY and not record.population and name_key(record.name) in great:
            continue
        record.names = [(text, NameClass.PRIMARY) for text, _ in record.names]
        if record.feature in _LOCAL:
            town = towns.nearest(*at, NEIGHBOUR_DEGREES)
            record.admin1 = town.admin1 if town is not None and town.country == record.country else None
        yield record


def _sorted(catalogue: Catalogue, *, is_town: bool) -> Iterator[Record]:
    return (record for record in catalogue.records.values() if (record.kind is PlaceKind.CITY) is is_town)
