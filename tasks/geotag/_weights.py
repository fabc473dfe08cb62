"""How much each piece of evidence counts, set by hand.

Units are logits: one more makes a candidate e times as likely. They were set by reading errors on the development
halves of LGL and TR-News (FACTS B.4 has the order of the steps and what each is worth); a learned ranking replaces this
module, not its users.
"""

from dataclasses import dataclass
from typing import Final

from schemas import PlaceKind
from tasks.geotag._gazetteer import NameClass

STRIPPED: Final = 5
"""A name that was found only without a describing word (`northern`, `… province`); continues `NameClass`."""


@dataclass(frozen=True, slots=True)
class Weights:
    """Logits for each kind of evidence."""

    population: float = 0.8
    """Per factor of ten inhabitants."""
    division: float = 1.8
    """Per factor of ten inhabitants above 100,000, for first-order divisions: Michigan, not a parish of Jamaica."""
    minor_feature: float = -4.0
    """For islands, capes, bays and the like, most of which share their names with cities: `Santiago`."""
    capital: float = 1.0
    namesake_seat: float = -6.5
    """A division beside the town that gave it its name: news mean the town (`Sumy`, `Moscow`, `New York`)."""
    stateless: float = 4.0
    """For seas, continents and regions across borders, which no country's context can speak for."""
    unlisted: float = 2.0
    """The score of the place that the gazetteer lacks: a hamlet with nothing but its name to speak for it has less."""
    qualifier: float = 8.0
    soft_qualifier: float = 4.0
    """``X in Y``."""
    qualifies: float = 4.0
    beside_curated: float = -4.0
    """For a small town whose name the press uses for something else: the `Middle East` of Maryland."""
    named_unit: float = 2.5
    """For a second-order division whose name says that it is one: `Kaufman County`, not the `Norfolk` of England."""
    beside_own_name: float = -2.5
    """For an alternate name that is another place's own name."""
    cue: float = 2.0
    in_qualifier: float = 2.0
    """For an area that stands as the qualifier of another name: the `New York` of ``Albany, New York``."""
    country: float = 8.5
    admin1: float = 3.5
    near: float = 4.2
    source_country: float = 3.0
    near_km: float = 60.0
    """FACTS B.4: spatial minimality, exp(-d / 60 km)."""


WEIGHTS: Final = Weights()
KIND: Final = {
    PlaceKind.CONTINENT: 6.0,
    PlaceKind.COUNTRY: 5.5,
    PlaceKind.ADMIN1: 0.5,
    PlaceKind.ADMIN2: 3.0,
    PlaceKind.CITY: 0.0,
    PlaceKind.REGION: 7.0,
    PlaceKind.WATER: 4.0,
    PlaceKind.SITE: 6.0,
}
NAME_CLASS: Final = {
    NameClass.PRIMARY: 0.0,
    NameClass.CURATED: 1.5,
    NameClass.BARE: -2.0,
    NameClass.ALTERNATE: -1.0,
    NameClass.ABBREVIATION: 1.0,
    STRIPPED: -3.0,
}
ROUNDS: Final = 3
"""Each round's posteriors are the next round's context; FACTS B.4 used three."""
CANDIDATES: Final = 24
"""Most candidates kept for a name, those in a qualifying area first."""
TARGETS: Final = 240
"""Most likely places to which distances are taken, over the whole article; bounds the distance matrix."""
ABSTAIN_BELOW: Final = 0.15
"""Below this posterior a choice is a guess. Set by hand; the calibrated threshold comes with the learned ranking."""
