"""What a source is parsed into, whatever its format."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from tasks.geotag import NameClass, PlaceKind


@dataclass(slots=True)
class Record:
    """One place on its way into the artefact, with the names under which it can be found."""

    id: int
    name: str
    kind: PlaceKind
    feature: str
    latitude: float
    longitude: float
    country: str | None = None
    admin1: str | None = None
    population: int = 0
    names: list[tuple[str, NameClass]] = field(default_factory=list)
    admin2: str | None = None
    feature_class: str | None = None
    """Where it is not the usual one of the kind."""

    @property
    def importance(self) -> tuple[int, int, int]:
        """Sorts namesakes: larger kinds first, then by population, then by id, so that the order is stable."""
        return (_RANK[self.kind], -self.population, self.id)


_RANK = {
    PlaceKind.CONTINENT: 0,
    PlaceKind.COUNTRY: 1,
    PlaceKind.ADMIN1: 2,
    PlaceKind.CITY: 3,
    PlaceKind.REGION: 3,
    PlaceKind.WATER: 3,
    PlaceKind.ADMIN2: 3,
    PlaceKind.SITE: 3,
}


class Catalogue:
    """All records by id, and the administrative units by code."""

    def __init__(self) -> None:
        self.records: dict[int, Record] = {}
        self.areas: dict[str, int] = {}
        self.demonyms: dict[str, str] = {}
        self.not_places: dict[str, str] = {}
        self.homes: dict[str, int] = {}

    def add(self, records: Iterable[Record]) -> int:
        """Add records whose id is new; an id that an earlier source brought stays as that source told it."""
        before = len(self.records)
        for record in records:
            self.records.setdefault(record.id, record)
        return len(self.records) - before

    def renumber(self, ids: Mapping[int, int]) -> None:
        """Give records other ids: from own ones to those of GeoNames, which no record may have yet."""
        for record in self.records.values():
            record.id = ids.get(record.id, record.id)
        self.records = {record.id: record for record in self.records.values()}
