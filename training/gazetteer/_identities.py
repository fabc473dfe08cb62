"""GeoNames' ids of small places that other sources brought: from GeoLite2, which numbers cities as GeoNames does.

Of GeoLite2 nothing is taken but GeoNames' own facts: that a place of this name in this country has this id. Its points
only decide which of several namesakes is meant (ADR 18).
"""

from collections import defaultdict
from collections.abc import Iterator

from tasks.geotag import name_key
from training.gazetteer._files import Sources
from training.gazetteer._maxmind import values
from training.gazetteer._records import Catalogue, Record
from training.gazetteer._towns import CENSUS_IDS

FILES = ("GeoLite2-City-2018.mmdb", "GeoLite2-City-2015.mmdb")
NEAR_DEGREES = 0.25
"""Of the pairs within 0.5 degrees nine of ten are within 0.06; past a quarter they are namesakes."""
City = tuple[int, str, str, float, float]
"""Id, name, country, latitude, longitude."""


def cities(sources: Sources) -> Iterator[City]:
    """Every city that GeoLite2 names, once."""
    seen = {0}
    for file in FILES:
        for value in values(sources.path(file).read_bytes()):
            city = value.get("city") if isinstance(value, dict) and "location" in value else None
            if not city or city.get("geoname_id", 0) in seen or "en" not in city.get("names", {}):
                continue
            country, point = value.get("country", {}).get("iso_code"), value["location"]
            if country and "latitude" in point:
                seen.add(city["geoname_id"])
                yield city["geoname_id"], city["names"]["en"], country, point["latitude"], point["longitude"]


def identify(catalogue: Catalogue, sources: Sources) -> int:
    """Give towns with an id of our own the one of GeoNames; answers how many."""
    own: dict[tuple[str | None, str], list[Record]] = defaultdict(list)
    for record in catalogue.records.values():
        if record.id <= -CENSUS_IDS:
            own[record.country, name_key(record.name)].append(record)
    claims: dict[int, tuple[float, int]] = {}
    for place_id, name, country, lat, lon in cities(sources):
        if place_id in catalogue.records:
            continue
        named = own.get((country, name_key(name)), ())
        near = [(max(abs(it.latitude - lat), abs(it.longitude - lon)), it.id) for it in named]
        distance, own_id = min(near, default=(NEAR_DEGREES, 0))
        if distance < NEAR_DEGREES:
            claims[own_id] = min((distance, place_id), claims.get(own_id, (NEAR_DEGREES, 0)))
    catalogue.renumber({own_id: place_id for own_id, (_, place_id) in claims.items()})
    return len(claims)
