"""Which mention says of another in which country or division it lies: ``Warren, Michigan``, ``Michigan's Warren``."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from schemas import PlaceKind
from tasks.geotag._gazetteer import Candidate, Gazetteer, GazetteerPlace
from tasks.geotag._keys import name_key
from tasks.geotag._toponyms import Role, Spot, Texts

_AFTER = re.compile(r",\s*|\s*\(\s*")
_IN = re.compile(
    r",?\s+(?:both\s+|all\s+)?in\s+(?:(?:the|north|south|east|west|central|(?:north|south)?(?:ea|we)st(?:ern)?|\w+ern)\s+)?"
)
_OWNS = re.compile(r"['’]s\s+(?:(?:capital|city|port city|town|region)\s+)?|['’]\s+")
WRITTEN = re.compile(r",\s+((?:[A-Z][\w.]*\.?)(?:\s[A-Z][\w.]*){0,2})")
"""A qualifier that the recognizer did not mark, e.g. the ``N.C.`` of ``TROY, N.C. (AP)``."""
OF_STATES = frozenset({"US", "CA", "AU"})
"""Countries whose press tells a town with the division in which it lies."""
REACH = 40
"""Characters between two mentions beyond which no pattern of this module can match."""


class Area(NamedTuple):
    """A country, or one of its first-order divisions."""

    country: str
    admin1: str | None

    def holds(self, country: str | None, admin1: str | None) -> bool:
        """Whether a place with these codes lies in it."""
        return country == self.country and (self.admin1 is None or admin1 == self.admin1)


@dataclass(frozen=True, slots=True)
class Qualifier:
    """What a mention is said to lie in. ``by`` is the position of the qualifying spot, if it is one."""

    areas: frozenset[Area]
    explicit: bool
    by: int | None = None


def areas_of(key: str, gazetteer: Gazetteer) -> frozenset[Area]:
    """The countries and divisions that a name can mean as a qualifier; abbreviations count here.

    ``Vienna, Ontario`` speaks of the province, not of the state in which Ontario County lies.
    """
    known = gazetteer.lookup(key)
    states = [c for c in known if c.place.kind is PlaceKind.ADMIN1 and c.place.country in OF_STATES]
    named = [c for c in known if c.place.kind is not PlaceKind.ADMIN2] if states else known
    return frozenset(filter(None, (_area(candidate) for candidate in named)))


def _area(candidate: Candidate) -> Area | None:
    place = candidate.place
    if place.country is None or place.kind not in (PlaceKind.COUNTRY, PlaceKind.ADMIN1, PlaceKind.ADMIN2):
        return None
    return Area(place.country, None if place.kind is PlaceKind.COUNTRY else place.admin1)


def qualifiers(spots: Sequence[Spot], parts: Texts, gazetteer: Gazetteer) -> dict[int, Qualifier]:
    """The qualifier of each spot that has one, by the spot's position."""
    found: dict[int, Qualifier] = {}
    for at, spot in enumerate(spots):
        if spot.role is Role.DEMONYM:
            continue
        text = parts[spot.part]
        qualifier = (
            _following(at, spots, text, gazetteer)
            or _written(spot, text, gazetteer)
            or _preceding(at, spots, text, gazetteer)
        )
        if qualifier is not None:
            found[at] = qualifier
    return found


def _following(at: int, spots: Sequence[Spot], text: str, gazetteer: Gazetteer) -> Qualifier | None:
    """``X, Y`` · ``X (Y)`` · ``X in northern Y`` · ``X of Y``, a country."""
    if at + 1 >= len(spots):
        return None
    spot, after = spots[at], spots[at + 1]
    if after.part is not spot.part or after.role is Role.DEMONYM or not 0 < after.start - spot.end <= REACH:
        return None
    gap = text[spot.end : after.start]
    is_of = gap == " of " and spot.role is Role.TOPONYM
    explicit = is_of or _AFTER.fullmatch(gap) is not None
    if not explicit and _IN.fullmatch(gap) is None:
        return None
    named = areas_of(after.key, gazetteer)
    if is_of:
        named = frozenset(area for area in named if area.admin1 is None)
    areas = fitting(spot.key, named, gazetteer)
    return Qualifier(areas, explicit, at + 1) if areas else None


def _written(spot: Spot, text: str, gazetteer: Gazetteer) -> Qualifier | None:
    """A division or country written right after the mention that is no mention itself."""
    match = WRITTEN.match(text, spot.end)
    if match is None:
        return None
    words = match[1].split()
    for length in range(len(words), 0, -1):
        areas = areas_of(name_key(" ".join(words[:length])), gazetteer)
        held = fitting(spot.key, areas, gazetteer)
        if held:
            return Qualifier(held, explicit=True)
    return None


def _preceding(at: int, spots: Sequence[Spot], text: str, gazetteer: Gazetteer) -> Qualifier | None:
    """``Y's X``."""
    if at == 0 or spots[at - 1].part is not spots[at].part:
        return None
    before, spot = spots[at - 1], spots[at]
    if not 0 < spot.start - before.end <= REACH or _OWNS.fullmatch(text[before.end : spot.start]) is None:
        return None
    areas = fitting(spot.key, areas_of(before.key, gazetteer), gazetteer)
    return Qualifier(areas, explicit=True, by=at - 1) if areas else None


def fitting(key: str, areas: frozenset[Area], gazetteer: Gazetteer) -> frozenset[Area]:
    """The areas in which some bearer of the name lies: a list of names (``France, Germany``) qualifies nothing."""
    places = [candidate.place for candidate in gazetteer.lookup(key)]
    return frozenset(area for area in areas if any(_lies_in(place, area) for place in places))


def _lies_in(place: GazetteerPlace, area: Area) -> bool:
    """Whether a place is a part of the area: ``New York, New York`` is a city in a state, not a state in itself."""
    if place.kind is PlaceKind.COUNTRY or not area.holds(place.country, place.admin1):
        return False
    return place.kind is not PlaceKind.ADMIN1 or area.admin1 is None
