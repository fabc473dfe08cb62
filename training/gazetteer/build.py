"""Builds the gazetteer that ships with the geotag stage: ``python -m training.gazetteer.build``.

The same sources give the same bytes. See README.md for where the sources come from.
"""

import argparse
import hashlib
import json
import sys
import time
from pathlib import Path

from tasks.geotag import FORMAT, SHIPPED
from training.gazetteer import (
    _airports,
    _areas,
    _artefact,
    _districts,
    _dump,
    _famous,
    _identities,
    _large,
    _postal,
    _regions,
    _towns,
    _travel,
)
from training.gazetteer._dump import Choice, Dump
from training.gazetteer._files import SourceMissing, Sources, find_sources
from training.gazetteer._records import Catalogue

BUILD = 3
"""Rises when the rules of the build change what it writes from the same sources."""


def collect(sources: Sources) -> tuple[Catalogue, dict[str, int]]:
    """Read all layers, the surest first; a later layer adds only what is missing. Answers the layers' sizes."""
    catalogue = Catalogue()
    towns = list(_towns.cities(sources))
    _areas.add_countries(catalogue, sources, towns)
    _areas.add_divisions(catalogue, sources, towns)
    layers = {"areas": len(catalogue.records), "geonames_cities": catalogue.add(towns)}
    stops, large = _travel.stops(sources), _large.areas(sources)
    layers["curated_regions"] = catalogue.add(_large.identified(_regions.curated_regions(sources), large))
    layers["geonames_no_country"] = catalogue.add(_regions.no_country(sources))
    layers["travel"] = catalogue.add(list(_travel.places(stops, catalogue)))
    layers["large_regions"] = catalogue.add(list(_large.regions(large, catalogue)))
    names = _regions.by_name(catalogue)
    fresh = (record for record in _regions.natural_earth(sources) if _regions.is_new(names, record))
    layers["natural_earth"] = catalogue.add(fresh)
    known = _towns.KnownTowns(iter(catalogue.records.values()))
    layers["us_census"] = catalogue.add(town for town in _towns.census_places(sources) if known.learn(town))
    layers["us_postal"] = catalogue.add(town for town in _towns.postal_places(sources) if known.learn(town))
    layers["towns_with_district"] = _districts.add_districts(catalogue, sources)
    layers["postal_world"] = catalogue.add(list(_postal.postal_world(sources, catalogue.records.values())))
    famous = _large.identified(_regions.curated_regions(sources, _famous.FILE), large)
    layers["famous"] = catalogue.add(list(_famous.famous_places(famous, catalogue)))
    layers["large_divisions"] = catalogue.add(list(_large.divisions(large, catalogue)))
    layers["airports"] = catalogue.add(list(_airports.airports(sources, catalogue, _travel.by_code(stops))))
    layers["identified"] = _identities.identify(catalogue, sources)
    _areas.apply_curated(catalogue, sources)
    _areas.add_homes(catalogue, sources)
    return catalogue, layers


def build(sources: Sources, target: Path) -> dict[str, str]:
    """Build the artefact and answer its `meta` table."""
    digests = sources.digests()
    fingerprint = hashlib.sha256(json.dumps([BUILD, digests]).encode()).hexdigest()[:8]
    catalogue, layers = collect(sources)
    meta = {"version": f"{FORMAT}.{BUILD}-{fingerprint}", "sources": json.dumps(digests), "layers": json.dumps(layers)}
    return _artefact.write(target, catalogue, meta)


def build_from_dump(dump: Dump, curated: Sources, choice: Choice, target: Path) -> dict[str, str]:
    """Build the artefact from a GeoNames dump and the curated files, and answer its `meta` table."""
    digests = dump.digests() | curated.curated_digests()
    stamp = [BUILD, digests, sorted(choice.countries), choice.least_population]
    fingerprint = hashlib.sha256(json.dumps(stamp).encode()).hexdigest()[:8]
    catalogue = Catalogue()
    layers = _dump.fill(catalogue, dump, choice)
    layers["curated_regions"] = catalogue.add(_regions.curated_regions(curated))
    _areas.apply_curated(catalogue, curated, lenient=True)
    version = f"{FORMAT}.{BUILD}-dump-{fingerprint}"
    meta = {"version": version, "sources": json.dumps(digests), "layers": json.dumps(layers)}
    return _artefact.write(target, catalogue, meta)


def main() -> int:
    """Command line. Exit 2 when a source is missing."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--target", type=Path, default=SHIPPED, help="where to write the artefact")
    parser.add_argument("--sources", type=Path, help="folder of the raw files (default: under DATELINE_EVAL_DATA)")
    parser.add_argument("--dump", type=Path, help="folder of a GeoNames dump to build from instead")
    parser.add_argument("--countries", default="", help="with --dump: only these, ISO codes joined with commas")
    parser.add_argument("--least-population", type=int, default=0, help="with --dump: of towns that are no seats")
    options = parser.parse_args()
    started = time.monotonic()
    try:
        if options.dump is None:
            meta = build(find_sources(options.sources), options.target)
        else:
            countries = frozenset(code.strip().upper() for code in options.countries.split(",") if code.strip())
            choice = Choice(countries, options.least_population)
            meta = build_from_dump(Dump(options.dump), Sources(options.dump, ()), choice, options.target)
    except SourceMissing as error:
        print(f"gazetteer: {error}", file=sys.stderr)
        return 2
    for name, value in meta.items():
        if name != "sources":
            print(f"{name:22} {value}")
    size = options.target.stat().st_size
    print(f"{options.target.name}: {size / 1e6:.1f} MB in {time.monotonic() - started:.0f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
