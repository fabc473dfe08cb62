"""Towns whose state is struck out: gold places without labels, in articles of hosts that no other corpus here has.

A local paper writes *Warren, Michigan* once and means it ever after. In the web articles of the dedupe data, which come
with their hosts, the state is taken out wherever it stands; the town has to be found in it all the same. Nothing is
fitted to these articles: they check what was chosen on LGL and TR-News.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from benchmarks.geotag_corpora import NEAR_KM, Document, input_of, kilometres
from benchmarks.geotag_scores import decided
from schemas import Entities
from tasks.geotag import Gazetteer, GazetteerPlace, NameClass, PlaceKind, Weights, name_key, outlet_of, read

WORDS: Final = range(60, 901)
"""Longer and shorter ones are lists and pictures."""
MOST_OF_A_HOST: Final = 4
NO_NAMES: Final = ("person_name", "not_a_place")
"""Reasons that the recognizer is behind: what is measured here is the choice."""
_STATES: Final[Mapping[str, tuple[str, ...]]] = {
    "AL": ("Alabama", "Ala"), "AK": ("Alaska",), "AZ": ("Arizona", "Ariz"), "AR": ("Arkansas", "Ark"),
    "CA": ("California", "Calif"), "CO": ("Colorado", "Colo"), "CT": ("Connecticut", "Conn"), "DE": ("Delaware", "Del"),
    "FL": ("Florida", "Fla"), "GA": ("Georgia", "Ga"), "HI": ("Hawaii",), "ID": ("Idaho",), "IL": ("Illinois", "Ill"),
    "IN": ("Indiana", "Ind"), "IA": ("Iowa",), "KS": ("Kansas", "Kan"), "KY": ("Kentucky", "Ky"),
    "LA": ("Louisiana", "La"), "ME": ("Maine",), "MD": ("Maryland", "Md"), "MA": ("Massachusetts", "Mass"),
    "MI": ("Michigan", "Mich"), "MN": ("Minnesota", "Minn"), "MS": ("Mississippi", "Miss"), "MO": ("Missouri", "Mo"),
    "MT": ("Montana", "Mont"), "NE": ("Nebraska", "Neb"), "NV": ("Nevada", "Nev"), "NH": ("New Hampshire", "N.H"),
    "NJ": ("New Jersey", "N.J"), "NM": ("New Mexico", "N.M"), "NC": ("North Carolina", "N.C"),
    "ND": ("North Dakota", "N.D"), "OH": ("Ohio",), "OK": ("Oklahoma", "Okla"), "OR": ("Oregon", "Ore"),
    "PA": ("Pennsylvania", "Pa"), "RI": ("Rhode Island", "R.I"), "SC": ("South Carolina", "S.C"),
    "SD": ("South Dakota", "S.D"), "TN": ("Tennessee", "Tenn"), "TX": ("Texas", "Tex"), "UT": ("Utah",),
    "VT": ("Vermont", "Vt"), "VA": ("Virginia", "Va"), "WA": ("Washington", "Wash"), "WV": ("West Virginia", "W.Va"),
    "WI": ("Wisconsin", "Wis"), "WY": ("Wyoming", "Wyo"),
}  # fmt: skip
_CODES: Final = {form: code for code, forms in _STATES.items() for form in (code, *forms)}
_FORMS: Final = "|".join(sorted((re.escape(form) for form in _CODES), key=len, reverse=True))
_WORD: Final = r"(?:[A-Z][a-z'\-]+|[A-Z]{3,})"
_QUALIFIED: Final = re.compile(rf"\b({_WORD}(?: {_WORD}){{0,2}}), ({_FORMS})\b")


@dataclass(frozen=True, slots=True, eq=False)
class Hidden:
    """An article without the state, as a document of the other corpora, and where each of its towns lies."""

    document: Document
    towns: Mapping[str, GazetteerPlace]


def hidden(articles: Sequence[Mapping[str, Any]], gazetteer: Gazetteer) -> list[Hidden]:
    """The articles in which towns of exactly one state stand with it, at most four of a host."""
    found, of_host = [], Counter[str]()
    for article in articles:
        if len(article["text"].split()) not in WORDS:
            continue
        towns = list(_towns(article["text"], gazetteer))
        codes = {code for code, _, _ in towns}
        if len(codes) != 1 or of_host[article["host"]] >= MOST_OF_A_HOST:
            continue
        of_host[article["host"]] += 1
        text = without(article["text"], codes.pop())
        document = {"doc_id": article["id"], "domain": article["host"], "text": text, "mentions": []}
        found.append(Hidden(document, {key: place for _, key, place in towns}))
    return found


def without(text: str, code: str) -> str:
    """The text without a state: nothing behind a town, `the state` elsewhere."""
    forms = "|".join(re.escape(form) for form in _STATES[code])
    bare = re.sub(rf",\s(?:(?:{forms})\b\.?(?=\W)|{code}\b)", "", text)
    return re.sub(rf"\b{_STATES[code][0]}\b\.?", "the state", bare)


def _towns(text: str, gazetteer: Gazetteer) -> Iterator[tuple[str, str, GazetteerPlace]]:
    """State, key and place of each town that stands with its state; the longest name that the state has."""
    for match in _QUALIFIED.finditer(text):
        code, words = _CODES[match[2]], match[1].split()
        for key in (name_key(" ".join(words[at:])) for at in range(len(words))):
            place = _in_state(key, code, gazetteer)
            if place is not None:
                yield code, key, place
                break


def _in_state(key: str, code: str, gazetteer: Gazetteer) -> GazetteerPlace | None:
    places = [
        candidate.place
        for candidate in gazetteer.lookup(key)
        if candidate.name_class in (NameClass.PRIMARY, NameClass.CURATED)
        and candidate.place.kind is PlaceKind.CITY
        and candidate.place.admin1_code == f"US.{code}"
    ]
    return max(places, key=lambda place: place.population, default=None)


def found_towns(
    articles: Sequence[Hidden],
    entities: Mapping[str, Entities],
    gazetteer: Gazetteer,
    weights: Weights | None = None,
) -> list[bool]:
    """For each town that the recognizer marked whether it was found, or something within 161 km."""
    found = []
    for article in articles:
        one = input_of(article.document, entities.get(article.document["doc_id"], Entities()))
        assert one.clean is not None
        assert one.entities is not None
        decisions = read(one.clean, one.entities, gazetteer, outlet_of(one, gazetteer, listed_homes=False), weights)
        by_key = {spot.key: decision for decision in decided(decisions).values() for spot in decision.spots}
        for key, town in article.towns.items():
            decision = by_key.get(key)
            if decision is not None and decision.reason not in NO_NAMES:
                found.append(decision.place is not None and _is_near(decision.place, town))
    return found


def _is_near(place: GazetteerPlace, town: GazetteerPlace) -> bool:
    away = kilometres(place.latitude, place.longitude, town.latitude, town.longitude)
    return place.id == town.id or away <= NEAR_KM
