"""What an article's own address says of where it plays: ``/news/kerala/``, ``/nc/charlotte/``, ``…-rocky-mount-nc``."""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Final, NamedTuple
from urllib.parse import unquote, urlsplit

from schemas import PlaceKind
from tasks.geotag._gazetteer import OWN_NAMES, Gazetteer, GazetteerPlace, NameClass
from tasks.geotag._groups import Group
from tasks.geotag._hints import Hint
from tasks.geotag._keys import name_key
from tasks.geotag._masthead import GREAT_FROM, NAMED_FROM, PAPERS, is_named
from tasks.geotag._qualifiers import Area, fitting
from tasks.geotag._toponyms import SITE_WORDS, Role
from tasks.geotag._words import DIRECTIONS, LANDFORMS, RARELY_PLACES

_BETWEEN: Final = re.compile(r"[-_+ ,.]+")
_ENDING: Final = re.compile(r"\.[a-z]{2,5}$")
_SECTIONS: Final = frozenset(
    {
        "article", "articles", "stories", "story", "section", "sections", "category", "categories", "tag", "region",
        "regions", "regional", "state", "states", "nation", "national", "county", "counties", "community",
        "communities", "neighborhood", "neighborhoods", "suburbs", "area", "uk",
    }
)  # fmt: skip
"""What sections are called besides their place."""
_DEEPEST: Final = 8
"""Segments of a path that are read, and ``_LONGEST`` words of one (opinion): what is longer is a headline."""
_LONGEST: Final = 6
_NAME_WORDS: Final = 3
_SHORTEST: Final = 4
"""Letters of a name in an address: `la`, `us` and `wa` stand there for editions, languages and offices too."""
_CODE: Final = 2
"""Letters of a state in short, which says where the next name lies: ``/nc/charlotte/``."""
_WORDS: Final = 24
_TOWNS: Final = (PlaceKind.CITY, PlaceKind.ADMIN2)
_TOWN_FROM: Final = 1_000
_ALSO_WORDS: Final = frozenset(
    {
        "al", "as", "cal", "co", "de", "del", "hi", "id", "ill", "in", "la", "ma", "man", "mass", "me", "miss", "no",
        "oh", "ok", "on", "or", "ore", "pa", "us", "wash",
    }
)  # fmt: skip
_FIRST: Final = frozenset(
    {"new", "north", "south", "west", "western", "northern", "rhode", "british", "nova", "prince"}
)
"""How names of divisions and countries of two words begin."""
_UNIT_NAMES: Final = (*OWN_NAMES, NameClass.ABBREVIATION)
SEGMENTS_CACHED: Final = 8_192


class Told(NamedTuple):
    """What an address says besides: names that the text lacks, and countries and divisions."""

    groups: list[Group]
    hints: list[Hint]


class Named(NamedTuple):
    """A name in an address, and the areas that the address puts it in."""

    key: str
    areas: frozenset[Area] = frozenset()


@lru_cache(maxsize=SEGMENTS_CACHED)
def _section(segment: str, gazetteer: Gazetteer) -> tuple[str, ...]:
    """The keys of the names that a segment consists of, or nothing if it has other words too."""
    words = [w for w in _BETWEEN.split(_ENDING.sub("", segment.lower())) if w and not w.isdigit()]
    return tuple(_names(words, gazetteer)) if len(words) <= _LONGEST else ()


def _names(words: Sequence[str], gazetteer: Gazetteer) -> Iterator[str]:
    found, at = [], 0
    while at < len(words):
        if words[at] in PAPERS or words[at] in _SECTIONS:
            at += 1
            continue
        for length in range(min(_NAME_WORDS, len(words) - at), 0, -1):
            key = name_key(" ".join(words[at : at + length]))
            if _may_name(key, gazetteer):
                found.append(key)
                at += length
                break
        else:
            return
    yield from found


def _may_name(key: str, gazetteer: Gazetteer) -> bool:
    if len(key) < _SHORTEST or key in RARELY_PLACES or key in DIRECTIONS or key in PAPERS:
        return False
    last = key.rpartition(" ")[2]
    if " " in key and (last in LANDFORMS or last in SITE_WORDS):
        return False
    is_part = " " in key and key.partition(" ")[0] in DIRECTIONS
    return is_named(key, gazetteer, GREAT_FROM if is_part else NAMED_FROM)


def named_in(address: str, gazetteer: Gazetteer) -> list[Named]:
    """The names of the sections and of the town in the headline that an address holds, the widest first."""
    try:
        path = unquote(urlsplit(address).path)
    except ValueError:
        return []
    segments = [part for part in path.split("/") if part][:_DEEPEST]
    sections = _sections(segments, gazetteer)
    town = _town(segments[-1], gazetteer) if segments else None
    if town is None:
        return sections
    return [*(section for section in sections if section.key != town.key), town]


def _sections(segments: Sequence[str], gazetteer: Gazetteer) -> list[Named]:
    """One name inside the other, until one that holds no others: of ``/chicago/austin/`` the first only."""
    found: dict[str, Named] = {}
    around: frozenset[Area] | None = frozenset()
    for segment in segments:
        keys = _section(segment, gazetteer)
        if not keys and len(segment) == _CODE:
            around = _units(segment.lower(), gazetteer) or around
        for key in keys:
            if around is None:
                return list(found.values())
            areas = fitting(key, around, gazetteer)
            if areas or key not in found:
                found[key] = Named(key, areas)
            around = _units(key, gazetteer) or None
    return list(found.values())


def _town(slug: str, gazetteer: Gazetteer) -> Named | None:
    """The town of ``four-people-shot-in-rocky-mount-nc``: the last of the headline that a state stands behind."""
    words = [word for word in _BETWEEN.split(_ENDING.sub("", slug.lower())) if word][:_WORDS]
    while words and any(letter.isdigit() for letter in words[-1]):
        words.pop()
    for at in range(len(words) - 1, 0, -1):
        around = _state(words, at, gazetteer)
        for length in range(min(_NAME_WORDS, at), 0, -1) if around else ():
            key = name_key(" ".join(words[at - length : at]))
            areas = frozenset(area for area in around if _has_town(key, area, gazetteer))
            if areas and _may_name(key, gazetteer):
                return Named(key, areas)
    return None


def _has_town(key: str, area: Area, gazetteer: Gazetteer) -> bool:
    """Whether the area has a town of the name that is not tiny, or a county: there is a Russia in the United States."""
    towns = (place for place in gazetteer.own(key) if place.kind in _TOWNS and area.holds(place.country, place.admin1))
    return any(place.kind is PlaceKind.ADMIN2 or place.population >= _TOWN_FROM for place in towns)


def _state(words: Sequence[str], at: int, gazetteer: Gazetteer) -> frozenset[Area]:
    """The division or country that starts at a word; a code that is also a word counts at the end only."""
    word = words[at]
    if word in _ALSO_WORDS:
        return _units(word, gazetteer) if at == len(words) - 1 else frozenset()
    two = _units(f"{word} {words[at + 1]}", gazetteer) if word in _FIRST and at + 1 < len(words) else None
    return two or _units(word, gazetteer)


@lru_cache(maxsize=SEGMENTS_CACHED)
def _units(key: str, gazetteer: Gazetteer) -> frozenset[Area]:
    """The countries and first-order divisions of this name or code."""
    large = (PlaceKind.COUNTRY, PlaceKind.ADMIN1)
    places = (c.place for c in gazetteer.lookup(key) if c.place.kind in large and c.name_class in _UNIT_NAMES)
    return frozenset(Area(p.country, p.admin1 if p.kind is PlaceKind.ADMIN1 else None) for p in places if p.country)


def read_address(address: str, groups: Sequence[Group], gazetteer: Gazetteer) -> Told:
    """What the address says, some of which is written to the groups of names that the text has as well.

    A name that the text lacks becomes a group without mentions: it is ranked with the others, which it helps and by
    which it is helped. A country or division that can be no town is worth a mention of it, as a telephone number is.
    """
    others, hints = list[Group](), list[Hint]()
    for named in named_in(address, gazetteer):
        unit = _unit(named, gazetteer)
        same = [group for group in groups if group.key == named.key and group.role is Role.TOPONYM]
        for group in same:
            group.in_address = True
            if not group.areas:
                group.areas = named.areas
        if unit is not None:
            hints.append(Hint(unit, 1.0))
        elif not same:
            others.append(Group(named.key, Role.TOPONYM, areas=named.areas))
    return Told(others, hints)


def _unit(named: Named, gazetteer: Gazetteer) -> GazetteerPlace | None:
    """The country or division that is meant, if there is one of that name there and no great city."""
    units = [area for area in _units(named.key, gazetteer) if not named.areas or _inside(area, named.areas)]
    known = gazetteer.lookup(named.key)
    great = any(c.place.kind is PlaceKind.CITY and c.place.population >= GREAT_FROM for c in known)
    if great or len(units) != 1:
        return None
    country, admin1 = units[0]
    return gazetteer.area(country if admin1 is None else f"{country}.{admin1}")


def _inside(area: Area, around: frozenset[Area]) -> bool:
    return any(outer.admin1 is None and outer.country == area.country and area.admin1 for outer in around)
