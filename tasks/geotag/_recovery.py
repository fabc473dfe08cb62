"""Toponyms that the recognizer missed, mislabelled or buried in a longer name, where the evidence is strong.

Each finder is one kind of evidence: a party tag (``R-Ocilla``), a state or country that qualifies (``Fairfield,
Conn.``), a name that the article marks as a place elsewhere, a body that is named after where it sits (``Athens City
Council``), and a person's or organisation's name that is a place's and stands behind ``in`` or ``near``. What is found
so is marked `recovered`. Companies and newspapers (``Washington Post``) and persons stay what they are.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from schemas import Entities, Label, Mention, Part, PlaceKind
from tasks.geotag._bodies import MOST_WORDS, is_area, is_borne, is_city, is_name_of_place, is_told, places_in
from tasks.geotag._gazetteer import Gazetteer, NameClass
from tasks.geotag._keys import bare_key, name_key, stripped_keys
from tasks.geotag._misread import HOLDERS, attributes, mislabelled, surnames_of
from tasks.geotag._qualifiers import areas_of, fitting
from tasks.geotag._series import listed
from tasks.geotag._things import without_things
from tasks.geotag._toponyms import Role, Spot, Texts, recovered_spot
from tasks.geotag._words import DIRECTIONS, RARELY_PLACES

_SEATS: Final = (PlaceKind.COUNTRY, PlaceKind.ADMIN1, PlaceKind.ADMIN2, PlaceKind.CITY)
_PARTY: Final = re.compile(
    r"[CDGILNR](?:(?<=\b[RDI])|(?<=\bD)FL|(?<=\bG)OP|(?<=\bL)(?:ib|ab)|(?<=\bC)on|(?<=\bN)DP)\.?[-–]\s?"
    r"((?:[A-Z][\w.'’]*)(?: [A-Z][\w.'’]*){0,2})"
)
"""It starts with a set of letters, to which a search jumps: five times faster than a search for a boundary."""
_BY: Final = re.compile(r", ((?:[A-Z][\w.]*)(?: [A-Z][\w.]*){0,2})")
_BEFORE_BY: Final = re.compile(r"\b[A-Z][\w.'’-]*(?: (?:[A-Z][\w.'’-]*|of|de|la|upon|on)){0,3}$")
_NAME_CHARS: Final = 60
_TOWN_SITES: Final = frozenset(
    {"public", "civic", "municipal", "senior", "seniors", "recreation", "community", "hall", "library", "courthouse"}
)
"""Sites that a town runs for itself; a university may be called after any place, and stays a site that is not known."""
_OF_BODY: Final = re.compile(
    r" (?:Council\w*|Manager|Hall|Attorney|Marshal|Clerk|Schools?|Commission\w*|Police|Fire|Board|Administrator|Mayor|"
    r"Planner|Engineer|Court|Hospital|Library|Airport|airport|Committee|Supervisors?|Trustees?)\b"
)
"""What makes the word before it that of a body: a city council's city."""


def with_recovered(spots: Sequence[Spot], texts: Texts, entities: Entities, gazetteer: Gazetteer) -> list[Spot]:
    """The spots, those that hold more than a name cut down to it, and what the recognizer missed."""
    kept = [_cut(_without_body(spot, texts, gazetteer), gazetteer) for spot in without_things(spots, texts, gazetteer)]
    marked = frozenset(spot.key for spot in kept if spot.role is Role.TOPONYM and is_told(spot.key, gazetteer))
    surnames = surnames_of(entities)
    written = list(_written(texts, entities, marked, surnames, gazetteer))
    known = marked | {spot.key for spot in written}
    seated = list(_in_names(entities, known, gazetteer))
    found = [spot for spot in kept if not _gives_way(spot, seated, gazetteer)]
    taken: dict[Part | None, set[int]] = defaultdict(set)
    for spot in found:
        taken[spot.part].update(range(spot.start, spot.end))
    called = known | _counties(known | {spot.key for spot in seated})
    for spot in (
        *written,
        *seated,
        *attributes(entities, called, gazetteer),
        *mislabelled(texts, entities, called, surnames, gazetteer),
    ):
        cells = range(spot.start, spot.end)
        if taken[spot.part].isdisjoint(cells):
            taken[spot.part].update(cells)
            found.append(spot)
    return sorted(without_things(found, texts, gazetteer), key=lambda spot: spot.order)


def _gives_way(spot: Spot, seated: Sequence[Spot], gazetteer: Gazetteer) -> bool:
    """Whether the gazetteer lacks what was marked, and a place is named in it: ``Dublin Community Center``."""
    is_open = spot.role is Role.SITE or (spot.role is Role.TOPONYM and _is_unknown(spot.key, gazetteer))
    return is_open and any(spot.overlaps(seat) for seat in seated)


def _counties(known: frozenset[str]) -> set[str]:
    """``Forsyth`` is short for Forsyth County where the article names that, or a body of it."""
    names = (bare_key(key) for key in known if key.endswith((" county", " parish")))
    return {name for name in names if name is not None and name not in RARELY_PLACES}


def _written(
    texts: Texts, entities: Entities, marked: frozenset[str], surnames: frozenset[str], gazetteer: Gazetteer
) -> Iterator[Spot]:
    """What stands where only places stand: the article uses these names for places."""
    for part in Part:
        yield from _by_party(part, texts[part], gazetteer)
        yield from listed(part, texts[part], gazetteer)
    yield from mislabelled(texts, entities, marked, surnames, gazetteer)
    persons = _persons(entities)
    for part in Part:
        yield from _qualified(part, texts[part], persons, gazetteer)


def _persons(entities: Entities) -> list[Mention]:
    persons = (entity for entity in entities.entities if entity.label is Label.PERSON)
    return [mention for person in persons for mention in person.mentions]


def _ends_name(part: Part, start: int, persons: Sequence[Mention]) -> bool:
    """Whether it is the end of a person's name: ``Senate President David Williams, U.S. Rep.``."""
    return any(person.part is part and person.start < start < person.end for person in persons)


def _without_body(spot: Spot, texts: Texts, gazetteer: Gazetteer) -> Spot:
    """``Dublin`` in ``Dublin City`` Council, of which the recognizer marked half; ``Kansas City`` Council stays."""
    rest, _, unit = spot.text.rpartition(" ")
    if unit not in ("City", "Town", "Village", "Township") or _OF_BODY.match(texts[spot.part], spot.end) is None:
        return spot
    if is_city(spot.key, gazetteer) or not is_borne(name_key(rest), gazetteer):
        return spot
    return replace(spot, end=spot.start + len(rest), text=rest, key=name_key(rest))


def _cut(spot: Spot, gazetteer: Gazetteer) -> Spot:
    """The name in a mention that holds more: ``Oxford bar``, ``Britain-based``, ``U.S. 127``, ``Nazi Germany``."""
    if spot.role is not Role.TOPONYM or spot.part is None or gazetteer.lookup(spot.key):
        return spot
    if next(iter(stripped_keys(spot.key)), None) is not None:
        return spot
    for end in _ends(spot.text):
        name, rest = spot.text[:end], spot.text[end:].lstrip(" -–")
        is_plain = rest[:1].islower() or rest[:1].isdigit()
        key = name_key(name)
        if DIRECTIONS.issuperset(key.split()):
            continue
        if (is_plain or is_area(key, gazetteer)) and is_name_of_place(
            key, frozenset(), gazetteer, abbreviated="." in name
        ):
            return replace(spot, end=spot.start + end, text=name, key=key)
    for start in (match.end() for match in re.finditer(r"[ -](?=[A-Z])", spot.text)):
        key = name_key(spot.text[start:])
        if key not in RARELY_PLACES and is_area(key, gazetteer) and not _LEADS_ON.search(spot.text[:start]):
            return replace(spot, start=spot.start + start, text=spot.text[start:], key=key)
    return spot


_LEADS_ON: Final = re.compile(
    r"(?:\b(?:of|of the|de|du|da|del|la|le|el|al|for|the|and|Lake|Mount|Mt\.?|Fort|Ft\.?|Camp|Cape|Port|Saint|St\.?)|"
    r"^[A-Z]\.) $"
)
"""What goes on to the end of a name: ``Lake Vermont``, ``Stade de France``."""


def _ends(text: str) -> list[int]:
    """Where a shorter name could end, the longest first."""
    return [match.start() for match in re.finditer(r"[ -](?=\S)", text)][::-1]


def _by_party(part: Part, text: str, gazetteer: Gazetteer) -> Iterator[Spot]:
    """``Jay Roberts (R-Ocilla)``, ``D-W.Va.``: the seat of a politician."""
    for match in _PARTY.finditer(text):
        words = match[1].rstrip(".,")
        for end in (len(words), *_ends(words)):
            name = text[match.start(1) : match.start(1) + end]
            if text[match.start(1) + end : match.start(1) + end + 1] == "." and len(name) <= MOST_WORDS:
                name += "."
            if any(candidate.place.kind in _SEATS for candidate in gazetteer.lookup(name_key(name))):
                yield recovered_spot(part, match.start(1), name)
                break


def _in_names(entities: Entities, known: frozenset[str], gazetteer: Gazetteer) -> Iterator[Spot]:
    """``Athens City Council``, ``Kansas Department of Transportation``, ``Dublin Recreation Center``."""
    for entity in entities.entities:
        if entity.label not in (Label.LOC, *HOLDERS):
            continue
        for mention in entity.mentions:
            is_site = entity.label is Label.LOC
            if is_site and not _is_unknown(name_key(mention.text), gazetteer):
                continue
            for start, end in places_in(mention.text, known, gazetteer):
                spot = recovered_spot(mention.part, mention.start + start, mention.text[start:end])
                is_named = is_site and (spot.key in known or is_area(spot.key, gazetteer))
                if not is_site or is_named or not _TOWN_SITES.isdisjoint(name_key(mention.text).split()):
                    yield replace(spot, is_seat=not is_named and bare_key(spot.key) is None)


def _is_unknown(key: str, gazetteer: Gazetteer) -> bool:
    return not gazetteer.lookup(key) and not any(gazetteer.lookup(rest) for rest, _ in stripped_keys(key))


def _qualified(part: Part, text: str, persons: Sequence[Mention], gazetteer: Gazetteer) -> Iterator[Spot]:
    """``Fairfield, Connecticut``: both names, where some place of the first lies in the second; no short form alone."""
    for match in _BY.finditer(text):
        by = next((by for by in _shorter(match[1]) if _is_qualifier(by, gazetteer)), None)
        before = _BEFORE_BY.search(text[max(0, match.start() - _NAME_CHARS) : match.start()]) if by else None
        if by is None or before is None:
            continue
        areas = areas_of(name_key(by), gazetteer)
        for first in (0, *(at.end() for at in re.finditer(" ", before[0]))):
            name = before[0][first:]
            is_whole = name[:1].isupper() and not _ends_name(part, match.start() - len(name), persons)
            if is_whole and fitting(name_key(name), areas, gazetteer):
                yield recovered_spot(part, match.start() - len(name), name)
                if is_name_of_place(name_key(by), frozenset(), gazetteer):
                    yield recovered_spot(part, match.start(1), by.removesuffix("."))
                break


def _is_qualifier(name: str, gazetteer: Gazetteer) -> bool:
    """Whether places can be said to lie in what is called so; of counties only if it says `County`, not ``Taylor``."""
    key = name_key(name)
    return is_area(key, gazetteer) or any(c.name_class is NameClass.ABBREVIATION for c in gazetteer.lookup(key))


def _shorter(words: str) -> Iterator[str]:
    yield words
    yield from (words[:end] for end in _ends(words))
