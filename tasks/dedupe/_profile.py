"""Profiles: the few terms by which two articles about one event know each other, with how much each says."""

import re
import struct
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from math import log
from typing import Final

import xxhash

from schemas import CleanText, Entities, Label

MOST_TERMS: Final = 32
_READ: Final = 20_000
"""Code points of a text that are read: what an article is about stands at its beginning."""
_LEAD_WORDS: Final = 80
_STEM: Final = 6
_MIN_LETTERS: Final = 3
_NUMBER_WEIGHT: Final = 4.5
_NAME_WEIGHT: Final = 5.5
"""Of a number, and of a name of several words; the weight of a word is how rare it is, from 0 to about 7."""
_CAPITAL_FACTOR: Final = 1.35
_TITLE_COUNT: Final = 2.0
_LEAD_COUNT: Final = 1.5
_STEP: Final = 1 / 12
"""Weights are kept as multiples of this, in one byte."""
_WORDS: Final = re.compile(r"[^\W\d_]+|\d[\d,.]*\d|\d")
_NAMES: Final = re.compile(r"(?:[A-Z][\w'’-]+)(?: (?:[A-Z]\. )?[A-Z][\w'’-]+)+")
_CAPITALS: Final = re.compile(r"(?<=[a-z,;] )[A-Z][a-z]{2,}")
_NAMING: Final = frozenset({Label.PERSON, Label.ORG, Label.LOC, Label.EVENT})
_IN_TITLE, _IS_NAME, _IS_NUMBER = 1, 2, 4
_TERM: Final = struct.Struct("<BHBB")


@dataclass(frozen=True, slots=True)
class Term:
    """One term of a profile."""

    weight: float
    in_title: bool
    is_name: bool
    is_number: bool


Profile = dict[int, Term]
"""Terms by their 24-bit hashes, the weightiest first."""


def profile_of(clean: CleanText, entities: Entities | None, *, title_only: bool) -> Profile:
    """The weightiest terms of an article. `title_only`: its body says nothing of its headline."""
    title, text = clean.title or "", "" if title_only else clean.text[:_READ]
    counts: Counter[str] = Counter()
    for place, word in enumerate(_terms(text)):
        counts[word] += _LEAD_COUNT if place <= _LEAD_WORDS else 1  # type: ignore[assignment]
    in_title = set(_terms(title))
    for word in in_title:
        counts[word] += _TITLE_COUNT  # type: ignore[assignment]
    counts.update(_names(f"{title}\n{text}", None if title_only else entities))
    capitals = {found.lower()[:_STEM] for found in _CAPITALS.findall(text)}
    weighed = {term: (1 + log(count)) * _rarity(term, capitals) for term, count in counts.items()}
    best = sorted(weighed, key=lambda term: (-weighed[term], term))[:MOST_TERMS]
    return {
        _hash(term): Term(
            weight=_rounded(weighed[term]),
            in_title=term in in_title,
            is_name=term.startswith("@"),
            is_number=term.startswith("#") and len(term) > 2,  # noqa: PLR2004 - one digit says little
        )
        for term in best
    }


def pack_profile(profile: Profile) -> bytes:
    """Five bytes for each term."""
    return b"".join(
        _TERM.pack(
            key >> 16, key & 0xFFFF, round(term.weight / _STEP),
            term.in_title * _IN_TITLE | term.is_name * _IS_NAME | term.is_number * _IS_NUMBER,
        )
        for key, term in profile.items()
    )  # fmt: skip


def unpack_profile(data: bytes) -> Profile:
    """What `pack_profile` was given."""
    return {
        high << 16 | low: Term(
            weight * _STEP, bool(flags & _IN_TITLE), bool(flags & _IS_NAME), bool(flags & _IS_NUMBER)
        )
        for high, low, weight, flags in _TERM.iter_unpack(data)
    }


def _terms(text: str) -> Iterator[str]:
    for word in _WORDS.findall(text):
        if word[0].isdigit():
            yield f"#{word}"
        elif len(word) >= _MIN_LETTERS:
            yield word.lower()[:_STEM]
        elif not word.isascii():
            # Scripts without spaces give long words, and languages with short ones are worth keeping.
            yield word


def _names(text: str, entities: Entities | None) -> set[str]:
    found = {f"@{name.lower()}" for name in _NAMES.findall(text)}
    if entities:
        found |= {
            f"@{entity.name.lower()}" for entity in entities.entities if entity.label in _NAMING and " " in entity.name
        }
    return found


def _rarity(term: str, capitals: set[str]) -> float:
    if term[0] in "@#":
        return _NAME_WEIGHT if term[0] == "@" else _NUMBER_WEIGHT
    documents, frequencies = _frequencies()
    rarity = log((documents + 1) / (frequencies.get(term, 0) + 1))
    return rarity * _CAPITAL_FACTOR if term in capitals else rarity


def _rounded(weight: float) -> float:
    return min(255, round(weight / _STEP)) * _STEP


def _hash(term: str) -> int:
    return xxhash.xxh3_64_intdigest(term.encode()) & 0xFF_FFFF


@cache
def _frequencies() -> tuple[int, dict[str, int]]:
    """In how many of how many Wikipedia articles each stem stands; see the header of the table for its source."""
    rows = (files("tasks.dedupe") / "data" / "stem_frequencies.tsv").read_text("utf-8").splitlines()
    table = dict(row.split("\t") for row in rows if not row.startswith("#"))
    frequencies = {stem: int(count) for stem, count in table.items()}
    return frequencies.pop("*"), frequencies
