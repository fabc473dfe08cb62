"""What is said of a whole list of names: ``Corbin and London in Kentucky``, ``the Ohio towns of Lima and Athens``.

And what a name cannot mean since it is said to lie where no place of that name is known: ``Vienna, Ontario``.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from schemas import PlaceKind
from tasks.geotag._gazetteer import Gazetteer
from tasks.geotag._keys import name_key
from tasks.geotag._marks import is_world_city
from tasks.geotag._qualifiers import OF_STATES, REACH, WRITTEN, Area, Qualifier, areas_of, fitting
from tasks.geotag._toponyms import Role, Spot, Texts

_AND: Final = re.compile(
    r",?\s+(?:and|or|&|y|e|i|et|ou|und|oder|en|och|og|ja|dan|và|ve|и|і|та|або|или|и|και)\s+", re.IGNORECASE
)
"""Before the last name of a list. Not ``Paris and in London, Ontario``: a second *in* begins anew."""
_COMMA: Final = re.compile(r",\s+")
_TOWNS_OF: Final = re.compile(
    r"\s+(?:[a-z]+\s+)?(?:towns?|cities|villages|communities|suburbs|counties|municipalities)\s+of\s+(?:the\s+)?"
)
_OF: Final = (" of ", " the ")
"""What that ends in: looked at first, since few names follow it."""
_KNOWN_FROM: Final = 1_000
"""Inhabitants that the bearer of a great city's name needs to share what is said of the last of a list (opinion)."""
_CLOSED: Final = re.compile(r"\.?(?:[;:)]|\.?\s*$|['’]s\b|,\s(?:(?:and|or)\s)?[a-z]|\.\s+[A-Z]|\s(?!and\b|or\b)[a-z])")
"""Behind a container that is no part of a list: ``in Vienna, Ontario.``."""
_LISTED: Final = ", "
"""Before a name that may go on as a list: ``Boston, Chicago, Texas``."""
_NOWHERE: Final = frozenset[Area]()
_LARGE: Final = (PlaceKind.COUNTRY, PlaceKind.ADMIN1, PlaceKind.REGION, PlaceKind.CONTINENT)


class Containers(NamedTuple):
    """What lists and containers say of names, by their positions."""

    qualified: dict[int, Qualifier]
    """What was found before, and what names share that have nothing of their own."""
    strangers: frozenset[int]
    """Names that are said to lie where no place of the name is known: the gazetteer lacks what is meant."""


def containers(
    spots: Sequence[Spot], parts: Texts, qualified: Mapping[int, Qualifier], gazetteer: Gazetteer
) -> Containers:
    """Share what is said of one name of a list with the others, and tell which names lie elsewhere.

    *Birmingham and London in Kentucky*: where Kentucky has no Birmingham, it lies elsewhere. In *Chicago and
    Louisville, Ky.* a great city stands without its state.
    """
    lists = _Lists(spots, parts, gazetteer, dict(qualified))
    strange = lists.said_to_lie_elsewhere()
    for at in range(len(spots) - 1, 0, -1):
        one = qualified.get(at)
        if one is not None and one.by != at - 1:
            lists.share_back(at, one.areas)
        elif at in strange:
            lists.share_back(at, strange[at])
    for at in range(1, len(spots)):
        lists.share_on(at)
    listed = [at for at in range(len(spots)) if at not in lists.found and lists.is_listed_elsewhere(at)]
    return Containers(lists.found, frozenset([*listed, *strange]))


@dataclass(frozen=True, slots=True, eq=False)
class _Lists:
    """The names of an article in order, and what is said of each by its position."""

    spots: Sequence[Spot]
    parts: Texts
    gazetteer: Gazetteer
    found: dict[int, Qualifier]

    def share_back(self, at: int, areas: frozenset[Area]) -> None:
        """What is said of the last holds for those before it, if it can.

        Not if it cannot for a great city among them: *Vienna, Paris and Frankfort, Kentucky*.
        """
        shared, join = dict[int, Qualifier](), _AND
        while at > 0 and at - 1 not in self.found and self._joined(join, at):
            at, join = at - 1, _COMMA
            held = _held(self.spots[at].key, areas, self.gazetteer)
            if not held:
                if shared and _is_great(self.spots[at].key, self.gazetteer):
                    return
                break
            shared[at] = Qualifier(held, explicit=False)
        self.found.update(shared)

    def share_on(self, at: int) -> None:
        """``The Ohio towns of Lima, Toledo and Athens``: what is said before the first holds for all."""
        one = self.spots[at]
        if not self.parts[one.part].endswith(_OF, 0, one.start) or at - 1 in self.found or not self._gap(_TOWNS_OF, at):
            return
        areas, by = areas_of(self.spots[at - 1].key, self.gazetteer), at - 1
        while at < len(self.spots) and at not in self.found:
            held = fitting(self.spots[at].key, areas, self.gazetteer)
            if not held or not (at == by + 1 or self._joined(_AND, at) or self._joined(_COMMA, at)):
                return
            self.found[at] = Qualifier(held, explicit=True, by=by)
            at += 1

    def said_to_lie_elsewhere(self) -> dict[int, frozenset[Area]]:
        """The names behind which a state is written that no place in it bears, with that state."""
        said = ((at, _said_to_lie(spot, self.parts[spot.part], self.gazetteer)) for at, spot in enumerate(self.spots))
        return {at: areas for at, areas in said if areas and at not in self.found}

    def is_listed_elsewhere(self, at: int) -> bool:
        """``Birmingham and London in Kentucky``, where nothing is known of a Birmingham."""
        one = self.found.get(at + 1)
        if one is None or one.explicit or one.by is None or one.by <= at or not self._joined(_AND, at + 1):
            return False
        return all(area.country in OF_STATES for area in one.areas)

    def _joined(self, join: re.Pattern[str], at: int) -> bool:
        """Whether a name and the one before it are two of a list."""
        return self.spots[at - 1].role is self.spots[at].role is Role.TOPONYM and self._gap(join, at)

    def _gap(self, pattern: re.Pattern[str], at: int) -> bool:
        one, other = self.spots[at - 1], self.spots[at]
        if one.part is not other.part or not 0 < other.start - one.end <= REACH:
            return False
        return pattern.fullmatch(self.parts[one.part], one.end, other.start) is not None


def _held(key: str, areas: frozenset[Area], gazetteer: Gazetteer) -> frozenset[Area]:
    """The areas that have a place of the name, and not only a hamlet if the name is a great city's."""
    fit = fitting(key, areas, gazetteer)
    if not _is_great(key, gazetteer):
        return fit
    towns = [place for place in gazetteer.own(key) if place.population >= _KNOWN_FROM]
    return frozenset(area for area in fit if any(area.holds(place.country, place.admin1) for place in towns))


def _is_great(key: str, gazetteer: Gazetteer) -> bool:
    return any(map(is_world_city, gazetteer.own(key)))


def _said_to_lie(spot: Spot, text: str, gazetteer: Gazetteer) -> frozenset[Area]:
    """The state behind a name that no place in it bears; nothing where a list may go on."""
    is_open = text.startswith(",", spot.end) and spot.role is Role.TOPONYM
    match = WRITTEN.match(text, spot.end) if is_open else None
    if match is None or text.endswith(_LISTED, 0, spot.start) or _is_large(spot.key, gazetteer):
        return _NOWHERE
    words = match[1].split(" ")
    for length in range(len(words), 0, -1):
        name = " ".join(words[:length])
        if _is_state(name_key(name), gazetteer):
            is_closed = _CLOSED.match(text, match.start(1) + len(name.rstrip("."))) is not None
            return areas_of(name_key(name), gazetteer) if is_closed else _NOWHERE
    return _NOWHERE


def _is_large(key: str, gazetteer: Gazetteer) -> bool:
    """Whether a country, region or division bears the name, and not only one that is called like its town."""
    places = [candidate.place for candidate in gazetteer.lookup(key)]
    towns = {place.country for place in places if place.kind is PlaceKind.CITY}
    return any(place.kind in _LARGE and place.country not in towns for place in places)


def _is_state(key: str, gazetteer: Gazetteer) -> bool:
    places = (candidate.place for candidate in gazetteer.lookup(key))
    return any(place.kind is PlaceKind.ADMIN1 and place.country in OF_STATES for place in places)
