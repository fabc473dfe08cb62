"""When and where exactly an article says that something happened: days, times of day, streets, house numbers. Pure.

Two reports of one event agree in these, and two like events in one town differ in them. They hardly occur twice, so
they say little of what an article is about: beside the terms of its profile, not among them.
"""

import re
import struct
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from math import log1p
from typing import Final

import xxhash

_MOST_DAYS, _MOST_CLOCKS, _MOST_STREETS, _MOST_NUMBERS = 6, 6, 8, 4
_HALF_DAY: Final = 720
"""Minutes."""
_LARGEST: Final = 0xFFFF
_CLOCK: Final = re.compile(
    r"\b(1[0-2]|0?[1-9])(?:[:.]([0-5]\d))? ?(?:([ap])\.? ?m\b\.?+)(?! ?\(?[ECMP][SD]?T\b)", re.IGNORECASE
)
"""With a zone it is the stamp of a page, or when something is broadcast."""
_CLOCK_OF_24: Final = re.compile(r"(?<![\d.:])([01]?\d|2[0-3])(?:[:h]|\.(?=\d\d (?:Uhr|uur)))([0-5]\d)(?![\d:])")
_NOON: Final = re.compile(r"\b(noon|midnight)\b", re.IGNORECASE)
_TYPES: Final = (
    r"(?:Streets?|St|Avenues?|Ave|Roads?|Rd|Drives?|Dr|Boulevards?|Blvd|Lanes?|Ln|Court|Ct|Place|Pl|Highway|Hwy|"
    r"Parkway|Pkwy|Way|Circle|Cir|Terrace|Trail|Pike|Turnpike|Crescent|Close|Square)\b"
)
_NAME: Final = r"(?:[A-Z][\w’'-]+|\d+(?:st|nd|rd|th))"
_STREET: Final = re.compile(rf"\b(?:({_NAME}) and )?({_NAME}),? {_TYPES}")
_TOWARDS: Final = r"(?:[NSEW]\.?|(?:North|South|East|West)\w*)"
_BLOCK: Final = re.compile(
    rf"\b(\d{{1,5}})(?:st|nd|rd|th)?[ -]block (?:of|on|along) (?:(?:the|{_TOWARDS}) )*({_NAME})?"
)
_HOUSE: Final = re.compile(rf"\b(\d{{2,5}}) (?:{_TOWARDS} )?{_NAME} {_TYPES}")
_ROUTE: Final = re.compile(
    r"\b(?:I-|(?:Interstate|Route|Highway|Hwy\.?|U\.?S\.?|State Road|State Route|County Road|Loop|Exit)[ -])(\d{1,4})\b"
)
_OF_COURTS: Final = frozenset({
    "appeals", "circuit", "city", "common", "county", "criminal", "district", "family", "federal", "high", "juvenile",
    "magistrate", "municipal", "probate", "state", "superior", "supreme",
})  # fmt: skip
_DIRECTIONS: Final = frozenset({
    "east", "north", "northeast", "northwest", "south", "southeast", "southwest", "west",
})  # fmt: skip
_ELSEWHERE: Final = re.compile(
    r"\b([^\W\d_]{3,}?)(?:stra(?:ß|ss)e|straat|gatan|gade|vägen|platz|plein|allee|laan|gasse|gracht)\b"
    r"|\b(?:rue|boulevard|quai|calle|avenida|paseo|plaza|via|viale|piazza|corso|rua|praça|ulica|ul\.)"
    r"(?: (?:de|del|della|dello|di|da|do|du|des|la|las|le|les|los|el))* (?:l’|l'|d’|d')?([^\W\d_]{3,})",
    re.IGNORECASE,
)
"""Germanic languages end the name of a street with its kind, Romance and Slavic ones begin with it."""
_LENGTHS: Final = 4
"""Bytes, one for each part."""


@dataclass(frozen=True, slots=True)
class Scene:
    """What an article says of when and where, each in the order of the text; nothing where it does not say it."""

    days: tuple[int, ...] = ()
    """Days since 1970 that it speaks of, those to come aside: what is foretold is another event."""
    clocks: tuple[int, ...] = ()
    """Minutes since midnight."""
    streets: tuple[int, ...] = ()
    """Hashes of 16 bits."""
    numbers: tuple[int, ...] = ()
    """Of houses and blocks."""

    @property
    def parts(self) -> tuple[tuple[int, ...], ...]:
        """All of it, in the order in which it is packed."""
        return self.days, self.clocks, self.streets, self.numbers


def scene_of(text: str, days: Iterable[int], *, english: bool) -> Scene:
    """What a text says of when and where.

    Args:
        text: What is read of the article.
        days: The days that it speaks of, up to the day on which it was published and the next.
        english: Whether it is in English, which writes times of day and streets its own way.
    """
    streets = _english_streets(text) if english else _other_streets(text)
    clocks = _english_clocks(text) if english else _other_clocks(text)
    numbers = (int(match[1]) for pattern in (_BLOCK, _HOUSE) for match in pattern.finditer(text))
    return Scene(
        days=_first((day for day in days if 0 <= day <= _LARGEST), _MOST_DAYS),
        clocks=_first(clocks, _MOST_CLOCKS),
        streets=_first(map(short_hash, streets), _MOST_STREETS),
        numbers=_first((number for number in numbers if number <= _LARGEST), _MOST_NUMBERS),
    )


def pack_scene(scene: Scene) -> bytes:
    """Four bytes of lengths, and two for each thing said."""
    values = [value for part in scene.parts for value in part]
    return bytes(map(len, scene.parts)) + struct.pack(f"<{len(values)}H", *values)


def scene_size(data: bytes) -> int:
    """How many bytes a packed scene takes that stands at the beginning."""
    return _LENGTHS + 2 * sum(data[:_LENGTHS])


def unpack_scene(data: bytes) -> Scene:
    """What `pack_scene` was given; what stands behind it is not read. Nothing where it is cut short."""
    if len(data) < _LENGTHS or len(data) < scene_size(data):
        return Scene()
    values = iter(struct.unpack_from(f"<{sum(data[:_LENGTHS])}H", data, _LENGTHS))
    return Scene(*(tuple(islice(values, length)) for length in data[:_LENGTHS]))


def _first(values: Iterable[int], most: int) -> tuple[int, ...]:
    return tuple(dict.fromkeys(values))[:most]


def _english_clocks(text: str) -> Iterator[int]:
    for hour, minute, half in _CLOCK.findall(text):
        yield int(hour) % 12 * 60 + int(minute or 0) + _HALF_DAY * (half.lower() == "p")
    for word in _NOON.findall(text):
        yield _HALF_DAY * (word.lower() == "noon")


def _other_clocks(text: str) -> Iterator[int]:
    for hour, minute in _CLOCK_OF_24.findall(text):
        yield int(hour) * 60 + int(minute)


def _english_streets(text: str) -> Iterator[str]:
    for names in _STREET.findall(text):
        yield from (found for name in names if (found := name.lower()) and found not in _OF_COURTS | _DIRECTIONS)
    for _, name in _BLOCK.findall(text):
        if name:
            yield name.lower()
    yield from (f"#{number}" for number in _ROUTE.findall(text))


def _other_streets(text: str) -> Iterator[str]:
    for ending, beginning in _ELSEWHERE.findall(text):
        yield (ending or beginning).lower()


def short_hash(name: str) -> int:
    """16 bits of a name: what two articles say is compared, not looked up."""
    return xxhash.xxh3_64_intdigest(name.encode()) & 0xFFFF


UNDATED_SCENE_EVIDENCE: Final = (
    "clocks_shared", "clocks_apart", "clocks_told", "streets_shared", "streets_differ", "streets_told",
    "house_numbers_shared", "house_numbers_differ",
)  # fmt: skip
DATED_SCENE_EVIDENCE: Final = (
    "day_apart", "first_days_apart", "said_days_apart", "day_of_other", "earliest_days_apart", "said_days_missing",
)  # fmt: skip
_MOST_SHARED: Final = 3
_EARLIEST_OF, _FIRST_OF = 2, 3
"""How many of the days that stand first: what an article says last is what went before."""
_FAR: Final = 40
"""Days from which on it does not matter how many."""
_LOGARITHMS: Final = tuple(map(log1p, range(_FAR + 1)))


def undated_scene_evidence(own: Scene, other: Scene) -> tuple[float, ...]:
    """The numbers of `UNDATED_SCENE_EVIDENCE`: times of day, streets and house numbers."""
    return *_of_clocks(own, other), *_of_places(own.streets, other.streets), *_of_places(own.numbers, other.numbers)[:2]


def dated_scene_evidence(own: Scene, other: Scene, published: tuple[int, int]) -> tuple[float, ...]:
    """The numbers of `DATED_SCENE_EVIDENCE`: whether both speak of the same days, or one of the day of the other.

    Args:
        own: Of one article.
        other: Of another one.
        published: The days on which they were published.
    """
    mine, theirs = own.days, other.days
    told = bool(mine) and bool(theirs)
    earliest = (min(days[:_EARLIEST_OF], default=day) for days, day in zip((mine, theirs), published, strict=True))
    return (
        _far(mine[:1], theirs[:1]) if told else -1.0,
        _far(mine[:_FIRST_OF], theirs[:_FIRST_OF]) if told else -1.0,
        _far(mine, theirs) if told else -1.0,
        min(_far(mine[:1], published[1:]), _far(theirs[:1], published[:1])),
        _far((next(earliest),), (next(earliest),)),
        float(not mine) + float(not theirs),
    )


def _of_clocks(own: Scene, other: Scene) -> tuple[float, ...]:
    if not own.clocks or not other.clocks:
        return 0.0, -1.0, 0.0
    apart = min(_HALF_DAY - abs(abs(one - two) - _HALF_DAY) for one in own.clocks for two in other.clocks)
    shared = len(set(own.clocks) & set(other.clocks))
    return float(min(shared, _MOST_SHARED)), log1p(apart), 1.0


def _of_places(own: Sequence[int], other: Sequence[int]) -> tuple[float, ...]:
    """How many are the same, whether none is, and whether both articles name any."""
    if not own or not other:
        return 0.0, 0.0, 0.0
    shared = len(set(own) & set(other))
    return float(min(shared, _MOST_SHARED)), float(not shared), 1.0


def _far(own: Sequence[int], other: Sequence[int]) -> float:
    """How far the nearest days of two are from each other, as a logarithm."""
    nearest = _FAR
    for one in own:
        for two in other:
            nearest = min(nearest, abs(one - two))
    return _LOGARITHMS[nearest]
