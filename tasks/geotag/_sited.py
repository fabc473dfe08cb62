"""Sites that the gazetteer lacks, where the text says in which town they stand: ``Whittier's Penn Park``.

They get an id of our own and the point of the town with the precision `parent`, as those called after a town do
(`_namesakes.py`). The words of the text are evidence enough; a name that stands beside in a list is not.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Final

from schemas import PlaceKind
from tasks.geotag._decision import Decision
from tasks.geotag._namesakes import site_in
from tasks.geotag._toponyms import Role, Spot, Texts
from tasks.geotag._words import STREETS

_OWNS: Final = re.compile(r"['’]s?\s+(?:own\s+|downtown\s+|historic\s+|famous\s+)?")
_IN: Final = re.compile(
    r",?\s+in\s+(?:(?:the|north|south|east|west|central|downtown|(?:north|south)?(?:ea|we)st(?:ern)?|\w+ern)\s+){0,2}"
)
_REACH: Final = 24
"""Characters between two names beyond which no pattern of this module can match."""
_OPEN: Final = frozenset({"site_not_known", "unlikely", "not_known"})
SURE: Final = 0.95
"""How sure the text's own word is, beside how sure the town is (opinion: all of 14 such sites of LGL and TR-News that
were looked at lie in the town that was meant, and two of the towns were wrong)."""


def with_sites(decisions: Sequence[Decision], texts: Texts) -> list[Decision]:
    """The decisions, with those sites placed that the text puts into a town that was found."""
    if not any(_is_open(decision) for decision in decisions):
        return list(decisions)
    owner = {id(spot): decision for decision in decisions for spot in decision.spots}
    spots = sorted((spot for decision in decisions for spot in decision.spots), key=lambda spot: spot.order)
    towns: dict[int, Decision] = {}
    for one, other in pairwise(spots):
        site, town = _site_and_town(one, other, owner, texts)
        if site is not None and town is not None:
            towns.setdefault(id(site), town)
    return [_placed(decision, towns[id(decision)]) if id(decision) in towns else decision for decision in decisions]


def _is_open(decision: Decision) -> bool:
    is_open = decision.role is Role.SITE and decision.place is None and decision.reason in _OPEN
    return is_open and decision.spots[0].key.rpartition(" ")[2] not in STREETS


def _site_and_town(
    one: Spot, other: Spot, owner: dict[int, Decision], texts: Texts
) -> tuple[Decision | None, Decision | None]:
    """Of two neighbours the site that is open and the town that it stands in."""
    if one.part is not other.part or not 0 < other.start - one.end <= _REACH:
        return None, None
    first, second = owner[id(one)], owner[id(other)]
    text = texts[one.part]
    if _is_open(second) and _is_town(first) and _OWNS.fullmatch(text, one.end, other.start):
        return second, first
    if _is_open(first) and _is_town(second) and _IN.fullmatch(text, one.end, other.start):
        return first, second
    return None, None


def _is_town(decision: Decision) -> bool:
    place = decision.place
    return place is not None and place.kind is PlaceKind.CITY and not place.is_approximate


def _placed(site: Decision, town: Decision) -> Decision:
    assert town.place is not None
    place = site_in(site.spots[0].key, town.place)
    return replace(
        site, place=place, confidence=SURE * town.confidence, evidence=("qualifier", "approximate_point"), reason=None
    )
