"""Which names are borne near a point, so that no place gets in twice."""

from collections import defaultdict
from collections.abc import Iterable

from tasks.geotag import NameClass, PlaceKind, name_key
from training.gazetteer._records import Record

SAME_PLACE_DEGREES = 0.35
"""Two rows of one name within about 39 km are the same place (opinion; namesakes in a region are rare)."""
BIG_TOWN = 100_000
"""Inhabitants from which a town keeps its name for itself, wherever else a quarter or region of that name lies."""


def great_names(records: Iterable[Record]) -> frozenset[str]:
    """Keys of the own names of countries, first-order divisions and big towns."""
    return frozenset(
        name_key(text)
        for record in records
        if record.kind in (PlaceKind.COUNTRY, PlaceKind.ADMIN1) or record.population >= BIG_TOWN
        for text, name_class in record.names
        if name_class is not NameClass.ALTERNATE
    )


class Known:
    """Names of records by country, with the points where they are borne."""

    def __init__(self, records: Iterable[Record]) -> None:
        self._points: dict[tuple[str | None, str], list[tuple[float, float]]] = defaultdict(list)
        for record in records:
            self.learn(record)

    def learn(self, record: Record) -> None:
        """Note all names of a record."""
        for key in {name_key(text) for text, _ in record.names}:
            self._points[record.country, key].append((record.latitude, record.longitude))

    def has(self, country: str | None, key: str, within: float | None = None, *at: float) -> bool:
        """Whether the name is borne in the country, or so many degrees around a latitude and longitude."""
        points = self._points.get((country, key), ())
        if within is None:
            return bool(points)
        lat, lon = at
        return any(max(abs(lat - other), abs(lon - beside)) < within for other, beside in points)
