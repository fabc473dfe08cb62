"""Places that the recognizer took for persons or bodies: the words around a name, or the article, say otherwise."""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Final

from schemas import Entities, Entity, Label, Mention, PlaceKind
from tasks.geotag._bodies import is_borne, is_name_of_place
from tasks.geotag._gazetteer import OWN_NAMES, Gazetteer, NameClass
from tasks.geotag._keys import KEYS_CACHED, name_key
from tasks.geotag._marks import is_world_city
from tasks.geotag._toponyms import Spot, Texts, recovered_spot
from tasks.geotag._words import RARELY_PLACES

HOLDERS: Final = (Label.ORG, Label.EVENT, Label.MISC, Label.WORK)
"""Labels of what may be called after a place."""
_PLACED: Final = re.compile(
    r"\b(?:in|at|near|from|to|outside|around|through|toward|towards|into|leaving|downtown|of)\s+$", re.IGNORECASE
)
_INSIDE: Final = re.compile(r"\b(?:in|near|outside|around|into|downtown)\s+$", re.IGNORECASE)
"""Words that stand before places and hardly ever before persons; ``of`` and ``to`` stand before both."""
_PEOPLED: Final = re.compile(
    r"(?:['’]s)? (?:police|mayor|council|councilman|councilwoman|councillor|aldermen|selectmen|residents?|natives?|"
    r"officials|firefighters|sheriff|county|city council|school board|schools?|students|area|suburbs?|teenager|teen|"
    r"girl|boy|woman|man|mother|couple|(?:[a-z]+ )?(?:company|firm|business|office|court|"
    r"hospital|neighbou?rhood|community|district|campus))\b",
    re.IGNORECASE,
)
"""What belongs to a town: ``Lancaster girl``, ``Newark police``. Nobody says so of a person."""
_DATELINE: Final = re.compile(r"\s*(?:\([A-Z]{2,4}\)|(?:\([^)]{2,20}\)\s*)?(?:--|—|–|-)\s)")
_GOES_ON: Final = re.compile(r"\.\s+[a-z]")
"""A period that ends no sentence."""
_LARGE: Final = re.compile(r"[A-Z][A-Z.' -]{3,}[A-Z.](?P<rest> (?:\W )?[A-Z][a-z])")
_SMALL: Final = re.compile(
    r"(?P<rest> )(?=[a-z])(?!(?:of|and|for|the|de|du|des|la|le|van|von|der|di|da|al|bin|on|in|at|to|a|an)\b|[dl]['’])"
)
_SENTENCE: Final = re.compile(r"(?:^|[\n.?!:”\"])\s*$")
_LOOK_BACK: Final = 14
_GIVEN: Final = frozenset({"chad", "dominica", "georgia", "india", "ireland", "israel", "jordan", "kenya", "malta"})
"""Countries that persons are called like."""
_REGIONS: Final = (PlaceKind.REGION, PlaceKind.WATER)
_SHORT: Final = 4
"""Letters of a short form at most: the key of ``L.A.`` or ``Mass.``."""


def mislabelled(
    texts: Texts, entities: Entities, known: frozenset[str], surnames: frozenset[str], gazetteer: Gazetteer
) -> Iterator[Spot]:
    """Persons and organisations whose whole name is a place's, where the words around it or the article say so."""
    for entity in entities.entities:
        if entity.label not in (Label.PERSON, *HOLDERS):
            continue
        before = _INSIDE if entity.label is Label.PERSON else _PLACED
        for mention in entity.mentions:
            key, text = name_key(mention.text), texts[mention.part]
            if key not in surnames and (
                (_is_dateline(text, mention.start, mention.end) and is_borne(key, gazetteer))
                or _is_short_form(text, mention, gazetteer)
                or _is_famous(key, entity.label, gazetteer)
                or (
                    is_name_of_place(key, known, gazetteer, abbreviated="." in mention.text)
                    and (key in known or _stands_like_a_place(text, mention.start, mention.end, before))
                )
            ):
                yield recovered_spot(mention.part, mention.start, mention.text)


def _is_short_form(text: str, mention: Mention, gazetteer: Gazetteer) -> bool:
    """``Ga.`` pastor, ``L.A.``'s: written with periods, as names of persons that stand alone are not."""
    is_dotted = "." in mention.text or _GOES_ON.match(text, mention.end) is not None
    return is_dotted and any(
        candidate.name_class is NameClass.ABBREVIATION
        or (candidate.name_class is NameClass.CURATED and len(key) <= _SHORT)
        for key in [name_key(mention.text)]
        for candidate in gazetteer.lookup(key)
    )


@lru_cache(maxsize=KEYS_CACHED)
def _is_famous(key: str, label: Label, gazetteer: Gazetteer) -> bool:
    """``Comoros``, ``Addis Ababa``, the ``Florida Keys``: whole names that nobody and nothing else is called.

    Of one word those of countries, of several those of cities that are known everywhere, too. Teams and works are
    called after regions; what is labelled as nothing in particular is the region.
    """
    if key in RARELY_PLACES or key in _GIVEN:
        return False
    several = " " in key
    return any(
        candidate.place.kind is PlaceKind.COUNTRY
        or (several and is_world_city(candidate.place))
        or (several and label is Label.MISC and candidate.place.kind in _REGIONS)
        for candidate in gazetteer.lookup(key)
        if candidate.name_class in OWN_NAMES
    )


def attributes(entities: Entities, known: frozenset[str], gazetteer: Gazetteer) -> Iterator[Spot]:
    """``Augusta`` psychiatric hospital, ``WASHINGTON`` Barack Obama: what goes on in other letters is another name."""
    for entity in entities.entities:
        for mention in entity.mentions if entity.label in (Label.PERSON, *HOLDERS) else ():
            small = _SMALL.search(mention.text) or _LARGE.match(mention.text)
            name = mention.text[: small.start("rest")].rstrip() if small else ""
            if name[:1].isupper() and is_name_of_place(name_key(name), known, gazetteer, abbreviated="." in name):
                yield recovered_spot(mention.part, mention.start, name)


def surnames_of(entities: Entities) -> frozenset[str]:
    persons: Iterable[Entity] = (entity for entity in entities.entities if entity.label is Label.PERSON)
    return frozenset(word for person in persons if " " in person.name for word in name_key(person.name).split())


def _stands_like_a_place(text: str, start: int, end: int, words_before: re.Pattern[str]) -> bool:
    before = text[max(0, start - _LOOK_BACK) : start]
    return words_before.search(before) is not None or _PEOPLED.match(text, end) is not None


def _is_dateline(text: str, start: int, end: int) -> bool:
    """``ROCKY HILL — Elderly residents``: in capitals, or at the head of a line; behind it a dash."""
    if _DATELINE.match(text, end) is None or _SENTENCE.search(text[max(0, start - 3) : start]) is None:
        return False
    return text[start:end].isupper() or start == 0 or text[start - 1] == "\n"
