"""How sure a choice is: a small logistic model over what its probability rests on.

The ranking asks which candidate is best; it is too sure of a name that stands alone, since any namesake could be meant,
and not sure enough of one that the article's other names or its source's memory agree with.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from benchmarks.geotag_corpora import NEAR_KM, kilometres
from tasks.geotag import Floats, Weights, grounds, rank
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
    table = one.prepared.table
    if not len(table.group):
        return []
    ranked = rank(table, weights)
    rows = {spot.start: row for row, at in enumerate(one.prepared.ranked) for spot in one.prepared.groups[at].spots}
    found = []
    for gold in document["mentions"]:
        row = rows.get(gold["start"])
        if gold.get("geonameid") is None or row is None:
            continue
        own = np.flatnonzero(table.group == row)
        best = int(own[np.argmax(ranked.probability[own])])
        place = table.options[row].places[best - int(own[0])]
        near = kilometres(place.latitude, place.longitude, gold["lat"], gold["lon"]) <= NEAR_KM
        probability = float(ranked.probability[best])
        why = grounds(probability, table.evidence[best], ranked.context[best], only=len(own) == 1)
        found.append(Choice(why, place.id == gold["geonameid"] or near, probability))
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
