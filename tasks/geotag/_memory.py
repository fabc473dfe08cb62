"""What is known of an article's source: where it is at home, and which places its other articles named.

A local paper writes `Paris` and means the one down the road. The memory is made of what this stage itself found in
other articles of the same host (measurements B5), so it needs no labels. Three rules keep it honest. The same name in
other articles does not count for a name, else one error would confirm itself for ever. What counts is the *share* of
the memory that lies in a place's country, division or vicinity, so that a paper that writes of the whole world has next
to no say. Recent articles count more than old ones.
"""

import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np

from schemas import Geotags, PlaceKind, Ref
from tasks.geotag._features import Floats
from tasks.geotag._gazetteer import Gazetteer, GazetteerPlace
from tasks.geotag._keys import name_key
from tasks.geotag._sphere import closeness, unit_vectors
from tasks.stage import StageInput

REMEMBERED: Final = frozenset({PlaceKind.ADMIN1, PlaceKind.ADMIN2, PlaceKind.CITY, PlaceKind.SITE})
"""Kinds that say where a paper is read; every paper writes of countries."""
PLACES_A_LESSON: Final = 12
"""The most that one article may teach: a list of towns is no portrait of a source."""
SURE_FROM: Final = 0.5
HALF_LIFE: Final = 32
"""Articles after which one counts half (opinion: LGL has at most 13 articles of a source)."""
PRIOR_MASS: Final = 1.5
"""Mass of a memory that is half believed: about one article with two places."""
HOME_MASS: Final = 12.0
"""Places that a home which somebody set is worth."""
LISTED_HOME_MASS: Final = 4.0
"""The same for a home that the gazetteer lists: those of national papers are but where they are printed."""
HOSTS_CACHED: Final = 4_096
ID_CHARS: Final = 8
"""Characters of the article's id that are kept to tell an article's own lesson from others."""


def lesson(ref: Ref, geotags: Geotags) -> str:
    """What a source's memory keeps of an article: name, place and mass of its surest places, as JSON."""
    found = {
        (name_key(mention.text), place.geoname_id): mention.confidence
        for place in geotags.places
        if place.kind in REMEMBERED
        for mention in place.mentions
        if mention.confidence >= SURE_FROM
    }
    if not found:
        return ""
    surest = sorted(found.items(), key=lambda item: (-item[1], item[0]))[:PLACES_A_LESSON]
    rows = [[key, place, round(mass, 2)] for (key, place), mass in surest]
    return json.dumps([ref.article_id[:ID_CHARS], *rows], ensure_ascii=False, separators=(",", ":"))


@dataclass(frozen=True, slots=True)
class _Entry:
    key: str
    place: GazetteerPlace
    mass: float


@dataclass(frozen=True, slots=True)
class Named:
    """The places that one article of a source named, or its home."""

    places: tuple[GazetteerPlace, ...]
    weight: float
    """1 for the most recent article; for a home how many articles it is worth."""


class Memory:
    """The memory of one source, as the candidates of its article are held against it."""

    def __init__(self, entries: Sequence[_Entry], named: Sequence[Named], articles: int, home: int | None) -> None:
        self.articles = articles
        self.home = home
        self.named = named
        """What each article named, and last its home, if that is known."""
        self._entries: dict[str, list[tuple[int, _Entry]]] = defaultdict(list)
        self._countries: dict[str | None, float] = defaultdict(float)
        self._divisions: dict[str | None, float] = defaultdict(float)
        for at, entry in enumerate(entries):
            self._entries[entry.key].append((at, entry))
            self._countries[entry.place.country] += entry.mass
            self._divisions[entry.place.admin1_code] += entry.mass
        self._countries.pop(None, None)
        self._divisions.pop(None, None)
        self._mass = np.array([entry.mass for entry in entries])
        self._total = float(self._mass.sum())
        self._vectors = unit_vectors([entry.place for entry in entries])
        most = max((mass for code, mass in self._divisions.items() if code), default=0.0)
        self.concentration = most / (self._total + PRIOR_MASS)
        """Share of the leading division: near 1 for a local paper, near 0 for one that is read everywhere."""

    def shares(
        self, key: str, places: Sequence[GazetteerPlace], divisions: Sequence[str | None], vectors: Floats
    ) -> Floats:
        """For each bearer of a name the shares of the memory, other names only, in its country, division, vicinity.

        `divisions` and `vectors` are those of `Bearers`.

        That of the country counts as far as the memory is concentrated: the BBC writes most of British places and means
        the Paris in France.
        """
        own = self._entries.get(key, ())
        mass = self._mass
        if own:
            mass = mass.copy()
            mass[[at for at, _ in own]] = 0.0
            rows = [
                (self._in_country(place, own) * self.concentration, self._in_division(place, own)) for place in places
            ]
        else:
            rows = [
                (self._countries.get(place.country, 0.0) * self.concentration, self._divisions.get(code, 0.0))
                for place, code in zip(places, divisions, strict=True)
            ]
        near = closeness(vectors, self._vectors) @ mass
        rest = self._total - sum(entry.mass for _, entry in own)
        found: Floats = np.empty((len(places), 3))
        found[:, :2] = np.array(rows).reshape(-1, 2)
        found[:, 2] = near
        return found / (rest + PRIOR_MASS)

    def _in_country(self, place: GazetteerPlace, own: Sequence[tuple[int, _Entry]]) -> float:
        if place.country is None:
            return 0.0
        itself = sum(entry.mass for _, entry in own if entry.place.country == place.country)
        return self._countries.get(place.country, 0.0) - itself

    def _in_division(self, place: GazetteerPlace, own: Sequence[tuple[int, _Entry]]) -> float:
        code = place.admin1_code
        if code is None:
            return 0.0
        return self._divisions.get(code, 0.0) - sum(entry.mass for _, entry in own if entry.place.admin1_code == code)


def memory_of(article: StageInput, gazetteer: Gazetteer, *, listed_homes: bool = True) -> Memory | None:
    """What is known of an article's source, or nothing. The article's own lesson is left out.

    The home is the operator's, else the one that the gazetteer lists for the host.
    """
    stored = article.memory
    if stored is None:
        return _home_alone(article.source, gazetteer) if listed_homes and article.source else None
    own = article.ref.article_id[:ID_CHARS]
    lessons = [json.loads(text) for text in stored.lessons]
    taught = [_taught(rows, gazetteer) for taught_by, *rows in lessons if taught_by != own]
    named = [
        Named(tuple({entry.place.id: entry.place for entry in entries}.values()), 0.5 ** (age / HALF_LIFE))
        for age, entries in enumerate(reversed(taught))
    ]
    mass: dict[tuple[str, int], float] = defaultdict(float)
    for entries, one in zip(reversed(taught), named, strict=True):
        for entry in entries:
            mass[entry.key, entry.place.id] += entry.mass * one.weight
    home, worth = _home_of(article, gazetteer, listed_homes=listed_homes)
    if home is not None:
        mass["", home.id] = worth
        named.append(Named((home,), worth))
    places = {place.id: place for one in named for place in one.places}
    known = [_Entry(key, places[place_id], amount) for (key, place_id), amount in mass.items()]
    return Memory(known, named, len(taught), stored.home) if known else None


def _taught(rows: Sequence[tuple[str, int, float]], gazetteer: Gazetteer) -> list[_Entry]:
    """What a lesson says of places that the gazetteer of today knows."""
    found = ((key, gazetteer.place(place_id), amount) for key, place_id, amount in rows)
    return [_Entry(key, place, amount) for key, place, amount in found if place is not None]


def _home_of(article: StageInput, gazetteer: Gazetteer, *, listed_homes: bool) -> tuple[GazetteerPlace | None, float]:
    """The home that an operator set, else the one that the gazetteer lists, and what it is worth."""
    set_home = article.memory.home if article.memory else None
    if set_home is not None:
        return gazetteer.place(set_home), HOME_MASS
    listed = gazetteer.home(article.source) if listed_homes and article.source else None
    return None if listed is None else gazetteer.place(listed), LISTED_HOME_MASS


@lru_cache(maxsize=HOSTS_CACHED)
def _home_alone(source: str, gazetteer: Gazetteer) -> Memory | None:
    """The memory of a source of which nothing is stored: nothing but the home that the gazetteer lists."""
    listed = gazetteer.home(source)
    place = None if listed is None else gazetteer.place(listed)
    if place is None:
        return None
    return Memory([_Entry("", place, LISTED_HOME_MASS)], [Named((place,), LISTED_HOME_MASS)], 0, None)
