"""Profiles: the few terms by which two articles about one event know each other, with how much each says."""

import struct
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from math import log
from typing import Final

import xxhash

from tasks.dedupe._scene import Scene, pack_scene, scene_size, unpack_scene
from tasks.dedupe._setting import Setting, setting_size, unpack_setting
from tasks.dedupe._story_terms import Kind, Said

MOST_TERMS: Final = 48
"""With 32 the web stories of the development half come out .006 worse, with 64 .002 better (B-cubed F1, unseen)."""
INDEXED_TERMS: Final = 32
"""By the weightiest of them an article is found; the others only tell how alike two articles are."""
_VERSION: Final = b"\x05"
_WITHOUT_SETTING: Final = b"\x04"
_WITHOUT_SCENE: Final = frozenset({b"\x02", b"\x03"})
"""Version 4 knew no setting, 3 no scene either, and 2 neither places nor persons; their terms still stand."""
_CAPITAL_FACTOR: Final = 1.35
_BACKGROUND: Final = 300
"""Articles that the general frequencies count as, beside those that the index has seen."""
_SCALE: Final = 8
_RARITY_STEP: Final = 1 / 100
_OFTEN_STEP, _OFTEN_STEPS = 1 / 3, 15
_TERM: Final = struct.Struct("<BHBB")


@dataclass(frozen=True, slots=True)
class Term:
    """One term of a profile."""

    rarity: float
    """From 0 (stands in every article) to about 1."""
    often: float
    kind: Kind
    in_title: bool

    @property
    def weight(self) -> float:
        """How much the term says of what the article is about."""
        return self.rarity * self.often


Profile = dict[int, Term]
"""Terms by their 24-bit hashes, the weightiest first."""
Sayings = dict[int, Said]
"""The same before it is known how many articles of the index say each."""


@dataclass(frozen=True, slots=True)
class Counts:
    """In how many of its articles the index has each term."""

    articles: int
    terms: Mapping[int, int]

    def rarity(self, term: int, chance: float) -> float:
        """How rare a term is: what is known of the language in general, until the index knows better."""
        seen = self.terms.get(term, 0) + _BACKGROUND * chance
        return max(0.0, -log(seen / (self.articles + _BACKGROUND))) / _SCALE


def chosen(terms: Mapping[str, Said]) -> Sayings:
    """The weightiest terms, going by the language in general."""
    best = sorted(terms, key=lambda term: (-_weight(terms[term]), term))[:MOST_TERMS]
    return {_hash(term): terms[term] for term in best}


def weighed(sayings: Mapping[int, Said], counts: Counts) -> Profile:
    """The profile of an article among those of the index."""
    return {
        key: Term(
            rarity=min(255, round(counts.rarity(key, said.chance) / _RARITY_STEP)) * _RARITY_STEP,
            often=1 + _often_step(said.often) * _OFTEN_STEP,
            kind=said.kind,
            in_title=said.in_title,
        )
        for key, said in sayings.items()
    }


def pack_profile(profile: Profile, scene: Scene, setting: bytes) -> bytes:
    """A byte of version, the scene, the packed setting, then five bytes for each term."""
    terms = b"".join(
        _TERM.pack(
            key >> 16, key & 0xFFFF, round(term.rarity / _RARITY_STEP),
            _often_step(term.often) << 4 | term.kind << 1 | term.in_title,
        )
        for key, term in profile.items()
    )  # fmt: skip
    return _VERSION + pack_scene(scene) + setting + terms


def unpack_profile(data: bytes) -> tuple[Profile, Scene, Setting]:
    """What `pack_profile` was given; nothing where a version packed it that is not read."""
    version, rest, scene, setting = data[:1], data[1:], Scene(), Setting()
    if version not in {_VERSION, _WITHOUT_SETTING, *_WITHOUT_SCENE}:
        return {}, scene, setting
    if version not in _WITHOUT_SCENE:
        scene, rest = unpack_scene(rest), rest[scene_size(rest) :]
    if version == _VERSION:
        setting, rest = unpack_setting(rest), rest[setting_size(rest) :]
    if len(rest) % _TERM.size:
        return {}, Scene(), Setting()
    terms = {high << 16 | low: _term(rarity, flags) for high, low, rarity, flags in _TERM.iter_unpack(rest)}
    return terms, scene, setting


@cache
def _term(rarity: int, flags: int) -> Term:
    """One of the 65,536 terms that two bytes can tell, made once."""
    return Term(rarity * _RARITY_STEP, 1 + (flags >> 4) * _OFTEN_STEP, Kind(flags >> 1 & 7), bool(flags & 1))


def _weight(said: Said) -> float:
    weight = said.often * -log(said.chance)
    return weight * _CAPITAL_FACTOR if said.kind is Kind.CAPITAL else weight


def _often_step(often: float) -> int:
    return max(0, min(_OFTEN_STEPS, round((often - 1) / _OFTEN_STEP)))


def _hash(term: str) -> int:
    return xxhash.xxh3_64_intdigest(term.encode()) & 0xFF_FFFF
