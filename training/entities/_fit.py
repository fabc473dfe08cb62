"""The training loop, on a GPU where there is one: windows of like length, AdamW, warm-up and linear decay."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from training.entities._network import Tagger
from training.entities._windows import CLS, IGNORED, PAD, SEP, Windows

_WARM_UP = 0.06
_WEIGHT_DECAY = 0.01
_CLIP = 1.0
_LOG_EVERY = 200
_READ_PIECES = 40_000
_LENGTH_NOISE = 20
"""Windows of one batch differ in length by about this many pieces, so that batches differ from epoch to epoch."""


Rows = NDArray[np.int64]
"""Positions of windows in the arrays."""


@dataclass(frozen=True)
class Plan:
    """How fast to learn; `gold` is the share of the loss that the labels have beside a teacher."""

    rate: float
    batch_pieces: int
    seed: int
    gold: float = 1.0


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

    def batch(self, rows: list[int]) -> Batch:
        """Pad these windows to one length, with a marker at either end."""
        longest = int(self.lengths[rows].max())
        chosen = torch.tensor(rows).to(self.device, non_blocking=True)
        lengths = self._sizes[chosen][:, None]
        steps = torch.arange(longest + 2, device=self.device)[None, :] - 1
        inside = (steps >= 0) & (steps < lengths)
        places = torch.where(inside, self._starts[chosen][:, None] + steps, 0)
        ids = torch.where(inside, self._ids[places], torch.where(steps == lengths, SEP, PAD))
        ids[:, 0] = CLS
        return Batch(
            ids=ids,
            shapes=torch.where(inside, self._shapes[places], 0),
            mask=(steps <= lengths).long(),
            targets=torch.where(inside, self._targets[places], IGNORED),
            places=places,
        )


def fit(model: Tagger, shelf: Shelf, epochs: Sequence[Rows], plan: Plan, taught: Tensor | None) -> float:
    """Train `model` in place and return the seconds it took.

    Args:
        model: What learns; it is on the shelf's device.
        shelf: The windows.
        epochs: The windows of each epoch.
        plan: How fast.
        taught: A teacher's label probabilities `[piece, label]` for the shelf's flat arrays, or none.
    """
    optimizer = torch.optim.AdamW(_groups(model), lr=plan.rate, fused=shelf.device.type == "cuda")
    batches = [
        batch
        for number, rows in enumerate(epochs)
        for batch in layout(shelf.lengths, rows, plan.batch_pieces, np.random.default_rng((plan.seed, number)))
    ]
    began, losses = time.monotonic(), []
    model.train()
    for index, rows in enumerate(batches):
        for group in optimizer.param_groups:
            group["lr"] = plan.rate * _schedule(index, len(batches))
        losses.append(_learn(model, optimizer, shelf.batch(rows), plan, taught))
        if (index + 1) % _LOG_EVERY == 0 or index + 1 == len(batches):
            loss = float(torch.stack(losses).mean())
            losses.clear()
            _log(step=index + 1, of=len(batches), loss=round(loss, 4), seconds=round(time.monotonic() - began))
    return time.monotonic() - began


def probabilities(model: Tagger, shelf: Shelf, rows: Rows, into: Tensor) -> None:
    """Add the model's label probabilities for these windows to `into`, `[piece, label]`."""
    model.eval()
    with torch.no_grad():
        for chosen in layout(shelf.lengths, rows, _READ_PIECES, np.random.default_rng(0)):
            batch = shelf.batch(chosen)
            with autocast(shelf.device):
                scores = model(batch.ids, batch.shapes, batch.mask)
            inside = batch.targets != IGNORED
            into[batch.places[inside]] += scores[inside].float().softmax(-1).to(into.dtype)


def autocast(device: torch.device) -> AbstractContextManager[Any]:
    """Return the context in which the network computes: bf16 with fp32 weights."""
    context: AbstractContextManager[Any] = torch.autocast(device.type, torch.bfloat16)
    return context


def _groups(model: Tagger) -> list[dict[str, Any]]:
    plain = [p for name, p in model.named_parameters() if name.endswith("bias") or "norm" in name]
    decayed = [p for name, p in model.named_parameters() if not (name.endswith("bias") or "norm" in name)]
    return [{"params": decayed, "weight_decay": _WEIGHT_DECAY}, {"params": plain, "weight_decay": 0.0}]


def layout(lengths: NDArray[np.int64], rows: Rows, pieces: int, random: np.random.Generator) -> list[list[int]]:
    """Group windows of like length into batches of at most about `pieces`, padding included, in random order."""
    noisy = lengths[rows] + random.uniform(0, _LENGTH_NOISE, len(rows))
    batches: list[list[int]] = [[]]
    longest = 0
    for row in rows[np.argsort(noisy)].tolist():
        longest = max(longest, int(lengths[row]) + 2)
        if batches[-1] and (len(batches[-1]) + 1) * longest > pieces:
            batches.append([])
            longest = int(lengths[row]) + 2
        batches[-1].append(row)
    random.shuffle(batches)
    return batches


def _learn(model: Tagger, optimizer: torch.optim.Optimizer, batch: Batch, plan: Plan, taught: Tensor | None) -> Tensor:
    with autocast(batch.ids.device):
        scores = model(batch.ids, batch.shapes, batch.mask)
    flat, targets = scores.float().flatten(0, 1), batch.targets.flatten()
    loss = functional.cross_entropy(flat, targets, ignore_index=IGNORED)
    if taught is not None:
        known = (targets != IGNORED).float()
        hints = taught[batch.places.flatten()].float()
        told = -(hints * flat.log_softmax(-1)).sum(-1)
        loss = plan.gold * loss + (1 - plan.gold) * (told * known).sum() / known.sum()
    loss.backward()
    torch.nn.utils.clip_grad_norm_(model.parameters(), _CLIP)
    optimizer.step()
    optimizer.zero_grad()
    return loss.detach()


def _schedule(step: int, total: int) -> float:
    """Linear warm-up over the first 6 % of steps, then linear decay to zero."""
    warm = max(1, round(total * _WARM_UP))
    return min((step + 1) / warm, (total - step) / max(1, total - warm))


def _log(**values: object) -> None:
    print(json.dumps(values), flush=True)
