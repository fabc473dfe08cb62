"""Names that share a word at the end of their list: ``Barrow, Jackson and Madison counties``.

The word says what each of them is. Counties and rivers are looked up as such, also those that nobody marked; streets
are no places: ``Rivers and Stokes avenues``.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from schemas import Part
from tasks.geotag._gazetteer import Gazetteer
from tasks.geotag._keys import name_key
from tasks.geotag._toponyms import Role, Spot, Texts

_SHARED: Final = {
    "counties": "county", "parishes": "parish", "townships": "township", "provinces": "province", "oblasts": "oblast",
    "governorates": "governorate", "districts": "district", "rivers": "river", "creeks": "creek", "islands": "island",
    "boroughs": "borough", "prefectures": "prefecture",
}  # fmt: skip
_STREETS: Final = ("streets", "avenues", "roads", "lanes", "drives", "boulevards")
_UNITS: Final = ("counties", "parishes", "townships", "provinces", "oblasts", "governorates")
_WATERS: Final = frozenset({"river", "creek"})
"""A river that is not known is still no town of the same name."""
_NAME: Final = r"[A-Z][\w.'’-]*(?: [A-Z][\w.'’-]*){0,2}"
_JOINED: Final = r"(?:,? (?:and|or|to|through|&) |, )"
_LIST: Final = re.compile(rf"(?:{_JOINED}{_NAME}){{0,20}} ((?i:{'|'.join((*_SHARED, *_STREETS))}))\b")
_ENDS: Final = re.compile(rf" ({'|'.join(_UNITS)})\b")
_NAMES: Final = re.compile(rf"\b{_NAME}(?:{_JOINED}{_NAME}){{1,20}}$")
_BEFORE: Final = re.compile(rf"{_NAME}{_JOINED}$")
"""What stands before the last name of a list; ``four metro Athens counties`` is none."""
_REACH: Final = 400
_LOOK_BACK: Final = 80


def with_shared_words(spots: Sequence[Spot], texts: Texts, gazetteer: Gazetteer) -> list[Spot]:
    """The spots, each name of such a list with the word that it shares: `Jackson` is looked up as `Jackson County`."""
    found = (_completed(spot, texts[spot.part], gazetteer) for spot in spots)
    return [spot for spot in found if spot is not None]


def listed(part: Part, text: str, gazetteer: Gazetteer) -> Iterator[Spot]:
    """The divisions in such lists, whatever they were marked as: ``Clarke, Oconee and Oglethorpe counties``."""
    for end in _ENDS.finditer(text):
        start = max(0, end.start() - _REACH)
        names = _NAMES.search(text[start : end.start()])
        if names is None:
            continue
        for name in re.finditer(_NAME, names[0]):
            if gazetteer.lookup(name_key(f"{name[0]} {_SHARED[end[1]]}")):
                at = start + names.start() + name.start()
                yield Spot(part, at, at + len(name[0]), name[0], name_key(name[0]), Role.TOPONYM, recovered=True)


def _completed(spot: Spot, text: str, gazetteer: Gazetteer) -> Spot | None:
    """The spot with the word of its list; ``None`` for a street, unless a single place is called so."""
    if spot.role is not Role.TOPONYM or spot.is_seat or text[spot.end : spot.end + 1] not in (",", " "):
        return spot
    match = _LIST.match(text, spot.end, spot.end + _REACH)
    is_last = match is not None and match.start(1) == spot.end + 1
    if match is None or (is_last and _BEFORE.search(text[max(0, spot.start - _LOOK_BACK) : spot.start]) is None):
        return spot
    if match[1].lower() in _STREETS:
        return spot if " " in spot.key and len(gazetteer.lookup(spot.key)) == 1 else None
    word = _SHARED[match[1].lower()]
    key = f"{spot.key} {word}"
    if spot.key.endswith(f" {word}") or not (word in _WATERS or gazetteer.lookup(key)):
        return spot
    return replace(spot, key=key)
