"""The places in the names of bodies: ``Athens City Council``, ``Human Rights League of France``, ``CBC Toronto``.

A body is no place, and its name alone rarely says that the article speaks of one. What counts is evidence: the article
names the place elsewhere too (`known`), the body is a public one that sits where its name says, or it is called after a
country, a state or a county. Companies and newspapers stay what they are.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from schemas import PlaceKind
from tasks.geotag._gazetteer import OWN_NAMES, Candidate, Gazetteer, NameClass
from tasks.geotag._keys import KEYS_CACHED, bare_key, name_key
from tasks.geotag._words import COMMON_BELOW, DIRECTIONS, RARELY_PLACES

MOST_WORDS: Final = 4
TOWN_FROM: Final = 5_000
"""Inhabitants from which a town can be told by its name alone (opinion: below it surnames prevail)."""
SEAT_FROM: Final = 50_000
"""The same for a town whose name the article uses only in that of a body: ``Lee Academy``, ``Federal Authority``."""
OWN_CLASSES: Final = (*OWN_NAMES, NameClass.ABBREVIATION)
_KINDS: Final = (PlaceKind.COUNTRY, PlaceKind.ADMIN1, PlaceKind.ADMIN2, PlaceKind.CITY)
_WORD: Final = re.compile(r"[^\s,–-]+")
_POSSESSIVE: Final = re.compile(r"['’]s?$")
_NAMED_AFTER: Final = frozenset(
    {"university", "college", "diocese", "archdiocese", "museum", "bishop", "school", "order"}
)
"""Bodies that are called after places far away: the University of Georgia is in no country."""
_PARTIES: Final = frozenset({"united", "new", "young", "miss", "mr", "de", "saint", "club", "our", "one"})
"""Words before a name that make it a party's, a title's, a saint's: ``United Russia``, ``Miss Ohio``."""
_PUBLIC: Final = frozenset(
    {
        "police", "sheriff", "sheriffs", "board", "council", "court", "courts", "mayor", "commissioners", "aldermen",
        "selectmen", "councilman", "councilwoman", "councillor", "chamber", "fire", "firefighters", "residents",
        "municipal", "library", "civic", "seniors", "recreation", "elementary", "zoo",
    }
)  # fmt: skip
"""Words of bodies that hardly ever bear another name than that of the town they serve (opinion)."""
_MEMBERS: Final = frozenset({"democrat", "democrats", "republican", "republicans", "native", "natives", "resident"})
"""``the Arizona Republican`` is a person, and no body's name at all."""
_CIVIC: Final = _PUBLIC | frozenset(
    {
        "department", "dept", "county", "city", "school", "schools", "district", "wildlife",
        "university", "college", "commission", "government",
        "senate", "house", "legislature", "assembly", "parliament", "ministry", "bureau", "patrol", "authority",
        "agency", "office", "hospital", "library", "airport", "supreme", "attorney", "army", "navy",
        "embassy", "housing", "planning", "parks", "recreation", "civic", "community", "center", "centre",
        "fair", "fairgrounds", "museum", "zoo", "church", "cathedral", "mosque", "town", "township", "village",
        "borough", "state", "division", "lottery", "health", "medical", "clinic", "jail",
        "prison", "courthouse", "festival", "symphony", "philharmonic", "coalition", "association", "regional",
        "elementary", "academy", "seminary", "institute", "guard", "taxpayers", "teachers", "farm", "bar",
        "olympics", "marathon", "cemetery", "stadium", "arena", "mall", "hotel", "station",
        "electric", "water", "power", "credit", "federal", "historical", "legal", "transit",
        "area", "development", "census", "high", "middle", "general", "superior",
        "service", "services", "administration", "enforcement",
    }
)  # fmt: skip
"""Words of bodies that sit where their name says. Opinion, like the next list."""
_GATHERINGS: Final = frozenset(
    {"festival", "marathon", "olympics", "fair", "biennale", "carnival", "fashion week", "summit"}
)
"""What is called after the town in which it is held: ``Venice International Film Festival``."""
_TRADE: Final = frozenset(
    {
        "inc", "corp", "corporation", "llc", "ltd", "plc", "co", "company", "times", "post", "herald", "journal",
        "gazette", "tribune", "news", "press", "bank", "airlines", "airways", "motors", "records", "group", "holdings",
        "capital", "partners", "securities", "insurance", "mutual", "life", "express", "telegraph", "globe", "review",
    }
)  # fmt: skip
_STREETS: Final = frozenset(
    {
        "road", "rd", "street", "avenue", "ave", "boulevard", "drive", "lane", "highway", "route", "parkway",
        "turnpike", "river", "creek", "lake", "mountain", "mountains", "bridge", "trail", "strait", "straits", "gulf",
        "bay", "sea", "cape", "isle", "isles", "sound", "channel", "mouth", "battle", "treaty", "siege",
    }
)  # fmt: skip
"""Streets and landforms are called after where they lead, or after nothing: ``Dublin Road``, ``Strait of Georgia``."""
_WATERS: Final = frozenset({"river", "creek", "lake", "bay", "falls", "reservoir", "valley", "mountain", "mountains"})
_COURTS: Final = frozenset(
    {
        "city", "district", "supreme", "high", "crown", "county", "superior", "circuit", "magistrates", "municipal",
        "appeals", "federal", "juvenile", "family", "criminal", "civil", "state", "sheriff", "constitutional",
        "regional", "probate", "justice", "appellate", "tribal", "drug", "military", "international",
    }
)  # fmt: skip
"""What makes a court one of law; ``Rye Court`` is a street."""
_UNITS_OF: Final = frozenset(
    {"city", "town", "township", "village", "county", "port", "borough", "municipality", "mayor", "chamber", "supreme"}
)
"""What is called after the town that it is, or sits in: ``City of Mobile``."""


def is_name_of_place(key: str, known: frozenset[str], gazetteer: Gazetteer, *, abbreviated: bool = False) -> bool:
    """Whether a key is by itself the name of a country, a division or a town that is not tiny."""
    if not key or gazetteer.why_no_place(key) is not None:
        return False
    return key in known or _is_borne_plainly(key, abbreviated, gazetteer)


@lru_cache(maxsize=KEYS_CACHED)
def _is_borne_plainly(key: str, abbreviated: bool, gazetteer: Gazetteer) -> bool:  # noqa: FBT001 - part of a cache key
    return any(_is_plain(key, candidate, abbreviated) for candidate in gazetteer.lookup(key))


def _is_plain(key: str, candidate: Candidate, abbreviated: bool) -> bool:  # noqa: FBT001 - handed through
    place = candidate.place
    if candidate.name_class is NameClass.ABBREVIATION and not abbreviated:
        return False
    if candidate.name_class not in OWN_CLASSES or place.kind not in _KINDS:
        return False
    return place.kind is not PlaceKind.CITY or place.population >= (COMMON_BELOW if key in RARELY_PLACES else TOWN_FROM)


@lru_cache(maxsize=KEYS_CACHED)
def is_area(key: str, gazetteer: Gazetteer) -> bool:
    """Whether a name is that of a country, of a large division, or of a county that is called so."""
    return any(
        (candidate.place.kind in (PlaceKind.COUNTRY, PlaceKind.ADMIN1) and candidate.name_class in OWN_NAMES)
        or (candidate.place.kind is PlaceKind.ADMIN2 and bare_key(key) is not None)
        for candidate in gazetteer.lookup(key)
    )


@dataclass(frozen=True, slots=True)
class _Name:
    """Words of a body's name that could be a place's."""

    start: int
    end: int
    key: str
    abbreviated: bool
    before: str
    """The word before it, ``""`` at the start."""
    head: str
    """The first word of the whole."""
    rest: Sequence[str]
    """The words after it."""
    others: frozenset[str]
    """All capitalised words but its own: a `group` or `records` in small letters make no company."""
    leads: bool
    """Whether it stands first, but for ``the``, directions and other places: ``East Oxford``, ``NATO-Russia``."""


def places_in(text: str, known: frozenset[str], gazetteer: Gazetteer) -> Iterator[tuple[int, int]]:
    """Where in the name of a body the names of places stand that the article can be taken to speak of."""
    words = list(_WORD.finditer(text))
    keys = [name_key(word[0]) for word in words]
    if not words or _is_street(keys):
        return
    at, leads = 0, True
    while at < len(words):
        leads = leads or text[words[at].start() - 1] in "-–"
        name = next((n for n in _names_at(text, words, keys, at, leads) if _counts(n, known, gazetteer)), None)
        if name is not None:
            yield name.start, name.end
            at += sum(name.start <= word.start() < name.end for word in words)
        else:
            leads = leads and keys[at] in DIRECTIONS | {"", "the"}
            at += 1


def _is_street(keys: Sequence[str]) -> bool:
    """``Dublin Road``, ``Oxford Road 5``, ``Strait of Georgia``; not ``Florida Highway Patrol``."""
    if len(keys) > 1 and keys[-1] == "court" and _COURTS.isdisjoint(keys):
        return True
    return any(key in _STREETS and (at in (0, len(keys) - 1) or keys[at + 1].isdigit()) for at, key in enumerate(keys))


def _names_at(text: str, words: Sequence[re.Match[str]], keys: Sequence[str], at: int, leads: bool) -> Iterator[_Name]:  # noqa: FBT001 - as above
    """The names that could begin at a word, the longest first."""
    if not words[at][0][:1].isupper():
        return
    before = keys[at - 1] if at else ""
    if before == "the" and at > 1:
        before = keys[at - 2]
    for last in range(min(len(words), at + MOST_WORDS), at, -1):
        if last - at == len(words):
            continue
        start = words[at].start()
        whole = text[start : words[last - 1].end()]
        name = _POSSESSIVE.sub("", whole)
        others = frozenset(
            key for other, key in enumerate(keys) if not at <= other < last and words[other][0][:1].isupper()
        )
        yield _Name(start, start + len(name), name_key(name), "." in name, before, keys[0], keys[last:], others, leads)


def _counts(name: _Name, known: frozenset[str], gazetteer: Gazetteer) -> bool:
    if not name.key or gazetteer.why_no_place(name.key) is not None or not _TRADE.isdisjoint(name.others):
        return _is_central_bank(name, gazetteer)
    if name.before in ("of", "for"):
        return _counts_after_of(name, known, gazetteer)
    if name.leads:
        return not _is_cut_off(name, gazetteer) and _counts_first(name, known, gazetteer)
    if bare_key(name.key) is not None and is_area(name.key, gazetteer):
        return True  # a county is always called so: `Miss Butler County`
    is_whole_word = len(name.before) > 2 and name.before not in _PARTIES  # noqa: PLR2004 - `W. Columbia` is West Columbia
    return is_whole_word and not name.rest and name.key in known


def _counts_after_of(name: _Name, known: frozenset[str], gazetteer: Gazetteer) -> bool:
    """``City of Mobile``, ``Conference Board of Canada``; ``University of Georgia`` only where Georgia is named."""
    if name.key in known:
        return True
    if name.head in _NAMED_AFTER:
        return False
    if name.head in _UNITS_OF:
        return is_seat(name.key, known, gazetteer)
    return is_area(name.key, gazetteer) and is_name_of_place(name.key, known, gazetteer)


def _is_cut_off(name: _Name, gazetteer: Gazetteer) -> bool:
    """``Neches`` River National Wildlife Refuge lies at a river, wherever Neches is; ``Kansas`` City International."""
    if not name.rest:
        return False
    if name.rest[0] == "city" and is_city(f"{name.key} city", gazetteer):
        return True
    return name.rest[0] in _WATERS or (name.key.endswith(" city") and not is_city(name.key, gazetteer))


def _counts_first(name: _Name, known: frozenset[str], gazetteer: Gazetteer) -> bool:
    if name.key in known:
        return True
    is_large = is_area(name.key, gazetteer)
    if not name.rest:
        return is_large and bare_key(name.key) is not None  # Greenbrier-`Pocahontas County`
    if is_large and (bare_key(name.key) is not None or not _MEMBERS.isdisjoint(name.rest)):
        return is_name_of_place(name.key, known, gazetteer)
    if not _PUBLIC.isdisjoint(name.rest) or not _MEMBERS.isdisjoint(name.rest):
        return is_seat(name.key, known, gazetteer, least=TOWN_FROM, abbreviated=name.abbreviated)
    is_body = (
        name.rest[0] in _CIVIC
        or name.rest[-1] in _GATHERINGS
        or ((is_large or name.abbreviated) and not _CIVIC.isdisjoint(name.rest))
    )
    return is_body and is_seat(name.key, known, gazetteer, abbreviated=name.abbreviated)


def is_seat(
    key: str, known: frozenset[str], gazetteer: Gazetteer, *, least: int = SEAT_FROM, abbreviated: bool = False
) -> bool:
    """Whether a body that is called so sits there: ``Dublin City`` Council sits in Dublin, ``St. John's`` anywhere."""
    if key in known:
        return True
    if key.startswith("saint ") or not is_name_of_place(key, known, gazetteer, abbreviated=abbreviated):
        return False
    own = [candidate.place for candidate in gazetteer.lookup(key) if candidate.name_class in OWN_CLASSES]
    return is_area(key, gazetteer) or abbreviated or any(place.population >= least for place in own)


def is_city(key: str, gazetteer: Gazetteer) -> bool:
    """Whether a town is called so: ``Kansas City``, not ``Dublin City``."""
    return any(
        candidate.place.kind is PlaceKind.CITY and candidate.name_class in OWN_CLASSES
        for candidate in gazetteer.lookup(key)
    )


def _is_central_bank(name: _Name, gazetteer: Gazetteer) -> bool:
    """``Bank of Canada``; ``Bank of America`` is a company."""
    if name.head != "bank" or name.before != "of" or name.rest or name.key == "america":
        return False
    borne = (candidate for candidate in gazetteer.lookup(name.key) if candidate.name_class in OWN_CLASSES)
    return any(candidate.place.kind is PlaceKind.COUNTRY for candidate in borne)


def is_borne(key: str, gazetteer: Gazetteer) -> bool:
    """Whether it is the own name of any place."""
    return any(candidate.name_class in OWN_CLASSES for candidate in gazetteer.lookup(key))


def is_told(key: str, gazetteer: Gazetteer) -> bool:
    """Whether a mark of the recognizer is enough to take a name for a place's wherever the article writes it."""
    return bool(gazetteer.lookup(key)) and (key not in RARELY_PLACES or is_name_of_place(key, frozenset(), gazetteer))
