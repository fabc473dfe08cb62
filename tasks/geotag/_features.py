"""What the ranking looks at: one column for each kind of evidence, in a fixed order."""

from enum import IntEnum
from typing import Final

import numpy as np
import numpy.typing as npt

from schemas import PlaceKind
from tasks.geotag._gazetteer import NameClass

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


class Feature(IntEnum):
    """The columns: up to `MEMORY_NEAR` a candidate's own evidence, then what the article's other names say."""

    KIND_CONTINENT = 0
    KIND_COUNTRY = 1
    KIND_ADMIN1 = 2
    KIND_ADMIN2 = 3
    KIND_CITY = 4
    KIND_REGION = 5
    KIND_WATER = 6
    KIND_SITE = 7
    NAME_CURATED = 8
    NAME_PRIMARY = 9
    NAME_BARE = 10
    NAME_ALTERNATE = 11
    NAME_ABBREVIATION = 12
    NAME_STRIPPED = 13
    """The name was found only without a describing word (`northern`, `… province`)."""
    POPULATION = 14
    """Factors of ten inhabitants, of towns and of first-order units."""
    DIVISION_SIZE = 15
    """Factors of ten inhabitants above 100,000, of first-order divisions: Michigan, not a parish of Jamaica."""
    MINOR_FEATURE = 16
    """Islands, capes, bays and the like, most of which share their names with cities: `Santiago`."""
    CAPITAL = 17
    NAMESAKE_SEAT = 18
    """A division beside the town that gave it its name: news mean the town (`Sumy`, `Moscow`, `New York`)."""
    STATELESS = 19
    """Seas, continents and regions across borders, which no country's context can speak for."""
    BESIDE_OWN_NAME = 20
    """An alternate name that is another place's own name; more than 1 where that is a capital or a city of millions."""
    BESIDE_CURATED = 21
    """A small town whose name the press uses for something else: the `Middle East` of Maryland."""
    NAMED_UNIT = 22
    """A second-order division whose name says that it is one: `Kaufman County`, not the `Norfolk` of England."""
    KIND_WORD = 23
    """A word beside the name says its kind: `New York state`."""
    IN_QUALIFIER = 24
    """An area that stands as the qualifier of another name: the `New York` of ``Albany, New York``."""
    SOURCE_COUNTRY = 25
    QUALIFIER = 26
    SOFT_QUALIFIER = 27
    """``X in Y``, or beside the only bearer of a name that stands in the same list."""
    PART_OF_NAME = 28
    """The name is part of that of a landform or site: the `Kano` of ``Kano plains`` is no city far away."""
    COMMON_WORD = 29
    """A small town called like a thing or a person: `Chestnut`, `Rivers`, `Roman`."""
    MEMORY_COUNTRY = 30
    """Share of the places of the source's other articles that lies in the same country."""
    MEMORY_ADMIN1 = 31
    MEMORY_NEAR = 32
    COUNTRY_SHARE = 33
    """Share of the other names' mass that lies in the same country."""
    ADMIN1_SHARE = 34
    NEAR = 35
    """1 - exp(-mass of the other names, weighed with exp(-d / 60 km)) (measurements B4: spatial minimality)."""
    QUALIFIES = 36
    """How probably a name that this one qualifies lies in it."""
    ELSEWHERE = 37
    """For a part of a name: how much less the other names speak for its country than for the leading one."""
    OBSCURE = 38
    """The same for a small town or district: of a `Montreal` in Wisconsin, or of what is no name of a place at all."""


STATIC: Final = Feature.COUNTRY_SHARE.value
"""Columns of a candidate's own evidence."""
MEMORY: Final = slice(Feature.MEMORY_COUNTRY, Feature.MEMORY_NEAR + 1)
"""The columns of the source's memory, in the order of `Memory.shares`."""
CONTEXT: Final = len(Feature) - STATIC
KIND: Final = {kind: Feature[f"KIND_{kind.name}"] for kind in PlaceKind}
STRIPPED: Final = len(NameClass)
"""Continues `NameClass`."""
NAME_CLASS: Final = tuple(Feature(Feature.NAME_CURATED + at) for at in range(STRIPPED + 1))
EVIDENCE: Final = {
    Feature.CAPITAL: "capital",
    Feature.KIND_COUNTRY: "country",
    Feature.KIND_ADMIN1: "admin1",
    Feature.KIND_WORD: "kind_word",
    Feature.SOURCE_COUNTRY: "source_country",
    Feature.QUALIFIER: "qualifier",
    Feature.SOFT_QUALIFIER: "qualifier",
}
"""Codes of what speaks for a place by itself; the other columns are priors."""
CONTEXT_EVIDENCE: Final = {
    Feature.COUNTRY_SHARE: "country_context",
    Feature.ADMIN1_SHARE: "admin1_context",
    Feature.NEAR: "near_other_places",
    Feature.QUALIFIES: "qualifies_others",
}
"""Codes of what the other names say, where it counts half a logit or more."""
