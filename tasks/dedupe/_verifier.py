"""The verifier: judges weigh the evidence that two articles are one report. All can be reviewed as JSON.

One is a weighed sum, the other a hundred small trees that know what else must hold for a number to count. Their average
decides who shares a cluster: each makes mistakes that the other does not. To hide an article as a copy the trees, the
more careful of the two, must be sure (ADR 23). More trees have seen templates, tomorrow's weather in today's words: to
hide anything they must agree, and where they are against it, articles of one host do not share a cluster either (ADR 27
and 30); where the host has filled such a template before, they must be surer by far (ADR 38). `training/dedupe` fits
them, and the README of this stage says on what and how well.
"""

import json
from collections import defaultdict
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from math import exp
from typing import Final

from tasks.dedupe._evidence import ASPECTS, Evidence
from tasks.dedupe._guards import Guard
from tasks.dedupe._trees import Trees, answer, planted

_HABIT: Final = 3.0
"""Log-odds that a host's habit of filling templates takes from the watchful trees (a twentieth of the odds stays);
chosen on the gold set of our own and on Reuters, whose copies it leaves where they are (ADR 38)."""
_LEAST_SURE: Final = 1.5
_SURE_TOGETHER: Final = 4.0
"""Log-odds of the trees, and of both kinds of them together, that are enough between two hosts: of unseen copies on the
web .890 are called one instead of .873, at no false drop. On one host they bring false drops (ADR 38)."""
_NOTABLE: Final = 1.0
"""Log-odds by which an aspect must fall behind that of a usual copy to be named as a reason."""
_EQUAL: Final = list(ASPECTS).index("equal")
_SAME_HOST: Final = list(ASPECTS).index("same_host")
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
    trees: Trees
    watchful: Trees
    """Of what may be another filling of the same template."""
    threshold: float
    """Log-odds of both judges together from which two articles share a cluster."""
    sure: float
    """Log-odds of the trees from which the later one is a copy, and hidden from who asks for originals."""
    sure_no_template: float
    """Log-odds of the watchful trees that are asked for besides."""
    filling: float
    """Log-odds of the watchful trees below which an article is another filling of its host's template."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """How much speaks for one report; 0 is even."""

    odds: float
    """Log-odds, the average of both judges; of a filling of a template those of the watchful trees."""
    careful: float
    """Log-odds by the trees alone, likewise."""
    watched: float | None = None
    """Log-odds of the watchful trees; ``None`` where they were not asked."""


def judge(evidence: Evidence, weights: Weights) -> Verdict:
    """Weigh the evidence. Whether it is a template's is asked only where it would share a cluster otherwise."""
    weighed = weights.bias + sum(map(float.__mul__, weights.weights, evidence))
    asked = answer(weights.trees, evidence)
    odds = (weighed + asked) / 2
    if odds < weights.threshold or evidence[_SAME_HOST] <= 0 or evidence[_EQUAL]:
        return Verdict(odds, asked)
    watched = answer(weights.watchful, evidence)
    if watched < weights.filling:
        return Verdict(watched, watched, watched)
    return Verdict(odds, asked, watched)


def of_a_habit(verdict: Verdict, weights: Weights) -> Verdict:
    """The verdict where the host has published several articles like this one, none of them a copy of another."""
    if verdict.watched is None:
        return verdict
    watched = verdict.watched - _HABIT
    return Verdict(watched, watched, watched) if watched < weights.filling else replace(verdict, watched=watched)


def may_hide(evidence: Evidence, verdict: Verdict, weights: Weights) -> bool:
    """Whether it is sure enough to hide the later article, and not only to put both into one cluster.

    Unless their words are equal, both may be fillings of one template. Between two hosts the careful trees may be less
    sure where the watchful ones are the surer: templates belong to a host.
    """
    if evidence[_EQUAL] > 0:
        return verdict.careful >= weights.sure
    if verdict.careful < _LEAST_SURE:
        return False
    watched = answer(weights.watchful, evidence) if verdict.watched is None else verdict.watched
    if watched < weights.sure_no_template:
        return False
    together = min(verdict.odds, verdict.careful) >= _LEAST_SURE and verdict.careful + watched >= _SURE_TOGETHER
    return verdict.careful >= weights.sure or (evidence[_SAME_HOST] == 0 and together)


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
        trees=planted(float(data["trees_bias"]), data["trees"], list(ASPECTS)),
        watchful=planted(float(data["watchful_bias"]), data["watchful"], list(ASPECTS)),
        threshold=float(data["threshold"]),
        sure=float(data["sure"]),
        sure_no_template=float(data["sure_no_template"]),
        filling=float(data["filling"]),
    )
