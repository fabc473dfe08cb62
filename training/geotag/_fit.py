"""A conditional softmax fitted by L-BFGS: which weights make the gold candidates likely."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from tasks.geotag import UNLISTED, Floats, Ints

MEMORY = 10
"""Steps that L-BFGS remembers."""
ITERATIONS = 150
TOLERANCE = 1e-3
"""Length of the gradient at which the fit has ended; the loss is a sum over thousands of names."""


@dataclass(frozen=True, slots=True, eq=False)
class Examples:
    """Names with gold places. Rows are candidates; an example without a right row is right when nothing is chosen."""

    features: Floats
    group: Ints
    """Of each row."""
    example_group: Ints
    weight: Floats
    """Of each example."""
    right_row: Ints
    right_example: Ints
    """Pairs of a right row and its example: more than one row of a group can be right."""


def loss(examples: Examples, weights: Floats) -> tuple[float, Floats]:
    """Negative log-likelihood and its gradient."""
    size = int(examples.group.max()) + 1
    scores = examples.features @ weights
    top = np.full(size, UNLISTED)
    np.maximum.at(top, examples.group, scores)
    raised = np.exp(scores - top[examples.group])
    unlisted = np.exp(UNLISTED - top)
    total = np.bincount(examples.group, weights=raised, minlength=size) + unlisted
    share = raised / total[examples.group]
    count = len(examples.weight)
    right = np.bincount(examples.right_example, weights=share[examples.right_row], minlength=count)
    listed = np.bincount(examples.right_example, minlength=count) > 0
    right = np.maximum(np.where(listed, right, (unlisted / total)[examples.example_group]), 1e-12)
    pull = (examples.weight / right)[examples.right_example] * share[examples.right_row]
    weight_of_group = np.bincount(examples.example_group, weights=examples.weight, minlength=size)
    slope = weight_of_group[examples.group] * share
    slope -= np.bincount(examples.right_row, weights=pull, minlength=len(share))
    return float(-(examples.weight * np.log(right)).sum()), examples.features.T @ slope


def fit(examples: Examples, prior: Floats, pull: float) -> Floats:
    """The likeliest weights under a normal prior around `prior`; `pull` is its precision."""
    scale = pull**-0.5

    def objective(away: Floats) -> tuple[float, Floats]:
        """In units of the prior's spread, so that all directions are alike to the minimiser."""
        value, slope = loss(examples, prior + scale * away)
        return value + 0.5 * float(away @ away), scale * slope + away

    found: Floats = prior + scale * minimise(objective, np.zeros_like(prior))
    return found


def minimise(objective: Callable[[Floats], tuple[float, Floats]], start: Floats) -> Floats:
    """Limited-memory BFGS with backtracking. Deterministic."""
    at, (value, slope) = start.copy(), objective(start)
    steps: list[tuple[Floats, Floats]] = []
    for _ in range(ITERATIONS):
        if np.linalg.norm(slope) < TOLERANCE:
            break
        direction = -_newton_like(slope, steps)
        length = 1.0 if steps else 1.0 / float(np.linalg.norm(slope))
        gain = float(slope @ direction)
        while (tried := objective(at + length * direction))[0] > value + 1e-4 * length * gain and length > 1e-10:  # noqa: PLR2004
            length /= 2
        step, change = length * direction, tried[1] - slope
        at, (value, slope) = at + step, tried
        if float(step @ change) > 1e-10:  # noqa: PLR2004 - curvature has to be positive
            steps = [*steps[1 - MEMORY :], (step, change)]
    return at


def _newton_like(slope: Floats, steps: list[tuple[Floats, Floats]]) -> Floats:
    """The two-loop recursion: the slope divided by an estimate of the curvature."""
    found, alphas = slope.copy(), []
    for step, change in reversed(steps):
        alphas.append(float(step @ found) / float(step @ change))
        found -= alphas[-1] * change
    if steps:
        step, change = steps[-1]
        found *= float(step @ change) / float(change @ change)
    for (step, change), alpha in zip(steps, reversed(alphas), strict=True):
        found += step * (alpha - float(change @ found) / float(step @ change))
    return found
