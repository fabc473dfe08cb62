"""Which places a name can mean, and what can be said of each without looking at the rest of the article."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from schemas import PlaceKind
from tasks.geotag._gazetteer import Candidate, Gazetteer, GazetteerPlace, NameClass
from tasks.geotag._groups import KIND_WORDS, Group
from tasks.geotag._keys import bare_key, name_key, stripped_keys
from tasks.geotag._toponyms import Role
from tasks.geotag._weights import CANDIDATES, KIND, NAME_CLASS, STRIPPED, WEIGHTS

_UNITS = (PlaceKind.COUNTRY, PlaceKind.ADMIN1)
DIVISION_FROM = 100_000
_MAJOR = frozenset(
    {"RGN", "SEA", "OCN", "GULF", "GEOAREA", "RANGE/MT", "DESERT", "DSRT", "MTS", "PLATEAU", "LK", "STM", "STRT", "PEN"}
)
"""Features that are better known than the towns named after them."""
_OWN_NAMES = (NameClass.CURATED, NameClass.PRIMARY)
_OWN_OR_BARE = (*_OWN_NAMES, NameClass.BARE)
SEAT_FROM = 20_000
"""Inhabitants from which a town can have given its division the name, rather than a hamlet its county's."""
_SITE_KINDS = (PlaceKind.SITE, PlaceKind.REGION, PlaceKind.WATER)


@dataclass(frozen=True, slots=True)
class Rivals:
    """What the other bearers of a name say: where towns of that name lie, whose it is."""

    seats: frozenset[tuple[str | None, str | None]]
    own_name: bool
    curated: bool


@dataclass(frozen=True, slots=True)
class Option:
    """One place that a group could mean, its own evidence in logits, and the codes of what spoke for it."""

    place: GazetteerPlace
    score: float
    evidence: tuple[str, ...]


def options_of(group: Group, gazetteer: Gazetteer, source_country: str | None) -> list[Option]:
    """The candidates of a group, the likeliest by their own evidence first; none if the name is not known."""
    found = [(candidate.place, int(candidate.name_class)) for candidate in _named(group, gazetteer)]
    if not found and group.role is Role.TOPONYM:
        found = _stripped(group, gazetteer)
    rivals = _rivals(found)
    options = [_option(group, place, name_class, rivals, source_country) for place, name_class in found]
    if len(found) == 1:
        options = [replace(option, evidence=("only_candidate", *option.evidence)) for option in options]
    options.sort(key=lambda option: (-option.score, option.place.id))
    return options[:CANDIDATES]


def _named(group: Group, gazetteer: Gazetteer) -> list[Candidate]:
    found = gazetteer.lookup(group.key)
    if not group.allows_abbreviation:
        found = tuple(candidate for candidate in found if candidate.name_class is not NameClass.ABBREVIATION)
    if group.role is Role.SITE:
        return [candidate for candidate in found if _may_be_site(group, candidate)]
    return list(found)


def _may_be_site(group: Group, candidate: Candidate) -> bool:
    """A building's name is never that of a distant town, except for towns that are called so: `College Park`."""
    if candidate.place.kind in _SITE_KINDS:
        return True
    return candidate.name_class is NameClass.PRIMARY and " " in group.key and candidate.place.population > 0


def _stripped(group: Group, gazetteer: Gazetteer) -> list[tuple[GazetteerPlace, int]]:
    """Places that bear the name without `northern`, `city of`, `… province`; the word that is dropped says the kind."""
    for key, dropped in stripped_keys(group.key):
        kind = KIND_WORDS.get(dropped.split()[-1])
        classes = _OWN_NAMES if kind is None else _OWN_OR_BARE
        kept = [candidate.place for candidate in gazetteer.lookup(key) if candidate.name_class in classes]
        if kept:
            group.cues.update([] if kind is None else [kind] * len(group.spots))
            return [(place, STRIPPED) for place in kept]
    return []


def _rivals(found: Sequence[tuple[GazetteerPlace, int]]) -> Rivals:
    """Divisions that share their name with a town in them, and countries that share it with their capital."""
    towns = [(place, name_class) for place, name_class in found if place.kind is PlaceKind.CITY]
    divisions = {
        (place.country, place.admin1)
        for place, name_class in towns
        if name_class in _OWN_NAMES and place.population >= SEAT_FROM
    }
    capitals = {(place.country, None) for place, name_class in towns if place.is_capital and name_class in _OWN_NAMES}
    own_name = any(name_class in _OWN_NAMES for _, name_class in found)
    curated = any(name_class == NameClass.CURATED for _, name_class in found)
    return Rivals(frozenset(divisions | capitals), own_name, curated)


def _is_namesake(place: GazetteerPlace, rivals: Rivals) -> bool:
    """Whether news mean a town by this division's name: `Sumy`, `Moscow`, and `Washington` for the capital."""
    divided = place.kind in (PlaceKind.ADMIN1, PlaceKind.ADMIN2)
    return divided and ((place.country, place.admin1) in rivals.seats or (place.country, None) in rivals.seats)


def _option(group: Group, place: GazetteerPlace, name_class: int, rivals: Rivals, source_country: str | None) -> Option:
    """Add up what speaks for a place by itself. Terms without a code are priors, not evidence."""
    alternate = name_class in (NameClass.CURATED, NameClass.ALTERNATE) and name_key(place.name) != group.key
    is_unit, called = place.kind in _UNITS, group.is_called(place.kind)
    terms = (
        ("", KIND[place.kind] + NAME_CLASS[name_class], True),
        ("", WEIGHTS.population * math.log10(place.population + 10), is_unit or place.kind is PlaceKind.CITY),
        ("", WEIGHTS.namesake_seat, name_class != NameClass.CURATED and not called and _is_namesake(place, rivals)),
        ("", WEIGHTS.stateless, place.country is None),
        ("", WEIGHTS.beside_own_name, name_class == NameClass.ALTERNATE and rivals.own_name),
        ("", WEIGHTS.beside_curated, rivals.curated and _gives_way(group, place, name_class)),
        ("", WEIGHTS.division * _tens_above(place.population, DIVISION_FROM), place.kind is PlaceKind.ADMIN1),
        ("", WEIGHTS.minor_feature, _is_minor(place)),
        ("", WEIGHTS.named_unit, place.kind is PlaceKind.ADMIN2 and bare_key(group.key) is not None),
        ("", WEIGHTS.in_qualifier, is_unit and group.in_qualifier),
        ("capital", WEIGHTS.capital, place.is_capital),
        (place.kind.value, 0.0, is_unit),
        ("kind_word", WEIGHTS.cue, called),
        ("source_country", WEIGHTS.source_country, source_country is not None and place.country == source_country),
        ("qualifier", WEIGHTS.qualifier if group.explicit else WEIGHTS.soft_qualifier, _is_qualified(group, place)),
        ("alternate_name", 0.0, alternate),
    )
    score = sum(logits for _, logits, holds in terms if holds)
    return Option(place, score, tuple(code for code, _, holds in terms if holds and code))


def _gives_way(group: Group, place: GazetteerPlace, name_class: int) -> bool:
    """Whether a curated bearer of the name is meant rather than this one: a small town, or a state in short form."""
    if name_class == NameClass.ABBREVIATION:
        return not group.in_qualifier
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
