"""Toponyms that the recognizer missed, mislabelled or buried in a longer name, where the evidence is strong.

Each finder is one kind of evidence: a party tag (``R-Ocilla``), a state or country that qualifies (``Fairfield,
Conn.``), a name that the article marks as a place elsewhere, a body that is named after where it sits (``Athens City
Council``), and a person's or organisation's name that is a place's and stands behind ``in`` or ``near``. What is found
so is marked `recovered`. Companies and newspapers (``Washington Post``) and persons stay what they are.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Final

from schemas import Entities, Entity, Label, Part, PlaceKind
from tasks.geotag._gazetteer import Candidate, Gazetteer, NameClass
from tasks.geotag._keys import bare_key, name_key, stripped_keys
from tasks.geotag._qualifiers import areas_of, fitting
from tasks.geotag._toponyms import Role, Spot, Texts
from tasks.geotag._words import COMMON_WORDS

MOST_WORDS: Final = 4
TOWN_FROM: Final = 5_000
"""Inhabitants from which a town can be told by its name alone (opinion: below it surnames prevail)."""
SEAT_FROM: Final = 50_000
"""The same for a town whose name the article uses only in that of a body: ``Lee Academy``, ``Federal Authority``."""
_KINDS: Final = (PlaceKind.COUNTRY, PlaceKind.ADMIN1, PlaceKind.ADMIN2, PlaceKind.CITY)
_CLASSES: Final = (NameClass.CURATED, NameClass.PRIMARY, NameClass.ABBREVIATION)
_HOLDERS: Final = (Label.ORG, Label.EVENT, Label.MISC, Label.WORK)
_WORD: Final = re.compile(r"[^\s,]+")
_PARTY: Final = re.compile(r"\b(?:[RDI]|DFL|GOP|Lib|Con|Lab|NDP)\.?[-–]\s?((?:[A-Z][\w.'’]*)(?: [A-Z][\w.'’]*){0,2})")
_BY: Final = re.compile(r", ((?:[A-Z][\w.]*)(?: [A-Z][\w.]*){0,2})")
_BEFORE_BY: Final = re.compile(r"\b[A-Z][\w.'’-]*(?: (?:[A-Z][\w.'’-]*|of|de|la|upon|on)){0,3}$")
_NAME_CHARS: Final = 60
_PLACED: Final = re.compile(
    r"\b(?:in|at|near|from|to|outside|around|through|toward|towards|into|leaving|downtown|of)\s+$", re.IGNORECASE
)
_DATELINE: Final = re.compile(r"\s*(?:\([^)]{2,20}\)\s*)?(?:--|—|–|-)\s")
_OF: Final = re.compile(
    r"(?:the )?(?P<body>City|Town|Township|Village|County|Port|Government|Parliament|Borough|Municipality|State|Mayor|"
    r"Commonwealth|Republic|Supreme Court|Chamber of Commerce|University|Diocese|Archdiocese|Museum|Bishop) of "
    r"(?:the )?(?=[A-Z])"
)
_NAMED_AFTER: Final = frozenset({"University", "Diocese", "Archdiocese", "Museum", "Bishop"})
"""Bodies in whose names a place alone decides nothing: the University of Georgia is in no country."""
_LOOK_BACK: Final = 14
_CIVIC: Final = frozenset(
    {
        "police", "court", "courts", "council", "department", "dept", "county", "city", "school", "schools", "district",
        "university", "college", "fire", "sheriff", "sheriffs", "commission", "commissioners", "board", "government",
        "senate", "house", "legislature", "assembly", "parliament", "ministry", "bureau", "patrol", "authority",
        "agency", "office", "hospital", "library", "airport", "chamber", "supreme", "attorney", "army", "navy",
        "embassy", "municipal", "housing", "planning", "parks", "recreation", "civic", "community", "center", "centre",
        "fair", "fairgrounds", "museum", "zoo", "church", "cathedral", "mosque", "town", "township", "village",
        "borough", "state", "division", "lottery", "turnpike", "highway", "health", "medical", "clinic", "jail",
        "prison", "courthouse", "festival", "symphony", "philharmonic", "coalition", "association", "regional",
        "elementary", "academy", "seminary", "institute", "guard", "taxpayers", "teachers", "farm", "bar",
        "olympics", "marathon", "cemetery", "stadium", "arena", "road", "street", "bridge", "mall", "hotel", "station",
        "electric", "water", "power", "credit", "federal", "historical", "legal", "transit", "residents",
        "mayor", "councilman", "councilwoman", "councillor", "area", "development", "census",
    }
)  # fmt: skip
"""Words of bodies that sit where their name says. Opinion, like the next list."""
_TRADE: Final = frozenset(
    {
        "inc", "corp", "corporation", "llc", "ltd", "plc", "co", "company", "times", "post", "herald", "journal",
        "gazette", "tribune", "news", "press", "bank", "airlines", "airways", "motors", "records", "group", "holdings",
        "capital", "partners", "securities", "insurance", "mutual", "life", "express", "telegraph", "globe", "review",
    }
)  # fmt: skip


def with_recovered(spots: Sequence[Spot], texts: Texts, entities: Entities, gazetteer: Gazetteer) -> list[Spot]:
    """The spots, those that hold more than a name cut down to it, and what the recognizer missed."""
    kept = [_cut(spot, gazetteer) for spot in spots]
    known = frozenset(spot.key for spot in kept if spot.role is Role.TOPONYM and gazetteer.lookup(spot.key))
    seated = list(_in_names(entities, known, gazetteer))
    found = [spot for spot in kept if spot.role is not Role.SITE or not any(spot.overlaps(seat) for seat in seated)]
    taken = {(spot.part, at) for spot in found for at in range(spot.start, spot.end)}
    for spot in (*seated, *_finders(texts, entities, known, gazetteer)):
        cells = [(spot.part, at) for at in range(spot.start, spot.end)]
        if not any(cell in taken for cell in cells):
            taken.update(cells)
            found.append(spot)
    return sorted(found, key=lambda spot: spot.order)


def _finders(texts: Texts, entities: Entities, known: frozenset[str], gazetteer: Gazetteer) -> Iterator[Spot]:
    for part in Part:
        yield from _by_party(part, texts[part], gazetteer)
    yield from _mislabelled(texts, entities, known, gazetteer)
    for part in Part:
        yield from _qualified(part, texts[part], gazetteer)


def is_name_of_place(key: str, known: frozenset[str], gazetteer: Gazetteer, *, abbreviated: bool = False) -> bool:
    """Whether a key is by itself the name of a country, a division or a town that is not tiny."""
    if not key or gazetteer.why_no_place(key) is not None:
        return False
    return key in known or any(_is_plain(key, candidate, abbreviated) for candidate in gazetteer.lookup(key))


def _is_plain(key: str, candidate: Candidate, abbreviated: bool) -> bool:  # noqa: FBT001 - handed through
    place = candidate.place
    if candidate.name_class is NameClass.ABBREVIATION and not abbreviated:
        return False
    if candidate.name_class not in _CLASSES or place.kind not in _KINDS:
        return False
    return place.kind is not PlaceKind.CITY or (place.population >= TOWN_FROM and key not in COMMON_WORDS)


def _spot(part: Part, start: int, text: str, key: str | None = None) -> Spot:
    for ending in ("'s", "’s"):
        text = text.removesuffix(ending)
    return Spot(part, start, start + len(text), text, key or name_key(text), Role.TOPONYM, recovered=True)


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
        if (is_plain or _is_area(key, gazetteer)) and is_name_of_place(
            key, frozenset(), gazetteer, abbreviated="." in name
        ):
            return replace(spot, end=spot.start + end, text=name, key=key)
    for start in (match.end() for match in re.finditer(r"[ -](?=[A-Z])", spot.text)):
        key = name_key(spot.text[start:])
        if _is_area(key, gazetteer) and not spot.text[:start].endswith((" of ", " of the ")):
            return replace(spot, start=spot.start + start, text=spot.text[start:], key=key)
    return spot


def _is_area(key: str, gazetteer: Gazetteer) -> bool:
    """Whether a name is that of a country, of a large division, or of a county that is called so."""
    return any(
        (
            candidate.place.kind in (PlaceKind.COUNTRY, PlaceKind.ADMIN1)
            and candidate.name_class in (NameClass.CURATED, NameClass.PRIMARY)
        )
        or (candidate.place.kind is PlaceKind.ADMIN2 and bare_key(key) is not None)
        for candidate in gazetteer.lookup(key)
    )


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
            if any(candidate.place.kind in _KINDS for candidate in gazetteer.lookup(name_key(name))):
                yield _spot(part, match.start(1), name)
                break


def _in_names(entities: Entities, known: frozenset[str], gazetteer: Gazetteer) -> Iterator[Spot]:
    """``Athens City Council``, ``Kansas Department of Transportation``, ``University of Pretoria``."""
    for entity in entities.entities:
        is_place = entity.label is Label.LOC and entity.subtype == "FAC"
        if entity.label not in _HOLDERS and not is_place:
            continue
        for mention in entity.mentions:
            if is_place and gazetteer.lookup(name_key(mention.text)):
                continue
            span = _civic_part(mention.text, known, gazetteer)
            if span is None:
                continue
            spot = _spot(mention.part, mention.start + span[0], mention.text[span[0] : span[1]])
            if not is_place:
                yield replace(spot, is_seat=True)
            elif spot.key in known or _is_area(spot.key, gazetteer):
                yield spot


def _civic_part(text: str, known: frozenset[str], gazetteer: Gazetteer) -> tuple[int, int] | None:
    """Where in the name of a body the name of its place stands."""
    of = _OF.match(text)
    if of is not None:
        key = name_key(text[of.end() :])
        is_there = key in known if of["body"] in _NAMED_AFTER else _is_seat(key, known, gazetteer)
        return (of.end(), len(text)) if is_there else None
    words = list(_WORD.finditer(text))
    keys = [name_key(word[0]) for word in words]
    first = 1 if keys and words[0][0].lower() == "the" else 0
    if not _TRADE.isdisjoint(keys):
        return None
    for last in range(min(len(words) - 1, first + MOST_WORDS), first, -1):
        start, end = words[first].start(), words[last - 1].end()
        name = text[start:end].removesuffix("'s").removesuffix("’s")
        key = name_key(name)
        is_large = _is_area(key, gazetteer) or key in known
        is_body = keys[last] in _CIVIC or (is_large and not _CIVIC.isdisjoint(keys[last:]))
        if (is_body or bare_key(key) is not None) and _is_seat(key, known, gazetteer, abbreviated="." in name):
            return (start, start + len(name))
    return None


def _is_seat(key: str, known: frozenset[str], gazetteer: Gazetteer, *, abbreviated: bool = False) -> bool:
    """Whether a body that is called so sits there: ``Dublin City`` Council sits in Dublin, ``St. John's`` anywhere."""
    if key in known:
        return True
    if key.startswith("saint ") or not is_name_of_place(key, known, gazetteer, abbreviated=abbreviated):
        return False
    own = [candidate.place for candidate in gazetteer.lookup(key) if candidate.name_class in _CLASSES]
    if key.endswith(" city") and not any(place.kind is PlaceKind.CITY for place in own):
        return False
    return _is_area(key, gazetteer) or abbreviated or any(place.population >= SEAT_FROM for place in own)


def _mislabelled(texts: Texts, entities: Entities, known: frozenset[str], gazetteer: Gazetteer) -> Iterator[Spot]:
    """Persons and organisations whose whole name is a place's, where a word before it or the article says so."""
    surnames = _surnames(entities)
    for entity in entities.entities:
        if entity.label not in (Label.PERSON, *_HOLDERS):
            continue
        for mention in entity.mentions:
            key = name_key(mention.text)
            if key in surnames or not is_name_of_place(key, known, gazetteer, abbreviated="." in mention.text):
                continue
            text = texts[mention.part]
            if key in known or _stands_like_a_place(text, mention.start, mention.end):
                yield _spot(mention.part, mention.start, mention.text)


def _surnames(entities: Entities) -> frozenset[str]:
    persons: Iterable[Entity] = (entity for entity in entities.entities if entity.label is Label.PERSON)
    return frozenset(word for person in persons if " " in person.name for word in name_key(person.name).split())


def _stands_like_a_place(text: str, start: int, end: int) -> bool:
    before = text[max(0, start - _LOOK_BACK) : start]
    at_head = start == 0 or text[start - 1] == "\n"
    return _PLACED.search(before) is not None or (at_head and _DATELINE.match(text, end) is not None)


def _qualified(part: Part, text: str, gazetteer: Gazetteer) -> Iterator[Spot]:
    """``Fairfield, Connecticut``: both names, where some place of the first lies in the second; no short form alone."""
    for match in _BY.finditer(text):
        by = next((by for by in _shorter(match[1]) if areas_of(name_key(by), gazetteer)), None)
        before = _BEFORE_BY.search(text[max(0, match.start() - _NAME_CHARS) : match.start()]) if by else None
        if by is None or before is None:
            continue
        areas = areas_of(name_key(by), gazetteer)
        for first in (0, *(at.end() for at in re.finditer(" ", before[0]))):
            name = before[0][first:]
            if name[:1].isupper() and fitting(name_key(name), areas, gazetteer):
                yield _spot(part, match.start() - len(name), name)
                if is_name_of_place(name_key(by), frozenset(), gazetteer):
                    yield _spot(part, match.start(1), by.removesuffix("."))
                break


def _shorter(words: str) -> Iterator[str]:
    yield words
    yield from (words[:end] for end in _ends(words))
