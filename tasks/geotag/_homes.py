"""Where a source is at home: the divisions and the smaller places that its articles name most often."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Final, TypeVar

from schemas import HomeArea, PlaceKind
from tasks.geotag._gazetteer import Gazetteer, GazetteerPlace
from tasks.geotag._memory import REMEMBERED, Named

_SMALLER: Final = REMEMBERED - {PlaceKind.ADMIN1}
_Area = TypeVar("_Area", str, int)
MOST_AREAS: Final = 3
"""Of divisions, and of smaller places."""
SMALLEST_SHARE: Final = 0.1
DOUBT: Final = 1.0
"""Articles that are thought to name nothing: what the only article of a source names has a share of a half."""


def home_areas(named: Sequence[Named], gazetteer: Gazetteer) -> tuple[HomeArea, ...]:
    """Divisions, then smaller places, best first; how many of the articles name it, or something in it."""
    divisions: dict[str, float] = defaultdict(float)
    smaller: dict[int, float] = defaultdict(float)
    for one in named:
        for code in dict.fromkeys(place.admin1_code for place in one.places if place.admin1_code):
            divisions[code] += one.weight
        for place in one.places:
            if place.kind in _SMALLER:
                smaller[place.id] += one.weight
    total = sum(one.weight for one in named) + DOUBT
    found = [(gazetteer.area(code), share) for code, share in _best(divisions, total)]
    found += [(gazetteer.place(place_id), share) for place_id, share in _best(smaller, total)]
    return tuple(_area(place, share) for place, share in found if place is not None)


def _best(weights: Mapping[_Area, float], total: float) -> list[tuple[_Area, float]]:
    """Of equals the one that was named most recently first."""
    ranked = sorted(weights.items(), key=lambda item: -item[1])[:MOST_AREAS]
    return [(area, weight / total) for area, weight in ranked if weight / total >= SMALLEST_SHARE]


def _area(place: GazetteerPlace, share: float) -> HomeArea:
    return HomeArea(
        geoname_id=place.id,
        name=place.name,
        kind=place.kind,
        latitude=place.latitude,
        longitude=place.longitude,
        admin1_code=place.admin1_code,
        share=round(share, 4),
    )
