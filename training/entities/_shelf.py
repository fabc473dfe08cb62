"""Windows on the device where a model learns, cut into batches of a few fixed shapes.

Fixed shapes let a GPU record a step once and repeat it (`_fit`): small encoders wait for Python otherwise.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from training.entities._windows import CLS, IGNORED, PAD, SEP, Windows

LENGTHS = (24, 40, 56, 72, 96, 120, 152, 184)
"""Word pieces to which windows are padded, markers included; multiples of eight suit the GPU's attention."""

_MARKERS = 2

Rows = NDArray[np.int64]
"""Positions of windows in the arrays."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Padded tensors of a few windows; `places` are the positions of their pieces in the flat arrays."""

    ids: Tensor
    shapes: Tensor
    mask: Tensor
    targets: Tensor
    places: Tensor


class Shelf:
    """Windows on the device where the model learns."""

    def __init__(self, windows: Windows, device: torch.device) -> None:
        """Copy the arrays to `device`."""
        self.device = device
        self.lengths = windows.lengths
        self._ids = torch.from_numpy(windows.ids.astype(np.int64)).to(device)
        self._shapes = torch.from_numpy(windows.shapes.astype(np.int64)).to(device)
        self._targets = torch.from_numpy(windows.targets.astype(np.int64)).to(device)
        self._starts = torch.from_numpy(windows.bounds[:-1]).to(device)
        self._sizes = torch.from_numpy(windows.lengths).to(device)

    def batch(self, rows: Tensor, length: int) -> Batch:
        """Pad these windows to `length`, with a marker at either end; nothing here waits for the device."""
        sizes = self._sizes[rows][:, None]
        steps = torch.arange(length, device=self.device)[None, :] - 1
        outside = (steps < 0) | (steps >= sizes)
        places = (self._starts[rows][:, None] + steps).masked_fill(outside, 0)
        ids = self._ids[places].masked_fill(outside, PAD).masked_fill(steps == sizes, SEP)
        return Batch(
            ids=ids.masked_fill(steps < 0, CLS),
            shapes=self._shapes[places].masked_fill(outside, 0),
            mask=(steps <= sizes).long(),
            targets=self._targets[places].masked_fill(outside, IGNORED),
            places=places,
        )


def layout(
    lengths: NDArray[np.int64], rows: Rows, pieces: int, random: np.random.Generator, *, full: bool
) -> list[tuple[Rows, int]]:
    """Deal windows to batches of about `pieces`, padding included, in random order.

    Args:
        lengths: Word pieces of every window.
        rows: Which windows.
        pieces: Size of a batch.
        random: Chance.
        full: Fill the last batch of each length with windows that were dealt already, so that shapes are few.

    Returns:
        By batch: its windows and the length to pad them to.
    """
    dealt: list[tuple[Rows, int]] = []
    shelves = np.searchsorted(LENGTHS, lengths[rows] + _MARKERS)
    for number, length in enumerate(LENGTHS):
        chosen = random.permutation(rows[shelves == number])
        size = max(1, pieces // length)
        if full:
            chosen = np.resize(chosen, -(-len(chosen) // size) * size)
        dealt.extend((chosen[start : start + size], length) for start in range(0, len(chosen), size))
    return [dealt[place] for place in random.permutation(len(dealt))]
