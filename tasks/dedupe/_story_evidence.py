"""What speaks for two articles telling one story, as numbers with names; and how they are weighed. Pure."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from math import log, log1p, sqrt
from typing import Final

from tasks.dedupe._profile import Profile

EVIDENCE: Final = (
    "cosine",
    "cosine_root",
    "cosine_squared",
    "names_rare",
    "names",
    "numbers",
    "titles",
    "titles_rare",
    "title_missing",
    "title_in_other",
    "gap",
    "gap_by_cosine",
    "later",
    "much_later_by_cosine",
)
"""The names of the evidence, in its order."""
_DAY: Final = 86_400
_MOST_GAP: Final = 4.2
_LATER_DAYS, _MUCH_LATER_DAYS = 3, 14
_MOST_SHARED: Final = 4
_SMOOTH_ALL, _SMOOTH_ONE = 50, 2
"""So that the first articles of an empty index are not all about something rare."""


@dataclass(frozen=True, slots=True)
class Rarity:
    """How rare the terms of one article are among the articles of the window."""

    articles: int
    counts: Mapping[int, int]

    def of(self, term: int) -> float:
        """From 0 (in every article) to 1 (in none)."""
        return max(0.0, log((self.articles + _SMOOTH_ALL) / (self.counts.get(term, 0) + _SMOOTH_ONE))) / log(
            self.articles + _SMOOTH_ALL
        )


@dataclass(frozen=True, slots=True)
class StoryWeights:
    """A logistic regression over `EVIDENCE`."""

    version: str
    weights: tuple[float, ...]
    bias: float
    join: float
    """Log-odds from which an article joins a story."""
    merge: float
    """Log-odds from which a second story turns out to be the same one."""


def story_evidence(own: Profile, other: Profile, rarity: Rarity, seconds_apart: float) -> tuple[float, ...]:
    """The numbers of `EVIDENCE` about two articles."""
    rare = {term: rarity.of(term) for term in own}
    shared = [term for term in own if term in other]
    cosine = _cosine(own, other, rare, rarity)
    names = [rare[term] for term in shared if own[term].is_name]
    numbers = sum(own[term].is_number for term in shared)
    own_title = [rare[term] for term in own if own[term].in_title]
    other_title = [rarity.of(term) for term in other if other[term].in_title]
    titles = sum(rare[term] for term in shared if own[term].in_title and other[term].in_title)
    least = min(sum(own_title), sum(other_title))
    gap = min(log1p(seconds_apart / _DAY), _MOST_GAP)
    return (
        cosine,
        sqrt(cosine),
        cosine * cosine,
        sum(names),
        min(len(names), _MOST_SHARED),
        min(numbers, _MOST_SHARED),
        titles / least if least else 0.0,
        min(titles, _MOST_SHARED),
        float(not least),
        _least_found(own, other, rarity),
        gap,
        cosine * gap,
        float(seconds_apart > _LATER_DAYS * _DAY),
        cosine * (seconds_apart > _MUCH_LATER_DAYS * _DAY),
    )


def odds(facts: tuple[float, ...], weights: StoryWeights) -> float:
    """How much speaks for one story; 0 is even."""
    return weights.bias + sum(map(float.__mul__, weights.weights, map(float, facts)))


def _cosine(own: Profile, other: Profile, rare: Mapping[int, float], rarity: Rarity) -> float:
    dot = sum(own[term].weight * other[term].weight * rare[term] ** 2 for term in own if term in other)
    if not dot:
        return 0.0
    squares = sum((term.weight * rare[key]) ** 2 for key, term in own.items())
    squares *= sum((term.weight * rarity.of(key)) ** 2 for key, term in other.items())
    return min(1.0, dot / sqrt(squares))


def _least_found(own: Profile, other: Profile, rarity: Rarity) -> float:
    """Which share of one headline the other article speaks of; of both directions the smaller one."""
    return min(_found(own, other, rarity), _found(other, own, rarity))


def _found(headed: Profile, body: Profile, rarity: Rarity) -> float:
    title = {key: rarity.of(key) for key, term in headed.items() if term.in_title}
    total = sum(title.values())
    return sum(value for key, value in title.items() if key in body) / total if total else 0.0


@cache
def shipped() -> StoryWeights:
    """The weights beside this module."""
    data = json.loads((files("tasks.dedupe") / "data" / "stories.json").read_text("utf-8"))
    if list(data["evidence"]) != list(EVIDENCE):
        raise ValueError("the weights of stories are not those of this evidence; run `make train-dedupe`")
    weights = tuple(float(weight) for weight in data["evidence"].values())
    return StoryWeights(data["version"], weights, float(data["bias"]), float(data["join"]), float(data["merge"]))
