"""A full GeoNames dump as the source: one row after another, those of classes worth having.

Wanted in the folder: ``allCountries.txt`` (or a country's file renamed so), ``countryInfo.txt``,
``admin1CodesASCII.txt`` and ``admin2Codes.txt``; used if there: ``alternateNamesV2.txt`` for English names,
``hierarchy.txt`` for districts that a row does not name. Each may be gzipped.
https://download.geonames.org/export/dump/
"""

import gzip
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NamedTuple

from tasks.geotag import NameClass, PlaceKind, bare_key, name_key
from training.gazetteer._areas import FORMER
from training.gazetteer._files import SourceMissing
from training.gazetteer._records import Catalogue, Record
from training.gazetteer._regions import usual_class
from training.gazetteer._towns import is_readable

REQUIRED: Final = ("allCountries.txt", "countryInfo.txt", "admin1CodesASCII.txt", "admin2Codes.txt")
OPTIONAL: Final = ("alternateNamesV2.txt", "hierarchy.txt")
_GONE: Final = frozenset({"PPLQ", "PPLH", "PPLW", "PPLCH"})
_UNITS: Final = "ADM2 ADM3 ADMD TERR"
_WATERS: Final = "STM STMS LK LKS RSV BAY SEA OCN GULF STRT CHN CNL FLLS HBR SD LGN GLCR FJD INLT BYU CRKT"
_AREAS: Final = "RGN PRK AREA RES RESN RESF RESW CST AMUS MILB NVB LCTY"
_LANDS: Final = "MT MTS PK PKS ISL ISLS PEN CAPE DSRT VAL VALS PLAT PLN CNYN BCH VLC HLL HLLS ATOL ISTH PASS"
_SITES: Final = (
    "AIRP AIRB AIRF UNIV SCHC HSP STDM MUS PRN DAM BDG CSTL PAL ZOO RSTN MTRO PRT MNMT THTR MALL LIBR CTHSE CMTY OPRA "
    "PSH NUCL GOVL EMB"
)
_WORTH: Final = {
    "A": {"ADM1": PlaceKind.ADMIN1, **dict.fromkeys(_UNITS.split(), PlaceKind.ADMIN2)},
    "H": dict.fromkeys(_WATERS.split(), PlaceKind.WATER),
    "L": {"CONT": PlaceKind.CONTINENT, **dict.fromkeys(_AREAS.split(), PlaceKind.REGION)},
    "T": dict.fromkeys(_LANDS.split(), PlaceKind.REGION),
    "S": dict.fromkeys(_SITES.split(), PlaceKind.SITE),
}
"""Feature codes worth having beside populated places: what news name."""
_ENGLISH: Final = frozenset({"en", "abbr", ""})


class Row(NamedTuple):
    """A row of ``allCountries.txt`` as far as it is used."""

    id: int
    name: str
    ascii: str
    others: str
    lat: float
    lon: float
    feature_class: str
    feature: str
    country: str
    admin1: str
    admin2: str
    population: int


@dataclass(frozen=True, slots=True)
class Choice:
    """What to take of a dump."""

    countries: frozenset[str] = frozenset()
    """ISO codes; all if empty. What has no country is always taken."""
    least_population: int = 0
    """Towns with fewer inhabitants are left out, but for seats of divisions."""


class Dump:
    """A folder of files as GeoNames publishes them."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        missing = [name for name in REQUIRED if self._path(name) is None]
        if missing:
            raise SourceMissing(f"{', '.join(missing)} not in {folder}; see training/gazetteer/README.md")

    def _path(self, name: str) -> Path | None:
        return next((path for path in (self._folder / name, self._folder / f"{name}.gz") if path.is_file()), None)

    def digests(self) -> dict[str, str]:
        """SHA-256 of every file that is read, by name."""
        found = {}
        for name in (*REQUIRED, *OPTIONAL):
            path = self._path(name)
            if path is not None:
                with path.open("rb") as stream:
                    found[name] = hashlib.file_digest(stream, "sha256").hexdigest()
        return found

    def lines(self, name: str) -> Iterator[list[str]]:
        """Rows of a file; none where it is not there."""
        path = self._path(name)
        if path is None:
            return
        with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as lines:
            for line in lines:
                if line.strip() and not line.startswith("#"):
                    yield line.rstrip("\n").split("\t")

    def rows(self) -> Iterator[Row]:
        """All features."""
        for cells in self.lines("allCountries.txt"):
            yield Row(
                id=int(cells[0]),
                name=cells[1],
                ascii=cells[2],
                others=cells[3],
                lat=float(cells[4]),
                lon=float(cells[5]),
                feature_class=cells[6],
                feature=cells[7],
                country=cells[8],
                admin1=cells[10],
                admin2=cells[11],
                population=int(cells[14] or 0),
            )


def fill(catalogue: Catalogue, dump: Dump, choice: Choice) -> dict[str, int]:
    """Read the dump into a catalogue; answers how many records each feature class gave."""
    countries = _countries(dump)
    catalogue.areas |= {code: place for place, code in countries.items()}
    for file in ("admin1CodesASCII.txt", "admin2Codes.txt"):
        for cells in dump.lines(file):
            if cells[0].partition(".")[0] in catalogue.areas:
                catalogue.areas[cells[0]] = int(cells[3])
    layers: dict[str, int] = {}
    for row in dump.rows():
        record = _record(row, countries, choice)
        if record is not None:
            layers[f"geonames_{row.feature_class}"] = layers.get(f"geonames_{row.feature_class}", 0) + 1
            catalogue.records[record.id] = record
    _add_english_names(catalogue, dump)
    _add_districts(catalogue, dump)
    catalogue.areas = {code: place for code, place in catalogue.areas.items() if place in catalogue.records}
    return layers


def _countries(dump: Dump) -> dict[int, str]:
    rows = (cells for cells in dump.lines("countryInfo.txt") if cells[0] != "ISO" and cells[0] not in FORMER)
    return {int(cells[16]): cells[0] for cells in rows if cells[16]}


def _record(row: Row, countries: dict[int, str], choice: Choice) -> Record | None:
    if choice.countries and row.country and row.country not in choice.countries and row.id not in countries:
        return None
    kind = _kind(row, countries)
    if kind is None or (kind is PlaceKind.CITY and not _is_worth(row, choice)):
        return None
    names = [(name, NameClass.PRIMARY) for name in dict.fromkeys((row.name, row.ascii)) if name]
    names += [(name, NameClass.ALTERNATE) for name in row.others.split(",") if is_readable(name)]
    if kind in (PlaceKind.ADMIN1, PlaceKind.ADMIN2) and (bare := bare_key(name_key(row.name))):
        names.append((bare, NameClass.BARE))
    return Record(
        row.id,
        row.name,
        kind,
        row.feature,
        row.lat,
        row.lon,
        row.country or None,
        row.admin1 if row.admin1 not in {"", "00"} and kind is not PlaceKind.COUNTRY else None,
        row.population,
        names,
        row.admin2 if row.admin2 and kind is not PlaceKind.COUNTRY else None,
        usual_class(row.feature_class, kind),
    )


def _kind(row: Row, countries: dict[int, str]) -> PlaceKind | None:
    if row.id in countries:
        return PlaceKind.COUNTRY
    if row.feature_class == "P":
        return None if row.feature in _GONE else PlaceKind.CITY
    return _WORTH.get(row.feature_class, {}).get(row.feature)


def _is_worth(row: Row, choice: Choice) -> bool:
    return row.population >= choice.least_population or row.feature.startswith(("PPLA", "PPLC", "PPLG"))


def _add_english_names(catalogue: Catalogue, dump: Dump) -> None:
    """Names of ``alternateNamesV2.txt`` in English or of no language; the preferred English one names the place."""
    for cells in dump.lines("alternateNamesV2.txt"):
        record = catalogue.records.get(int(cells[1]))
        if record is None or cells[2] not in _ENGLISH or not is_readable(cells[3]):
            continue
        is_own = cells[2] == "en" and len(cells) > 4 and cells[4] == "1"  # noqa: PLR2004 - column isPreferredName
        record.names.append((cells[3], NameClass.PRIMARY if is_own else NameClass.ALTERNATE))
        if is_own:
            record.name = cells[3]


def _add_districts(catalogue: Catalogue, dump: Dump) -> None:
    """The division of a place whose row does not name it but whose parent is one."""
    for cells in dump.lines("hierarchy.txt"):
        parent, child = catalogue.records.get(int(cells[0])), catalogue.records.get(int(cells[1]))
        if parent is None or child is None or parent.country != child.country or child.admin2 is not None:
            continue
        if parent.kind is PlaceKind.ADMIN2:
            child.admin1, child.admin2 = child.admin1 or parent.admin1, parent.admin2
        elif parent.kind is PlaceKind.ADMIN1:
            child.admin1 = child.admin1 or parent.admin1
