"""Trees: short questions about the evidence, whose answers add up to log-odds. They ship as JSON that can be read.

A tree asks whether one number of the evidence is above a bound, and asks one of two further questions by the answer,
two or three in a row.
So they see what a weighed sum cannot: that a gap of a week speaks against a short text and hardly against a long one.
`training/dedupe/_boost.py` grows them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

_MOST_IN_A_ROW: Final = 3
_NEVER: Final = float("inf")
"""A bound that nothing is above: the question of a tree that asks no further."""

Node = float | list[Any]
"""An answer, or ``[name, bound, node up to the bound, node above it]``."""


@dataclass(frozen=True, slots=True, eq=False)
class Trees:
    """Trees of up to so many questions in a row, as arrays: one row each."""

    bias: float
    in_a_row: int
    questions: npt.NDArray[np.intp]
    """Places in the evidence; after the question in column n come those in 2n + 1, after a no, and 2n + 2."""
    bounds: npt.NDArray[np.float64]
    answers: npt.NDArray[np.float64]
    """Log-odds; from the one after nothing but no to the one after nothing but yes."""


def answer(trees: Trees, evidence: Sequence[float]) -> float:
    """The log-odds of a copy by all trees together."""
    above = np.asarray(evidence)[trees.questions] > trees.bounds
    rows = np.arange(len(above))
    place = above[:, 0].astype(np.intp)
    for asked in range(1, trees.in_a_row):
        place = 2 * place + above[rows, (1 << asked) - 1 + place]
    return trees.bias + float(trees.answers[rows, place].sum())


def planted(bias: float, roots: Sequence[Node], names: Sequence[str]) -> Trees:
    """Make arrays of trees as they stand in JSON.

    Raises:
        ValueError: A question is about something that is no evidence.
        IndexError: A tree asks more than three questions in a row.
    """
    in_a_row = max([1, *map(_depth, roots)])
    if in_a_row > _MOST_IN_A_ROW:
        raise IndexError(f"a tree asks {in_a_row} questions in a row; at most {_MOST_IN_A_ROW} are read")
    shape = len(roots), (1 << in_a_row) - 1
    questions, bounds = np.zeros(shape, dtype=np.intp), np.full(shape, _NEVER)
    answers = np.zeros((len(roots), 1 << in_a_row))
    for row, root in enumerate(roots):
        _plant(root, 0, (questions[row], bounds[row], answers[row]), names)
    return Trees(bias, in_a_row, questions, bounds, answers)


def _depth(node: Node) -> int:
    return 1 + max(_depth(node[2]), _depth(node[3])) if isinstance(node, list) else 0


def _plant(node: Node, place: int, arrays: tuple[Any, Any, Any], names: Sequence[str]) -> None:
    """Write a node at its place: 0 is the first question; answers follow behind the last one."""
    questions, bounds, answers = arrays
    if isinstance(node, list):
        name, bound, below, above = node
        questions[place], bounds[place] = names.index(name), bound
        _plant(below, 2 * place + 1, arrays, names)
        _plant(above, 2 * place + 2, arrays, names)
    elif place >= len(questions):
        answers[place - len(questions)] = node
    else:
        _plant(node, 2 * place + 1, arrays, names)
        _plant(node, 2 * place + 2, arrays, names)
