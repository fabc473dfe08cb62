"""The verifier: weighs the evidence that two articles are one report. Its weights are a JSON that can be reviewed.

A logistic regression: each number of the evidence counts with its weight, and the sum is the log-odds of a copy
(`training/dedupe` fits it, and the README of this stage says on what and how well).
"""

import json
from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from math import exp
from typing import Final

from tasks.dedupe._evidence import ASPECTS, Evidence
from tasks.dedupe._guards import Guard

_NOTABLE: Final = 1.0
"""Log-odds by which an aspect must fall behind that of a usual copy to be named as a reason."""
_REASONS: Final = {
    "text": Guard.TEXTS_DIFFER,
    "length": Guard.TEXTS_DIFFER,
    "headline": Guard.HEADLINES_DIFFER,
    "numbers": Guard.NUMBERS_DIFFER,
    "names": Guard.NAMES_DIFFER,
    "time": Guard.TOO_FAR_APART,
}


@dataclass(frozen=True, slots=True)
class Weights:
    """One weight for each number of the evidence, and what that number is in a usual copy."""

    version: str
    weights: tuple[float, ...]
    usual: tuple[float, ...]
    bias: float
    threshold: float
    """Log-odds from which two articles count as copies."""


def log_odds(evidence: Evidence, weights: Weights) -> float:
    """How much speaks for a copy; 0 is even."""
    return weights.bias + sum(map(float.__mul__, weights.weights, evidence))


def confidence(odds: float) -> float:
    """The log-odds as a probability."""
    return 1 / (1 + exp(-max(-30.0, min(30.0, odds))))


def reasons(evidence: Evidence, weights: Weights) -> tuple[Guard, ...]:
    """The aspects that made a candidate fall behind a usual copy, the weightiest first."""
    behind: defaultdict[Guard, float] = defaultdict(float)
    rows = zip(ASPECTS.values(), weights.weights, evidence, weights.usual, strict=True)
    for aspect, weight, value, usual in rows:
        if aspect in _REASONS:
            behind[_REASONS[aspect]] += weight * (value - usual)
    ranked = sorted(behind, key=lambda guard: behind[guard])
    notable = tuple(guard for guard in ranked if behind[guard] <= -_NOTABLE)
    return notable or tuple(ranked[:1])


@cache
def shipped() -> Weights:
    """The weights beside this module."""
    return parse((files("tasks.dedupe") / "data" / "verifier.json").read_text("utf-8"))


def parse(text: str) -> Weights:
    """Read weights.

    Raises:
        ValueError: They are not those of this evidence: run ``make train-dedupe``.
    """
    data = json.loads(text)
    rows = data["evidence"]
    if list(rows) != list(ASPECTS):
        raise ValueError("the weights of the verifier are not those of this evidence; run `make train-dedupe`")
    return Weights(
        version=data["version"],
        weights=tuple(float(row["weight"]) for row in rows.values()),
        usual=tuple(float(row["usual"]) for row in rows.values()),
        bias=float(data["bias"]),
        threshold=float(data["threshold"]),
    )
