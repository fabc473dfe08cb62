"""Why a choice may be wrong whatever the article says: kept with its name, not worked out for every article."""

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from schemas import PlaceKind
from tasks.geotag._gazetteer import OWN_NAMES, GazetteerPlace

DIVISION_FROM: Final = 100_000
GREAT_FROM: Final = 100_000
"""Inhabitants from which readers know a division, or a city, by its name alone."""
SMALL_BELOW: Final = 5_000
DOUBTS: Final = ("approximate_point", "like_its_town", "in_shadow")
"""The rows of `doubts_of`: the point is that of a larger division; a town of its country is called like it, so that
`Durango` may be either; a small town in the shadow of a great bearer of its name, as `Boston` in Ireland is."""
LIKE_ITS_TOWN, IN_SHADOW = DOUBTS.index("like_its_town"), DOUBTS.index("in_shadow")


def doubts_of(found: Sequence[tuple[GazetteerPlace, int]]) -> npt.NDArray[np.bool_]:
    """One row for each of `DOUBTS`, one column for each bearer of a name, which come with their name classes."""
    own = [place for place, name_class in found if name_class in OWN_NAMES]
    is_dark = any(_is_great(place) for place in own)
    with_town = {place.country for place in own if place.kind is PlaceKind.CITY}
    rows = [
        (
            place.is_approximate,
            place.kind is PlaceKind.ADMIN1 and place.country in with_town,
            is_dark and place.kind is PlaceKind.CITY and place.population < SMALL_BELOW,
        )
        for place, _ in found
    ]
    return np.array(rows, dtype=bool).reshape(-1, len(DOUBTS)).T


def _is_great(place: GazetteerPlace) -> bool:
    """Whether readers everywhere know it by its name alone."""
    if place.kind is PlaceKind.ADMIN1:
        return place.population >= DIVISION_FROM
    return place.kind is PlaceKind.COUNTRY or (place.kind is PlaceKind.CITY and place.population >= GREAT_FROM)
