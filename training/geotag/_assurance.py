"""How sure a choice is: a small logistic model over what its probability rests on.

The ranking asks which candidate is best; it is too sure of a name that stands alone, since any namesake could be meant,
and not sure enough of one that the article's other names or its source's memory agree with.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from benchmarks.geotag_corpora import NEAR_KM, input_of, kilometres
from benchmarks.gold_places import Article, marked
from tasks.geotag import (
    Floats,
    Gazetteer,
    GazetteerPlace,
    Prepared,
    Weights,
    grounds_at,
    outlet_of,
    place_of,
    prepare,
    rank,
)
from training.geotag._corpus import Lesson

RIDGE: Final = 1.0
"""Precision of the prior around nothing, in units of each part's spread."""
STEPS: Final = 30


@dataclass(frozen=True, slots=True, eq=False)
class Choice:
    """The likeliest candidate of a gold mention: the grounds on which it was chosen, and whether it is right."""

    grounds: Floats
    is_right: bool
    probability: float


def choices(document: dict[str, Any], one: Lesson, weights: Weights) -> list[Choice]:
    """What the ranking chooses for every gold mention of an article that has candidates."""
    golds = {gold["start"]: gold for gold in document["mentions"] if gold.get("geonameid") is not None}

    def is_right(place: GazetteerPlace, start: int) -> bool:
        gold = golds[start]
        near = kilometres(place.latitude, place.longitude, gold["lat"], gold["lon"]) <= NEAR_KM
        return place.id == gold["geonameid"] or near

    return _choices(one.prepared, weights, list(golds), is_right)


def own_choices(article: Article, gazetteer: Gazetteer, weights: Weights) -> list[Choice]:
    """The same for an article of our own, whose gold says itself how near is near enough."""
    given = input_of(article.document, marked(article))
    assert given.clean is not None
    assert given.entities is not None
    prepared = prepare(given.clean, given.entities, gazetteer, outlet_of(given, gazetteer), weights)
    golds = {gold.start: gold for gold in article.golds if not gold.optional}
    return _choices(prepared, weights, list(golds), lambda place, start: golds[start].means(place_of(place, gazetteer)))


def _choices(
    prepared: Prepared, weights: Weights, starts: Sequence[int], is_right: Callable[[GazetteerPlace, int], bool]
) -> list[Choice]:
    """The likeliest candidate of each mention that starts at one of the places and has candidates."""
    table = prepared.table
    if not len(table.group):
        return []
    ranked = rank(table, weights)
    rows = {spot.start: row for row, at in enumerate(prepared.ranked) for spot in prepared.groups[at].spots}
    found = []
    for start in starts:
        row = rows.get(start)
        if row is None:
            continue
        own = table.rows[row]
        option = int(ranked.probability[own.start : own.stop].argmax())
        best = own.start + option
        place = table.options[row].places[option]
        why = grounds_at(table, ranked, row, best)
        found.append(Choice(why, is_right(place, start), float(ranked.probability[best])))
    return found


def learn_assurance(known: Sequence[Choice]) -> Floats:
    """The weights of `grounds`, by Newton's method on the logistic loss with a ridge."""
    x = np.array([choice.grounds for choice in known])
    y = np.array([choice.is_right for choice in known], dtype=np.float64)
    spread = np.maximum(x.std(axis=0), 1e-9)
    spread[0] = 1.0
    scaled, ridge = x / spread, RIDGE * np.eye(x.shape[1])
    ridge[0, 0] = 1e-6
    weights = np.zeros(x.shape[1])
    for _ in range(STEPS):
        p = 1.0 / (1.0 + np.exp(-scaled @ weights))
        slope = scaled.T @ (p - y) + ridge @ weights
        weights -= np.linalg.solve((scaled.T * (p * (1.0 - p))) @ scaled + ridge, slope)
    found: Floats = weights / spread
    return found


def assured(known: Sequence[Choice], assurance: Floats) -> list[tuple[float, bool]]:
    """How sure each choice is, before calibration, and whether it was right."""
    return [(float(1.0 / (1.0 + np.exp(-choice.grounds @ assurance))), choice.is_right) for choice in known]
