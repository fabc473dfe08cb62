"""Marked names that the words around them make something else than a town's: a hotel's, a river's, a people's.

English gives towns no article. Where one stands before a town's name and no noun follows for it to belong to, the name
is that of a thing: ``a Hilton, which opened``, ``the Webster was``. It may be a river's, if one is called so: ``the
Neches``. Names of countries, regions and waters take articles, and are left alone.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Final

from schemas import PlaceKind
from tasks.geotag._gazetteer import Gazetteer, NameClass
from tasks.geotag._keys import KEYS_CACHED
from tasks.geotag._toponyms import SITE_WORDS, Role, Spot, Texts

_SETTLED: Final = frozenset({PlaceKind.CITY, PlaceKind.ADMIN2})
_RIVERS: Final = ("river", "creek")
_LOOK_BACK: Final = 14
_ARTICLE: Final = re.compile(r"\b(?:(?P<the>the)|an?|another|every)\s+$", re.IGNORECASE)
_ARTICLES: Final = ("the", "a", "an", "another", "every")
"""What `_ARTICLE` ends in, white space aside: looked for first, since few names follow an article."""
_INSIDE: Final = re.compile(r"\b(?:in|near|outside|downtown|around)\s+$", re.IGNORECASE)
_AT: Final = re.compile(r"\bat\s+$")
_NO_NOUN: Final = re.compile(
    r"(?:[.;:!?)\]\"”]|,(?!\s(?-i:[A-Z]))|\s*$|\s+[-–—]|\s+(?:a|an|the|but|nor|as|at|by|for|from|in|into|of|on|onto|over|to|"
    r"through|under|until|up|upon|via|with|is|was|were|are|be|been|has|had|have|will|would|could|can|may|might|must|"
    r"should|did|does|do|that|which|who|where|when|while|since|because|if|than|then|there|this|these|those|it|he|she|"
    r"they|we|you|last|next|again|already|also|not|now|near|after|before|during|between)\b)",
    re.IGNORECASE,
)
"""What may follow a whole noun group: the article before it belongs to the name and to nothing behind it."""
_GOES_ON: Final = re.compile(r"\s+[A-Z]")
_QUALIFIED: Final = re.compile(r",\s[A-Z]")
_PERSON: Final = re.compile(r",\s(?:\d{1,3},\s)?of\s[A-Z]|,\s\d{1,3},\s(?:who|was|is|had|has|said|told|died)\b")
"""``Troy, of Superior``, ``Dallas, 24, said``: so persons are told where they are from, and how old they are."""
_PEOPLE: Final = re.compile(r"\s+(?:people|peoples|tribe|tribes|culture|civili[sz]ation|dynasty|language|clan)\b")
_GENERIC: Final = re.compile(
    rf"area|new|local|city|county|state|town|village|bar|tri (?:state|county|city)|{'|'.join(SITE_WORDS)}|"
    r"(?:(?:north|south|east|west|central|middle)(?:ern)? ?)+ district"
)
_OF_SAINT: Final = re.compile(
    r"['’]s?\s(?:[A-Z][\w.'’-]*\s){0,3}(?:Hospital|Church|Cathedral|Basilica|Chapel|Parish|School|College|University|"
    r"Academy|Cemetery|Abbey|Priory|Seminary|Hospice|Medical|Catholic|Episcopal|Lutheran|Anglican|Orthodox)\b"
)
_ACRONYM: Final = 5
"""Letters of an acronym at most."""
_CAPITALS: Final = re.compile(r"\b[A-Z]{2,}\W+$|^\W*$|[\n.?!:]\s*$")
_CAPITALS_NEXT: Final = re.compile(r"\W+(?:[A-Z]{2,}\b|[-–—]|\()|\s*[-–—(:]")
_SHORT_FORMS: Final = (NameClass.ABBREVIATION, NameClass.CURATED)
_SCHOOLS: Final = ("University", "College", "Academy")


def without_things(spots: Sequence[Spot], texts: Texts, gazetteer: Gazetteer) -> list[Spot]:
    """The spots but for those that are things, and with rivers under their whole name.

    Where at least half of the mentions are told so, the others follow but for those behind ``in`` or ``near``.
    """
    named = frozenset(spot.key for spot in spots)
    told = [_is_thing(spot, texts[spot.part], named, gazetteer) for spot in spots]
    if not any(told):
        return [_as_river(spot, texts[spot.part], named, gazetteer) for spot in spots]
    every = Counter(spot.key for spot in spots)
    things = Counter(spot.key for spot, is_thing in zip(spots, told, strict=True) if is_thing)
    mostly = {key for key, times in things.items() if 2 * times >= every[key]}
    return [
        _as_river(spot, texts[spot.part], named, gazetteer)
        for spot, is_thing in zip(spots, told, strict=True)
        if not is_thing and (spot.key not in mostly or _stays(spot, texts[spot.part], named, gazetteer))
    ]


def _stays(spot: Spot, text: str, named: frozenset[str], gazetteer: Gazetteer) -> bool:
    stands_inside = _stands_behind(_INSIDE, spot, text) is not None
    return spot.is_dateline or stands_inside or _is_river(spot, text, named, gazetteer)


def _is_thing(spot: Spot, text: str, named: frozenset[str], gazetteer: Gazetteer) -> bool:
    if (
        spot.role is not Role.TOPONYM
        or spot.is_dateline
        or spot.cue
        or not _may_be_thing(spot.key, spot.text, gazetteer)
    ):
        return False
    if _is_generic(spot, text) or _is_saints(spot, text) or _is_acronym(spot, text, gazetteer):
        return True
    if not _is_settlement(spot.key, gazetteer):
        return False
    article = _article(spot, text)
    if article is None:
        return _is_person(spot, text) or _is_school(spot, text)
    if _is_river(spot, text, named, gazetteer):
        return False
    return _is_school(spot, text) or _is_people(spot, text, article, gazetteer) or _is_with_article(spot, text)


@lru_cache(maxsize=KEYS_CACHED)
def _may_be_thing(key: str, text: str, gazetteer: Gazetteer) -> bool:
    """Whether the words around the name could tell at all: they cannot tell those of countries, regions and waters."""
    return _is_word(key) or key.startswith("saint ") or text.isupper() or _is_settlement(key, gazetteer)


def _stands_behind(words: re.Pattern[str], spot: Spot, text: str) -> re.Match[str] | None:
    return words.search(text[max(0, spot.start - _LOOK_BACK) : spot.start])


def _article(spot: Spot, text: str) -> re.Match[str] | None:
    """The article that stands before the mention."""
    ends = text[max(0, spot.start - _LOOK_BACK) : spot.start].rstrip().lower().endswith(_ARTICLES)
    return _stands_behind(_ARTICLE, spot, text) if ends else None


def _is_saints(spot: Spot, text: str) -> bool:
    """``St. Paul's Hospital``; what else the article calls St. Paul may be a city."""
    return spot.key.startswith("saint ") and _OF_SAINT.match(text, spot.end) is not None


def _is_generic(spot: Spot, text: str) -> bool:
    """``Area`` woman, ``Casino``'s sprinklers, ``Tri-State``, the ``Southern District`` of Ohio: words, not names."""
    if not _is_word(spot.key):
        return False
    return _QUALIFIED.match(text, spot.end) is None and not _stands_behind(_INSIDE, spot, text)


@lru_cache(maxsize=KEYS_CACHED)
def _is_word(key: str) -> bool:
    return _GENERIC.fullmatch(key) is not None


def _is_acronym(spot: Spot, text: str, gazetteer: Gazetteer) -> bool:
    """``NERI`` is not Nyeri, ``16th Street SE`` not Sé; ``NSW`` is known as short, and datelines are in capitals."""
    if (
        not spot.text.isupper()
        or not spot.text.isalpha()
        or len(spot.text) > _ACRONYM
        or _QUALIFIED.match(text, spot.end)
    ):
        return False
    if _CAPITALS.search(text[max(0, spot.start - _LOOK_BACK) : spot.start]) or _CAPITALS_NEXT.match(text, spot.end):
        return False
    return not any(c.name_class in _SHORT_FORMS for c in gazetteer.lookup(spot.key))


@lru_cache(maxsize=KEYS_CACHED)
def _is_settlement(key: str, gazetteer: Gazetteer) -> bool:
    """Whether only towns and counties are called so, none of them with an article in its name: ``The Hague``."""
    borne = [c.place for c in gazetteer.lookup(key) if c.name_class is not NameClass.ABBREVIATION]
    return bool(borne) and all(place.kind in _SETTLED and not place.name.startswith("The ") for place in borne)


def _is_person(spot: Spot, text: str) -> bool:
    """``Troy, of Superior``; towns are told the state that they lie in, and not with ``of``."""
    return _PERSON.match(text, spot.end) is not None and not _stands_behind(_INSIDE, spot, text)


def _is_school(spot: Spot, text: str) -> bool:
    """``at McGill``, where McGill University is named."""
    if not _stands_behind(_AT, spot, text) or _GOES_ON.match(text, spot.end) or _QUALIFIED.match(text, spot.end):
        return False
    return any(f"{spot.text} {school}" in text for school in _SCHOOLS)


def _is_people(spot: Spot, text: str, article: re.Match[str], gazetteer: Gazetteer) -> bool:
    """``the Adena people``."""
    is_called_so = article["the"] and _PEOPLE.match(text, spot.end) is not None
    return bool(is_called_so) and gazetteer.demonym(spot.key) is None


def _is_with_article(spot: Spot, text: str) -> bool:
    """``a Hilton, which`` behind its article; not ``the Omaha company``; of several words what ends like a river."""
    last = spot.key.rpartition(" ")[2]
    return last in (spot.key, *_RIVERS) and _NO_NOUN.match(text, spot.end) is not None


def _is_river(spot: Spot, text: str, named: frozenset[str], gazetteer: Gazetteer) -> bool:
    """``the Neches``, where the article names the Neches River, or the gazetteer knows it."""
    if spot.role is not Role.TOPONYM or not _is_settlement(spot.key, gazetteer):
        return False
    article = _article(spot, text)
    if article is None or not article["the"]:
        return False
    river = f"{spot.key} river"
    if river in named and _GOES_ON.match(text, spot.end) is None:
        return True
    return bool(gazetteer.lookup(river)) and _NO_NOUN.match(text, spot.end) is not None


def _as_river(spot: Spot, text: str, named: frozenset[str], gazetteer: Gazetteer) -> Spot:
    return replace(spot, key=f"{spot.key} river") if _is_river(spot, text, named, gazetteer) else spot
