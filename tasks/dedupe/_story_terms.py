"""The terms of an article by which its story is known: stems, names, numbers, ages, days, places and persons. Pure."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum
from functools import cache
from importlib.resources import files
from math import log
from typing import Final

from schemas import CleanText, Entities, Geotags, Label, Mention, Part, Place, PlaceKind
from tasks.dedupe._scene import Scene, scene_of
from tasks.dedupe._story_days import days_of, writes_day_first

_READ: Final = 20_000
"""Code points of a text that are read: what an article is about stands at its beginning."""
_DAYS_READ: Final = 3_000
_DAY: Final = 86_400
_LEAD_WORDS: Final = 80
_STEM: Final = 6
_MIN_LETTERS: Final = 3
_TITLE_COUNT: Final = 2
_LEAD_COUNT: Final = 1.5
_SAID_OFTEN: Final = 2.0
"""How often an age or a day counts as said, on the scale of 1 + ln(count)."""
_WORDS: Final = re.compile(r"[^\W\d_]+|\d[\d,.]*\d|\d")
_NAMES: Final = re.compile(r"(?:[A-Z][\w'’-]+)(?: (?:[A-Z]\. )?[A-Z][\w'’-]+)+")
_CAPITALS: Final = re.compile(r"(?<=[a-z,;] )[A-Z][a-z]{2,}")
_AGES: Final = re.compile(r"\b(\d{1,3})[- ](?:year|month)s?[- ]olds?\b|, (\d{1,2}),|\baged? (\d{1,2})\b")
_WEEKDAY_STEMS: Final = frozenset({"monday", "tuesda", "wednes", "thursd", "friday", "saturd", "sunday"})
_NAMING: Final = frozenset({Label.PERSON, Label.ORG, Label.LOC, Label.EVENT})
_LEAST_CHANCE: Final = 1e-4


class Kind(IntEnum):
    """What a term is."""

    WORD = 0
    CAPITAL = 1
    """A word that stands with a capital inside a sentence: one half of a name."""
    NAME = 2
    """A name of several words."""
    NUMBER = 3
    AGE = 4
    DAY = 5
    """A day that the article speaks of."""
    PLACE = 6
    """A resolved place, smaller than a country."""
    PERSON = 7
    """The last part of a person's name."""


_CHANCE: Final = {Kind.NAME: 2e-4, Kind.AGE: 0.02, Kind.DAY: 0.01, Kind.PLACE: 0.01, Kind.PERSON: 2e-3}
"""In which share of all articles a term of the kind stands, about; a word's is counted (`_frequencies`)."""
_CHANCE_OF_NUMBER: Final = {1: 0.3, 2: 0.1}
_CHANCE_OF_YEAR, _CHANCE_OF_LONG_NUMBER = 0.1, 0.01
_CHANCE_OF_REGION: Final = 0.05
_SURE_PLACE: Final = 0.4
_WIDE: Final = frozenset({PlaceKind.COUNTRY, PlaceKind.CONTINENT})
"""Kinds of places that too many events share."""


@dataclass(frozen=True, slots=True)
class Said:
    """A term of one article."""

    often: float
    """1 + ln(count), where what stands in the headline or the lead counts more."""
    kind: Kind
    in_title: bool
    chance: float
    """In which share of all articles it is expected, before any was seen."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What the earlier stages made of an article; of what did not run, nothing is known."""

    clean: CleanText
    entities: Entities | None = None
    geotag: Geotags | None = None
    source: str | None = None
    """Its host."""


def terms_of(reading: Reading, published: datetime | None, *, title_only: bool) -> dict[str, Said]:
    """Everything that an article says. `title_only`: its body says nothing of its headline."""
    clean = reading.clean
    title, text = clean.title or "", "" if title_only else clean.text[:_READ]
    counts = _counted(title, text)
    counts.update(_names(f"{title}\n{text}", None if title_only else reading.entities))
    in_title, capitals = set(_words(title)), {found.lower()[:_STEM] for found in _CAPITALS.findall(text)}
    said = {
        term: _said(term, 1 + log(count), capitals, in_title)
        for term, count in counts.items()
        # A weekday says which day once the day of publication is known.
        if not (published and term in _WEEKDAY_STEMS)
    }
    for age in dict.fromkeys(_ages(f"{title}\n{text}")):
        said.pop(f"#{age}", None)
        said[f"~{age}"] = Said(_SAID_OFTEN, Kind.AGE, in_title=False, chance=_CHANCE[Kind.AGE])
    day_first = writes_day_first(clean.language, reading.source)
    beginning = _beginning(reading, title_only=title_only)
    for day in days_of(beginning, published, day_first=day_first) if published else ():
        said[f"^{day}"] = Said(_SAID_OFTEN, Kind.DAY, in_title=False, chance=_CHANCE[Kind.DAY])
    said.update(_places(reading.geotag, title_only=title_only))
    said.update(_persons(reading.entities, title_only=title_only))
    return said


def scene_in(reading: Reading, said: Mapping[str, Said], published: datetime | None, *, title_only: bool) -> Scene:
    """When and where exactly an article says that something happened; the days are among its terms."""
    last = published.timestamp() // _DAY + 1 if published else 0
    days = (day for day in (int(term[1:]) for term in said if term[0] == "^") if day <= last)
    return scene_of(_beginning(reading, title_only=title_only), days, english=reading.clean.language in {None, "en"})


def _beginning(reading: Reading, *, title_only: bool) -> str:
    return f"{reading.clean.title or ''}\n{'' if title_only else reading.clean.text[:_DAYS_READ]}"


def _counted(title: str, text: str) -> Counter[str]:
    counts: Counter[str] = Counter()
    for place, word in enumerate(_words(text)):
        counts[word] += _LEAD_COUNT if place <= _LEAD_WORDS else 1  # type: ignore[assignment]
    for word in set(_words(title)):
        counts[word] += _TITLE_COUNT
    return counts


def _words(text: str) -> Iterator[str]:
    for word in _WORDS.findall(text):
        if word[0].isdigit():
            yield f"#{word}"
        elif len(word) >= _MIN_LETTERS:
            yield word.lower()[:_STEM]
        elif not word.isascii():
            # Scripts without spaces give long words, and languages with short ones are worth keeping.
            yield word


def _said(term: str, often: float, capitals: set[str], in_title: set[str]) -> Said:
    kind = Kind.CAPITAL if term in capitals else {"@": Kind.NAME, "#": Kind.NUMBER}.get(term[0], Kind.WORD)
    return Said(often, kind, term in in_title, _chance(term, kind))


def _chance(term: str, kind: Kind) -> float:
    if kind is Kind.NUMBER:
        if len(term) == 5 and term[1:3] in {"19", "20"}:  # noqa: PLR2004 - "#" and four digits
            return _CHANCE_OF_YEAR
        return _CHANCE_OF_NUMBER.get(len(term) - 1, _CHANCE_OF_LONG_NUMBER)
    if kind in _CHANCE:
        return _CHANCE[kind]
    documents, frequencies = _frequencies()
    return max(_LEAST_CHANCE, (frequencies.get(term, 0) + 0.5) / (documents + 1))


def _names(text: str, entities: Entities | None) -> set[str]:
    found = {f"@{name.lower()}" for name in _NAMES.findall(text)}
    if entities:
        found |= {
            f"@{entity.name.lower()}" for entity in entities.entities if entity.label in _NAMING and " " in entity.name
        }
    return found


def named_places(
    geotag: Geotags | None, *, title_only: bool, title_counts: int = _TITLE_COUNT
) -> Iterator[tuple[Place, int]]:
    """Places smaller than a country that an article surely names, and how often; the headline counts as so often."""
    for place in geotag.places if geotag else ():
        count = _count(place.mentions, title_only=title_only, title_counts=title_counts)
        if count and place.kind not in _WIDE and place.confidence >= _SURE_PLACE:
            yield place, count


def _places(geotag: Geotags | None, *, title_only: bool) -> Iterator[tuple[str, Said]]:
    """By their ids: the same name in two states is two places, two names of one town are one."""
    for place, count in named_places(geotag, title_only=title_only):
        chance = _CHANCE_OF_REGION if place.kind is PlaceKind.ADMIN1 else _CHANCE[Kind.PLACE]
        yield f"+{place.geoname_id}", Said(1 + log(count), Kind.PLACE, in_title=False, chance=chance)


def _persons(entities: Entities | None, *, title_only: bool) -> Iterator[tuple[str, Said]]:
    """By the name that all outlets use, however they begin it: victims and suspects are nearly unique."""
    for entity in entities.entities if entities else ():
        family = entity.name.lower().rsplit(maxsplit=1)[-1]
        if entity.label is not Label.PERSON or len(family) < _MIN_LETTERS:
            continue
        if count := _count(entity.mentions, title_only=title_only):
            yield f"%{family}", Said(1 + log(count), Kind.PERSON, in_title=False, chance=_CHANCE[Kind.PERSON])


def _count(mentions: Sequence[Mention], *, title_only: bool, title_counts: int = _TITLE_COUNT) -> int:
    """How often something is named, where a mention in the headline counts more."""
    in_title = sum(mention.part is Part.TITLE for mention in mentions)
    return (0 if title_only else len(mentions) - in_title) + title_counts * bool(in_title)


def _ages(text: str) -> Iterator[str]:
    for found in _AGES.finditer(text):
        yield next(group for group in found.groups() if group)


@cache
def _frequencies() -> tuple[int, dict[str, int]]:
    """In how many of how many Wikipedia articles each stem stands; see the header of the table for its source."""
    rows = (files("tasks.dedupe") / "data" / "stem_frequencies.tsv").read_text("utf-8").splitlines()
    table = dict(row.split("\t") for row in rows if not row.startswith("#"))
    frequencies = {stem: int(count) for stem, count in table.items()}
    return frequencies.pop("*"), frequencies
