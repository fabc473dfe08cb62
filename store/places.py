"""Under which places an article is listed, and which lists answer a question about places."""

from dataclasses import dataclass
from typing import Any, Final

import redis

from schemas import Geotags, Place, PlaceKind, Precision
from store.errors import translated
from store.keys import Keys

LISTED_FROM: Final = 0.5
"""Confidence from which an article is listed under a place: more likely right than wrong."""
_NORTHERNMOST: Final = 85.05
"""Redis' geo sets end there (EPSG:3857)."""


@dataclass(frozen=True, slots=True)
class Near:
    """A circle on Earth."""

    latitude: float
    longitude: float
    radius_km: float


def place_lines(geotags: Geotags) -> str:
    """The places under which an article is listed, as the ledger's scripts read them."""
    return "".join(_line(place) for place in geotags.places if place.confidence >= LISTED_FROM)


def _line(place: Place) -> str:
    has_point = place.precision is Precision.POINT and abs(place.latitude) < _NORTHERNMOST
    point = f"{place.longitude:.4f}|{place.latitude:.4f}" if has_point else "|"
    admin1 = place.admin1_code if place.kind is not PlaceKind.COUNTRY else None
    return f"{place.geoname_id}|{place.country_code or ''}|{admin1 or ''}|{point}\n"


@dataclass(frozen=True, slots=True)
class PlaceLine:
    """One line of what an article is listed under."""

    geoname_id: int
    country_code: str
    admin1_code: str


def read_lines(lines: str) -> list[PlaceLine]:
    """The places in what `place_lines` wrote."""
    rows = (line.split("|") for line in lines.splitlines())
    return [PlaceLine(int(row[0]), row[1], row[2]) for row in rows]


def places_near(client: "redis.Redis", keys: Keys, near: Near) -> list[int]:
    """The ids of all places in a circle that some article names, the nearest first."""
    with translated():
        found: Any = client.geosearch(
            keys.points,
            longitude=near.longitude,
            latitude=near.latitude,
            radius=near.radius_km,
            unit="km",
            sort="ASC",
        )
    return [int(member) for member in found]
