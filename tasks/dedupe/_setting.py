"""Where an article plays and where its host is at home, in at most 31 bytes, and how far two articles agree. Pure.

Like events are told apart by their places, and an event is told by those who live near it. Distances see what equal
ids do not: that one article names the county and the other one its seat. Nothing known is no evidence.
"""

import struct
from collections import Counter
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import acos, cos, log1p, radians, sin
from typing import Final

from schemas import Geotags, HomeArea, Place, PlaceKind
from tasks.dedupe._scene import short_hash
from tasks.dedupe._story_terms import named_places

SETTING_EVIDENCE: Final = (
    "main_spots_apart", "spots_apart", "spots_near_both", "spots_near_either", "spots_missing", "divisions_differ",
    "home_division_both", "home_division_either", "home_spot_both", "home_spot_either", "homes_divisions",
    "homes_spots", "homes_missing",
)  # fmt: skip
NOWHERE: Final = b"\x00"
"""Packed: an article that names no place, of a host of which nothing is known."""
_MOST_SPOTS, _MOST_DIVISIONS, _MOST_HOMES = 3, 2, 2
"""Of what is kept, at most 3: with all that is known the log loss of a pair is the same (ADR 36)."""
_TITLE_COUNTS: Final = 3
"""Mentions that the headline is worth here; the weights were fitted so."""
_NEAR_KM: Final = 40.0
"""A town and its suburbs, a county and its seat."""
_EARTH_KM: Final = 6371.0
_NEAR_COSINE: Final = cos(_NEAR_KM / _EARTH_KM)
_NORTH_STEPS, _EAST_STEPS, _WEIGHTS = 1 << 13, 1 << 14, 31
"""A point is right to within two kilometres, and takes 32 bits with its weight."""
_SPOT, _DIVISION, _HOME = struct.Struct("<I"), struct.Struct("<H"), struct.Struct("<HB")
_PARTS: Final = (_SPOT, _DIVISION, _SPOT, _HOME)
_REMEMBERED: Final = 16_384


@dataclass(frozen=True, slots=True)
class Spot:
    """A point on Earth and how much it counts."""

    x: float
    y: float
    z: float
    """On a sphere of radius 1: distances become products."""
    weight: float
    """How often the article names it; of a home the share of the host's articles that do."""

    def cosine(self, other: "Spot") -> float:
        """Of the angle between both."""
        return self.x * other.x + self.y * other.y + self.z * other.z

    def is_near(self, others: Iterable["Spot"]) -> bool:
        """Whether one of them is in the same area."""
        return any(self.cosine(other) > _NEAR_COSINE for other in others)


@dataclass(frozen=True, slots=True)
class Setting:
    """Where an article plays, and where its host is at home."""

    spots: tuple[Spot, ...] = ()
    """The weightiest first: towns and other small places; divisions where it names nothing smaller."""
    divisions: frozenset[int] = frozenset()
    """Hashes of first-order divisions."""
    home_spots: tuple[Spot, ...] = ()
    home_divisions: tuple[tuple[int, float], ...] = ()
    """Hashes, and the share of the host's articles that name each."""

    @property
    def is_homeless(self) -> bool:
        """Whether nothing is known of where the host is at home."""
        return not self.home_spots and not self.home_divisions


def pack_setting(geotag: Geotags | None, *, title_only: bool) -> bytes:
    """A byte of four counts, then points, divisions, points of homes and divisions of homes."""
    if geotag is None:
        return NOWHERE
    found = named_places(geotag, title_only=title_only, title_counts=_TITLE_COUNTS)
    named = sorted(found, key=lambda row: -row[1])
    small = [row for row in named if row[0].kind is not PlaceKind.ADMIN1] or named
    divisions: Counter[str] = Counter()
    for place, count in named:
        if place.admin1_code:
            divisions[place.admin1_code] += count
    areas = geotag.memory.areas if geotag.memory else ()
    homes = [area for area in areas if area.kind is not PlaceKind.ADMIN1][:_MOST_HOMES]
    wide_homes = [area for area in areas if area.kind is PlaceKind.ADMIN1][:_MOST_HOMES]
    parts = (
        [_packed_spot(place, count) for place, count in small[:_MOST_SPOTS]],
        [_DIVISION.pack(short_hash(code)) for code, _ in divisions.most_common(_MOST_DIVISIONS)],
        [_packed_spot(area, round(area.share * _WEIGHTS)) for area in homes],
        [_HOME.pack(short_hash(area.admin1_code or ""), round(area.share * _WEIGHTS)) for area in wide_homes],
    )
    counts = sum(len(part) << 2 * at for at, part in enumerate(parts))
    return bytes([counts]) + b"".join(packed for part in parts for packed in part)


def setting_size(data: bytes) -> int:
    """How many bytes a packed setting takes that stands at the beginning."""
    return 1 + sum(count * part.size for count, part in zip(_counts(data), _PARTS, strict=True))


def unpack_setting(data: bytes) -> Setting:
    """What `pack_setting` made; what stands behind it is not read. Nothing where it is cut short."""
    if len(data) < setting_size(data):
        return Setting()
    at, rows = 1, []
    for count, part in zip(_counts(data), _PARTS, strict=True):
        end = at + count * part.size
        rows.append(list(part.iter_unpack(data[at:end])))
        at = end
    spots, divisions, homes, wide_homes = rows
    return Setting(
        spots=tuple(_spot(packed) for (packed,) in spots),
        divisions=frozenset(division for (division,) in divisions),
        home_spots=tuple(_spot(packed, _WEIGHTS) for (packed,) in homes),
        home_divisions=tuple((division, share / _WEIGHTS) for division, share in wide_homes),
    )


def setting_evidence(own: Setting, other: Setting) -> tuple[float, ...]:
    """The numbers of `SETTING_EVIDENCE`."""
    return *_of_spots(own, other), *_of_homes(own, other)


def _of_spots(own: Setting, other: Setting) -> tuple[float, ...]:
    """How far apart both play: logarithms of kilometres, shares of what is near, and yes or no."""
    differ = float(bool(own.divisions) and bool(other.divisions) and own.divisions.isdisjoint(other.divisions))
    if not own.spots or not other.spots:
        return 0.0, 0.0, 0.0, 0.0, 1.0, differ
    nearest = max(mine.cosine(theirs) for mine in own.spots for theirs in other.spots)
    near = _share_near(own.spots, other.spots), _share_near(other.spots, own.spots)
    main = own.spots[0].cosine(other.spots[0])
    return _log_kilometres(main), _log_kilometres(nearest), min(near), max(near), 0.0, differ


def _of_homes(own: Setting, other: Setting) -> tuple[float, ...]:
    """How often each host writes of the other article's area, and both of one."""
    wide = _fit(own.home_divisions, other.divisions), _fit(other.home_divisions, own.divisions)
    close = _fit_near(own.home_spots, other.spots), _fit_near(other.home_spots, own.spots)
    shares = dict(other.home_divisions)
    return (
        min(wide),
        max(wide),
        min(close),
        max(close),
        sum(min(share, shares.get(division, 0.0)) for division, share in own.home_divisions),
        max((min(home.weight, _fit_near(other.home_spots, [home])) for home in own.home_spots), default=0.0),
        float(own.is_homeless or other.is_homeless),
    )


def _packed_spot(place: Place | HomeArea, weight: int) -> bytes:
    north = min(_NORTH_STEPS - 1, int((place.latitude + 90) / 180 * _NORTH_STEPS))
    east = int((place.longitude + 180) / 360 * _EAST_STEPS) % _EAST_STEPS
    return _SPOT.pack((north * _EAST_STEPS + east) * (_WEIGHTS + 1) + min(weight, _WEIGHTS))


@lru_cache(maxsize=_REMEMBERED)
def _spot(packed: int, weights: int = 1) -> Spot:
    """The middle of its cell."""
    cell, weight = divmod(packed, _WEIGHTS + 1)
    north, east = divmod(cell, _EAST_STEPS)
    latitude = radians((north + 0.5) / _NORTH_STEPS * 180 - 90)
    longitude = radians((east + 0.5) / _EAST_STEPS * 360 - 180)
    wide = cos(latitude)
    return Spot(wide * cos(longitude), wide * sin(longitude), sin(latitude), weight / weights)


def _counts(data: bytes) -> tuple[int, ...]:
    counts = data[0] if data else 0
    return tuple(counts >> 2 * at & 3 for at in range(len(_PARTS)))


def _log_kilometres(cosine: float) -> float:
    return log1p(_EARTH_KM * acos(max(-1.0, min(1.0, cosine))))


def _share_near(spots: Sequence[Spot], others: Sequence[Spot]) -> float:
    """The share of what one article names that is near to what the other one names."""
    return sum(spot.weight for spot in spots if spot.is_near(others)) / sum(spot.weight for spot in spots)


def _fit(homes: Iterable[tuple[int, float]], divisions: Container[int]) -> float:
    return max((share for division, share in homes if division in divisions), default=0.0)


def _fit_near(homes: Iterable[Spot], spots: Sequence[Spot]) -> float:
    return max((home.weight for home in homes if home.is_near(spots)), default=0.0)
