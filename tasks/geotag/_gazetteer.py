"""The shipped gazetteer: one read-only SQLite file, opened once a process, answering through a cache."""

import os
import sqlite3
import struct
import threading
from dataclasses import dataclass, replace
from enum import IntEnum
from functools import lru_cache
from pathlib import Path
from typing import Final

from schemas import PlaceKind, Unavailable

FORMAT: Final = 2
"""Layout of the artefact that this code reads; the builder writes it into the `meta` table."""
SHIPPED: Final = Path(__file__).parent / "data" / "gazetteer.sqlite"
COORDINATE_SCALE: Final = 10_000
"""Coordinates are stored as whole ten-thousandths of a degree: 11 m, and three bytes in SQLite instead of eight."""
REFERENCE: Final = struct.Struct("<iB")
"""A name's value is a run of these: place id and name class, the most important place first."""
KINDS: Final = tuple(PlaceKind)
"""Kinds are stored by position; a new kind goes to the end of the enumeration."""
USUAL_CLASS: Final = {
    PlaceKind.CONTINENT: "L", PlaceKind.COUNTRY: "A", PlaceKind.ADMIN1: "A", PlaceKind.ADMIN2: "A",
    PlaceKind.CITY: "P", PlaceKind.REGION: "L", PlaceKind.WATER: "H", PlaceKind.SITE: "S",
}  # fmt: skip
NAME_CACHE: Final = 50_000
"""Measurements B3: 50,000 names are about 25 MB when full, and cover weeks of one outlet's news."""


_PLACE: Final = (
    "SELECT name, kind, feature, lat, lon, country, admin1, population, admin2, class FROM place WHERE id = ?"
)


class GazetteerMissing(Unavailable):
    """The gazetteer file is not there, or is not one that this version can read."""


class NameClass(IntEnum):
    """How a name belongs to a place. The lower, the surer; a curated name is what the press means by it."""

    CURATED = 0
    PRIMARY = 1
    BARE = 2
    ALTERNATE = 3
    ABBREVIATION = 4


OWN_NAMES: Final = (NameClass.CURATED, NameClass.PRIMARY)
"""Names that are a place's own, written out."""


@dataclass(frozen=True, slots=True)
class GazetteerPlace:
    """One row of the gazetteer. Ids below zero are Dateline's own."""

    id: int
    name: str
    kind: PlaceKind
    feature: str
    latitude: float
    longitude: float
    country: str | None
    admin1: str | None
    population: int
    admin2: str | None = None
    class_: str | None = None
    is_approximate: bool = False
    """Whether its point is that of its division or of its namesake, for want of a better one."""
    is_derived: bool = False
    """Whether the gazetteer lacks it, and it was thought up from a namesake (`_namesakes.py`)."""

    @property
    def admin1_code(self) -> str | None:
        """The GeoNames code of its first-order division, e.g. ``US.MI``."""
        return f"{self.country}.{self.admin1}" if self.country and self.admin1 else None

    @property
    def admin2_code(self) -> str | None:
        """The GeoNames code of its second-order division, e.g. ``US.MI.099``."""
        return f"{self.admin1_code}.{self.admin2}" if self.admin1_code and self.admin2 else None

    @property
    def feature_class(self) -> str:
        """The GeoNames feature class, e.g. ``P``: stored where it is not the usual one of the kind."""
        return self.class_ or USUAL_CLASS[self.kind]

    @property
    def is_capital(self) -> bool:
        """Whether it is the capital of its country."""
        return self.feature == "PPLC"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A place that bears a name, and how the name belongs to it."""

    place: GazetteerPlace
    name_class: NameClass


class Gazetteer:
    """Look-ups by name key, by id and by area code. Safe across threads and forks."""

    def __init__(self, path: Path = SHIPPED) -> None:
        if not path.is_file():
            raise GazetteerMissing(f"{path.name} is missing; build it with python -m training.gazetteer.build")
        self.path = path
        self._lock = threading.RLock()
        self._pid = 0
        self._connection: sqlite3.Connection | None = None
        self.meta = self._read_meta()
        self.lookup = lru_cache(maxsize=NAME_CACHE)(self._lookup)
        self.place = lru_cache(maxsize=NAME_CACHE)(self._place)
        self.area = lru_cache(maxsize=NAME_CACHE)(self._area)
        self.demonym = lru_cache(maxsize=NAME_CACHE)(self._demonym)
        self.home = lru_cache(maxsize=NAME_CACHE)(self._home)
        self.why_no_place = lru_cache(maxsize=NAME_CACHE)(self._why_no_place)

    @property
    def version(self) -> str:
        """Version of the artefact: rises with its format, changes with its sources."""
        return self.meta["version"]

    def own(self, key: str) -> list[GazetteerPlace]:
        """The places that bear the name with this key as their own, the most important first."""
        return [candidate.place for candidate in self.lookup(key) if candidate.name_class in OWN_NAMES]

    def close(self) -> None:
        """Close the connection of this process; the next look-up opens another."""
        with self._lock:
            if self._connection is not None and self._pid == os.getpid():
                self._connection.close()
            self._connection = None

    def _connect(self) -> sqlite3.Connection:
        """The connection of this process: SQLite handles must not be carried over a fork."""
        if self._connection is None or self._pid != os.getpid():
            uri = f"{self.path.resolve().as_uri()}?mode=ro&immutable=1"
            self._connection = sqlite3.connect(uri, uri=True, check_same_thread=False)
            self._pid = os.getpid()
        return self._connection

    def _row(self, query: str, key: str | int) -> tuple[object, ...] | None:
        with self._lock:
            row: tuple[object, ...] | None = self._connect().execute(query, (key,)).fetchone()
        return row

    def _read_meta(self) -> dict[str, str]:
        try:
            with self._lock:
                meta = dict(self._connect().execute("SELECT key, value FROM meta").fetchall())
        except sqlite3.DatabaseError as error:
            self.close()
            raise GazetteerMissing(f"{self.path.name} is no gazetteer; build it again") from error
        if meta.get("format") != str(FORMAT):
            self.close()
            raise GazetteerMissing(f"{self.path.name} has another format than {FORMAT}; build it again")
        return meta

    def _lookup(self, key: str) -> tuple[Candidate, ...]:
        """All places that bear the name with this key, the most important first."""
        row = self._row("SELECT refs FROM name WHERE key = ?", key)
        if row is None or not isinstance(row[0], bytes):
            return ()
        found = ((self.place(place_id), name_class) for place_id, name_class in REFERENCE.iter_unpack(row[0]))
        return tuple(Candidate(place, NameClass(name_class)) for place, name_class in found if place is not None)

    def _place(self, place_id: int) -> GazetteerPlace | None:
        """The place with this id."""
        row = self._row(_PLACE, place_id)
        place = None if row is None else _place_of(place_id, row)
        if place is None or place.kind is not PlaceKind.ADMIN2 or place.admin1_code is None:
            return place
        division = self.area(place.admin1_code)
        point = None if division is None else (division.latitude, division.longitude)
        return replace(place, is_approximate=point == (place.latitude, place.longitude))

    def _area(self, code: str) -> GazetteerPlace | None:
        """The country with this ISO code, or the division with this GeoNames code."""
        row = self._row("SELECT place FROM area WHERE code = ?", code)
        return None if row is None or not isinstance(row[0], int) else self.place(row[0])

    def _demonym(self, key: str) -> GazetteerPlace | None:
        """The country, division or continent whose people or things this adjective names."""
        row = self._row("SELECT place FROM demonym WHERE key = ?", key)
        return None if row is None or not isinstance(row[0], int) else self.place(row[0])

    def _home(self, host: str) -> int | None:
        """The id of the place where a news host is at home, if the sources know it."""
        row = self._row("SELECT place FROM home WHERE source = ?", host)
        return None if row is None or not isinstance(row[0], int) else row[0]

    def _why_no_place(self, key: str) -> str | None:
        """What a name that looks like a toponym really names, if it is known to be none."""
        row = self._row("SELECT why FROM not_place WHERE key = ?", key)
        return None if row is None else str(row[0])


def _place_of(place_id: int, row: tuple[object, ...]) -> GazetteerPlace:
    name, kind, feature, lat, lon, country, admin1, population, admin2, class_ = row
    assert isinstance(kind, int)
    assert isinstance(lat, int)
    assert isinstance(lon, int)
    return GazetteerPlace(
        id=place_id,
        name=str(name),
        kind=KINDS[kind],
        feature=str(feature or "PPL"),
        latitude=lat / COORDINATE_SCALE,
        longitude=lon / COORDINATE_SCALE,
        country=None if country is None else str(country),
        admin1=None if admin1 is None else str(admin1),
        population=population if isinstance(population, int) else 0,
        admin2=None if admin2 is None else str(admin2),
        class_=None if class_ is None else str(class_),
    )


_opened: dict[Path, Gazetteer] = {}
_opening = threading.Lock()


def shipped_gazetteer(path: Path = SHIPPED) -> Gazetteer:
    """The gazetteer of this process, opened at the first call.

    Raises:
        GazetteerMissing: The file is not there or cannot be read.
    """
    with _opening:
        if path not in _opened:
            _opened[path] = Gazetteer(path)
        return _opened[path]
