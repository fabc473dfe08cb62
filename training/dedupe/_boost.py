"""Small trees, each grown on what those before it got wrong (gradient boosting with Newton steps), by numpy alone.

After Friedman 2001, "Greedy function approximation: a gradient boosting machine", and Chen and Guestrin 2016,
"XGBoost: a scalable tree boosting system": the gain of a question, and the shrunk answers. Where more of a number can
only speak for a copy, or only against one, a question whose answers say the opposite is not asked. The same trees in
every run: nothing is drawn at random.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from tasks.dedupe import Node
from training.dedupe._pairs import Example

Floats = npt.NDArray[np.float64]
Places = npt.NDArray[np.intp]
Limits = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Growth:
    """How trees grow."""

    trees: int
    rate: float
    """Share of each step that a tree takes."""
    questions: int
    """In a row."""


OF_COPIES: Final = Growth(trees=100, rate=0.15, questions=2)
"""Chosen on the cross-validated scores: 150 trees at .1 and 300 at .05 gave the same."""
OF_STORIES: Final = Growth(trees=200, rate=0.07, questions=3)
"""Likewise (ADR 36)."""
_SHRINK: Final = 5.0
_FEWEST: Final = 5
"""Pairs on each side of a question."""
_LEAST_WEIGHT: Final = 1e-3
_BOUNDS: Final = 64
"""Most bounds tried for one number."""
_MORE_SPEAKS: Final = {
    "containment": 1, "word_containment": 1, "word_jaccard": 1, "equal": 1, "headline_jaccard": 1,
    "headline_containment": 1, "number_jaccard": 1, "numbers_found": 1, "names": 1, "gap": -1, "same_host": -1,
    "length": 0, "length_ratio": 0, "headline_missing": 0, "headline_in_own_body": 0, "off_headline": 0,
    "numbers_missing": 0,
}  # fmt: skip
"""What the trees of copies may ask about, and whether more of it speaks for a copy (1), against one (-1), or it depends
(0). The rest of the evidence are products that the weighed sum needs and trees make themselves."""
WATCHED: Final = {"numbers_replaced": -1, "names_replaced": -1}
"""What only those trees may ask about that have seen templates: to the others it says nothing (ADR 27)."""
WATCHFUL: Final = {**_MORE_SPEAKS, **WATCHED}


@dataclass(frozen=True, slots=True)
class Grown:
    """Trees as they stand in JSON, and how much each number of the evidence helped."""

    bias: float
    trees: list[Node]
    gains: dict[str, float]


@dataclass(frozen=True, slots=True)
class _Split:
    gain: float
    column: int
    bound: int
    below: float
    above: float


class _Table:
    """The evidence of all pairs, each number as the place between its bounds."""

    def __init__(self, facts: Floats, directions: Sequence[int]) -> None:
        self.bounds = [_bounds(column) for column in facts.T]
        self.places = np.column_stack(
            [np.searchsorted(bounds, column) for bounds, column in zip(self.bounds, facts.T, strict=True)]
        )
        self.directions = np.array(directions)[:, None]
        self.columns, self._width = facts.shape[1], max(map(len, self.bounds)) + 1
        self._cells = self.places + np.arange(self.columns) * self._width
        lengths = np.array([len(bounds) for bounds in self.bounds])[:, None]
        self.asked = np.arange(self._width - 1) < lengths

    def below(self, rows: Places, values: Floats) -> Floats:
        """The sum of values up to each bound of each column."""
        cells, repeated = self._cells[rows].ravel(), np.repeat(values[rows], self.columns)
        sums = np.bincount(cells, repeated, minlength=self.columns * self._width)
        running: Floats = sums.reshape(self.columns, self._width).cumsum(axis=1)[:, :-1]
        return running


class _Grower:
    """Grows one tree after the other."""

    def __init__(self, table: _Table, names: Sequence[str], growth: Growth) -> None:
        self._table, self._names, self._growth = table, names, growth
        self._ones = np.ones(len(table.places))
        self.gains = dict.fromkeys(names, 0.0)

    def grow(self, slope: Floats, curve: Floats, scores: Floats) -> Node:
        """Grow a tree, and add its answers to the scores."""
        every = np.arange(len(scores))
        return self._node(every, (slope, curve, scores), self._growth.questions, (-np.inf, np.inf))

    def _node(self, rows: Places, sums: tuple[Floats, Floats, Floats], depth: int, limits: Limits) -> Node:
        slope, curve, scores = sums
        split = self._best(rows, slope, curve, limits) if depth else None
        if split is None:
            step = -slope[rows].sum() / (curve[rows].sum() + _SHRINK)
            answer = self._growth.rate * float(np.clip(step, *limits))
            scores[rows] += answer
            return answer
        name = self._names[split.column]
        self.gains[name] += split.gain
        below = self._table.places[rows, split.column] <= split.bound
        lower, upper = _parted(limits, (split.below + split.above) / 2, int(self._table.directions[split.column, 0]))
        first = self._node(rows[below], sums, depth - 1, lower)
        second = self._node(rows[~below], sums, depth - 1, upper)
        return [name, float(self._table.bounds[split.column][split.bound]), first, second]

    def _best(self, rows: Places, slope: Floats, curve: Floats, limits: Limits) -> _Split | None:
        """The question that explains most; ``None`` where none does."""
        table, whole = self._table, (float(slope[rows].sum()), float(curve[rows].sum()))
        slopes, curves, counts = (table.below(rows, values) for values in (slope, curve, self._ones))
        rest = (whole[0] - slopes, whole[1] - curves, len(rows) - counts)
        below, above = _steps(slopes, curves, limits), _steps(rest[0], rest[1], limits)
        alone = _gains(*whole, _steps(*whole, limits))
        gains = _gains(slopes, curves, below) + _gains(rest[0], rest[1], above) - alone
        allowed = table.asked & (np.minimum(counts, rest[2]) >= _FEWEST) & (table.directions * (above - below) >= 0)
        allowed &= np.minimum(curves, rest[1]) > _LEAST_WEIGHT
        gains = np.where(allowed, gains, -np.inf)
        column, bound = np.unravel_index(int(gains.argmax()), gains.shape)
        found = _Split(float(gains[column, bound]), int(column), int(bound), below[column, bound], above[column, bound])
        return found if found.gain > 0 else None


def grow(
    examples: Sequence[Example],
    names: Sequence[str],
    more_speaks: Mapping[str, int] = _MORE_SPEAKS,
    growth: Growth = OF_COPIES,
) -> Grown:
    """Grow the trees.

    Args:
        examples: The pairs, with all of the evidence.
        names: The names of the evidence, in its order.
        more_speaks: What the trees may ask about, and in which direction more of it may speak.
        growth: How many, and how.
    """
    asked = [name for name in names if name in more_speaks]
    columns = [names.index(name) for name in asked]
    facts = np.array([example.evidence for example in examples])[:, columns]
    gold = np.array([example.is_copy for example in examples], dtype=np.float64)
    weight = np.array([example.weight for example in examples])
    share = float(np.average(gold, weights=weight))
    bias = float(np.log(share / (1 - share)))
    scores = np.full(len(gold), bias)
    grower = _Grower(_Table(facts, [more_speaks[name] for name in asked]), asked, growth)
    trees = []
    for _ in range(growth.trees):
        likely = 1 / (1 + np.exp(-scores))
        trees.append(grower.grow(weight * (likely - gold), weight * likely * (1 - likely), scores))
    return Grown(bias, trees, grower.gains)


def lines_of(grown: Grown) -> list[str]:
    """The trees as JSON, rounded to what matters, a line each."""
    return [json.dumps(_rounded(tree)) for tree in grown.trees]


def with_trees(head: str, trees: Mapping[str, Sequence[str]]) -> str:
    """JSON with an indent of 1, and lists of trees as its last entries, by name."""
    lists = (f',\n "{name}": [\n  ' + ",\n  ".join(lines) + "\n ]" for name, lines in trees.items())
    return head.removesuffix("\n}") + "".join(lists) + "\n}"


def _rounded(node: object) -> object:
    if isinstance(node, list):
        return [_rounded(part) for part in node]
    return round(node, 4) if isinstance(node, float) else node


def _bounds(column: Floats) -> Floats:
    """Where to part a number: between its values where they are few, at their quantiles where they are many."""
    values = np.unique(column)
    if len(values) <= _BOUNDS:
        between: Floats = (values[1:] + values[:-1]) / 2
        return between
    return np.unique(np.quantile(column, np.linspace(0, 1, _BOUNDS + 1)[1:-1]))


def _steps(slope: Floats | float, curve: Floats | float, limits: Limits) -> Floats:
    steps: Floats = np.clip(-np.asarray(slope) / (np.asarray(curve) + _SHRINK), *limits)
    return steps


def _gains(slope: Floats | float, curve: Floats | float, step: Floats) -> Floats:
    gains: Floats = -(slope * step + 0.5 * (np.asarray(curve) + _SHRINK) * step * step)
    return gains


def _parted(limits: Limits, middle: float, direction: int) -> tuple[Limits, Limits]:
    """Limits of the answers on both sides, so that later questions do not turn the direction around."""
    low, high = limits
    under, over = (low, min(high, middle)), (max(low, middle), high)
    return {1: (under, over), -1: (over, under), 0: (limits, limits)}[direction]
