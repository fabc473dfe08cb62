"""What names say of each other that stand in one list: ``Paris or Vienna``, ``in Headingley and Harehills``.

A list is of one kind. World cities side by side are those, whatever towns of the article's country are called like
them; and a name that only one place bears says where its neighbours lie.
"""

import math
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Final

from schemas import PlaceKind
from tasks.geotag._features import Feature, Floats
from tasks.geotag._gazetteer import OWN_NAMES, Candidate, Gazetteer, GazetteerPlace
from tasks.geotag._groups import Group
from tasks.geotag._marks import is_obscure, is_world_city
from tasks.geotag._sphere import closeness, unit_vectors
from tasks.geotag._toponyms import Role, Spot, Texts

_JOINS: Final = re.compile(r",?\s+(?:and|or|nor|&)\s+(?:(?:in|to|from)\s+)?|,\s+")
_INSIDE: Final = re.compile(r"\s*\(\s*")
"""``Headingley (Leeds)``: a quarter of the city in brackets, or a town near it."""
_WITHIN: Final = re.compile(r"\b(?:in|at|near|around|outside|from|of)\s(?:the\s)?$")
_CLOSED: Final = re.compile(r"[.;:)]|['’]s\b|,\s(?!and\b|or\b)[a-z]|\s*$")
"""Around ``in Headingley, Leeds.``, which is no list: something stands before it, and nothing goes on behind."""
_LOOK_BACK: Final = 14
_REACH: Final = 12
"""Characters between two names beyond which nothing joins them."""
BEHIND_FROM: Final = 100_000
"""Inhabitants from which a city in brackets, or behind a comma, says where a name lies (opinion)."""
SEAT_OF_STATE_FROM: Final = 10_000
"""The same in a list: beside Kingston, `Castries` and `Georgetown` are the capitals they are (opinion)."""
OUT_OF_LIST: Final = 2.0
"""Times that a namesake of a world city in a list of such counts as a town whose name means something else."""
BESIDE_FROM: Final = math.exp(-1.0)
"""Closeness from which a place lies beside another: 60 km."""


def add_company(groups: Sequence[Group], texts: Texts, gazetteer: Gazetteer) -> None:
    """Tell each group without a qualifier what the names say that it is listed with."""
    group_of = {id(spot): group for group in groups if not group.areas for spot in group.spots}
    spots = sorted((spot for group in groups for spot in group.spots), key=lambda spot: spot.order)
    for one, other in pairwise(spots):
        city = _city_behind(one, other, texts, gazetteer) if id(one) in group_of else None
        if city is not None:
            group_of[id(one)].company.append(city)
    for one, other in _joined(spots, texts):
        if id(one) not in group_of or id(other) not in group_of or one.key == other.key:
            continue
        _tell(group_of[id(one)], group_of[id(other)], groups, gazetteer)


def _joined(spots: Sequence[Spot], texts: Texts) -> Iterator[tuple[Spot, Spot]]:
    for one, other in pairwise(spots):
        near = one.part is other.part and 0 < other.start - one.end <= _REACH
        if near and one.role is other.role is Role.TOPONYM and _JOINS.fullmatch(texts[one.part], one.end, other.start):
            yield one, other


def _city_behind(one: Spot, other: Spot, texts: Texts, gazetteer: Gazetteer) -> GazetteerPlace | None:
    """The largest city of the name behind the bracket or comma, if readers know it by its name alone."""
    if one.part is not other.part or not 0 < other.start - one.end <= _REACH or one.key == other.key:
        return None
    if not _lies_beside(one, other, texts[one.part]):
        return None
    cities = (place for place in gazetteer.own(other.key) if place.kind is PlaceKind.CITY)
    largest = max(cities, key=lambda place: place.population, default=None)
    return largest if largest is not None and largest.population >= BEHIND_FROM else None


def _lies_beside(one: Spot, other: Spot, text: str) -> bool:
    """Whether the second name tells where the first lies: ``Headingley (Leeds)``, ``in Headingley, Leeds.``."""
    if _INSIDE.fullmatch(text, one.end, other.start) is not None:
        return True
    if text[one.end : other.start] != ", " or _CLOSED.match(text, other.end) is None:
        return False
    return _WITHIN.search(text[max(0, one.start - _LOOK_BACK) : one.start]) is not None


def _tell(one: Group, other: Group, groups: Sequence[Group], gazetteer: Gazetteer) -> None:
    mine, theirs = gazetteer.lookup(one.key), gazetteer.lookup(other.key)
    both = _divisions(mine) & _divisions(theirs)
    others = (group for group in groups if group.key not in (one.key, other.key))
    if _is_of_the_world(mine) and _is_of_the_world(theirs) and not (both and _speaks_for(others, both, gazetteer)):
        one.world_lists += 1
        other.world_lists += 1
    for told, by in ((one, _only(theirs)), (other, _only(mine))):
        if by is not None and _only(gazetteer.lookup(told.key)) is None:
            told.company.append(by)


def _is_of_the_world(known: Sequence[Candidate]) -> bool:
    return any(candidate.name_class in OWN_NAMES and _is_listed(candidate.place) for candidate in known)


def _is_listed(place: GazetteerPlace) -> bool:
    return is_world_city(place) or (place.is_capital and place.population >= SEAT_OF_STATE_FROM)


def _speaks_for(groups: Iterable[Group], divisions: set[str | None], gazetteer: Gazetteer) -> bool:
    """Whether anything else that the article names could lie in one of the divisions, or be it, or its country.

    In Ontario as in Ohio there are a Georgetown and a Kingston; an article that names nothing there means neither.
    """
    countries = {division.partition(".")[0] for division in divisions if division is not None}
    places = (c.place for group in groups for c in gazetteer.lookup(group.key) if not is_obscure(c.place))
    return any(
        place.admin1_code in divisions or (place.kind is PlaceKind.COUNTRY and place.country in countries)
        for place in places
    )


def _divisions(known: Sequence[Candidate]) -> set[str | None]:
    """Where towns of that name lie that a paper there would call so, as in Georgia Athens and Rome."""
    places = (candidate.place for candidate in known if candidate.name_class in OWN_NAMES)
    return {p.admin1_code for p in places if p.kind is PlaceKind.CITY and not is_obscure(p)}


def _only(known: Sequence[Candidate]) -> GazetteerPlace | None:
    """The town that alone bears the name."""
    is_alone = len(known) == 1 and known[0].name_class in OWN_NAMES and known[0].place.kind is PlaceKind.CITY
    return known[0].place if is_alone else None


def weigh_company(group: Group, places: Sequence[GazetteerPlace], vectors: Floats, evidence: Floats) -> None:
    """Write into the evidence what the names that the group is listed with say for each bearer of its name.

    Where none lies beside the neighbour in the list, the gazetteer lacks the one that is meant: a small town in another
    country is not it.
    """
    if group.is_of_the_world:
        evidence[:, Feature.BESIDE_CURATED] = [0.0 if _is_listed(place) else OUT_OF_LIST for place in places]
    if not group.company:
        return
    beside = closeness(vectors, unit_vectors(group.company)).max(axis=1) >= BESIDE_FROM
    if beside.any():
        evidence[beside, Feature.SOFT_QUALIFIER] = 1.0
        return
    countries = {place.country for place in group.company}
    far = [is_obscure(place) and place.country not in countries for place in places]
    evidence[far, Feature.BESIDE_CURATED] = 1.0
