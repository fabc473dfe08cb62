"""Names that share a word at the end of their list: ``Barrow, Jackson and Madison counties``."""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from tasks.geotag._gazetteer import Gazetteer
from tasks.geotag._toponyms import Role, Spot, Texts

_SHARED: Final = {
    "counties": "county", "parishes": "parish", "townships": "township", "provinces": "province", "oblasts": "oblast",
    "governorates": "governorate", "districts": "district", "rivers": "river", "creeks": "creek", "islands": "island",
    "boroughs": "borough", "prefectures": "prefecture",
}  # fmt: skip
_WATERS: Final = frozenset({"river", "creek"})
"""A river that is not known is still no town of the same name."""
_NAME: Final = r"[A-Z][\w.'’-]*(?: [A-Z][\w.'’-]*){0,2}"
_JOINED: Final = r"(?:,? (?:and|or|to|through|&) |, )"
_LIST: Final = re.compile(rf"(?:{_JOINED}{_NAME}){{0,20}} ((?i:{'|'.join(_SHARED)}))\b")
_BEFORE: Final = re.compile(rf"{_NAME}{_JOINED}$")
"""What stands before the last name of a list; ``four metro Athens counties`` is none."""
_REACH: Final = 400
_LOOK_BACK: Final = 80


def with_shared_words(spots: Sequence[Spot], texts: Texts, gazetteer: Gazetteer) -> list[Spot]:
    """The spots, each name of such a list with the word that it shares: `Jackson` is looked up as `Jackson County`."""
    return [_completed(spot, texts[spot.part], gazetteer) for spot in spots]


def _completed(spot: Spot, text: str, gazetteer: Gazetteer) -> Spot:
    if spot.role is not Role.TOPONYM or spot.is_seat or text[spot.end : spot.end + 1] not in (",", " "):
        return spot
    match = _LIST.match(text, spot.end, spot.end + _REACH)
    is_last = match is not None and match.start(1) == spot.end + 1
    if match is None or (is_last and _BEFORE.search(text[max(0, spot.start - _LOOK_BACK) : spot.start]) is None):
        return spot
    word = _SHARED[match[1].lower()]
    key = f"{spot.key} {word}"
    if spot.key.endswith(f" {word}") or not (word in _WATERS or gazetteer.lookup(key)):
        return spot
    return replace(spot, key=key)
