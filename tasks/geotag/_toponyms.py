"""Which stretches of the article are toponyms: entity mentions, split where one holds two names."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache
from itertools import accumulate
from typing import Final, NamedTuple

from schemas import CleanText, Entities, Entity, Label, Mention, Part, PlaceKind
from tasks.geotag._bodies import OWN_CLASSES, is_area
from tasks.geotag._gazetteer import Gazetteer, NameClass
from tasks.geotag._keys import KEYS_CACHED, name_key, stripped_keys
from tasks.geotag._words import RARELY_PLACES

MAX_SPOTS = 2_000
"""More toponym mentions than this are a table, not an article; the rest is left out so that time stays bounded."""


class Role(StrEnum):
    """What a stretch of text is to the resolver."""

    TOPONYM = "toponym"
    SITE = "site"
    DEMONYM = "demonym"


Texts = Mapping[Part | None, str]
"""What spots point into: the parts of the article, and under ``None`` the dateline that was taken off."""
_ORDER: Final = {Part.TITLE: 0, None: 1, Part.TEXT: 2}


@dataclass(frozen=True, slots=True)
class Spot:
    """One mention: ``[start, end)`` of a part of the article, what stands there, and its key."""

    part: Part | None
    """``None`` for the dateline that was taken off the text."""
    start: int
    end: int
    text: str
    key: str
    role: Role
    is_dateline: bool = False
    recovered: bool = False
    is_seat: bool = False
    """Whether it is the part of a body's name that says where the body sits: ``Lansing`` City Council."""
    cue: PlaceKind | None = None
    """The kind that the mention itself says: ``City of Huntsville``."""

    @property
    def order(self) -> tuple[int, int, int]:
        """Title first, then a dateline that was taken off, then in order of the text."""
        return (_ORDER[self.part], self.start, self.end)

    def overlaps(self, other: "Spot") -> bool:
        """Whether they share a character."""
        return self.part is other.part and self.start < other.end and other.start < self.end


_SPLIT = re.compile(r"(?P<first>[^,()]+?)\s*(?:,\s*(?P<after>[^,()].*)|\(\s*(?P<inside>[^()]+?)\s*\)?)$", re.DOTALL)
_JOINED: Final = re.compile(r"(?P<first>[^/–—-]+?)\s?[/–—-]\s?(?P<after>[^\s/–—-].*)$", re.DOTALL)
SHORTEST: Final = 3
"""Letters of a name that stands beside another in a mention: ``Re/Max`` holds none."""
_UNITS: Final = {
    "city": PlaceKind.CITY, "town": PlaceKind.CITY, "village": PlaceKind.CITY, "state": PlaceKind.ADMIN1,
    "province": PlaceKind.ADMIN1, "county": PlaceKind.ADMIN2,
}  # fmt: skip
_TOWNS: Final = (PlaceKind.CITY, PlaceKind.ADMIN2)
PART_BELOW: Final = 20_000
"""Inhabitants below which a town called ``East Texas`` is less likely meant than the east of Texas (opinion)."""
_UNIT_OF: Final = re.compile(rf"({'|'.join(_UNITS)}) of (.+)")
SITE_WORDS = frozenset(
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
"""A name that ends in one of these is a building or site: it resolves as a whole or not at all (measurements B7)."""


def spots_of(texts: Texts, entities: Entities, gazetteer: Gazetteer) -> list[Spot]:
    """All toponym, site and demonym mentions in order, each once, none inside a person's or organisation's name."""
    names = {part: _Names(entities.entities, part) for part in Part}
    spots: dict[tuple[Part | None, int, int], Spot] = {}
    for entity in entities.entities:
        role = _role(entity)
        if role is None:
            continue
        for mention in entity.mentions:
            if texts[mention.part][mention.start : mention.end] != mention.text or names[mention.part].cover(mention):
                continue
            for spot in _split(mention.part, mention.start, mention.text, role, gazetteer):
                whole = _with_head(spot, texts)
                spots.setdefault((whole.part, whole.start, whole.end), whole)
    return sorted(spots.values(), key=lambda spot: spot.order)[:MAX_SPOTS]


def texts_of(clean: CleanText) -> Texts:
    """What the spots of an article point into."""
    place = clean.dateline.place if clean.dateline else None
    return {Part.TITLE: clean.title or "", Part.TEXT: clean.text, None: place or ""}


def recovered_spot(part: Part, start: int, text: str, key: str | None = None) -> Spot:
    """A name of the text that the recognizer did not mark as a place's."""
    text = _without_possessive(text)
    return Spot(part, start, start + len(text), text, key or name_key(text), Role.TOPONYM, recovered=True)


def _without_possessive(text: str) -> str:
    for ending in ("'s", "’s"):
        text = text.removesuffix(ending)
    return text


def with_dateline(spots: Sequence[Spot], texts: Texts, gazetteer: Gazetteer) -> list[Spot]:
    """The spots, those of the dateline marked, and those that it names besides."""
    place = texts[None]
    if not place:
        return list(spots)
    part = Part.TEXT if texts[Part.TEXT].startswith(place) else None
    marked = [replace(s, is_dateline=True) if s.part is part and s.end <= len(place) else s for s in spots]
    named = [replace(spot, is_dateline=True) for spot in _split(part, 0, place, Role.TOPONYM, gazetteer)]
    fresh = [spot for spot in named if not any(spot.overlaps(other) for other in marked)]
    return sorted([*marked, *fresh], key=lambda spot: spot.order)


_HEAD_OF: Final = re.compile(
    r"\b(?:Straits?|Gulf|Bay|Sea|Cape|Isles?|Islands?|Firth|Sound|Bight|Mouth|Channel|Lake|Rock|Battle|Treaty|Siege)"
    r" of (?:the )?$"
)
_HEAD_CHARS: Final = 20


def _with_head(spot: Spot, texts: Texts) -> Spot:
    """The whole name where the recognizer marked its end only: ``Strait of Georgia`` is not in Georgia."""
    text = texts[spot.part]
    before = text[max(0, spot.start - _HEAD_CHARS) : spot.start] if spot.role is Role.TOPONYM else ""
    head = _HEAD_OF.search(before) if before.rstrip("\n").endswith(("of ", "the ")) else None
    if head is None:
        return spot
    start = spot.start - (min(spot.start, _HEAD_CHARS) - head.start())
    whole = text[start : spot.end]
    return replace(spot, start=start, text=whole, key=name_key(whole))


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


def _split(part: Part | None, start: int, text: str, role: Role, gazetteer: Gazetteer) -> Iterator[Spot]:
    """One spot, or one for each name in ``X, Y`` and ``X (Y)`` where the whole is no name of its own."""
    is_whole = role is Role.DEMONYM or bool(gazetteer.lookup(name_key(text)))
    match = None if is_whole else _SPLIT.match(text)
    if match is None and role is Role.TOPONYM and not is_whole:
        match = _two_names(text, gazetteer)
    if match is None:
        spot = _spot(part, start, text, role, gazetteer)
        if spot is not None:
            yield spot
        return
    group = "after" if match["after"] else "inside"
    yield from _split(part, start, match["first"], role, gazetteer)
    yield from _split(part, start + match.start(group), match[group], Role.TOPONYM, gazetteer)


def _two_names(text: str, gazetteer: Gazetteer) -> re.Match[str] | None:
    """``Athens-Clarke``, ``BEIRUT/DAMASCUS``; ``Wilkes-Barre`` and ``U.S.-based`` are one."""
    match = _JOINED.match(text)
    if match is None or not match["after"][:1].isupper():
        return None
    return match if all(_is_borne(name_key(match[name]), gazetteer) for name in ("first", "after")) else None


def _is_borne(key: str, gazetteer: Gazetteer) -> bool:
    if len(key) < SHORTEST or key in RARELY_PLACES:
        return False
    return any(candidate.name_class in (*OWN_CLASSES, NameClass.BARE) for candidate in gazetteer.lookup(key))


def _spot(part: Part | None, start: int, text: str, role: Role, gazetteer: Gazetteer) -> Spot | None:
    read = _read(text, role, gazetteer)
    if read is None:
        return None
    start += len(text) - len(text.lstrip())
    return Spot(part, start, start + len(read.text), read.text, read.key, read.role, cue=read.cue)


class _Reading(NamedTuple):
    """What a marked text says by itself, wherever it stands."""

    text: str
    key: str
    role: Role
    cue: PlaceKind | None = None


@lru_cache(maxsize=KEYS_CACHED)
def _read(text: str, role: Role, gazetteer: Gazetteer) -> _Reading | None:
    text = _without_possessive(text.strip())
    key = name_key(text)
    if not key:
        return None
    if role is Role.TOPONYM and _is_adjective(key, gazetteer):
        role = Role.DEMONYM
    elif role is Role.DEMONYM and gazetteer.demonym(key) is None and is_area(key, gazetteer):
        role = Role.TOPONYM  # `Quebec` health minister
    if role is Role.TOPONYM and key.rpartition(" ")[2] in SITE_WORDS and " " in key:
        role = Role.SITE
    if text.islower() and role is not Role.DEMONYM:
        return None  # a common noun: `the fire station`; a pronoun: `us`
    if role is Role.TOPONYM and all(candidate.place.kind is PlaceKind.ADMIN2 for candidate in gazetteer.lookup(key)):
        unit = _UNIT_OF.match(key)
        if unit is not None and gazetteer.lookup(unit[2]):
            return _Reading(text, unit[2], role, _UNITS[unit[1]])
    if role is Role.TOPONYM:
        key = _with_direction(key, gazetteer)
        key = _without_direction(key, gazetteer, is_written_small=text[:1].islower())
    return _Reading(text, key, role)


_INITIALS: Final = {"n": "north", "s": "south", "e": "east", "w": "west"}


def _with_direction(key: str, gazetteer: Gazetteer) -> str:
    """``W. Columbia`` is West Columbia."""
    initial, _, rest = key.partition(" ")
    whole = f"{_INITIALS.get(initial, '')} {rest}"
    return whole if initial in _INITIALS and not gazetteer.lookup(key) and gazetteer.lookup(whole) else key


def _without_direction(key: str, gazetteer: Gazetteer, *, is_written_small: bool) -> str:
    """``north Arlington`` is in Arlington, since North Arlington would be written so; ``East Texas`` is in Texas."""
    rest = next((rest for rest, word in stripped_keys(key) if key == f"{word} {rest}"), None)
    own = gazetteer.lookup(key)
    if rest is None or not gazetteer.lookup(rest) or any(candidate.place.kind not in _TOWNS for candidate in own):
        return key
    is_part = bool(own) and all(candidate.place.population < PART_BELOW for candidate in own)
    return rest if is_written_small or (is_part and is_area(rest, gazetteer)) else key


def _is_adjective(key: str, gazetteer: Gazetteer) -> bool:
    """Whether a recognizer marked an adjective as a place: a village called `French` does not make `French` one."""
    if gazetteer.demonym(key) is None:
        return False
    large = (PlaceKind.COUNTRY, PlaceKind.CONTINENT)
    return not any(candidate.place.kind in large for candidate in gazetteer.lookup(key))
