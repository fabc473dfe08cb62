"""Trees: short questions about the evidence, whose answers add up to log-odds. They ship as JSON that can be read.

A tree asks whether one number of the evidence is above a bound, and asks one of two further questions by the answer.
So they see what a weighed sum cannot: that a gap of a week speaks against a short text and hardly against a long one.
`training/dedupe/_boost.py` grows them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

_QUESTIONS, _ANSWERS = 3, 4
_NEVER: Final = float("inf")
"""A bound that nothing is above: the question of a tree that asks no further."""

Node = float | list[Any]
"""An answer, or ``[name, bound, node up to the bound, node above it]``."""


@dataclass(frozen=True, slots=True, eq=False)
class Trees:
    """Trees of two questions in a row, as arrays: one row each."""

    bias: float
    questions: npt.NDArray[np.intp]
    """Places in the evidence: of the first question, of the one after a no, of the one after a yes."""
    bounds: npt.NDArray[np.float64]
    answers: npt.NDArray[np.float64]
    """Log-odds after no and no, no and yes, yes and no, yes and yes."""


def answer(trees: Trees, evidence: Sequence[float]) -> float:
    """The log-odds of a copy by all trees together."""
    rows = np.arange(len(trees.answers))
    above = np.asarray(evidence)[trees.questions] > trees.bounds
    first = above[:, 0].astype(np.intp)
    second = above[rows, 1 + first]
    return trees.bias + float(trees.answers[rows, 2 * first + second].sum())


def planted(bias: float, roots: Sequence[Node], names: Sequence[str]) -> Trees:
    """Make arrays of trees as they stand in JSON.

    Raises:
        ValueError: A question is about something that is no evidence.
        IndexError: A tree asks more than two questions in a row.
    """
    questions = np.zeros((len(roots), _QUESTIONS), dtype=np.intp)
    bounds = np.full((len(roots), _QUESTIONS), _NEVER)
    answers = np.zeros((len(roots), _ANSWERS))
    for row, root in enumerate(roots):
        _plant(root, 0, (questions[row], bounds[row], answers[row]), names)
    return Trees(bias, questions, bounds, answers)


def _plant(node: Node, place: int, arrays: tuple[Any, Any, Any], names: Sequence[str]) -> None:
    """Write a node at its place: 0 is the first question, 1 and 2 follow it, 3 to 6 are answers."""
    questions, bounds, answers = arrays
    if isinstance(node, list):
        name, bound, below, above = node
        questions[place], bounds[place] = names.index(name), bound
        _plant(below, 2 * place + 1, arrays, names)
        _plant(above, 2 * place + 2, arrays, names)
    elif place >= _QUESTIONS:
        answers[place - _QUESTIONS] = node
    else:
        _plant(node, 2 * place + 1, arrays, names)
        _plant(node, 2 * place + 2, arrays, names)
