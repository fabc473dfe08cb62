"""Which places a name can mean, and what can be said of each without looking at the rest of the article."""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
import numpy.typing as npt

from schemas import PlaceKind
from tasks.geotag._doubts import DIVISION_FROM, IN_SHADOW, doubts_of
from tasks.geotag._features import KIND, MEMORY, NAME_CLASS, STATIC, STRIPPED, Feature, Floats
from tasks.geotag._gazetteer import OWN_NAMES, Candidate, Gazetteer, GazetteerPlace, NameClass
from tasks.geotag._groups import KIND_WORDS, Group
from tasks.geotag._keys import bare_key, name_key, stripped_keys
from tasks.geotag._lists import weigh_company
from tasks.geotag._marks import division_of, is_world_city, marks_of
from tasks.geotag._namesakes import TOWNSHIPS, namesakes
from tasks.geotag._outlet import Outlet
from tasks.geotag._sphere import unit_vectors
from tasks.geotag._toponyms import Role
from tasks.geotag._weights import CANDIDATES, Weights
from tasks.geotag._words import COMMON_BELOW, COMMON_WORDS, LANDFORMS

_UNITS = (PlaceKind.COUNTRY, PlaceKind.ADMIN1)
_DIVIDED = (PlaceKind.ADMIN1, PlaceKind.ADMIN2)
_MAJOR = frozenset(
    {"RGN", "SEA", "OCN", "GULF", "GEOAREA", "RANGE/MT", "DESERT", "DSRT", "MTS", "PLATEAU", "LK", "STM", "STRT", "PEN"}
)
"""Features that are better known than the towns named after them."""
_OWN_OR_BARE = (*OWN_NAMES, NameClass.BARE)
SEAT_FROM: Final = 20_000
"""Inhabitants from which a town can have given its division the name, rather than a hamlet its county's."""
SHADOW: Final = 0.3
"""What is left of the source's memory for a town in the shadow of a great one (`_doubts.py`): a paper of Texas hardly
means the Italy down the road. With any share to .5, and towns below 3,000 to 10,000, LGL gains .001 to .004; larger
ones are home towns."""
BESIDE_GREAT: Final = 4.0
"""Times that an alternate name beside the name of a city known everywhere counts as one beside another's own name."""
STRANGE: Final = 4.0
"""Times that all bearers of a name that lies elsewhere count as towns whose name means something else."""
_AIRPORT: Final = re.compile(r"\b(?:air(?:port|field|base)|international|field|terminal)\b")
_SITE_KINDS = (PlaceKind.SITE, PlaceKind.REGION, PlaceKind.WATER)
NAMES_CACHED: Final = 8_192
"""Names whose bearers' own evidence is kept; about 10 MB when full (measurements B10: cache per surface form)."""


@dataclass(frozen=True, slots=True)
class Rivals:
    """What the other bearers of a name say: where towns of that name lie, whose it is."""

    seats: frozenset[tuple[str | None, str | None]]
    own_name: bool
    curated: bool
    great: bool
    """Whether a city that is known everywhere bears it as its own."""


@dataclass(frozen=True, slots=True, eq=False)
class Bearers:
    """All places that bear a name, and the evidence that holds for each wherever the name is written."""

    places: tuple[GazetteerPlace, ...]
    name_classes: tuple[int, ...]
    evidence: npt.NDArray[np.float32]
    vectors: Floats
    divisions: tuple[str | None, ...]
    marks: npt.NDArray[np.bool_]
    """As `marks_of` gives them."""
    called: PlaceKind | None
    """The kind that a describing word spoke of which had to be dropped to find the name."""
    doubts: npt.NDArray[np.bool_]
    """As `doubts_of` gives them."""
    is_part: bool
    """Whether the word that had to be dropped makes the name that of a landform: `Kano Valley`."""


@dataclass(frozen=True, slots=True, eq=False)
class Options:
    """The places that a group could mean, with their own evidence: one row each."""

    places: tuple[GazetteerPlace, ...]
    name_classes: tuple[int, ...]
    evidence: Floats
    vectors: Floats
    """Their points, as `unit_vectors` gives them."""
    divisions: tuple[str | None, ...]
    """The codes of the first-order divisions in which they lie, none for countries."""
    marks: npt.NDArray[np.bool_]
    """As `marks_of` gives them."""
    doubts: npt.NDArray[np.bool_]
    """As `doubts_of` gives them."""

    def __len__(self) -> int:
        """How many there are."""
        return len(self.places)


def options_of(group: Group, gazetteer: Gazetteer, outlet: Outlet, weights: Weights) -> Options:
    """The candidates of a group, the likeliest by their own evidence if there are many."""
    bearers = _bearers(group.key, group.role is Role.SITE, group.allows_abbreviation, gazetteer)
    evidence = bearers.evidence.astype(np.float64)
    places = bearers.places
    if bearers.called is not None:
        group.cue(bearers.called, len(group.spots))
    _add_words(group, bearers, evidence)
    if group.is_part_of_name or bearers.is_part:
        evidence[:, Feature.PART_OF_NAME] = [place.kind not in _SITE_KINDS or place.is_derived for place in places]
    if outlet.country is not None:
        evidence[:, Feature.SOURCE_COUNTRY] = [place.country == outlet.country for place in places]
    if outlet.memory is not None and places:
        evidence[:, MEMORY] = outlet.memory.shares(group.key, places, bearers.divisions, bearers.vectors)
        evidence[bearers.doubts[IN_SHADOW], MEMORY] *= SHADOW
    if group.areas:
        column = Feature.QUALIFIER if group.explicit else Feature.SOFT_QUALIFIER
        evidence[:, column] = [_is_qualified(group, place) for place in places]
    if group.is_stranger:
        evidence[:, Feature.BESIDE_CURATED] = STRANGE
    if places and (group.is_of_the_world or group.company):
        weigh_company(group, places, bearers.vectors, evidence)
    if len(places) <= CANDIDATES:
        return Options(
            places,
            bearers.name_classes,
            evidence,
            bearers.vectors,
            bearers.divisions,
            bearers.marks,
            bearers.doubts,
        )
    kept = np.sort(np.argsort(-(evidence @ weights.first), kind="stable")[:CANDIDATES])
    return Options(
        tuple(places[at] for at in kept),
        tuple(bearers.name_classes[at] for at in kept),
        evidence[kept],
        bearers.vectors[kept],
        tuple(bearers.divisions[at] for at in kept),
        bearers.marks[:, kept],
        bearers.doubts[:, kept],
    )


def _add_words(group: Group, bearers: Bearers, evidence: Floats) -> None:
    """What the words around the mentions say for each bearer."""
    for at, place in enumerate(bearers.places) if group.cues or group.in_qualifier else ():
        if group.is_called(place.kind):
            evidence[at, Feature.KIND_WORD] = 1.0
            evidence[at, Feature.NAMESAKE_SEAT] = 0.0
        if group.in_qualifier:
            evidence[at, Feature.IN_QUALIFIER] = place.kind in _UNITS
            if bearers.name_classes[at] == NameClass.ABBREVIATION:
                evidence[at, Feature.BESIDE_CURATED] = 0.0


@lru_cache(maxsize=NAMES_CACHED)
def _bearers(key: str, is_site: bool, abbreviated: bool, gazetteer: Gazetteer) -> Bearers:  # noqa: FBT001 - parts of a cache key
    known = gazetteer.lookup(key)
    found = [(c.place, int(c.name_class)) for c in known if _may_bear(key, c, is_site, abbreviated, known)]
    dropped = ""
    if not found and not is_site:
        found, dropped = _stripped(key, gazetteer)
    places = [place for place, _ in found]
    if not found:
        derived = namesakes(key, gazetteer)
        places = [site for site, _ in derived]
        found = [(namesake, STRIPPED) for _, namesake in derived]
    rivals = _rivals(found)
    evidence = np.zeros((len(found), STATIC), dtype=np.float32)
    for row, (place, name_class) in zip(evidence, found, strict=True):
        for column, value in _own_evidence(key, place, name_class, rivals).items():
            row[column] = value
    return Bearers(
        places=tuple(places),
        name_classes=tuple(name_class for _, name_class in found),
        evidence=evidence,
        vectors=unit_vectors([place for place, _ in found]),
        divisions=tuple(division_of(place) for place in places),
        marks=marks_of(places),
        called=KIND_WORDS.get(dropped),
        doubts=doubts_of(found),
        is_part=dropped in LANDFORMS or any(place.is_derived for place in places),
    )


def _may_bear(key: str, candidate: Candidate, is_site: bool, abbreviated: bool, known: Sequence[Candidate]) -> bool:  # noqa: FBT001 - as above
    """A building's name is never that of a distant town, except for towns that are called so: `College Park`."""
    if candidate.name_class is NameClass.ABBREVIATION and not abbreviated:
        return False
    if candidate.place.feature == "AIRP" and not _AIRPORT.search(key) and _is_towns(known):
        return False  # `Ottawa` is no airport
    if candidate.name_class is NameClass.BARE and key.rpartition(" ")[2] in LANDFORMS:
        return False  # the Red River is not Red River County
    if not is_site or candidate.place.kind in _SITE_KINDS:
        return True
    return candidate.name_class is NameClass.PRIMARY and " " in key and candidate.place.population > 0


def _is_towns(known: Sequence[Candidate]) -> bool:
    """Whether a town that is not tiny bears the name as its own."""
    return any(
        candidate.place.kind is PlaceKind.CITY
        and candidate.name_class in OWN_NAMES
        and candidate.place.population >= SEAT_FROM
        for candidate in known
    )


def _stripped(key: str, gazetteer: Gazetteer) -> tuple[list[tuple[GazetteerPlace, int]], str]:
    """Places that bear the name without `northern`, `city of`, `… province`, and the word that says the kind."""
    for rest, dropped in stripped_keys(key):
        word = dropped.split()[-1]
        if word in TOWNSHIPS:
            continue
        classes = _OWN_OR_BARE if word in KIND_WORDS else OWN_NAMES
        kept = [candidate.place for candidate in gazetteer.lookup(rest) if candidate.name_class in classes]
        called = [place for place in kept if place.kind is KIND_WORDS.get(word)]
        if kept:
            return [(place, STRIPPED) for place in called or kept], word
    return [], ""


def _rivals(found: Sequence[tuple[GazetteerPlace, int]]) -> Rivals:
    """Divisions that share their name with a town in them, and countries that share it with their capital."""
    towns = [(place, name_class) for place, name_class in found if place.kind is PlaceKind.CITY]
    divisions = {
        (place.country, place.admin1)
        for place, name_class in towns
        if name_class in OWN_NAMES and place.population >= SEAT_FROM
    }
    capitals = {(place.country, None) for place, name_class in towns if place.is_capital and name_class in OWN_NAMES}
    return Rivals(
        seats=frozenset(divisions | capitals),
        own_name=any(name_class in OWN_NAMES for _, name_class in found),
        curated=any(name_class == NameClass.CURATED for _, name_class in found),
        great=any(name_class in OWN_NAMES and is_world_city(place) for place, name_class in towns),
    )


def _own_evidence(key: str, place: GazetteerPlace, name_class: int, rivals: Rivals) -> dict[Feature, float]:
    """What speaks for a place by itself, by column."""
    is_unit, is_town = place.kind in _UNITS, place.kind is PlaceKind.CITY
    return {
        KIND[place.kind]: 1.0,
        NAME_CLASS[name_class]: 1.0,
        Feature.POPULATION: math.log10(place.population + 10) if is_unit or is_town else 0.0,
        Feature.DIVISION_SIZE: _tens_above(place.population, DIVISION_FROM) if place.kind is PlaceKind.ADMIN1 else 0.0,
        Feature.MINOR_FEATURE: _is_minor(place),
        Feature.CAPITAL: place.is_capital,
        Feature.NAMESAKE_SEAT: name_class != NameClass.CURATED and _is_namesake(place, rivals),
        Feature.STATELESS: place.country is None,
        Feature.BESIDE_OWN_NAME: _beside_own_name(key, place, rivals) if name_class == NameClass.ALTERNATE else 0.0,
        Feature.BESIDE_CURATED: rivals.curated and _gives_way(place, name_class),
        Feature.COMMON_WORD: key in COMMON_WORDS and _needs_more(place, name_class),
        Feature.NAMED_UNIT: place.kind is PlaceKind.ADMIN2 and bare_key(key) is not None,
    }


def _beside_own_name(key: str, place: GazetteerPlace, rivals: Rivals) -> float:
    """How much an alternate name is rather another place's: an old name of Anantnag does not name it beside Islamabad.

    A short form is no such name: `Santiago` for Santiago de Cuba.
    """
    is_foreign = place.kind is PlaceKind.CITY and not f"{name_key(place.name)} ".startswith(f"{key} ")
    return BESIDE_GREAT if rivals.great and is_foreign else float(rivals.own_name)


def _needs_more(place: GazetteerPlace, name_class: int) -> bool:
    """Whether a common word alone does not mean this place: small, or not even quite its name (`Rivers` State)."""
    small = place.kind is PlaceKind.CITY and place.population < COMMON_BELOW
    return small or name_class in (NameClass.BARE, NameClass.ALTERNATE, STRIPPED)


def _is_namesake(place: GazetteerPlace, rivals: Rivals) -> bool:
    """Whether news mean a town by this division's name: `Sumy`, `Moscow`, and `Washington` for the capital."""
    seats = ((place.country, place.admin1), (place.country, None))
    return place.kind in _DIVIDED and any(seat in rivals.seats for seat in seats)


def _gives_way(place: GazetteerPlace, name_class: int) -> bool:
    """Whether a curated bearer of the name is meant rather than this one: a small town, or a state in short form."""
    if name_class == NameClass.ABBREVIATION:
        return True
    return name_class != NameClass.CURATED and place.kind is PlaceKind.CITY and place.population < SEAT_FROM


def _tens_above(population: int, least: int) -> float:
    return math.log10(max(population, least) / least)


def _is_minor(place: GazetteerPlace) -> bool:
    return place.kind in (PlaceKind.REGION, PlaceKind.WATER) and place.feature not in _MAJOR


def _is_qualified(group: Group, place: GazetteerPlace) -> bool:
    """Whether the place lies in an area that the text names as the one in which it lies."""
    if place.kind is PlaceKind.COUNTRY or not any(area.holds(place.country, place.admin1) for area in group.areas):
        return False
    return place.kind is not PlaceKind.ADMIN1 or any(area.admin1 is None for area in group.areas)
