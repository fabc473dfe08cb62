"""From the probability of a choice to how often such choices are right: isotonic regression, thinned to few knots."""

from collections.abc import Sequence

import numpy as np

from tasks.geotag import Floats

SMALLEST_BLOCK = 100
"""Choices behind each knot: with fewer, the map would follow single articles."""
ABSTAIN_BELOW = 0.12
"""Probability below which a choice is a guess among eight namesakes."""


def isotonic(pairs: Sequence[tuple[float, bool]]) -> Floats:
    """Knots of the monotone map that fits best, as rows of (probability, share that was right)."""
    ordered = np.array(sorted(pairs), dtype=np.float64)
    blocks: list[tuple[float, float, float]] = []
    for chunk in np.array_split(ordered, max(1, len(ordered) // SMALLEST_BLOCK)):
        blocks.append((float(chunk[:, 0].mean()), float(chunk[:, 1].mean()), float(len(chunk))))
        while len(blocks) > 1 and blocks[-2][1] >= blocks[-1][1]:
            last, before = blocks.pop(), blocks.pop()
            blocks.append(_pooled(before, last))
    inner = [(x, y) for x, y, _ in blocks]
    return np.array([(0.0, 0.0), *inner, (1.0, inner[-1][1])])


def _pooled(one: tuple[float, float, float], other: tuple[float, float, float]) -> tuple[float, float, float]:
    size = one[2] + other[2]
    return (
        (one[0] * one[2] + other[0] * other[2]) / size,
        (one[1] * one[2] + other[1] * other[2]) / size,
        size,
    )
