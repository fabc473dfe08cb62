"""Which stretches of the article are toponyms: entity mentions, split where one holds two names."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import accumulate

from schemas import CleanText, Entities, Entity, Label, Mention, Part, PlaceKind
from tasks.geotag._gazetteer import Gazetteer
from tasks.geotag._keys import name_key

MAX_SPOTS = 2_000
"""More toponym mentions than this are a table, not an article; the rest is left out so that time stays bounded."""


class Role(StrEnum):
    """What a stretch of text is to the resolver."""

    TOPONYM = "toponym"
    SITE = "site"
    DEMONYM = "demonym"


@dataclass(frozen=True, slots=True)
class Spot:
    """One mention: ``[start, end)`` of a part of the article, what stands there, and its key."""

    part: Part
    start: int
    end: int
    text: str
    key: str
    role: Role

    @property
    def mention(self) -> Mention:
        """The same as the schema's mention."""
        return Mention(start=self.start, end=self.end, text=self.text, part=self.part)

    @property
    def order(self) -> tuple[bool, int, int]:
        """Title first, then in order of the text."""
        return (self.part is not Part.TITLE, self.start, self.end)


_SPLIT = re.compile(r"(?P<first>[^,()]+?)\s*(?:,\s*(?P<after>[^,()].*)|\(\s*(?P<inside>[^()]+?)\s*\)?)$", re.DOTALL)
_SITE_WORDS = frozenset(
    {
        "university", "college", "school", "airport", "hospital", "stadium", "arena", "church", "cathedral", "mosque",
        "temple", "synagogue", "museum", "library", "theater", "theatre", "hotel", "mall", "center", "centre",
        "building", "tower", "bridge", "street", "avenue", "road", "boulevard", "highway", "drive", "lane", "court",
        "courthouse", "prison", "jail", "cemetery", "zoo", "plaza", "square", "station", "academy", "institute",
        "clinic", "restaurant", "park", "field", "gym", "gymnasium", "auditorium", "dam", "base", "plant", "refinery",
        "mine", "freeway", "expressway", "parkway", "interstate", "terminal", "casino", "factory", "campus",
        "elementary", "embassy", "laboratory", "fairgrounds", "speedway", "ballpark",
    }
)  # fmt: skip
"""A name that ends in one of these is a building or site: it resolves by its whole name or not at all (FACTS B.7)."""


def spots_of(clean: CleanText, entities: Entities, gazetteer: Gazetteer) -> list[Spot]:
    """All toponym, site and demonym mentions in order, each once, none inside a person's or organisation's name."""
    parts = {Part.TITLE: clean.title or "", Part.TEXT: clean.text}
    names = {part: _Names(entities.entities, part) for part in Part}
    spots: dict[tuple[Part, int, int], Spot] = {}
    for entity in entities.entities:
        role = _role(entity)
        if role is None:
            continue
        for mention in entity.mentions:
            if parts[mention.part][mention.start : mention.end] != mention.text or names[mention.part].cover(mention):
                continue
            for spot in _split(mention.part, mention.start, mention.text, role, gazetteer):
                spots.setdefault((spot.part, spot.start, spot.end), spot)
    return sorted(spots.values(), key=lambda spot: spot.order)[:MAX_SPOTS]


def dateline_spot(clean: CleanText, gazetteer: Gazetteer) -> list[Spot]:
    """The place of the dateline where it still stands at the start of the text, split like any other."""
    place = clean.dateline.place if clean.dateline else None
    if not place or not clean.text.startswith(place):
        return []
    return list(_split(Part.TEXT, 0, place, Role.TOPONYM, gazetteer))


def _role(entity: Entity) -> Role | None:
    if entity.label is Label.NORP:
        return Role.DEMONYM
    if entity.label is Label.LOC:
        return Role.SITE if entity.subtype == "FAC" else Role.TOPONYM
    return None


class _Names:
    """The names of persons and organisations in one part, arranged so that each question takes logarithmic time."""

    def __init__(self, entities: Iterable[Entity], part: Part) -> None:
        spans = sorted(
            (mention.start, mention.end)
            for entity in entities
            if entity.label in (Label.PERSON, Label.ORG)
            for mention in entity.mentions
            if mention.part is part
        )
        self._starts = [start for start, _ in spans]
        self._reach = [0, *accumulate((end for _, end in spans), max)]

    def cover(self, mention: Mention) -> bool:
        """Whether the mention is part of a longer name."""
        before = self._reach[bisect_left(self._starts, mention.start)]
        until = self._reach[bisect_right(self._starts, mention.start)]
        return before >= mention.end or until > mention.end


def _split(part: Part, start: int, text: str, role: Role, gazetteer: Gazetteer) -> Iterator[Spot]:
    """One spot, or one for each name in ``X, Y`` and ``X (Y)`` where the whole is no name of its own."""
    match = None if role is Role.DEMONYM or gazetteer.lookup(name_key(text)) else _SPLIT.match(text)
    if match is None:
        spot = _spot(part, start, text, role, gazetteer)
        if spot is not None:
            yield spot
        return
    group = "after" if match["after"] else "inside"
    yield from _split(part, start, match["first"], role, gazetteer)
    yield from _split(part, start + match.start(group), match[group], Role.TOPONYM, gazetteer)


def _spot(part: Part, start: int, text: str, role: Role, gazetteer: Gazetteer) -> Spot | None:
    left, right = len(text) - len(text.lstrip()), len(text.rstrip())
    text, start = text[left:right], start + left
    for ending in ("'s", "’s"):
        text = text.removesuffix(ending)
    key = name_key(text)
    if not key:
        return None
    if role is Role.TOPONYM and _is_adjective(key, gazetteer):
        role = Role.DEMONYM
    if role is Role.TOPONYM and key.rpartition(" ")[2] in _SITE_WORDS and " " in key:
        role = Role.SITE
    if role is Role.SITE and text.islower():
        return None  # a common noun: `the fire station`
    return Spot(part, start, start + len(text), text, key, role)


def _is_adjective(key: str, gazetteer: Gazetteer) -> bool:
    """Whether a recognizer marked an adjective as a place: a village called `French` does not make `French` one."""
    if gazetteer.demonym(key) is None:
        return False
    large = (PlaceKind.COUNTRY, PlaceKind.CONTINENT)
    return not any(candidate.place.kind in large for candidate in gazetteer.lookup(key))
