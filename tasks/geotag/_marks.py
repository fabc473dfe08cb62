"""What the ranking asks of a place whatever the article says: kept with its name, not worked out for every article."""

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from schemas import PlaceKind
from tasks.geotag._gazetteer import GazetteerPlace

OBSCURE_BELOW: Final = 20_000
"""Inhabitants below which a place is named only where the article plays, or with a word of explanation (opinion)."""
WORLD_FROM: Final = 1_000_000
CAPITAL_FROM: Final = 100_000
"""Inhabitants from which a city, or a capital, is known everywhere (opinion)."""
MARKS: Final = 5
_WIDE: Final = (PlaceKind.COUNTRY, PlaceKind.CONTINENT, PlaceKind.ADMIN1, PlaceKind.REGION)


def marks_of(places: Sequence[GazetteerPlace]) -> npt.NDArray[np.bool_]:
    """Five rows, one column for each place: is it a country, a division, derived, obscure, a point."""
    rows = [
        (
            place.kind is PlaceKind.COUNTRY,
            place.kind is PlaceKind.ADMIN1,
            place.is_derived,
            is_obscure(place),
            _is_point(place),
        )
        for place in places
    ]
    return np.array(rows, dtype=bool).reshape(-1, MARKS).T


def division_of(place: GazetteerPlace) -> str | None:
    """The code of the first-order division in which a place lies; a country lies in none."""
    return place.admin1_code if place.kind is not PlaceKind.COUNTRY else None


def is_obscure(place: GazetteerPlace) -> bool:
    """Whether few readers know it; most second-order divisions come without population."""
    return place.kind in (PlaceKind.CITY, PlaceKind.ADMIN2) and place.population < OBSCURE_BELOW


def is_world_city(place: GazetteerPlace) -> bool:
    """Whether readers everywhere know the city."""
    least = CAPITAL_FROM if place.is_capital else WORLD_FROM
    return place.kind is PlaceKind.CITY and place.population >= least


def _is_point(place: GazetteerPlace) -> bool:
    """Whether its coordinates say where it is: those of a country or a state do not."""
    return not place.is_approximate and place.kind not in _WIDE
