"""A logistic regression by Newton's method, with a normal prior around zero on standardised evidence."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from training.dedupe._pairs import Example

Floats = npt.NDArray[np.float64]
_STEPS = 60
_LONGEST_STEP = 3.0
_STILL = 1e-7


@dataclass(frozen=True, slots=True, eq=False)
class Fitted:
    """Weights of the evidence as it stands, not standardised."""

    weights: Floats
    usual: Floats
    """The average of true copies."""
    bias: float


def fit(examples: Sequence[Example], ridge: float) -> Fitted:
    """The likeliest weights; `ridge` is the precision of the prior."""
    facts = np.array([example.evidence for example in examples])
    gold = np.array([example.is_copy for example in examples], dtype=np.float64)
    weight = np.array([example.weight for example in examples])
    mean, spread = facts.mean(axis=0), facts.std(axis=0) + 1e-9
    columns = np.column_stack(((facts - mean) / spread, np.ones(len(facts))))
    penalty = np.eye(columns.shape[1]) * ridge
    penalty[-1, -1] = 1e-6
    solution = _newton(columns, gold, weight, penalty)
    weights = solution[:-1] / spread
    copies = gold > 0
    usual = np.average(facts[copies], axis=0, weights=weight[copies])
    return Fitted(weights, usual, float(solution[-1] - weights @ mean))


def _newton(columns: Floats, gold: Floats, weight: Floats, penalty: Floats) -> Floats:
    solution = np.zeros(columns.shape[1])
    for _ in range(_STEPS):
        likely = 1 / (1 + np.exp(-np.clip(columns @ solution, -30, 30)))
        slope = columns.T @ (weight * (likely - gold)) + penalty @ solution
        curvature = (columns * (weight * likely * (1 - likely))[:, None]).T @ columns + penalty
        step = np.linalg.solve(curvature, slope)
        longest = np.abs(step).max()
        solution = solution - step * min(1.0, _LONGEST_STEP / longest)
        if longest < _STILL:
            break
    return solution
