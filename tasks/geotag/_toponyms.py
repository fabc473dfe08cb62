"""Which stretches of the article are toponyms: entity mentions, split where one holds two names."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

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
    taken = _name_spans(entities.entities)
    spots: dict[tuple[Part, int, int], Spot] = {}
    for entity in entities.entities:
        role = _role(entity)
        if role is None:
            continue
        for mention in entity.mentions:
            if parts[mention.part][mention.start : mention.end] != mention.text or _is_covered(mention, taken):
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


def _name_spans(entities: Iterable[Entity]) -> list[Mention]:
    labels = (Label.PERSON, Label.ORG)
    return [mention for entity in entities if entity.label in labels for mention in entity.mentions]


def _is_covered(mention: Mention, taken: list[Mention]) -> bool:
    """Whether the mention is part of a longer name of a person or an organisation."""
    return any(
        name.part is mention.part
        and name.start <= mention.start
        and mention.end <= name.end
        and name.end - name.start > mention.end - mention.start
        for name in taken
    )


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
    return Spot(part, start, start + len(text), text, key, role)


def _is_adjective(key: str, gazetteer: Gazetteer) -> bool:
    """Whether a recognizer marked an adjective as a place: a village called `French` does not make `French` one."""
    if gazetteer.demonym(key) is None:
        return False
    large = (PlaceKind.COUNTRY, PlaceKind.CONTINENT)
    return not any(candidate.place.kind in large for candidate in gazetteer.lookup(key))
